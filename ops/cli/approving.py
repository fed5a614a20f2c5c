"""What commands that leave an alert waiting say about its approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warning.alert import AlertId


def how_to_approve(alert_id: AlertId, unheard: Sequence[str]) -> str:
    """The request by which somebody else approves it.

    Parameters
    ----------
    alert_id : str
    unheard : sequence of str
        Languages of which they must accept that calls fall back.
    """
    request = f"POST /api/v1/alerts/{alert_id}/approve"
    if not unheard:
        return request
    return (
        f"{request}, with ?accept_fallback=1 unless somebody records it before: "
        f"no voice speaks {', '.join(unheard)}, and calls fall back on another language"
    )
