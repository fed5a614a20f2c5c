"""An alert that some could not hear in their language waits for somebody's word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.use_cases.warning.world import an_alert
from warning.alert import AlertCase, AlertId, AlertState
from warning.cap import Alert, Info
from warning.errors import UnrecordedError
from warning.intake.hearing import AskFirst, FallBack
from warning.texts.manner import Manner, OneManner

NOW = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def case() -> AlertCase:
    cap = an_alert()
    khmer = replace(cap.infos[0], language="km")
    return AlertCase(
        alert_id=AlertId("a1"),
        cap=replace(cap, infos=(replace(khmer, language="en"), khmer)),
        state=AlertState.SUBMITTED,
        created_by="anna",
        created_at=NOW,
    )


def test_nothing_is_refused_where_calls_may_fall_back(case: AlertCase) -> None:
    """As installations do unless they say otherwise."""
    FallBack().require(case)


def test_a_language_that_nobody_speaks_or_recorded_is_named(case: AlertCase) -> None:
    """The sentence says which, and offers both ways out."""
    with pytest.raises(
        UnrecordedError, match=r"km.*Record it.*accept_fallback"
    ) as said:
        AskFirst(lambda language, _: language == "en").require(case)
    assert said.value.languages == ("km",)


def test_an_alert_is_heard_when_all_its_words_are(case: AlertCase) -> None:
    """One sentence that nobody recorded is enough to ask."""
    asked: list[tuple[str, str]] = []

    def is_hearable(language: str, words: str) -> bool:
        asked.append((language, words))
        return True

    AskFirst(is_hearable).require(case)
    last = asked[-1]

    asks = AskFirst(lambda language, words: (language, words) != last)
    assert list(asks.unheard(case)) == [last[0]]


def test_a_sound_that_came_along_needs_no_voice(case: AlertCase) -> None:
    """Khmer that the authority itself has spoken is heard."""

    class Khmer:
        def of(self, cap: Alert, infos: Sequence[Info]) -> str | None:
            del cap
            return "5" * 64 if infos[0].language == "km" else None

    ask = AskFirst(
        lambda language, _: language == "en", OneManner(Manner(sounds=Khmer()))
    )
    ask.require(case)
