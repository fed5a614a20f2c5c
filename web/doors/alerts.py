"""What the views need of alerts: taking in, writing, approving, holding, following."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from warning.alert import AlertCase, AlertId
from warning.alert_form import AlertForm
from warning.arrival import Arrival
from warning.intake.drafts import Draft, DraftId
from warning.schedule import Schedule


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


class AlertIntake(Protocol):
    """How alerts come in; ``by`` is an operator's name."""

    def check_cap(self, data: bytes) -> Mapping[str, object]:
        """Judge a CAP document; the answer is that of ``tocsin cap check --json``."""
        ...

    def draft_from_cap(self, data: bytes, *, by: str) -> AlertCase:
        """Take a CAP document in as a draft."""
        ...

    def arrivals(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, Arrival]:
        """How these alerts came in; those that did not as a document are absent."""
        ...

    def check_form(self, form: AlertForm) -> Mapping[str, object]:
        """Judge a form as ``check_cap`` judges the document it becomes."""
        ...

    def draft_from_form(self, form: AlertForm, *, by: str) -> AlertCase:
        """Take a form in as a draft."""
        ...


class AlertService(Protocol):
    """What operators do with alerts; ``by`` is an operator's name."""

    def submit(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Hand a draft to a second person."""
        ...

    def unheard(self, alert_id: AlertId) -> Sequence[str]:
        """Languages of which whoever approves must accept that calls fall back."""
        ...

    def approve(
        self, alert_id: AlertId, *, by: str, accept_fallback: bool = False
    ) -> AlertCase:
        """Make an alert live."""
        ...

    def reject(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Send a submitted alert back to its author."""
        ...

    def cancel(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Withdraw an alert."""
        ...

    def plan(self, alert_id: AlertId, schedule: Schedule, *, by: str) -> AlertCase:
        """Say when a draft is sent."""
        ...


class FollowUps(Protocol):
    """What follows an alert; ``by`` is an operator's name."""

    def update_from_cap(self, alert_id: AlertId, data: bytes, *, by: str) -> AlertCase:
        """Take a CAP document in as the draft of an update."""
        ...

    def update_from_form(
        self, alert_id: AlertId, form: AlertForm, *, by: str
    ) -> AlertCase:
        """Take a form in as the draft of an update."""
        ...

    def all_clear(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Say that the danger is over."""
        ...

    def correct(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Say that it was a false alarm."""
        ...
