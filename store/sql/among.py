"""Thousands of ids in a statement as one parameter.

A parameter for each takes SQLAlchemy as long as the database takes to find the rows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, ColumnElement


def is_among(dialect: str, column: Column[Any], name: str) -> ColumnElement[bool]:
    """Whether a column of ids is among those of the parameter of this name."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(BigInteger)))
    listed = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(listed.c.value))


def ids_for(dialect: str, ids: Sequence[int]) -> object:
    """The parameter itself."""
    return list(ids) if dialect == "postgresql" else json.dumps(list(ids))
