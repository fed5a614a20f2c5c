"""The command line as a whole: its statuses, its help, its first impression."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click
import pytest

from ops.cli import main as cli
from ops.config.settings import Settings
from tests.cli.conftest import Run, assert_refused


def all_commands() -> list[tuple[str, ...]]:
    """Every command by its words."""

    def walk(command: click.Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        if not isinstance(command, click.Group):
            return [path]
        return [
            found
            for name, child in command.commands.items()
            for found in walk(child, (*path, name))
        ]

    return walk(cli.build(_no_services), ())


def _no_services(_settings: Settings) -> object:
    raise AssertionError("no command is run here")


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
def test_every_command_has_help(words: tuple[str, ...], tocsin: Run) -> None:
    """Help needs no settings, no database, and is not cut short in the list."""
    result = tocsin(*words, "--help")

    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("Usage: tocsin")


def test_list_of_commands_is_whole(tocsin: Run) -> None:
    """No line of the overview ends in dots."""
    result = tocsin("--help")

    assert result.status == 0
    assert "..." not in result.out.replace("[ARGS]...", "")


def test_wrong_use_is_another_status(tocsin: Run) -> None:
    """2 says: called wrongly."""
    result = tocsin("nonsense")

    assert result.status == 2
    assert "No such command" in result.err


@pytest.mark.parametrize(
    ("words", "needs_file"),
    [
        (("web",), False),
        (("worker",), False),
        (("operator", "add", "anna", "--no-password"), False),
        (("token", "create", "anna"), False),
        (("import", "subscribers"), True),
        (("import", "areas"), True),
    ],
    ids=str,
)
def test_without_tables_the_cure_is_named(
    words: tuple[str, ...], needs_file: bool, tocsin: Run, tmp_path: Path
) -> None:
    """Whatever is asked of an empty database, the answer is: tocsin db upgrade."""
    (tmp_path / "file").write_text("phone")
    files = ["file"] if needs_file else []

    assert_refused(tocsin(*words, *files), "tocsin db upgrade")


def test_settings_are_told_all_at_once(
    tocsin: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every problem in one go, one line each."""
    monkeypatch.setenv("TOCSIN_PORT", "x")
    monkeypatch.setenv("TOCSIN_WEB_THREADS", "0")

    result = tocsin("doctor")

    assert result.status == 1
    assert "TOCSIN_PORT" in result.err
    assert "TOCSIN_WEB_THREADS" in result.err


def test_broken_settings_file_is_told_with_the_line(
    tocsin: Run, tmp_path: Path
) -> None:
    """A broken TOML: which file, which line."""
    (tmp_path / "tocsin.toml").write_text('port = 1\nhost = "x\n')

    assert_refused(tocsin("doctor"), "tocsin.toml is not TOML", "line 2")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///:memory:", "Name a file"),
        ("mysql://u:s3cret@h/x", "TOCSIN_DATABASE_URL"),
        ("sqlite:////proc/nowhere/x.db", "/proc/nowhere"),
    ],
)
def test_databases_that_cannot_be(
    url: str, words: str, tocsin: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that cannot work is told, and its password is not."""
    monkeypatch.setenv("TOCSIN_DATABASE_URL", url)

    result = tocsin("db", "upgrade")

    assert_refused(result, words)
    assert "s3cret" not in result.err


def test_a_file_that_is_no_database_stays_as_it_is(
    tocsin: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Somebody's holiday pictures are not overwritten."""
    file = tmp_path / "x.db"
    file.write_bytes(junk := b"not a database " * 500)
    monkeypatch.setenv("TOCSIN_DATABASE_URL", f"sqlite:///{file}")

    assert_refused(tocsin("db", "upgrade"), "file is not a database")
    assert file.read_bytes() == junk


def test_ctrl_c_is_a_status_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """130, as shells have it, and one word."""

    def interrupted(_settings: Settings) -> NoReturn:
        raise KeyboardInterrupt

    status = cli.run(interrupted, ["db", "upgrade"])

    assert (status, capsys.readouterr().err.strip()) == (130, "Stopped.")


def test_a_defect_anywhere_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No traceback reaches a user."""

    def broken(_settings: Settings) -> NoReturn:
        raise RuntimeError("surprise")

    status = cli.run(broken, ["db", "upgrade"])

    out, err = capsys.readouterr()
    assert (status, out) == (1, "")
    assert "defect of ours (RuntimeError)" in err
    assert "Traceback" not in err
