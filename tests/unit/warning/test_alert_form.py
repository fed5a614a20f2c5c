"""A form becomes a CAP message that others can read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from geofence.area import area_of
from warning.alert_form import PHONE_TEXT, AlertForm, FormText, cap_alert
from warning.cap import (
    Alert,
    CapStatus,
    Category,
    Certainty,
    MsgType,
    ResponseType,
    Scope,
    Severity,
    Urgency,
)
from warning.cap_documents import cap_check, cap_xml

NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
EN = FormText(
    event="Flood",
    headline="Flood on the Mekong",
    description="The river rises.",
    instruction="Go to high ground.",
    area_desc="Kandal",
)
KM = FormText(
    event="ទឹកជំនន់",
    headline="ទឹកជំនន់ទន្លេមេគង្គ",
    description="ទឹកកំពុងឡើង។",
    instruction="ទៅទីទួល។",
    area_desc="កណ្ដាល",
    phone_text="ទឹកជំនន់! ទៅទីទួលឥឡូវនេះ។",
)


def make_alert(geometry: Polygon | MultiPolygon | None = None, **changes: Any) -> Alert:
    known: dict[str, Any] = {
        "status": CapStatus.ACTUAL,
        "categories": (Category.MET,),
        "urgency": Urgency.IMMEDIATE,
        "severity": Severity.SEVERE,
        "certainty": Certainty.OBSERVED,
        "response_types": (ResponseType.EVACUATE,),
        "area": area_of(geometry or box(104, 11, 105, 12)),
        "texts": {"en": EN, "km": KM},
        "expires": NOW.replace(hour=9),
        "sender_name": "Ministry",
        "contact": "1294",
    }
    form = AlertForm(**{**known, **changes})
    return cap_alert(form, identifier="urn:1", sender="tocsin.example", sent=NOW)


def test_identity_and_head() -> None:
    """It is a new public alert of the status that the author chose."""
    alert = make_alert(status=CapStatus.EXERCISE)

    assert (alert.identifier, alert.sender, alert.sent) == (
        "urn:1",
        "tocsin.example",
        NOW,
    )
    assert alert.status is CapStatus.EXERCISE
    assert (alert.msg_type, alert.scope) == (MsgType.ALERT, Scope.PUBLIC)


def test_one_info_a_language() -> None:
    """Words differ by language; what happens and where does not."""
    first, second = make_alert().infos

    assert (first.language, second.language) == ("en", "km")
    assert (first.headline, second.headline) == (EN.headline, KM.headline)
    assert first.areas[0].polygons == second.areas[0].polygons
    assert second.areas[0].area_desc == "កណ្ដាល"
    assert first.severity is second.severity is Severity.SEVERE


def test_text_for_phones_travels_as_a_parameter() -> None:
    """A text message that the author wrote is found where messages look for it."""
    first, second = make_alert().infos

    assert first.parameter(PHONE_TEXT) == ()
    assert second.parameter(PHONE_TEXT) == (KM.phone_text,)


def test_every_part_is_a_polygon() -> None:
    """An area of three parts has three polygons, latitude first."""
    parts = MultiPolygon([box(n, 10, n + 0.5, 11) for n in (100, 101, 102)])

    polygons = make_alert(parts).infos[0].areas[0].polygons

    assert len(polygons) == 3
    assert {polygon.split()[0].split(",")[0] for polygon in polygons} <= {"10", "11"}


def test_hole_is_warned_too() -> None:
    """CAP knows no holes; who is inside one is rather told than forgotten."""
    ring = box(104, 11, 105, 12).difference(box(104.4, 11.4, 104.6, 11.6))
    assert isinstance(ring, Polygon)

    (polygon,) = make_alert(ring).infos[0].areas[0].polygons

    assert len(polygon.split()) == 5


@pytest.mark.parametrize("status", list(CapStatus))
def test_written_form_is_proper_cap(status: CapStatus) -> None:
    """What a form becomes passes our own check without a blocking defect."""
    document = cap_xml.write(make_alert(status=status))

    verdict = cap_check.check(document, filename="form")

    assert verdict.usable, verdict.defects
    assert verdict.alert == make_alert(status=status)
