"""Texts: rows to values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telephony.delivery import Content

if TYPE_CHECKING:
    from sqlalchemy import Row


def content_of(row: Row[*tuple[Any, ...]]) -> Content:
    """The text of a row of ``contents`` joined with its owner's name."""
    return Content(
        owner_ref=row.owner_ref,
        variant=row.variant,
        language=row.language,
        sms_text=row.sms_text,
        script=row.script,
        variables=row.variables,
    )
