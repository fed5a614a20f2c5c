"""Settings as a file for child processes, readable by its owner alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, SecretStr

if TYPE_CHECKING:
    from ops.config.settings import Settings


def write_config(settings: Settings, path: Path) -> Path:
    """Write settings as TOML, secrets in clear, mode 0600; return the path.

    What is at its default is left out. Whoever reads the file reads it alone: with
    ``TOCSIN_*`` in the environment other settings would come out.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("# Written at start for the processes of this service.\n")
        file.write("\n".join(_lines(settings)))
        for name, carrier in settings.carriers.items():
            file.write(f"\n\n[carriers.{name}]\n" + "\n".join(_lines(carrier)))
        file.write("\n")
    return path


def _lines(model: BaseModel) -> list[str]:
    chosen = model.model_dump(exclude_defaults=True, exclude={"carriers"})
    return [f"{name} = {_toml(value)}" for name, value in chosen.items()]


def _toml(value: object) -> str:
    """A value as TOML; strings, numbers, booleans and arrays are JSON there."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, Path):
        value = str(value)
    # The one control character that JSON leaves as it is and TOML does not allow.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
