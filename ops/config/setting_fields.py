"""How a setting is declared: with a description, and in words what is allowed.

Both go into ``docs/settings.md`` and into every error message.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pydantic import Field
from pydantic.config import JsonDict


def setting(default: Any, description: str, allowed: str, **limits: Any) -> Any:
    """Declare a field that says in words what is allowed."""
    extra: JsonDict = {"allowed": allowed}
    return Field(default, description=description, json_schema_extra=extra, **limits)


def split(value: object) -> object:
    """Read ``a, b`` as it stands in the environment; a TOML array passes through."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def http_url(value: str) -> str:
    """Check the address of a service and return it without a slash at its end.

    Raises
    ------
    ValueError
        If it is no http or https URL, or has parts that an address does not have.
    """
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an http or https URL with a host")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("a URL without query, fragment or user name is wanted")
    return value.rstrip("/")
