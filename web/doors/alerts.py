"""What the views need of live alerts and of warnings that are being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from warning.alert import AlertCase, AlertId
from warning.intake.drafts import Draft, DraftId


class AlertHolding(Protocol):
    """``warning.approval.holding.Holding``; ``by`` is an operator's name."""

    def pause(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Let nothing more of a live alert leave."""
        ...

    def resume(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Let it go on."""
        ...

    def extend(self, alert_id: AlertId, until: datetime, *, by: str) -> AlertCase:
        """Send it until later than it says; ``until`` is aware."""
        ...


class DraftDesk(Protocol):
    """``warning.intake.drafts.DraftBook``; ``by`` is an operator's name."""

    def begin(
        self, fields: Mapping[str, str], *, by: str, follows: AlertId | None = None
    ) -> Draft:
        """Keep a new draft."""
        ...

    def save(
        self, draft_id: DraftId, fields: Mapping[str, str], *, version: int, by: str
    ) -> Draft:
        """Keep what was typed since a version, or raise ``StaleDraftError``."""
        ...

    def get(self, draft_id: DraftId) -> Draft:
        """Return one, or raise ``DraftNotFoundError``."""
        ...

    def list(self, *, limit: int = 50) -> Sequence[Draft]:
        """Drafts, the one saved last first."""
        ...

    def remove(self, draft_id: DraftId, *, by: str) -> None:
        """Forget one."""
        ...
