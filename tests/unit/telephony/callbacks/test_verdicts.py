"""The same word means the same wherever a carrier says it."""

import random
from datetime import timedelta
from typing import Any

import pytest

from telephony.answerer import Answerer
from telephony.callbacks.verdicts import CarrierWord, Verdicts
from telephony.delivery import (
    AttemptId,
    AttemptReport,
    AttemptState,
    Channel,
    DeliveryId,
    OpenAttempt,
)
from telephony.sending.retry import RetryPolicy
from tests.unit.telephony.virtual_time import START

VERDICTS = Verdicts(
    retry=RetryPolicy(jitter=0),
    heard_after_s=10,
    now=lambda: START,
    rng=random.Random(1),
)


def verdict(channel: Channel, word: str, **said: Any) -> AttemptReport | None:
    attempt = OpenAttempt(
        attempt_id=AttemptId(1),
        delivery_id=DeliveryId(1),
        attempt_no=1,
        n_sent=1,
        owner_ref="alert:1",
        recipient_id=1,
        state=AttemptState.ACCEPTED,
        phone="+85512000001",
        channel=channel,
        carrier="main",
        carrier_ref="X1",
        intended_at=START,
        deadline=START + timedelta(hours=1),
    )
    values = {"at": START, "carrier": "main", "carrier_ref": "X1", **said}
    return VERDICTS.report(attempt, CarrierWord(word=word, **values))


@pytest.mark.parametrize(
    ("channel", "word", "said", "state"),
    [
        (Channel.SMS, "sent", {}, AttemptState.ACCEPTED),
        (Channel.SMS, "delivered", {}, AttemptState.REACHED),
        (Channel.SMS, "delivered", {"duration_s": 60}, AttemptState.REACHED),
        (Channel.SMS, "undelivered", {}, AttemptState.FAILED),
        (Channel.VOICE, "ringing", {"duration_s": 60}, AttemptState.ACCEPTED),
        (Channel.VOICE, "in-progress", {}, AttemptState.REACHED),
        (Channel.VOICE, "completed", {"duration_s": 60}, AttemptState.REACHED),
        (Channel.VOICE, " No-Answer ", {}, AttemptState.FAILED),
    ],
)
def test_a_word_is_a_state(
    channel: Channel, word: str, said: dict[str, Any], state: AttemptState
) -> None:
    """Whether a call was heard is worked out where all that is known comes together."""
    report = verdict(channel, word, **said)
    assert report is not None
    assert report.state is state


def test_what_hearing_hangs_on_goes_with_the_report() -> None:
    """Who took the call, how long it lasted, and how long it takes to have heard."""
    said = {"duration_s": 60, "answerer": Answerer.PERSON}
    report = verdict(Channel.VOICE, "completed", **said)
    assert report is not None
    assert (report.duration_s, report.answerer) == (60, Answerer.PERSON)
    assert report.heard_after_s == 10


@pytest.mark.parametrize("word", ["teleported", "", "received"])
def test_a_word_that_says_nothing_gives_no_report(word: str) -> None:
    """Nobody is claimed to be reached, or lost, by a word nobody knows."""
    assert verdict(Channel.SMS, word) is None


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("30003", "30003"),
        ("S1002", "S1002"),
        (None, "failed"),
        ("៣០០០៣", "failed"),
        ("x" * 5_000, "failed"),
        ("a\x00b", "failed"),
    ],
)
def test_a_code_is_kept_if_it_is_one(code: str | None, kept: str) -> None:
    """Codes become part of every count; anything else gives way to the word."""
    report = verdict(Channel.SMS, "Failed", code=code)
    assert report is not None
    assert report.code == kept


def test_a_failure_is_tried_again_by_its_cause() -> None:
    """Busy after a gap, a landline never."""
    busy = verdict(Channel.VOICE, "busy")
    landline = verdict(Channel.SMS, "undelivered", code="30006")
    assert busy is not None
    assert busy.retry_at == START + timedelta(seconds=90)
    assert landline is not None
    assert landline.retry_at is None
