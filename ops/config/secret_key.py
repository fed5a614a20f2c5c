"""The key that signs the sessions of the console."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from ops.errors import SettingsError

if TYPE_CHECKING:
    from ops.config.settings import Settings

FILE_NAME = "secret_key"
#: As short a key as the setting may be.
_SHORTEST = 32


def secret_key(settings: Settings) -> str:
    """Return the configured key, or one that is made once and kept.

    It is kept in the data folder, readable by its owner alone; of two processes that
    start at once, both get the one that was there first.

    Raises
    ------
    SettingsError
        If what is kept there is no key, or others can read it.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / FILE_NAME
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        problem = (
            f"{path} can be read by other users, who could sign in as anybody. Delete "
            "it: a new one is made, and everybody signs in again."
        )
        raise SettingsError([problem])
    key = path.read_text(encoding="ascii", errors="replace").strip()
    if len(key) < _SHORTEST:
        problem = f"{path} holds no key; delete it, and everybody signs in again."
        raise SettingsError([problem])
    return key


def _make(path: Path) -> None:
    """Write a key under a name of our own, then give it its name in one step.

    Whoever finds the file finds a whole key in it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(own, path)
    except FileExistsError:
        pass  # another process was first: its key counts
    finally:
        own.unlink()
