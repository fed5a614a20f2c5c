"""What becomes of an alert that came in from elsewhere, by its source's policy.

By default it is a draft and reaches nobody. A source may be trusted to submit, and for
named pairs of event and severity to go live in the name of two operators of record.
What may not go further stays where it is, with a sentence that says why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from accounts.operators import Operator, Role
from warning.alert import AlertCase, AlertId, AlertState
from warning.cap import Alert, MsgType, Severity
from warning.cap_documents.attachments import Beside
from warning.errors import (
    AlertError,
    ChangedAlertError,
    DuplicateAlertError,
    InvalidAlertError,
)
from warning.intake.intake import AlertIntake
from warning.sources.feed_state import Outcome
from warning.sources.source_ports import UnitOfWork
from warning.texts.fitting import one_line

log = logging.getLogger(__name__)

#: Characters of a sentence that is kept.
_MAX_SENTENCE = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcePolicy:
    """How far the alerts of one source go without a person."""

    submits: bool = False
    #: Event and severity of what goes live by itself.
    live: tuple[tuple[str, Severity], ...] = ()
    #: Operators of record: two different ones.
    author: str | None = None
    approver: str | None = None

    def lets_live(self, cap: Alert) -> bool:
        """Whether an alert goes live by itself: only what is wholly named.

        Updates and cancels never do: they speak to people who were told before.
        """
        pairs = {(event.casefold(), severity) for event, severity in self.live}
        said = [(one_line(i.event).casefold(), i.severity) for i in cap.infos]
        named = {severity for event, severity in said if (event, severity) in pairs}
        # Another language names the event otherwise; its severity must be the same.
        return (
            cap.msg_type is MsgType.ALERT
            and bool(named)
            and all(severity in named for _, severity in said)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What became of a document."""

    outcome: Outcome
    alert_id: AlertId | None
    #: For the operator.
    sentence: str


class Steps(Protocol):
    """The steps of ``AlertService`` that a policy takes."""

    def submit(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Hand a draft to a second person."""
        ...

    def approve(
        self, alert_id: AlertId, *, by: str, accept_fallback: bool = False
    ) -> AlertCase:
        """Make an alert live."""
        ...


class SourceDesk:
    """Takes documents in from sources, and takes them as far as they may go.

    Parameters
    ----------
    intake : AlertIntake
    steps : Steps
        What operators do with alerts.
    read_uow : callable
        Opens a unit of work that only reads.
    """

    def __init__(
        self,
        *,
        intake: AlertIntake,
        steps: Steps,
        read_uow: Callable[[], UnitOfWork],
    ) -> None:
        self._intake = intake
        self._steps = steps
        self._read_uow = read_uow

    def take(
        self,
        data: bytes,
        *,
        source: str,
        policy: SourcePolicy,
        beside: Beside | None = None,
    ) -> Receipt:
        """Take a document in; the same one again changes nothing.

        Killed between two steps, the next call with the same document goes on where it
        stood, as long as no person has touched the alert.

        Parameters
        ----------
        data : bytes
            A CAP document as it came.
        source : str
            E.g. ``feed:met``; the author where the policy names none.
        policy : SourcePolicy
        beside : callable, optional
            Reads the sounds that came with it as files.
        """
        try:
            author = policy.author or source
            case = self._intake.draft_from_cap(
                data, by=author, source=source, beside=beside
            )
        except DuplicateAlertError as error:
            return self._again(AlertId(error.alert_id), source, policy)
        except (InvalidAlertError, ChangedAlertError) as error:
            return Receipt(
                outcome=Outcome.REFUSED,
                alert_id=None,
                sentence=str(error)[:_MAX_SENTENCE],
            )
        return self._further(case, policy)

    def _again(self, alert_id: AlertId, source: str, policy: SourcePolicy) -> Receipt:
        known = Receipt(
            outcome=Outcome.KNOWN,
            alert_id=alert_id,
            sentence=f"It is here already as {alert_id}.",
        )
        with self._read_uow() as uow:
            case = uow.alerts.get(alert_id)
            arrival = uow.arrivals.find([alert_id]).get(alert_id)
            done = [entry.action for entry in uow.audit.entries(subject=case.owner_ref)]
        if arrival is None or arrival.source != source:
            return known
        if not (policy.submits or policy.lets_live(case.cap)):
            return known
        if done not in _UNTOUCHED.get(case.state, ()):
            return known
        return self._further(case, policy)

    def _further(self, case: AlertCase, policy: SourcePolicy) -> Receipt:
        """Go as far as the policy lets this alert go."""
        arrival = self._intake.arrivals([case.alert_id])[case.alert_id]
        if arrival.duplicate_of is not None:
            return Receipt(
                outcome=Outcome.HELD,
                alert_id=case.alert_id,
                sentence=f"It says what {arrival.duplicate_of} says, under another "
                "identifier and without a reference; decide whether it is needed.",
            )
        lets_live = policy.lets_live(case.cap)
        sentence = _AS_IT_IS[case.state]
        if case.state is not AlertState.CANCELLED and (lets_live or policy.submits):
            sentence = self._walk(case, policy, lets_live=lets_live)
        return Receipt(outcome=Outcome.TAKEN, alert_id=case.alert_id, sentence=sentence)

    def _walk(self, case: AlertCase, policy: SourcePolicy, *, lets_live: bool) -> str:
        """Submit and approve in the names of the operators of record; say how far."""
        author, approver = self._operators(policy)
        try:
            if author is None:
                return _not_there(policy.author, "submitted", Role.OPERATOR)
            if case.state is AlertState.DRAFT:
                self._steps.submit(case.alert_id, by=author.name)
            if not lets_live:
                return "It is submitted and waits for a second person."
            if approver is None:
                return _not_there(policy.approver, "approved", Role.APPROVER)
            # Nobody is there to be asked, and a warning in another language is one.
            self._steps.approve(case.alert_id, by=approver.name, accept_fallback=True)
        except AlertError as error:
            log.warning("alert not taken further", extra={"alert": case.alert_id})
            return f"It went no further. {error}"[:_MAX_SENTENCE]
        return f"It is live, as configured; {approver.name} answers for it."

    def _operators(
        self, policy: SourcePolicy
    ) -> tuple[Operator | None, Operator | None]:
        """The operators of record, if they are there and may."""
        with self._read_uow() as uow:
            author = uow.operators.find(policy.author or "")
            approver = uow.operators.find(policy.approver or "")
        return (
            author if author and author.may(Role.OPERATOR) else None,
            approver if approver and approver.may(Role.APPROVER) else None,
        )


#: What became of an alert that its policy takes no further.
_AS_IT_IS = {
    AlertState.DRAFT: "It waits as a draft.",
    AlertState.SUBMITTED: "It is submitted and waits for a second person.",
    AlertState.CANCELLED: "It withdrew what waited here; nobody had heard of that.",
}
#: What the audit tells of an alert that only its policy has touched.
_UNTOUCHED: dict[AlertState, Sequence[list[str]]] = {
    AlertState.DRAFT: (["alert.draft"],),
    AlertState.SUBMITTED: (["alert.draft", "alert.submit"],),
}


def _not_there(name: str | None, what: str, role: Role) -> str:
    return (
        f"It was not {what}: there is no active operator {name!r} with the role "
        f"{role.value}; add one, or do it yourself."
    )
