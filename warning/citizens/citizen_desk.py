"""What operators do about those who need help and about what citizens saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from warning.citizens.citizen_answers import Addressee, AnswerWriter
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.citizen_reports import CitizenReport, ReportState, credibility
from warning.citizens.cries_for_help import take_report
from warning.citizens.help_requests import HelpRequest, HelpState, ranked
from warning.errors import HelpRequestNotFoundError, ReportNotFoundError

_PENDING = (HelpState.OPEN.value, HelpState.TAKEN.value)
#: More than anybody works off; the rest shows as these are closed.
MAX_SHOWN = 2_000


class HelpDesk:
    """The operator's list of those who need help.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._now = now

    def pending(self) -> Sequence[HelpRequest]:
        """Requests that are not closed, the most pressing first."""
        with self._read_uow() as uow:
            return ranked(uow.help_requests.all(states=_PENDING, limit=MAX_SHOWN))

    def take(self, number: int, *, by: str) -> HelpRequest:
        """Care for a request from now on.

        Raises
        ------
        HelpRequestNotFoundError
            If there is none of this number.
        HelpRequestError
            If it is closed.
        """
        return self._change(
            number, "help.take", by, lambda one: one.take(by, self._now())
        )

    def close(self, number: int, outcome: str, *, by: str) -> HelpRequest:
        """Say what became of a request; raises as ``take``."""
        return self._change(
            number, "help.close", by, lambda one: one.close(by, outcome, self._now())
        )

    def _change(
        self,
        number: int,
        action: str,
        by: str,
        step: Callable[[HelpRequest], HelpRequest],
    ) -> HelpRequest:
        with self._new_uow() as uow:
            found = uow.help_requests.get(number)
            if found is None:
                raise HelpRequestNotFoundError(
                    f"There is no request for help of the number {number}."
                )
            changed = step(found)
            uow.help_requests.save(changed)
            uow.audit.append(
                at=self._now(),
                actor=by,
                action=action,
                subject=f"help:{number}",
                details={"before": found.state.value},
            )
            uow.commit()
        return changed


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """One thing that was seen, by however many."""

    #: The first report of it.
    first: CitizenReport
    n_reports: int
    #: 0 to 1, by how many phones told it.
    credibility: float
    is_hurt: bool


class ReportDesk:
    """What citizens saw, put together.

    Parameters
    ----------
    new_uow, read_uow, now
        As for ``HelpDesk``.
    writer : AnswerWriter
        Tells reporters what became of their report.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        writer: AnswerWriter,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._writer = writer
        self._now = now

    def newest(self, *, before: int | None, limit: int) -> Sequence[Incident]:
        """Incidents below an id, newest first."""
        with self._read_uow() as uow:
            firsts = uow.citizen_reports.newest(before=before, limit=limit)
            return [_incident(uow, one) for one in firsts]

    def add(self, report: CitizenReport, *, by: str) -> Incident:
        """Take in a report that came another way."""
        with self._new_uow() as uow:
            number = take_report(uow, report)
            near = uow.citizen_reports.near(
                report.kind.value, since=report.reported_at, until=report.reported_at
            )
            kept = next(one for one in near if one.number == number)
            uow.audit.append(
                at=self._now(),
                actor=by,
                action="report.add",
                subject=f"report:{number}",
                details={"kind": report.kind.value},
            )
            incident = _incident(uow, _first_of(uow, kept.cluster or number))
            uow.commit()
        return incident

    def judge(self, cluster: int, state: ReportState, *, by: str) -> Incident:
        """Say what an incident is; who reported it hears if it was confirmed.

        Raises
        ------
        ReportNotFoundError
            If there is no incident of this number.
        """
        now = self._now()
        with self._new_uow() as uow:
            before = _first_of(uow, cluster).state
            uow.citizen_reports.judge(cluster, state.value, by=by, now=now)
            if state is ReportState.VERIFIED and before is not state:
                self._thank(uow, cluster, now)
            uow.audit.append(
                at=now,
                actor=by,
                action=f"report.{state.value}",
                subject=f"report:{cluster}",
                details={"before": before.value},
            )
            incident = _incident(uow, _first_of(uow, cluster))
            uow.commit()
        return incident

    def _thank(self, uow: UnitOfWork, cluster: int, now: datetime) -> None:
        """Tell each phone once; whoever said STOP meanwhile is left in peace."""
        thanked: set[str] = set()
        for one in uow.citizen_reports.cluster(cluster):
            person = uow.subscribers.find_by_phone(one.phone) if one.phone else None
            is_gone = person is not None and person.status == "opted_out"
            if not one.phone or one.phone in thanked or is_gone:
                continue
            thanked.add(one.phone)
            to = Addressee(
                phone=one.phone,
                person=person.subscriber_id if person else 0,
                language=one.language,
            )
            key = "report_verified"
            words = self._writer.words(one.language, key)
            ref = f"report.{one.number}"
            self._writer.send(uow.outbox, to, words, key=key, ref=ref, at=now)


def _first_of(uow: UnitOfWork, cluster: int) -> CitizenReport:
    found = uow.citizen_reports.cluster(cluster)
    if not found:
        raise ReportNotFoundError(f"There is no report of the number {cluster}.")
    return found[0]


def _incident(uow: UnitOfWork, first: CitizenReport) -> Incident:
    assert first.cluster is not None, "stored"
    reports = uow.citizen_reports.cluster(first.cluster)
    return Incident(
        first=first,
        n_reports=len(reports),
        credibility=credibility(reports),
        is_hurt=any(one.is_hurt for one in reports),
    )
