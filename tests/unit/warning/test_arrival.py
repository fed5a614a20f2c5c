"""What an alert says, without who it says it is and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from warning.arrival import fingerprint
from warning.cap import (
    Alert,
    Area,
    CapStatus,
    Category,
    Certainty,
    Info,
    MsgType,
    Reference,
    Scope,
    Severity,
    Urgency,
)

SENT = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
AREA = Area(area_desc="Kandal", polygons=("11,104 11,105 12,105 12,104 11,104",))
EXPIRES = SENT + timedelta(hours=6)
INFO = Info(
    event="Flood",
    urgency=Urgency.IMMEDIATE,
    severity=Severity.SEVERE,
    certainty=Certainty.OBSERVED,
    categories=(Category.MET,),
    headline="Flood on the Mekong",
    expires=EXPIRES,
    areas=(AREA, Area(area_desc="Prey Veng")),
)
ALERT = Alert(
    identifier="KH-1",
    sender="met.example",
    sent=SENT,
    status=CapStatus.ACTUAL,
    msg_type=MsgType.ALERT,
    scope=Scope.PUBLIC,
    infos=(INFO, replace(INFO, language="km", headline="ទឹកជំនន់")),
)


def with_info(**changes: Any) -> Alert:
    return replace(ALERT, infos=(replace(INFO, **changes), ALERT.infos[1]))


@pytest.mark.parametrize(
    "same",
    [
        replace(ALERT, identifier="KH-2"),
        replace(ALERT, sent=SENT + timedelta(minutes=1)),
        replace(ALERT, infos=ALERT.infos[::-1]),
        with_info(headline=" Flood  on the\nMekong "),
        with_info(areas=INFO.areas[::-1]),
        with_info(effective=SENT),
        with_info(expires=EXPIRES.astimezone(timezone(timedelta(hours=7)))),
    ],
)
def test_what_says_the_same(same: Alert) -> None:
    """Another name, another time of sending, another order, other blanks."""
    assert fingerprint(same) == fingerprint(ALERT)


@pytest.mark.parametrize(
    "other",
    [
        replace(ALERT, sender="other.example"),
        replace(ALERT, status=CapStatus.TEST),
        replace(ALERT, infos=(INFO,)),
        with_info(event="Storm"),
        with_info(severity=Severity.EXTREME),
        with_info(headline="Flood on the Bassac"),
        with_info(instruction="Go to high ground."),
        with_info(expires=SENT + timedelta(hours=9)),
        with_info(areas=(AREA,)),
        with_info(areas=(replace(AREA, polygons=("1,1 1,2 2,2 1,1",)), INFO.areas[1])),
    ],
)
def test_what_says_something_else(other: Alert) -> None:
    """Another sender, other words, another place, a later end."""
    assert fingerprint(other) != fingerprint(ALERT)


def test_an_update_names_what_it_replaces() -> None:
    """It is no re-issue, whatever it says."""
    update = replace(ALERT, references=(Reference("met.example", "KH-0", SENT),))

    assert fingerprint(update) is None
