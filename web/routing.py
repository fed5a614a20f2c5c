"""Who may use a route: every route carries a mark, and the mark is enforced.

The decorators that set a mark are the ones that check it, so a route cannot say one
thing and do another. ``web.register`` refuses an application with an unmarked route.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from flask import Flask

from accounts.operators import Role

#: A Flask view; its parameters come from its URL rule.
View = Callable[..., Any]

_ATTRIBUTE = "tocsin_access"


@dataclass(frozen=True, slots=True)
class Access:
    """The mark of a route."""

    kind: Literal["PUBLIC", "ROLE", "SIGNED"]
    #: The least role, for ROLE alone.
    role: Role | None = None


PUBLIC = Access("PUBLIC")
SIGNED = Access("SIGNED")


def needs(role: Role) -> Access:
    """The mark of a route for operators who may do what ``role`` may do."""
    return Access("ROLE", role)


def mark(view: View, access: Access) -> View:
    """Put a mark on a view and return it. For the decorators that enforce it."""
    setattr(view, _ATTRIBUTE, access)
    return view


def access_of(view: View) -> Access | None:
    """Return the mark of a view; None if it has none."""
    access = getattr(view, _ATTRIBUTE, None)
    return access if isinstance(access, Access) else None


def public(view: View) -> View:
    """Let everybody in. There is nothing to enforce, but it must be said."""
    return mark(view, PUBLIC)


def unmarked(app: Flask) -> list[str]:
    """The rules of an application whose views carry no mark; must be empty."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if access_of(app.view_functions[rule.endpoint]) is None
    )
