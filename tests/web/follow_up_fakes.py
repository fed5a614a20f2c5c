"""What follows alerts, in memory and by the real rules of the domain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from warning.alert import AlertCase, AlertId, AlertKind, AlertState
from warning.alert_form import AlertForm
from warning.approval.preview import Overlap, Preview, Saying
from warning.cap_documents import cap_xml
from warning.errors import FollowUpError, InvalidAlertError, TransitionError
from warning.figures.report import AlertReport, ReportStep, Shares
from warning.intake.differences import Change, Differences
from warning.progress import Progress
from warning.recipients import Variant
from warning.registry.registry import AudienceCounts
from warning.texts.message_preview import previews_of


class Register(Protocol):
    """Alerts in a dict."""

    cases: dict[AlertId, AlertCase]

    def get(self, alert_id: AlertId) -> AlertCase: ...

    def draft_from_form(self, form: AlertForm, *, by: str) -> AlertCase: ...

    def progress(self, alert_id: AlertId) -> Progress: ...


class FakeFollowUps:
    """One follower an alert; a CAP document is any that our reader takes."""

    def __init__(
        self,
        alerts: Register,
        form: Callable[[], AlertForm],
        now: Callable[[], datetime],
    ) -> None:
        self._alerts = alerts
        self._form = form
        self._now = now
        #: Whether anybody was told, so that there is somebody to tell.
        self.is_anybody_told = True

    def update_from_cap(self, alert_id: AlertId, data: bytes, *, by: str) -> AlertCase:
        if cap_xml.read(data).alert is None:
            raise InvalidAlertError("Line 1: this is not XML. Send a CAP document.")
        return self.update_from_form(alert_id, self._form(), by=by)

    def update_from_form(
        self, alert_id: AlertId, form: AlertForm, *, by: str
    ) -> AlertCase:
        self._require(alert_id, AlertState.LIVE)
        draft = self._alerts.draft_from_form(form, by=by)
        return self._save(replace(draft, kind=AlertKind.UPDATE, follows=alert_id))

    def all_clear(self, alert_id: AlertId, *, by: str) -> AlertCase:
        return self._close(alert_id, AlertKind.ALL_CLEAR, by=by)

    def correct(self, alert_id: AlertId, *, by: str) -> AlertCase:
        return self._close(alert_id, AlertKind.CORRECTION, by=by)

    def _close(self, alert_id: AlertId, kind: AlertKind, *, by: str) -> AlertCase:
        ended = self._require(alert_id, AlertState.LIVE).end(self._now(), by)
        self._save(ended)
        if not self.is_anybody_told:
            return ended
        draft = self._alerts.draft_from_form(self._form(), by=by)
        waiting = replace(draft, kind=kind, follows=alert_id).submit(by, self._now())
        return self._save(waiting)

    def _require(self, alert_id: AlertId, state: AlertState) -> AlertCase:
        case = self._alerts.get(alert_id)
        for other in self._alerts.cases.values():
            if other.follows == alert_id:
                raise FollowUpError("Followed already.", alert_id=other.alert_id)
        if case.state is not state:
            raise TransitionError(f"The alert is {case.state.value}.")
        return case

    def _save(self, case: AlertCase) -> AlertCase:
        self._alerts.cases[case.alert_id] = case
        return case


class FakeReports:
    """A report on whatever there is."""

    def __init__(self, alerts: Register, now: Callable[[], datetime]) -> None:
        self._alerts = alerts
        self._now = now

    def report(self, alert_id: AlertId) -> AlertReport:
        case = self._alerts.get(alert_id)
        step = ReportStep(
            at=case.created_at,
            actor=case.created_by,
            action="alert.draft",
            details={"state": "draft"},
        )
        return AlertReport(
            case=case,
            made_at=self._now(),
            steps=[step],
            by_variant={"warning": 1_000},
            subscribers_total=5_000,
            rounds=0,
            progress=self._alerts.progress(alert_id),
            shares=Shares(
                reached=0.9, confirmed=0.4, needs_help=0.01, unreachable=None
            ),
            drafting_s=60.0,
            open_s=None,
            is_balanced=True,
            followers=[c for c in self._alerts.cases.values() if c.follows == alert_id],
        )


def make_preview(case: AlertCase, counts: AudienceCounts) -> Preview:
    """Everything an approver may see, of whatever alert."""
    texts = previews_of(case)
    return Preview(
        counts=counts,
        texts={one.language: f"{one.sms_text} Reply 1" for one in texts},
        by_variant={"warning": counts.n},
        sayings=[Saying(variant=Variant.WARNING, people=counts.n, texts=texts)],
        by_first_channel={"sms": counts.n, "voice": 0},
        told_in={"km": "en"},
        sms_parts=2 * counts.n,
        seconds_to_reach_all=12.5,
        starts_at=case.created_at,
        overlaps=[
            Overlap(
                alert_id=AlertId("b1"),
                event="Flood",
                severity=None,
                is_same_event=True,
                already_told=3,
                relies_on_this=False,
            )
        ],
        differences=Differences(
            changed={"en": [Change("headline", "Flood", "Higher flood")]},
            languages_added=["km"],
            languages_removed=[],
            area_km2_before=10.0,
            area_km2_after=12.0,
            added_km2=4.0,
            removed_km2=2.0,
        ),
    )
