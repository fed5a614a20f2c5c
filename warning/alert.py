"""The life of an alert: who may do what, in which state.

One table says every transition. What CAP calls ``status`` (Actual, Exercise, Test …)
is kept apart from the state here: an exercise is approved and goes live like the real
thing, and only its audience differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from telephony.delivery import LIST_PREFIX, Lane
from warning.cap import Alert as CapAlert
from warning.cap import CapStatus
from warning.errors import FourEyesError, TransitionError
from warning.schedule import NO_SCHEDULE, Schedule

AlertId = NewType("AlertId", str)


class AlertState(StrEnum):
    """Where an alert stands with us."""

    #: Being written; reaches nobody.
    DRAFT = "draft"
    #: Waits for a second person.
    SUBMITTED = "submitted"
    #: Approved; waits for its time.
    SCHEDULED = "scheduled"
    #: Approved; people are being reached.
    LIVE = "live"
    #: Withdrawn; what had not left never will.
    CANCELLED = "cancelled"
    #: Its time is over.
    ENDED = "ended"


class Step(StrEnum):
    """What somebody, or the clock, does to an alert."""

    SUBMIT = "submit"
    APPROVE = "approve"
    #: Approve, to go live later.
    SCHEDULE = "schedule"
    REJECT = "reject"
    #: Go live because its time has come.
    START = "start"
    CANCEL = "cancel"
    #: Its time is over, or another alert takes its place.
    END = "end"
    #: Nothing of it leaves until somebody resumes it; it is in force all the same.
    PAUSE = "pause"
    RESUME = "resume"
    #: Send it for longer than its document says.
    EXTEND = "extend"


TRANSITIONS: Mapping[tuple[AlertState, Step], AlertState] = {
    (AlertState.DRAFT, Step.SUBMIT): AlertState.SUBMITTED,
    (AlertState.DRAFT, Step.CANCEL): AlertState.CANCELLED,
    (AlertState.SUBMITTED, Step.APPROVE): AlertState.LIVE,
    (AlertState.SUBMITTED, Step.SCHEDULE): AlertState.SCHEDULED,
    (AlertState.SUBMITTED, Step.REJECT): AlertState.DRAFT,
    (AlertState.SUBMITTED, Step.CANCEL): AlertState.CANCELLED,
    (AlertState.SCHEDULED, Step.START): AlertState.LIVE,
    (AlertState.SCHEDULED, Step.CANCEL): AlertState.CANCELLED,
    (AlertState.SCHEDULED, Step.END): AlertState.ENDED,
    (AlertState.LIVE, Step.CANCEL): AlertState.CANCELLED,
    (AlertState.LIVE, Step.END): AlertState.ENDED,
    (AlertState.LIVE, Step.PAUSE): AlertState.LIVE,
    (AlertState.LIVE, Step.RESUME): AlertState.LIVE,
    (AlertState.LIVE, Step.EXTEND): AlertState.LIVE,
}


#: States in which an alert may still become live.
WAITING = (AlertState.DRAFT, AlertState.SUBMITTED, AlertState.SCHEDULED)


class AlertKind(StrEnum):
    """What an alert says to people who were told something before."""

    #: Something new: nobody was told before.
    WARNING = "warning"
    #: Takes the place of the alert that it follows.
    UPDATE = "update"
    #: The danger of the alert that it follows is over.
    ALL_CLEAR = "all_clear"
    #: The alert that it follows no longer holds.
    WITHDRAWAL = "withdrawal"
    #: The alert that it follows was a false alarm.
    CORRECTION = "correction"

    @property
    def is_closing(self) -> bool:
        """Whether it only speaks to those who were told, and nobody need answer."""
        return self not in {AlertKind.WARNING, AlertKind.UPDATE}


def next_state(state: AlertState, step: Step) -> AlertState:
    """Return where a step leads.

    Raises
    ------
    TransitionError
        If the step is not allowed in this state; the message names what is.
    """
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        allowed = [s.value for (at, s) in TRANSITIONS if at is state]
        what = (
            f"it can {' or '.join(allowed)}" if allowed else "nothing can be done to it"
        )
        raise TransitionError(
            f"The alert is {state.value} and cannot {step.value}; {what}."
        ) from None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertCase:
    """One alert and its life with us. A step gives a new value; nothing is changed."""

    alert_id: AlertId
    #: What is said, and where, in the words of CAP.
    cap: CapAlert
    state: AlertState
    #: Names of operators.
    created_by: str
    created_at: datetime
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    kind: AlertKind = AlertKind.WARNING
    #: The alert before it, whose place it takes or of whose end it tells.
    follows: AlertId | None = None
    schedule: Schedule = NO_SCHEDULE
    #: When it is to go live, once approved, if not at once.
    starts_at: datetime | None = None
    #: When it went live.
    live_at: datetime | None = None
    #: Since when nothing of it leaves, and on whose word; None while it goes on.
    paused_at: datetime | None = None
    paused_by: str | None = None
    #: Until when it is sent, if longer than its document says.
    extended_until: datetime | None = None
    #: Our texts of which moment it says: those that it was submitted with. 0 are those
    #: that come with the release. A draft says those that are in force.
    texts_revision: int = 0
    #: The same of the steps of escalation.
    rules_revision: int = 0

    @property
    def is_paused(self) -> bool:
        """Whether it is in force, and nothing of it leaves."""
        return self.state is AlertState.LIVE and self.paused_at is not None

    @property
    def owner_ref(self) -> str:
        """The name under which this alert's deliveries run."""
        return owner_ref(self.alert_id)

    @property
    def is_drill(self) -> bool:
        """Whether only the drill group may hear of it."""
        return self.cap.status is not CapStatus.ACTUAL

    @property
    def lane(self) -> Lane:
        """Where its deliveries queue."""
        return Lane.DRILL if self.is_drill else Lane.WARNING

    def submit(
        self,
        by: str,
        at: datetime,
        *,
        texts_revision: int = 0,
        rules_revision: int = 0,
    ) -> AlertCase:
        """Hand the draft to a second person, with texts and rules as they are now."""
        return replace(
            self,
            state=next_state(self.state, Step.SUBMIT),
            submitted_by=by,
            submitted_at=at,
            texts_revision=texts_revision,
            rules_revision=rules_revision,
        )

    def plan(self, schedule: Schedule) -> AlertCase:
        """Say when it is to be sent, and how often again; only while it is a draft.

        Raises
        ------
        TransitionError
            If somebody has been asked to approve it as it was.
        """
        if self.state is not AlertState.DRAFT:
            raise TransitionError(
                f"The alert is {self.state.value}; its times are changed only while "
                "it is a draft. Have it rejected first."
            )
        return replace(self, schedule=schedule)

    def approve(
        self, by: str, at: datetime, *, starts_at: datetime | None = None
    ) -> AlertCase:
        """Make it live, at once or from ``starts_at`` on if that is later.

        Raises
        ------
        FourEyesError
            If ``by`` wrote or submitted it.
        """
        is_later = starts_at is not None and starts_at > at
        state = next_state(self.state, Step.SCHEDULE if is_later else Step.APPROVE)
        if by in {self.submitted_by, self.created_by}:
            raise FourEyesError(
                f"{by} wrote or submitted this alert; somebody else must approve it."
            )
        return replace(
            self,
            state=state,
            approved_by=by,
            approved_at=at,
            starts_at=starts_at if is_later else None,
            live_at=None if is_later else at,
        )

    def start(self, at: datetime, *, starts_at: datetime | None = None) -> AlertCase:
        """Go live because the time that was approved has come.

        Parameters
        ----------
        starts_at : datetime, optional
            Later than ``at`` if it has to wait a while longer after all.
        """
        state = next_state(self.state, Step.START)
        if starts_at is not None and starts_at > at:
            return replace(self, starts_at=starts_at)
        return replace(self, state=state, live_at=at)

    def reject(self) -> AlertCase:
        """Send it back to its author."""
        return replace(
            self,
            state=next_state(self.state, Step.REJECT),
            submitted_by=None,
            submitted_at=None,
            texts_revision=0,
            rules_revision=0,
        )

    def cancel(self, by: str, at: datetime) -> AlertCase:
        """Withdraw it."""
        state = next_state(self.state, Step.CANCEL)
        return replace(self, state=state, closed_by=by, closed_at=at)

    def pause(self, by: str, at: datetime) -> AlertCase:
        """Let it stand still; asked for twice, the first time counts."""
        state = next_state(self.state, Step.PAUSE)
        if self.is_paused:
            return self
        return replace(self, state=state, paused_by=by, paused_at=at)

    def resume(self) -> AlertCase:
        """Let it go on, if it stood still."""
        state = next_state(self.state, Step.RESUME)
        return replace(self, state=state, paused_by=None, paused_at=None)

    def extend(self, until: datetime) -> AlertCase:
        """Let it be sent until later."""
        state = next_state(self.state, Step.EXTEND)
        return replace(self, state=state, extended_until=until)

    def end(self, at: datetime, by: str | None = None) -> AlertCase:
        """Let it end: because its time is over, or because somebody said so."""
        state = next_state(self.state, Step.END)
        return replace(self, state=state, closed_by=by, closed_at=at)


#: Prefix of every alert's deliveries; the listener is chosen by it.
OWNER_PREFIX = "alert:"


def lists_ref(alert_id: AlertId) -> str:
    """Owner of the lists of silent households that an alert leaves."""
    return f"{LIST_PREFIX}{alert_id}"


def owner_ref(alert_id: AlertId) -> str:
    """Return the name under which an alert's deliveries run."""
    return f"{OWNER_PREFIX}{alert_id}"
