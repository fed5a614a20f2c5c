"""Where settings come from, and how a wrong one is told.

The environment is read once, when ``load_settings`` is called. Every problem is found
in one go, each told in one sentence that names the variable and the key of the file;
the value of a secret is never repeated.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource
from pydantic_settings.exceptions import SettingsError as SourceError

from ops.config.cap_settings import CapSourceSettings
from ops.config.settings import ENV_PREFIX, NESTED, CarrierSettings, Settings
from ops.config.source_settings import FeedSettings, PushSettings
from ops.errors import SettingsError

CONFIG_VARIABLE = f"{ENV_PREFIX}CONFIG"
DEFAULT_CONFIG = Path("tocsin.toml")
#: Settings that are tables by name: ``[carriers.main]``.
TABLES: Mapping[str, type[BaseModel]] = {
    "carriers": CarrierSettings,
    "feeds": FeedSettings,
    "pushers": PushSettings,
    "cap_sources": CapSourceSettings,
}


def load_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings: overrides over environment over TOML file over defaults.

    Parameters
    ----------
    overrides : mapping, optional
        From the command line: field name → value.

    Raises
    ------
    SettingsError
        If anything is wrong; holds one sentence per problem.
    """
    from_file = _from_file()
    problems = list(_unknown_variables())
    if problems:
        raise SettingsError(problems)
    merged = _merge(_merge(from_file, _from_environment()), overrides or {})
    try:
        return Settings(**merged)
    except ValidationError as error:
        found = [_sentence(detail) for detail in error.errors()]
        raise SettingsError(found) from None


def variable(path: tuple[str, ...]) -> str:
    """The environment variable of a setting: ``('port',)`` → ``TOCSIN_PORT``."""
    return ENV_PREFIX + NESTED.join(part.upper() for part in path)


def is_secret(field: FieldInfo) -> bool:
    """Whether the value of a field may never be shown."""
    return SecretStr in {field.annotation, *get_args(field.annotation)}


def allowed(field: FieldInfo) -> str:
    """What a field takes, in words."""
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    return str(extra["allowed"])


def _from_file() -> dict[str, Any]:
    given = os.environ.get(CONFIG_VARIABLE)
    path = Path(given) if given else DEFAULT_CONFIG
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if given:
            raise SettingsError(
                [f"{CONFIG_VARIABLE} names {path}, which does not exist."]
            ) from None
        return {}
    except OSError as error:
        raise SettingsError(
            [f"The settings file {path} cannot be read: {error.strerror}."]
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            [f"The settings file {path} is not TOML: {error}."]
        ) from None


def _from_environment() -> dict[str, Any]:
    try:
        return EnvSettingsSource(Settings, case_sensitive=False)()
    except SourceError:
        names = ", ".join(
            sorted(name for name in os.environ if name.startswith(ENV_PREFIX))
        )
        raise SettingsError(
            [f"One of {names} cannot be read; tables and lists are written as JSON."]
        ) from None


def _unknown_variables() -> Iterator[str]:
    """A misspelt variable would be ignored in silence; say so instead."""
    known = [CONFIG_VARIABLE, *(variable((name,)) for name in Settings.model_fields)]
    nested = tuple(variable((table, "")) for table in TABLES)
    for name in sorted(os.environ):
        upper = name.upper()
        if not upper.startswith(ENV_PREFIX) or upper in known:
            continue
        if not upper.startswith(nested):
            near = difflib.get_close_matches(upper, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; see docs/settings.md."
            yield f"{name} is not a setting{hint}"


def _merge(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Put one table over another, table by table."""
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = _merge(below, value)
        else:
            merged[key] = value
    return merged


def _field_at(path: tuple[str, ...]) -> FieldInfo | None:
    match path:
        case (table, _, name, *_) if table in TABLES:
            return TABLES[table].model_fields.get(name)
        case (name, *_):
            return Settings.model_fields.get(name)
        case _:
            return None


def _sentence(detail: ErrorDetails) -> str:
    path = tuple(str(part) for part in detail["loc"])
    path = path[:3] if path[0] in TABLES else path[:1]
    where = f"{variable(path)} (in the settings file: {'.'.join(path)})"
    field = _field_at(path)
    if detail["type"] == "extra_forbidden" or field is None:
        return f"{where} is not a setting; see docs/settings.md."
    if detail["type"] == "missing":
        return f"{where} is missing; it takes {allowed(field)}."
    value = detail["input"]
    is_shown = isinstance(value, str | int | float) and not is_secret(field)
    got = f", not {str(value)[:60]!r}" if is_shown else ""
    why = detail["ctx"].get("error") if "ctx" in detail else None
    because = f" ({why})" if why is not None else ""
    return f"{where} takes {allowed(field)}{got}{because}."
