"""JSON objects of the control interface as values: no field is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from simulator.errors import ControlError


def fields_given(
    kind: type[Any], values: Mapping[str, Any], what: str
) -> dict[str, Any]:
    """Return what is given of a dataclass, by name.

    Parameters
    ----------
    kind : type
        The dataclass.
    values : mapping
        The JSON object.
    what : str
        What a field of it is called in an error.

    Raises
    ------
    ControlError
        For a field that does not exist.
    """
    known = {field.name for field in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ControlError(f"unknown {what} {unknown[0]!r}; known: {sorted(known)}")
    return dict(values)
