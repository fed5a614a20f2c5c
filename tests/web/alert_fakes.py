"""Alerts in memory, by the real rules; their audience and how they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shapely.geometry import MultiPolygon, Polygon

from geofence import Area as GeoArea
from geofence.area import area_of
from telephony.delivery import (
    Channel,
    DeliveryState,
)
from tests.web.follow_up_fakes import make_preview
from tests.web.ground import SQUARE, START, ManualClock
from warning import chain
from warning.alert import AlertCase, AlertId, AlertState
from warning.alert_form import AlertForm, FormText, cap_alert
from warning.arrival import Arrival
from warning.cap import Alert, CapStatus, Category, Certainty, Severity, Urgency
from warning.errors import (
    AlertNotFoundError,
    DuplicateAlertError,
    EmptyAudienceError,
    InvalidAlertError,
    UnrecordedError,
)
from warning.figures.board import Preview
from warning.figures.groups import GroupLine, Groups
from warning.figures.watch import Curves
from warning.progress import ChannelProgress, DeliveryLine, Progress
from warning.registry.registry import AudienceCounts
from warning.schedule import Schedule


def make_form(area: GeoArea | None = None, **changes: Any) -> AlertForm:
    """A flood warning in two languages."""
    known: dict[str, Any] = {
        "status": CapStatus.ACTUAL,
        "categories": (Category.MET,),
        "urgency": Urgency.IMMEDIATE,
        "severity": Severity.SEVERE,
        "certainty": Certainty.OBSERVED,
        "area": area or area_of(SQUARE),
        "texts": {
            "en": FormText(
                event="Flood",
                headline="Flood on the Mekong",
                description="The river rises.",
                instruction="Go to high ground.",
                area_desc="Kandal",
            )
        },
        "expires": START + timedelta(hours=6),
    }
    return AlertForm(**{**known, **changes})


class FakeAlerts:
    """Alerts in a dict; a CAP document is read as ``identifier`` bytes."""

    def __init__(self, now: ManualClock) -> None:
        self._now = now
        self.cases: dict[AlertId, AlertCase] = {}
        self.figures: dict[AlertId, Progress] = {}
        self.lines: list[DeliveryLine] = []
        self.is_empty = False
        #: Languages in which some would hear no word.
        self.unrecorded: tuple[str, ...] = ()
        self.came: dict[AlertId, Arrival] = {}

    def check_cap(self, data: bytes) -> Mapping[str, object]:
        defects = []
        if b"<alert" not in data:
            defects = [
                {
                    "code": "not_xml",
                    "severity": "blocks",
                    "element": "alert",
                    "line": 1,
                    "message": "This is not XML.",
                }
            ]
        ok = not defects
        return {
            "file": "request",
            "valid_xsd": ok,
            "usable": ok,
            "targetable": ok,
            "defects": defects,
            "alert": None,
            "area": None,
        }

    def draft_from_cap(self, data: bytes, *, by: str) -> AlertCase:
        if not self.check_cap(data)["usable"]:
            raise InvalidAlertError("Line 1: this is not XML. Send a CAP document.")
        identifier = f"cap-{len(data)}"
        for case in self.cases.values():
            if case.cap.identifier == identifier:
                raise DuplicateAlertError("Known.", alert_id=case.alert_id)
        return self._draft(self._cap(make_form(), identifier), by)

    def arrivals(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, Arrival]:
        return {one: self.came[one] for one in alert_ids if one in self.came}

    def check_form(self, form: AlertForm) -> Mapping[str, object]:
        return self.check_cap(b"<alert/>" if form.texts else b"")

    def draft_from_form(self, form: AlertForm, *, by: str) -> AlertCase:
        if form.expires is not None and form.expires <= self._now():
            raise InvalidAlertError("The alert expired; give it a later end.")
        return self._draft(self._cap(form, f"form-{len(self.cases)}"), by)

    def submit(self, alert_id: AlertId, *, by: str) -> AlertCase:
        if self.is_empty:
            raise EmptyAudienceError("Nobody is registered inside the area.")
        return self._save(self.get(alert_id).submit(by, self._now()))

    def unheard(self, alert_id: AlertId) -> Sequence[str]:
        return self.unrecorded if alert_id in self.cases else ()

    def approve(
        self, alert_id: AlertId, *, by: str, accept_fallback: bool = False
    ) -> AlertCase:
        if self.unrecorded and not accept_fallback:
            raise UnrecordedError("Nobody speaks it.", languages=self.unrecorded)
        return self._save(self.get(alert_id).approve(by, self._now()))

    def reject(self, alert_id: AlertId, *, by: str) -> AlertCase:
        return self._save(self.get(alert_id).reject())

    def cancel(self, alert_id: AlertId, *, by: str) -> AlertCase:
        return self._save(self.get(alert_id).cancel(by, self._now()))

    def get(self, alert_id: AlertId) -> AlertCase:
        if alert_id not in self.cases:
            raise AlertNotFoundError(f"There is no alert {alert_id[:40]}.")
        return self.cases[alert_id]

    def list(
        self, *, states: Sequence[AlertState] = (), limit: int | None = None
    ) -> Sequence[AlertCase]:
        cases = [c for c in self.cases.values() if not states or c.state in states]
        newest = sorted(cases, key=lambda case: case.created_at, reverse=True)
        return newest[:limit]

    def preview(self, alert_id: AlertId) -> Preview:
        return make_preview(self.get(alert_id), FakeAudiences().count(SQUARE))

    def plan(self, alert_id: AlertId, schedule: Schedule, *, by: str) -> AlertCase:
        return self._save(self.get(alert_id).plan(schedule))

    def waiting_to_follow(self, alert_id: AlertId) -> AlertId | None:
        followers = [c for c in self.cases.values() if c.follows == alert_id]
        return chain.waiting(followers)[0].alert_id if followers else None

    def progress(self, alert_id: AlertId) -> Progress:
        state = self.get(alert_id).state
        return self.figures.get(alert_id) or make_progress(state=state)

    def deliveries(
        self, alert_id: AlertId, *, after: int, limit: int
    ) -> Sequence[DeliveryLine]:
        self.get(alert_id)
        return [line for line in self.lines if line.delivery_id > after][:limit]

    def cap_xml(self, alert_id: AlertId) -> bytes:
        identifier = self.get(alert_id).cap.identifier
        return f"<alert><identifier>{identifier}</identifier></alert>".encode()

    def _cap(self, form: AlertForm, identifier: str) -> Alert:
        return cap_alert(
            form, identifier=identifier, sender="tocsin.example", sent=self._now()
        )

    def _draft(self, cap: Alert, by: str) -> AlertCase:
        case = AlertCase(
            alert_id=AlertId(f"a{len(self.cases) + 1}"),
            cap=cap,
            state=AlertState.DRAFT,
            created_by=by,
            created_at=self._now(),
        )
        return self._save(case)

    def _save(self, case: AlertCase) -> AlertCase:
        self.cases[case.alert_id] = case
        return case


def make_progress(**changes: Any) -> Progress:
    """1,000 people, some of whom have confirmed."""
    known: dict[str, Any] = {
        "state": AlertState.LIVE,
        "affected": 1_000,
        "planned": 1_000,
        "people_attempted": 980,
        "by_state": {"attempted": 100, "reached": 400, "heard": 50, "confirmed": 430},
        "by_area": {
            "KH-12": {"reached": 200, "confirmed": 300},
            "KH-08": {"attempted": 100, "reached": 200, "heard": 50, "confirmed": 130},
        },
        "by_language": {"km": 900, "en": 100},
        "excluded": {"opted_out": 20},
        "sms": ChannelProgress(attempted=980, reached=880, failed={"30003": 12}),
        "voice": ChannelProgress(attempted=90, reached=60, heard=50, open=7),
        "confirmed": 430,
        "needs_help": 0,
        "first_message_s": 0.4,
        "last_message_s": 11.0,
        "messages_per_s": 92.0,
        "geofence_ms": 1.5,
        "settled": False,
    }
    return Progress(**{**known, **changes})


class FakeAudiences:
    """A thousand people in the square, nobody elsewhere."""

    def count(self, geometry: Polygon | MultiPolygon) -> AudienceCounts:
        n = 1_000 if geometry.intersects(SQUARE) else 0
        return AudienceCounts(
            n=n,
            by_language={"km": n} if n else {},
            by_area={"KH-08": n} if n else {},
            by_channel={"sms": n, "voice": n},
            excluded={},
            geofence_ms=0.7,
        )


@dataclass
class FakeGroups:
    """Two languages, one carrier on two channels."""

    def groups(self, alert_id: AlertId) -> Groups:
        del alert_id
        return Groups(
            languages=[
                GroupLine("km", None, 900, 800, 450, 400, 0),
                GroupLine("en", None, 80, 80, 30, 30, 0),
            ],
            carriers=[
                GroupLine("main", Channel.SMS, 980, 880, 0, 0, 12),
                GroupLine("main", Channel.VOICE, 90, 60, 50, 0, 0),
            ],
        )


class FakeWatch:
    """Curves of two points."""

    def curves(self, alert_id: AlertId) -> Curves:
        del alert_id
        at = [START, START + timedelta(seconds=1)]
        return Curves(
            at=at,
            sent=[1, 2],
            reached=[0, 2],
            heard=[0, 1],
            confirmed=[0, 1],
            failed=[0, 0],
        )


def delivery_line(number: int) -> DeliveryLine:
    """A text that reached somebody."""
    return DeliveryLine(
        delivery_id=number,
        subscriber_id=number + 100,
        channel=Channel.SMS,
        language="km",
        state=DeliveryState.REACHED,
        attempts=1,
        code=None,
        updated_at=START,
    )
