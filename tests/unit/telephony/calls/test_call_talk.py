"""What calls of ours say next: play-back of recordings, and bridges."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.model import Dial, Turn
from telephony.calls.call_replies import CallReply
from telephony.calls.call_talk import CallTalk
from telephony.calls.spoken import NoSounds
from telephony.calls.twiml import Dialect
from telephony.delivery import AttemptId, CallContext, Content, ContentId

CATALOGUE = load_catalogue()
SOUND = "ab" * 32
PHONE = "+85512345678"


class Sounds(NoSounds):
    """Every sound is there."""

    def named(self, name: str) -> str:
        return f"https://warn.example/telephony/audio/{name}.wav"


def context(script: str, owner_ref: str = "help:1:1") -> CallContext:
    content = Content(
        owner_ref=owner_ref, variant="a", language="en", sms_text="", script=script
    )
    return CallContext(
        attempt_id=AttemptId(1), content_id=ContentId(1), content=content
    )


def document(
    talk: CallTalk, turn: Turn, numbers: Mapping[str, str], dialect: Dialect
) -> str:
    return talk.document(
        turn,
        context("help_callback"),
        dialect=dialect,
        action_url=lambda at: f"https://warn.example/{at.encode()}",
        numbers=numbers,
        caller_id="+85512999000",
    )


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_key_connects_with_our_number_as_the_caller(dialect: Dialect) -> None:
    """The number is asked for when it is dialled, under the owner of the call."""
    asked: list[str] = []

    def numbers_of(owner_ref: str) -> Mapping[str, str]:
        asked.append(owner_ref)
        return {"citizen_number": PHONE}

    talk = CallTalk(catalogue=CATALOGUE, numbers_of=numbers_of)
    here = context("help_callback")
    ready, _ = talk.turn(here, None, CallReply(), "")
    assert asked == []
    dials, numbers = talk.turn(here, ready.position.encode(), CallReply(digits="1"), "")
    text = document(talk, dials, numbers, dialect)
    assert asked == ["help:1:1"]
    assert f"<Number>{PHONE}</Number>" in text
    assert 'callerId="+85512999000"' in text


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_number_that_is_gone_is_told_like_one_that_does_not_answer(
    dialect: Dialect,
) -> None:
    """Erased or dealt with meanwhile: the operator hears it, the request shows it."""
    talk = CallTalk(catalogue=CATALOGUE)
    here = context("help_callback")
    ready, _ = talk.turn(here, None, CallReply(), "")
    turn, numbers = talk.turn(here, ready.position.encode(), CallReply(digits="1"), "")
    assert [str(result) for result in turn.results] == ["DIALLED:failed/0"]
    assert not isinstance(turn.wait, Dial)
    assert "<Dial" not in document(talk, turn, numbers, dialect)


@pytest.mark.parametrize("dialect", list(Dialect))
def test_what_was_spoken_is_played_from_our_own_address(dialect: Dialect) -> None:
    """It is fetched when the script plays it back, and kept under what it holds."""
    taken: list[str] = []

    def take_of(ref: str) -> str:
        taken.append(ref)
        return SOUND

    talk = CallTalk(catalogue=CATALOGUE, sounds=Sounds(), take_of=take_of)
    here = context("record_prompt")
    speak, _ = talk.turn(here, None, CallReply(), "")
    heard, _ = talk.turn(
        here, speak.position.encode(), CallReply(recording="main/RE1"), ""
    )
    kept, _ = talk.turn(here, heard.position.encode(), CallReply(digits="1"), "")
    assert taken == ["main/RE1"]
    assert f"/audio/{SOUND}.wav</Play>" in document(talk, heard, {}, dialect)
    assert [str(result) for result in kept.results] == [f"RECORDING_KEPT:{SOUND}"]


def test_a_recording_that_cannot_be_had_is_asked_for_again() -> None:
    """As if nothing had been said; after three times the call ends."""
    talk = CallTalk(catalogue=CATALOGUE)
    here = context("record_prompt")
    turn, _ = talk.turn(here, None, CallReply(), "")
    n_asked = 0
    while not turn.ends:
        n_asked += 1
        reply = CallReply(recording="main/RE1")
        turn, _ = talk.turn(here, turn.position.encode(), reply, "")
    assert n_asked == 3
    assert [str(result) for result in turn.results] == ["NO_ANSWER"]


def test_what_nobody_plays_back_is_not_fetched_in_the_call() -> None:
    """A citizen's words are fetched later; the call does not wait for the carrier."""

    def take_of(ref: str) -> str:
        raise AssertionError(ref)

    talk = CallTalk(catalogue=CATALOGUE, take_of=take_of)
    here = context("check_in", owner_ref="alert:1")
    turn, _ = talk.turn(here, "en.help_speak.1.2", CallReply(recording="main/RE1"), "")
    assert [str(result) for result in turn.results] == ["RECORDED:main/RE1"]
