"""Every step of an alert leaves an entry in the audit, in its own transaction."""

from __future__ import annotations

from datetime import datetime

from warning.alert import AlertCase, AlertState
from warning.ports import UnitOfWork


def note_step(
    uow: UnitOfWork,
    case: AlertCase,
    action: str,
    *,
    before: AlertState | None,
    by: str,
    at: datetime,
    **facts: object,
) -> None:
    """Write down who did what to an alert, and from which state into which.

    Parameters
    ----------
    case : AlertCase
        As it now is.
    before : AlertState or None
        Its state before; None if it is new.
    """
    details = {
        "before": None if before is None else before.value,
        "state": case.state.value,
        **facts,
    }
    uow.audit.append(
        at=at, actor=by, action=action, subject=case.owner_ref, details=details
    )
