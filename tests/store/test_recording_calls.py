"""A text is spoken by phone: asked for, kept by a key, or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr_scripts.catalogue import load_catalogue
from store.database import Database
from telephony.delivery import CALL_OVER, Channel, DeliveryEvent, DeliveryState
from telephony.errors import InvalidNumberError, SoundError, SoundNotFoundError
from telephony.numbers import parse_number
from telephony.sound.prompt_sound import made_ready
from telephony.sound.recording_calls import CallState, RecordingCall, RecordingCalls
from telephony.sound.recordings import Origin
from telephony.sound.service import RecordingService, Spoken
from telephony.sound.shelf import Shelf
from tests.fakes.sounds import sound_file, tone
from tests.store.rows import NOW

PHONE = "+85512345678"
OPENING = Spoken(language="km", key="warning.opening")


class Desk:
    """An operator, and the worker that hears of calls."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.now = NOW
        self.takes = Shelf(folder / "takes")
        self.shelf = Shelf(folder / "recordings", behind=self.takes)
        doors = {"new_uow": database.unit_of_work, "read_uow": database.read_only}
        service = RecordingService(
            **doors, shelf=self.shelf, catalogue=load_catalogue, now=lambda: self.now
        )
        self.calls = RecordingCalls(
            **doors,
            words_of=service.words_of,
            nearest=load_catalogue().nearest,
            parse_phone=parse_number,
            shelf=self.shelf,
            now=lambda: self.now,
        )
        sound = made_ready(sound_file(tone(0.5)))
        self.shelf.put(sound.digest, sound.wav)
        self.sound = sound.digest

    def hear(
        self,
        call: RecordingCall,
        answer: str | None,
        state: DeliveryState = DeliveryState.HEARD,
    ) -> RecordingCall:
        event = DeliveryEvent(
            owner_ref=f"recording:{call.number}",
            recipient_id=0,
            channel=Channel.VOICE,
            state=state,
            at=self.now,
            answer=answer,
        )
        with self.database.unit_of_work() as uow:
            self.calls.on_delivery_events(uow, [event, event])
            uow.commit()
        return self.calls.get(call.number)


@pytest.fixture
def desk(sqlite: Database, tmp_path: Path) -> Desk:
    return Desk(sqlite, tmp_path)


def test_what_the_speaker_keeps_is_in_use(desk: Desk) -> None:
    """Told twice, it is kept once, by who asked."""
    call = desk.calls.ask(OPENING, PHONE, by="anna")
    assert desk.hear(call, f"RECORDED:{desk.sound}").state is CallState.CALLING

    kept = desk.hear(call, f"RECORDING_KEPT:{desk.sound}")

    assert (kept.state, kept.duration_ms) == (CallState.KEPT, 500)
    with desk.database.read_only() as uow:
        (recording,) = uow.prompt_recordings.all()
        done = [one.action for one in uow.audit.entries()]
    assert (recording.sound, recording.made_by) == (desk.sound, "anna")
    assert (recording.words, recording.origin) == (call.words, Origin.PHONE)
    assert done == ["recording.call", "recording.add"]
    assert desk.hear(call, None, DeliveryState.FAILED).state is CallState.KEPT


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.EXPIRED])
def test_nobody_at_the_phone(desk: Desk, state: DeliveryState) -> None:
    """What was asked for has not happened, and it shows."""
    call = desk.calls.ask(OPENING, PHONE, by="anna")
    assert desk.hear(call, None, state).state is CallState.NOT_REACHED


@pytest.mark.parametrize("name", ["0" * 64, "../../x", ""])
def test_a_sound_that_is_not_there_is_not_kept(desk: Desk, name: str) -> None:
    """Whatever a request said."""
    call = desk.calls.ask(OPENING, PHONE, by="anna")
    assert desk.hear(call, f"RECORDING_KEPT:{name}").state is CallState.CALLING


def test_a_call_of_which_nothing_is_heard_is_over(desk: Desk) -> None:
    """The speaker hung up before keeping anything."""
    call = desk.calls.ask(OPENING, PHONE, by="anna")
    desk.now = NOW + timedelta(minutes=29)
    assert desk.calls.get(call.number).state is CallState.CALLING
    desk.now = NOW + timedelta(minutes=31)
    assert desk.calls.get(call.number).state is CallState.ENDED


@pytest.mark.parametrize("spoken", [True, False])
def test_whoever_hangs_up_has_kept_nothing(desk: Desk, spoken: bool) -> None:
    """Before the tone or after speaking: the page that waits is told at once."""
    call = desk.calls.ask(OPENING, PHONE, by="anna")
    if spoken:
        desk.hear(call, f"RECORDED:{desk.sound}")
    assert desk.hear(call, CALL_OVER, DeliveryState.REACHED).state is CallState.ENDED
    with desk.database.read_only() as uow:
        assert list(uow.prompt_recordings.all()) == []


def test_a_key_that_is_told_after_the_end_keeps_it(desk: Desk) -> None:
    """The speaker heard that it is kept, whatever came first to us."""
    call = desk.calls.ask(OPENING, PHONE, by="anna")
    desk.hear(call, CALL_OVER, DeliveryState.REACHED)
    kept = desk.hear(call, f"RECORDING_KEPT:{desk.sound}")
    assert kept.state is CallState.KEPT
    assert desk.hear(call, CALL_OVER, DeliveryState.REACHED).state is CallState.KEPT


def test_what_is_kept_is_no_take_any_more(desk: Desk) -> None:
    """Takes are swept away; the one that was kept lies with the recordings."""
    sound = made_ready(sound_file(tone(0.25)))
    desk.takes.put(sound.digest, sound.wav)
    call = desk.calls.ask(OPENING, PHONE, by="anna")
    desk.hear(call, f"RECORDING_KEPT:{sound.digest}")
    far = datetime(2200, 1, 1, tzinfo=UTC)
    assert desk.takes.sweep(far) == 1
    path = desk.shelf.find(sound.digest)
    assert path is not None
    assert path.read_bytes() == sound.wav


def test_a_call_is_spoken_in_the_nearest_language_there_is(desk: Desk) -> None:
    """A language without texts is recorded by a call that speaks English."""
    desk.calls.ask(Spoken(language="lo", words="ນ້ຳ"), PHONE, by="anna")
    with desk.database.unit_of_work() as uow:
        (order,) = uow.queue.claim(
            Channel.VOICE, limit=9, now=NOW, lease_until=NOW + timedelta(minutes=1)
        )
        assert uow.outbox.content(order.content_id).language == "en"
        assert order.deadline == NOW + timedelta(minutes=10)


def test_a_call_that_leads_nowhere_is_refused(desk: Desk) -> None:
    """No such text, no such number, no such call; nothing rings."""
    with pytest.raises(SoundNotFoundError):
        desk.calls.ask(Spoken(language="km", key="none"), PHONE, by="anna")
    with pytest.raises(SoundError):
        desk.calls.ask(Spoken(language="km"), PHONE, by="anna")
    with pytest.raises(InvalidNumberError):
        desk.calls.ask(OPENING, "12", by="anna")
    with pytest.raises(SoundNotFoundError):
        desk.calls.get(1)
