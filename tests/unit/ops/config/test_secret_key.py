"""The key of the sessions: made once, whole, and nobody else's to read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from ops.config.secret_key import FILE_NAME, secret_key
from ops.config.settings import Settings
from ops.errors import SettingsError


def test_the_configured_key_counts(tmp_path: Path) -> None:
    """Then nothing is written."""
    settings = Settings(secret_key=SecretStr("k" * 32), data_dir=tmp_path)

    assert secret_key(settings) == "k" * 32
    assert list(tmp_path.iterdir()) == []


def test_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    """The same at the next start, mode 0600, long enough."""
    settings = Settings(data_dir=tmp_path / "new")

    first, second = secret_key(settings), secret_key(settings)

    file = tmp_path / "new" / FILE_NAME
    assert first == second == file.read_text()
    assert len(first) >= 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_two_at_once_get_one_key(tmp_path: Path) -> None:
    """Whoever comes second never finds half a key."""
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: secret_key(settings), range(32)))

    assert len(keys) == 1
    assert len(keys.pop()) >= 32


def test_a_key_others_can_read_is_refused(tmp_path: Path) -> None:
    """They could sign in as anybody; the sentence says what to do, not the key."""
    file = tmp_path / FILE_NAME
    file.write_text("k" * 48)
    file.chmod(0o644)

    with pytest.raises(SettingsError, match="Delete it") as caught:
        secret_key(Settings(data_dir=tmp_path))

    assert "kkk" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe"])
def test_a_damaged_key_is_refused(content: bytes, tmp_path: Path) -> None:
    """An empty key would sign for everybody."""
    file = tmp_path / FILE_NAME
    file.touch(mode=0o600)
    file.write_bytes(content)

    with pytest.raises(SettingsError, match="holds no key"):
        secret_key(Settings(data_dir=tmp_path))
