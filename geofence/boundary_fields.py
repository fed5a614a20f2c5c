"""Which column of a boundary file is the code, the name, the parent, the level.

Publishers agree on geometry and on nothing else: geoBoundaries says ``shapeID``, the
UN's common operational datasets ``adm2_pcode``, GADM ``GID_2``, Natural Earth
``code_hasc``.
Pure: columns in, choice out; knows no file format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from geofence.boundary_errors import BoundaryFileError

#: One column: a text per row, None where the row says nothing.
Column: TypeAlias = Sequence[str | None]

_LEVELS = range(5, -1, -1)
_CODES_OF_LEVEL = ("adm{n}_pcode", "admin{n}pcode", "gid_{n}", "hasc_{n}")
_CODES = (
    "code",
    "area_code",
    "pcode",
    "shapeid",
    "hasc",
    "code_hasc",
    "iso_3166_2",
    "iso_code",
    "iso",
    "shapeiso",
    "geocode",
    "nuts_id",
    "lau_id",
    "id",
)
_NAMES_OF_LEVEL = (
    "adm{n}_name",
    "adm{n}_en",
    "admin{n}name",
    "admin{n}name_en",
    "name_{n}",
)
_NAMES = ("name", "name_en", "area_name", "shapename", "nuts_name", "nam", "title")
_PARENTS = ("parent", "parent_code", "parent_id")
_PARENTS_OF_LEVEL = ("adm{p}_pcode", "admin{p}pcode", "gid_{p}", "hasc_{p}")
#: name_km, name:km, adm1_km, adm1_name_km, admin1name_km.
_LANGUAGE_NAME = re.compile(
    r"(?:name|adm\d_name|adm\d|admin\dname)[_:](?P<language>[a-z]{2,3}(?:[-_][a-z]{4})?)"
)
#: Endings that read like a language and are something else (name_alt, adm1_ref …).
_NOT_LANGUAGES = frozenset(
    {"alt", "asc", "len", "loc", "new", "old", "ref", "var", "zht"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """The columns chosen, by their names in the file."""

    code: str
    name: str
    #: BCP 47 language → column.
    names: Mapping[str, str]
    parent: str | None
    level: int | None


def choose_fields(
    columns: Mapping[str, Column],
    *,
    level: int | None = None,
    code_field: str | None = None,
    name_field: str | None = None,
    parent_field: str | None = None,
) -> Fields:
    """Choose the columns of a boundary file; what the caller names is taken.

    Parameters
    ----------
    columns : mapping of str to column
        Column name → values, all of one length.
    level : int, optional
        Administrative level, 0 the country. None: the finest the columns name, if any.
    code_field, name_field, parent_field : str, optional
        Columns to take; case does not matter.

    Returns
    -------
    Fields
        ``names`` holds a column per language, empty if the file has only one name.

    Raises
    ------
    BoundaryFileError
        If a named column is missing, none can serve as code or name, or the code of a
        row is empty or used twice.
    """
    by_lower = {name.lower(): name for name in columns}
    if level is None:
        level = _finest_level(by_lower)
    if code_field is None:
        code = _detect_code(columns, by_lower, level)
    else:
        code = _named(code_field, by_lower)
        problem = _code_problem(code, columns[code])
        if problem is not None:
            raise BoundaryFileError(problem)
    return Fields(
        code=code,
        name=_choose_name(name_field, by_lower, level),
        names=_language_names(by_lower, level),
        parent=_choose_parent(parent_field, by_lower, level),
        level=level,
    )


def _finest_level(by_lower: Mapping[str, str]) -> int | None:
    """Return the deepest level whose code column is there."""
    for n in _LEVELS:
        if any(pattern.format(n=n) in by_lower for pattern in _CODES_OF_LEVEL):
            return n
    return None


def _candidates(
    of_level: Sequence[str], general: Sequence[str], level: int | None
) -> list[str]:
    special = (
        [] if level is None else [p.format(n=level, p=level - 1) for p in of_level]
    )
    return [*special, *general]


def _detect_code(
    columns: Mapping[str, Column], by_lower: Mapping[str, str], level: int | None
) -> str:
    """Return the first likely column in which every row has a code of its own.

    Raises
    ------
    BoundaryFileError
        If there is none; the message tells the first likely column's defect.
    """
    problems = []
    for candidate in _candidates(_CODES_OF_LEVEL, _CODES, level):
        if candidate in by_lower:
            column = by_lower[candidate]
            problem = _code_problem(column, columns[column])
            if problem is None:
                return column
            problems.append(problem)
    if problems:
        raise BoundaryFileError(problems[0])
    raise BoundaryFileError(
        f"No column looks like a code of the areas; name one with code_field. "
        f"The columns are: {_listing(columns)}."
    )


def _code_problem(column: str, values: Column) -> str | None:
    """Return why a column cannot identify the rows, or None if it can."""
    first_row: dict[str, int] = {}
    for row, value in enumerate(values, start=1):
        if value is None:
            return (
                f"Row {row} has no code in column '{column}'; fill it in, or name "
                f"another column with code_field."
            )
        if value in first_row:
            return (
                f"Rows {first_row[value]} and {row} have the same code '{value}' in "
                f"column '{column}'; make codes unique, or name another column with "
                f"code_field."
            )
        first_row[value] = row
    return None


def _choose_name(
    wanted: str | None, by_lower: Mapping[str, str], level: int | None
) -> str:
    if wanted is not None:
        return _named(wanted, by_lower)
    for candidate in _candidates(_NAMES_OF_LEVEL, _NAMES, level):
        if candidate in by_lower:
            return by_lower[candidate]
    languages = _language_names(by_lower, level)
    if languages:
        return next(iter(languages.values()))
    raise BoundaryFileError(
        f"No column looks like a name of the areas; name one with name_field. "
        f"The columns are: {_listing(by_lower.values())}."
    )


def _choose_parent(
    wanted: str | None, by_lower: Mapping[str, str], level: int | None
) -> str | None:
    if wanted is not None:
        return _named(wanted, by_lower)
    candidates = _candidates(_PARENTS_OF_LEVEL, _PARENTS, level or None)
    return next((by_lower[c] for c in candidates if c in by_lower), None)


def _language_names(by_lower: Mapping[str, str], level: int | None) -> dict[str, str]:
    """Return language → column, for columns such as ``name_km``."""
    names = {}
    for lower, column in by_lower.items():
        found = _LANGUAGE_NAME.fullmatch(lower)
        if found is None or found["language"] in _NOT_LANGUAGES:
            continue
        digit = re.match(r"\D+(\d)", lower)
        if digit is None or level is None or int(digit[1]) == level:
            primary, _, script = found["language"].replace("_", "-").partition("-")
            names[f"{primary}-{script.title()}" if script else primary] = column
    return names


def _named(wanted: str, by_lower: Mapping[str, str]) -> str:
    """Return the column a caller asked for.

    Raises
    ------
    BoundaryFileError
        If there is no such column.
    """
    try:
        return by_lower[wanted.lower()]
    except KeyError:
        raise BoundaryFileError(
            f"There is no column '{wanted}'. "
            f"The columns are: {_listing(by_lower.values())}."
        ) from None


def _listing(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
