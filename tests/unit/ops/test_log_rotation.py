"""A log that has grown large is set aside, and its writer goes on."""

from __future__ import annotations

from pathlib import Path

from ops.log_rotation import rotate


def test_a_small_log_stays(tmp_path: Path) -> None:
    """At the limit too."""
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * 10)
    assert not rotate(log, max_bytes=10)
    assert list(tmp_path.iterdir()) == [log]


def test_the_writer_goes_on_in_the_emptied_file(tmp_path: Path) -> None:
    """It holds the file open to append, as a child of ours does."""
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        for line in (b"first\n", b"second\n", b"third\n"):
            writer.write(line)
            assert rotate(log, max_bytes=5, n_kept=2)
            assert log.read_bytes() == b""
        writer.write(b"end\n")
    assert log.read_bytes() == b"end\n"
    assert (tmp_path / "web.log.1").read_bytes() == b"third\n"
    assert (tmp_path / "web.log.2").read_bytes() == b"second\n"
    assert len(list(tmp_path.iterdir())) == 3
