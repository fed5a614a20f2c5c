"""Those who need help and what was seen, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from warning.citizens.citizen_reports import CitizenReport, ReportState, credibility
from warning.citizens.help_requests import HelpRequest, HelpState, ranked
from warning.citizens.report_desk import Incident, IncidentFile
from warning.errors import (
    HelpRequestNotFoundError,
    ReportNotFoundError,
    ReportStepError,
)


class FakeHelpDesk:
    """One list of requests; the steps are the real ones."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.known: dict[int, HelpRequest] = {}

    def ask(self, phone: str, *, is_urgent: bool = False, **changes: Any) -> int:
        number = len(self.known) + 1
        self.known[number] = HelpRequest(
            number=number,
            phone=phone,
            subscriber_id=changes.pop("subscriber_id", None),
            is_urgent=is_urgent,
            vulnerable=bool(changes.pop("vulnerable", False)),
            language="km",
            opened_at=self.now(),
            heard_at=self.now(),
            **changes,
        )
        return number

    def pending(self, *, owner_ref: str = "") -> list[HelpRequest]:
        return ranked(
            [
                one
                for one in self.known.values()
                if one.state is not HelpState.CLOSED
                and owner_ref in {"", one.owner_ref}
            ]
        )

    def take(self, number: int, *, by: str) -> HelpRequest:
        return self._keep(self._find(number).take(by, self.now()))

    def close(self, number: int, outcome: str, *, by: str) -> HelpRequest:
        return self._keep(self._find(number).close(by, outcome, self.now()))

    def _find(self, number: int) -> HelpRequest:
        if number not in self.known:
            raise HelpRequestNotFoundError(f"There is no request {number}.")
        return self.known[number]

    def _keep(self, request: HelpRequest) -> HelpRequest:
        assert request.number is not None
        self.known[request.number] = request
        return request


class FakeReportDesk:
    """Every report is an incident of its own, until two are put together."""

    def __init__(self) -> None:
        self.known: dict[int, CitizenReport] = {}
        self.answered: list[tuple[int, str]] = []

    def newest(self, *, before: int | None, limit: int) -> list[Incident]:
        heads = [one.number for one in self.known.values() if one.number == one.cluster]
        numbers = sorted((one for one in heads if one is not None), reverse=True)
        shown = [n for n in numbers if before is None or n < before][:limit]
        return [self._incident(number) for number in shown]

    def file(self, cluster: int) -> IncidentFile:
        incident = self._incident(cluster)
        reports = [one for one in self.known.values() if one.cluster == cluster]
        return IncidentFile(incident=incident, reports=reports)

    def merge(self, cluster: int, other: int, *, by: str) -> Incident:
        del by
        if cluster == other:
            raise ReportStepError("An incident cannot be put together with itself.")
        into, gone = sorted((cluster, other))
        self._incident(gone)
        self.known[gone] = replace(self.known[gone], cluster=into)
        return self._incident(into)

    def answer(self, cluster: int, words: str, *, by: str) -> int:
        del by
        if not words.strip():
            raise ReportStepError("Write between 1 and 1,600 characters.")
        self.answered.append((cluster, words))
        return self._incident(cluster).n_reports

    def add(self, report: CitizenReport, *, by: str) -> Incident:
        number = len(self.known) + 1
        self.known[number] = replace(report, number=number, cluster=number)
        return self._incident(number)

    def judge(self, cluster: int, state: ReportState, *, by: str) -> Incident:
        if cluster not in self.known:
            raise ReportNotFoundError(f"There is no report {cluster}.")
        self.known[cluster] = replace(self.known[cluster], state=state, judged_by=by)
        return self._incident(cluster)

    def _incident(self, number: int) -> Incident:
        if number not in self.known:
            raise ReportNotFoundError(f"There is no report {number}.")
        reports = [one for one in self.known.values() if one.cluster == number]
        return Incident(
            first=self.known[number],
            n_reports=len(reports),
            credibility=credibility(reports),
            is_hurt=any(one.is_hurt for one in reports),
        )
