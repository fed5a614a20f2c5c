"""The key that signs the sessions of the console."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops.settings import Settings

FILE_NAME = "secret_key"


def secret_key(settings: Settings) -> str:
    """Return the configured key, or one that is made once and kept.

    It is kept in the data folder, readable by its owner alone; of two processes that
    start at once, both get the one that was there first.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key
