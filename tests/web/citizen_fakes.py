"""Those who need help and what was seen, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from warning.citizens.citizen_desk import Incident
from warning.citizens.citizen_reports import CitizenReport, ReportState, credibility
from warning.citizens.help_requests import HelpRequest, HelpState, ranked
from warning.errors import HelpRequestNotFoundError, ReportNotFoundError


class FakeHelpDesk:
    """One list of requests; the steps are the real ones."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.known: dict[int, HelpRequest] = {}

    def ask(self, phone: str, *, is_urgent: bool = False) -> int:
        number = len(self.known) + 1
        self.known[number] = HelpRequest(
            number=number,
            phone=phone,
            subscriber_id=None,
            is_urgent=is_urgent,
            vulnerable=False,
            language="km",
            opened_at=self.now(),
            heard_at=self.now(),
        )
        return number

    def pending(self) -> list[HelpRequest]:
        known = self.known.values()
        return ranked([one for one in known if one.state is not HelpState.CLOSED])

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
    """Every report is an incident of its own."""

    def __init__(self) -> None:
        self.known: dict[int, CitizenReport] = {}

    def newest(self, *, before: int | None, limit: int) -> list[Incident]:
        numbers = sorted(self.known, reverse=True)
        shown = [n for n in numbers if before is None or n < before][:limit]
        return [self._incident(number) for number in shown]

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
        one = self.known[number]
        return Incident(
            first=one, n_reports=1, credibility=credibility([one]), is_hurt=one.is_hurt
        )
