"""Settings as a file for child processes, readable by its owner alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import time
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
        for table, model in _tables(settings):
            file.write(f"\n\n[{table}]\n" + "\n".join(_lines(model)))
        file.write("\n")
    return path


def _tables(settings: Settings) -> Iterator[tuple[str, BaseModel]]:
    """Every carrier, feed and the like, by the name of its table."""
    for field in type(settings).model_fields:
        value = getattr(settings, field)
        if isinstance(value, dict):
            for name, model in value.items():
                yield f"{field}.{name}", model


def _lines(model: BaseModel) -> list[str]:
    chosen = {
        name: getattr(model, name)
        for name in model.model_dump(exclude_defaults=True)
        if not isinstance(getattr(model, name), dict)
    }
    return [f"{name} = {_toml(value)}" for name, value in chosen.items()]


def _toml(value: object) -> str:
    """A value as TOML; strings, numbers, booleans and arrays are JSON there."""
    # The one control character that JSON leaves as it is and TOML does not allow.
    text = json.dumps(value, ensure_ascii=False, default=_word)
    return text.replace("\x7f", "\\u007f")


def _word(value: object) -> str:
    """What is no value of JSON, as it is written in a settings file."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return value.isoformat() if isinstance(value, time) else str(value)
