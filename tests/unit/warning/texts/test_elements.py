"""The five elements: what is said, where it comes from, and what is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.unit.warning.texts.test_messages import an_alert, an_info
from warning.cap import Area, MsgType, ResponseType, Severity, Urgency
from warning.texts.elements import Element, Elements, Origin, elements_of, until_words


def says(**changes: object) -> Elements:
    msg_type = changes.pop("msg_type", MsgType.ALERT)
    info = an_info(**changes)
    return elements_of(info, an_alert(info, msg_type=msg_type))


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, ()),
        ({"sender_name": " "}, (Element.SOURCE,)),
        ({"headline": None, "event": ""}, (Element.HAZARD,)),
        ({"areas": (Area(area_desc=" "),)}, (Element.PLACE,)),
        ({"instruction": None, "event": "Ash fall"}, (Element.GUIDANCE,)),
        ({"expires": None}, (Element.TIME,)),
        (
            {"sender_name": None, "expires": None, "instruction": "", "event": "Ash"},
            (Element.SOURCE, Element.GUIDANCE, Element.TIME),
        ),
    ],
)
def test_what_is_not_said_is_named(
    changes: dict[str, object], missing: tuple[Element, ...]
) -> None:
    """Whoever approves sees the gap before people do."""
    assert says(**changes).missing == missing


def test_an_all_clear_needs_no_end() -> None:
    """Its time is not missing."""
    found = says(expires=None, msg_type=MsgType.CANCEL)
    assert (found.missing, found.time) == ((), "")


@pytest.mark.parametrize(
    ("severity", "words"),
    [
        (Severity.EXTREME, "Move to high ground now."),
        (Severity.SEVERE, "Move to high ground now."),
        (Severity.MODERATE, "Be ready to leave"),
        (Severity.UNKNOWN, "Be ready to leave"),
    ],
)
def test_an_info_without_instruction_gets_ours(severity: Severity, words: str) -> None:
    """By hazard and severity, and it is said whose words these are."""
    found = says(instruction=None, severity=severity)
    assert found.guidance.startswith(words)
    assert found.guidance_from is Origin.TEMPLATE


@pytest.mark.parametrize(
    "changes",
    [
        {"urgency": Urgency.PAST},
        {"response_types": (ResponseType.ALL_CLEAR,)},
        {"msg_type": MsgType.CANCEL},
        {"language": "sw"},
        {"event": "Geomagnetic storm"},
    ],
)
def test_nobody_is_told_to_flee_what_is_over_or_unknown(
    changes: dict[str, object],
) -> None:
    """No guidance of ours where it could be wrong."""
    found = says(**({"instruction": None} | changes))
    assert (found.guidance, found.guidance_from) == ("", None)


def test_the_authoritys_instruction_is_never_replaced() -> None:
    """Ours stand in only where there is none."""
    found = says(instruction="Stay.")
    assert (found.guidance, found.guidance_from) == ("Stay.", Origin.INFO)


def test_a_headline_that_names_the_place_is_enough() -> None:
    """It is not said twice."""
    assert says(headline="Flood in Kandal").place == ""
    assert says(headline="Flood").place == "Kandal"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Tuesday 1 September 16:00 Indochina Time"),
        ("da", "tirsdag 1 september 16:00 Indokina-tid"),
        ("ar", "الثلاثاء 1 سبتمبر 16:00 توقيت الهند الصينية"),
    ],
)
def test_a_call_says_whose_clock_it_is_in_words(language: str, words: str) -> None:
    """Local time with its zone, in the language of the text."""
    info = an_info(language=language, expires=datetime(2026, 9, 1, 9, tzinfo=UTC))
    zone = ZoneInfo("Asia/Phnom_Penh")
    assert until_words(info, an_alert(info), zone=zone, is_spoken=True) == words


def test_without_a_zone_the_senders_clock_counts_and_is_told() -> None:
    """Offset from UTC in a call, bare in a text; UTC is always called that."""
    at = datetime(2026, 9, 1, 16, tzinfo=timezone(timedelta(hours=7)))
    local, utc = an_info(expires=at), an_info(expires=at.astimezone(UTC))
    alert = an_alert(local)
    assert until_words(local, alert) == "Tuesday 1 September 16:00"
    spoken = until_words(local, alert, is_spoken=True)
    assert spoken == "Tuesday 1 September 16:00 GMT+07:00"
    assert until_words(utc, alert) == "Tuesday 1 September 09:00 UTC"
    assert until_words(utc, alert, is_spoken=True).endswith("09:00 UTC")
