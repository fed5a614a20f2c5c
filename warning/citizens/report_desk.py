"""What operators do about what citizens saw: look, judge, put together, answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from warning.citizens.citizen_answers import MAX_TEXT, Addressee, AnswerWriter
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.citizen_reports import CitizenReport, ReportState, credibility
from warning.citizens.cries_for_help import take_report
from warning.errors import ReportNotFoundError, ReportStepError


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """One thing that was seen, by however many."""

    #: The first report of it.
    first: CitizenReport
    n_reports: int
    #: 0 to 1, by how many phones told it.
    credibility: float
    is_hurt: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentFile:
    """Everything that was said of one incident."""

    incident: Incident
    #: The oldest first.
    reports: Sequence[CitizenReport]


class ReportDesk:
    """What citizens saw, put together.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    writer : AnswerWriter
        Tells reporters what became of their report.
    now : callable
        Aware UTC.
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

    def file(self, cluster: int) -> IncidentFile:
        """Return everything that was said of an incident.

        Raises
        ------
        ReportNotFoundError
            If there is no incident of this number.
        """
        with self._read_uow() as uow:
            first = _first_of(uow, cluster)
            reports = uow.citizen_reports.cluster(cluster)
            return IncidentFile(incident=_incident(uow, first), reports=reports)

    def add(self, report: CitizenReport, *, by: str) -> Incident:
        """Take in a report that came another way."""
        with self._new_uow() as uow:
            number = take_report(uow, report)
            near = uow.citizen_reports.near(
                report.kind.value, since=report.reported_at, until=report.reported_at
            )
            kept = next(one for one in near if one.number == number)
            self._note(uow, "report.add", number, by, kind=report.kind.value)
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
                self._thank(uow, uow.citizen_reports.cluster(cluster))
            action = f"report.{state.value}"
            self._note(uow, action, cluster, by, before=before.value)
            incident = _incident(uow, _first_of(uow, cluster))
            uow.commit()
        return incident

    def merge(self, cluster: int, other: int, *, by: str) -> Incident:
        """Make one incident of two: the older one's number stays.

        What was judged of either holds for both, the older one's verdict first; whoever
        is confirmed by that hears so.

        Raises
        ------
        ReportNotFoundError
            If there is no incident of one of the numbers.
        ReportStepError
            If they are the same.
        """
        if cluster == other:
            raise ReportStepError("An incident cannot be put together with itself.")
        into, gone = sorted((cluster, other))
        with self._new_uow() as uow:
            kept, joining = _first_of(uow, into), _first_of(uow, gone)
            state = joining.state if kept.state is ReportState.NEW else kept.state
            news = [
                one
                for one in (
                    *uow.citizen_reports.cluster(into),
                    *uow.citizen_reports.cluster(gone),
                )
                if one.state is not ReportState.VERIFIED
            ]
            uow.citizen_reports.move(gone, into=into)
            if state is not ReportState.NEW:
                uow.citizen_reports.judge(into, state.value, by=by, now=self._now())
            if state is ReportState.VERIFIED:
                self._thank(uow, news)
            self._note(uow, "report.merge", into, by, joined=gone)
            incident = _incident(uow, _first_of(uow, into))
            uow.commit()
        return incident

    def answer(self, cluster: int, words: str, *, by: str) -> int:
        """Write to everybody who reported an incident; return to how many phones.

        Raises
        ------
        ReportNotFoundError
            If there is no incident of this number.
        ReportStepError
            If there are no words, too many, or nobody to read them.
        """
        text = words.strip()
        if not text or len(text) > MAX_TEXT:
            raise ReportStepError(f"Write between 1 and {MAX_TEXT:,} characters.")
        with self._new_uow() as uow:
            _first_of(uow, cluster)
            reports = uow.citizen_reports.cluster(cluster)
            n = self._tell(
                uow,
                reports,
                "report_answer",
                lambda _language: text,
                self._once_a_minute,
            )
            if not n:
                raise ReportStepError("Nobody who reported this can be written to.")
            self._note(uow, "report.answer", cluster, by, phones=n)
            uow.commit()
        return n

    def _thank(self, uow: UnitOfWork, reports: Sequence[CitizenReport]) -> None:
        key = "report_verified"
        self._tell(
            uow, reports, key, lambda language: self._writer.words(language, key)
        )

    def _tell(
        self,
        uow: UnitOfWork,
        reports: Sequence[CitizenReport],
        key: str,
        words_in: Callable[[str], str],
        ref_of: Callable[[CitizenReport], str] = lambda one: f"report.{one.number}",
    ) -> int:
        """Tell each phone once; whoever said STOP meanwhile is left in peace."""
        now = self._now()
        told: set[str] = set()
        for one in reports:
            person = uow.subscribers.find_by_phone(one.phone) if one.phone else None
            is_gone = person is not None and person.status == "opted_out"
            if not one.phone or one.phone in told or is_gone:
                continue
            told.add(one.phone)
            to = Addressee(
                phone=one.phone,
                person=person.subscriber_id if person else 0,
                language=one.language,
            )
            ref = ref_of(one)
            words = words_in(one.language)
            self._writer.send(uow.outbox, to, words, key=key, ref=ref, at=now)
        return len(told)

    def _once_a_minute(self, one: CitizenReport) -> str:
        """The same answer is not sent twice by a second click."""
        return f"report.{one.number}.{int(self._now().timestamp()) // 60}"

    def _note(
        self, uow: UnitOfWork, action: str, number: int, by: str, **details: object
    ) -> None:
        uow.audit.append(
            at=self._now(),
            actor=by,
            action=action,
            subject=f"report:{number}",
            details=details,
        )


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
