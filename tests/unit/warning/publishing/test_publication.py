"""What the public may read of our alerts, and that others can read it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from tests.fakes.sources import FakeSources
from tests.unit.warning.test_arrival import ALERT, INFO, SENT
from warning.alert import AlertCase, AlertId, AlertKind, AlertState
from warning.cap import CapStatus, MsgType, Scope
from warning.cap_documents import cap_xml
from warning.errors import AlertNotFoundError
from warning.publishing import publication
from warning.publishing.publication import Publication
from warning.sources.feed_reader import read_feed

BASE = "https://warning.example.org"


def a_case(name: str, state: AlertState = AlertState.LIVE, **cap: Any) -> AlertCase:
    closed_at = SENT + timedelta(hours=1) if state is not AlertState.LIVE else None
    return AlertCase(
        alert_id=AlertId(name),
        cap=replace(ALERT, **{"identifier": name, **cap}),
        state=state,
        created_by="anna",
        created_at=SENT,
        approved_by="boran",
        approved_at=SENT,
        live_at=SENT,
        closed_at=closed_at,
    )


def publish(*cases: AlertCase) -> Publication:
    store = FakeSources()
    for case in cases:
        store.alerts.cases[case.alert_id] = case
    uow: Any = store.unit_of_work
    return Publication(
        read_uow=uow,
        base_url=BASE,
        publisher="own.example",
        keep_ended=timedelta(hours=48),
        document=cap_xml.write,
        now=lambda: SENT + timedelta(hours=2),
    )


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_feed_of_ours_can_be_read(kind: str) -> None:
    """By our own reader: the newest first, each with its CAP."""
    published = getattr(publish(a_case("a"), a_case("b", AlertState.ENDED)), kind)()
    entries = read_feed(
        published.body, url=f"{BASE}/feeds/x", hosts={"warning.example.org"}, kind=kind
    )

    assert [entry.url for entry in entries] == [
        f"{BASE}/feeds/cap/b.xml",
        f"{BASE}/feeds/cap/a.xml",
    ]
    assert published.changed_at == SENT + timedelta(hours=1)


def test_atom_has_what_the_standard_asks() -> None:
    """RFC 4287: ids, titles, times, authors; a link to itself."""
    feed = etree.fromstring(publish(a_case("a")).atom().body)
    entry = feed.find("{*}entry")

    assert entry is not None
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{{*}}{name}")
        assert entry.findtext(f"{{*}}{name}")
    link = feed.find("{*}link")
    assert link is not None
    assert link.get("rel") == "self"


def test_an_empty_feed_is_a_feed() -> None:
    """And the same at every asking."""
    quiet = publish()

    assert read_feed(quiet.atom().body, url=BASE, hosts=set()) == []
    assert quiet.rss().etag == publish().rss().etag
    assert json.loads(quiet.geojson().body) == {
        "type": "FeatureCollection",
        "features": [],
    }


def test_texts_are_cut_and_cannot_break_out() -> None:
    """The whole text is in the CAP."""
    info = replace(INFO, headline="<script>&amp;", description="x" * 5_000)
    body = publish(a_case("a", infos=(info,))).rss().body

    assert len(body) < 3_000
    assert b"<script>" not in body


def test_the_map_shows_what_is_live() -> None:
    """Outlines as [lon, lat]; ended alerts are over."""
    published = publish(a_case("a"), a_case("b", AlertState.ENDED)).geojson()
    (feature,) = json.loads(published.body)["features"]

    assert feature["id"] == "a"
    assert feature["properties"]["severity"] == "Severe"
    assert feature["properties"]["is_exact"] is True
    lon, lat = feature["geometry"]["coordinates"][0][0]
    assert (104 <= lon <= 105, 11 <= lat <= 12) == (True, True)


def test_a_map_that_is_too_large_shows_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A box holds everybody that the outline holds, and says what it is."""
    circle = replace(INFO.areas[0], polygons=(), circles=("11.5,104.5 20",))
    case = a_case("a", infos=(replace(INFO, areas=(circle,)),))
    monkeypatch.setattr(publication, "MAX_MAP_BYTES", 1_500)
    (feature,) = json.loads(publish(case).geojson().body)["features"]

    assert len(feature["geometry"]["coordinates"][0]) == 5
    assert feature["properties"]["is_exact"] is False


@pytest.mark.parametrize(
    "case",
    [
        a_case("a", AlertState.DRAFT),
        a_case("a", AlertState.SUBMITTED),
        replace(a_case("a", AlertState.CANCELLED), live_at=None),
        a_case("a", status=CapStatus.EXERCISE),
        a_case("a", scope=Scope.RESTRICTED, restriction="police"),
    ],
)
def test_what_is_not_for_everybody_is_not_there(case: AlertCase) -> None:
    """Neither listed nor to be had by its address."""
    hidden = publish(case)

    assert b"/feeds/cap/a.xml" not in hidden.atom().body
    with pytest.raises(AlertNotFoundError):
        hidden.cap(AlertId("a"))


def test_a_cancelled_alert_stays_as_its_cancel() -> None:
    """Whoever relays our feed is told what became of it, the same each time."""
    case = a_case("a", AlertState.CANCELLED)
    shown = publish(case)
    cap = cap_xml.read(shown.cap(AlertId("a")).body).alert
    assert cap is not None
    assert (cap.msg_type, cap.sender) == (MsgType.CANCEL, "own.example")
    assert cap.references == (case.cap.reference(),)
    assert cap.sent == case.closed_at
    assert b"WITHDRAWN" in shown.atom().body
    assert shown.cap(AlertId("a")).body == publish(case).cap(AlertId("a")).body


def test_a_message_about_an_end_takes_the_place_of_the_cancel() -> None:
    """One Cancel is enough; that of the authority, or of the second person, counts."""
    end = replace(
        a_case("b"), kind=AlertKind.WITHDRAWAL, follows=AlertId("a"), live_at=SENT
    )
    body = publish(a_case("a", AlertState.CANCELLED), end).atom().body
    assert b"/feeds/cap/b.xml" in body
    assert b"/feeds/cap/a.xml" not in body
