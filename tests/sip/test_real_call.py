"""A real phone call: the service's sound over SIP and RTP, and a real key back.

Two softphones stand for the telco's end of the line and the citizen's. What a telco
does with TwiML is done here by hand, for one document: fetch what it plays, play it,
bring the key to its action. ``make test-sip`` installs what it needs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from flask.testing import FlaskClient
from lxml import etree
from numpy.typing import NDArray

import app as product
from ivr_scripts.catalogue import LanguageLookup, load_catalogue
from ivr_scripts.interpreter import advance, start
from ivr_scripts.model import Outcome
from ops.config.settings import Settings
from ops.wiring.services import Services
from telephony.carriers.signature import sign
from telephony.delivery import AttemptId, Channel, Content, EventKind, Lane, NewDelivery
from telephony.sound import wave_file
from telephony.sound.decoding import decode
from telephony.sound.espeak import PROGRAM as ESPEAK
from telephony.sound.espeak import run
from telephony.sound.service import Spoken
from tests.sip.softphone import is_installed, softphone

TOKEN = "a-token-of-the-telco"
PUBLIC_URL = "http://warn.example"
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TEXTS = {
    "source": "The Ministry of Water",
    "event": "Flood",
    "area": "Kandal",
    "instruction": "Go up to the pagoda now.",
    "until": "six o'clock",
}


def is_ready() -> bool:
    """Whether the phones and the voice are here."""
    return is_installed() and shutil.which(ESPEAK) is not None


pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        not is_ready() and os.environ.get("TOCSIN_SIP") != "required",
        reason="baresip or espeak-ng is not installed; make test-sip does that.",
    ),
]


@dataclass(frozen=True)
class World:
    """An installation in this process, and a call that is to be made."""

    services: Services
    client: FlaskClient
    attempt: AttemptId

    def ask(self, url: str, form: list[tuple[str, str]]) -> etree._Element:
        """Ask for TwiML as the telco does, signed."""
        path = urlsplit(url).path
        answer = self.client.post(
            path,
            data=dict(form),
            headers={"X-Twilio-Signature": sign(TOKEN, PUBLIC_URL + path, form)},
        )
        assert answer.status_code == 200, answer.text
        return etree.fromstring(answer.data)

    def fetch(self, url: str) -> bytes:
        """Fetch a sound as the telco does: without credentials."""
        with self.client.get(urlsplit(url).path) as answer:
            assert answer.status_code == 200
            return answer.data

    @property
    def script_url(self) -> str:
        """Where the telco asks what to say."""
        return f"{PUBLIC_URL}/telephony/main/calls/{self.attempt}/script"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    settings = Settings.model_validate(
        {
            "database_url": f"sqlite:///{tmp_path / 'tocsin.db'}",
            "data_dir": tmp_path,
            "public_url": PUBLIC_URL,
            "secret_key": "k" * 40,
            "carriers": {
                "main": {
                    "base_url": "http://127.0.0.1:1",
                    "account_sid": "AC" + "0" * 32,
                    "auth_token": TOKEN,
                    "sms_from": "+15005550006",
                    "voice_from": "+15005550006",
                }
            },
        }
    )
    flask = product.create_app(settings)
    services = flask.extensions["services"]
    services.database.upgrade()
    try:
        yield World(services, flask.test_client(), call_to_make(services))
    finally:
        services.close()


def call_to_make(services: Services) -> AttemptId:
    """One warning by phone, claimed by a worker."""
    with services.database.unit_of_work() as uow:
        content_id = uow.outbox.add_content(
            Content(
                owner_ref="alert:test",
                variant="warning",
                language="en",
                sms_text="Flood",
                script="warning",
                variables=TEXTS,
            )
        )
        delivery = NewDelivery(
            owner_ref="alert:test",
            recipient_id=1,
            phone="+85512345678",
            channel=Channel.VOICE,
            content_id=content_id,
            lane=Lane.WARNING,
            position=0,
            not_before=NOW,
            deadline=NOW + timedelta(hours=1),
        )
        uow.outbox.enqueue([delivery])
        (claimed,) = uow.queue.claim(
            Channel.VOICE, limit=1, now=NOW, lease_until=NOW + timedelta(minutes=1)
        )
        uow.commit()
    return claimed.attempt_id


def record_everything(world: World) -> None:
    """Somebody speaks each text of the first question: here espeak-ng does."""
    texts = load_catalogue()
    script = texts.script("warning")
    turn = advance(script, start(script, "en"), lookup=LanguageLookup(texts, ("en",)))
    for words in {texts.wording(prompt, TEXTS).text for prompt in turn.prompts}:
        voice = run(
            [ESPEAK, "-v", "en-gb", "-s", "260", "--stdin", "--stdout"], words.encode()
        )
        spoken = Spoken(language="en", words=words)
        world.services.recordings.add(spoken, voice, by="anna")


def correlation(heard: NDArray[np.float32], played: NDArray[np.float32]) -> float:
    """How like what was played the best piece of what was heard is."""
    n = len(heard) + len(played)
    overlap = np.fft.rfft(heard, n) * np.conj(np.fft.rfft(played, n))
    lag = int(np.argmax(np.fft.irfft(overlap, n)[: len(heard)]))
    piece = heard[lag : lag + len(played)]
    return float(np.corrcoef(piece, played[: len(piece)])[0, 1])


def test_a_person_hears_the_recording_and_confirms_with_a_key(
    world: World, tmp_path: Path
) -> None:
    """Sound and key cross a real line; the service holds a confirmation."""
    record_everything(world)
    document = world.ask(world.script_url, [("CallStatus", "in-progress")])
    assert not list(document.iter("Say")), "everything is recorded"
    sounds = [world.fetch(part.text or "") for part in document.iter("Play")]
    prompt = np.concatenate([wave_file.read(sound) for sound in sounds])
    played = tmp_path / "prompt.wav"
    # The line stays open a while after the last word, as a telco waits for a key.
    silence = np.zeros(3 * wave_file.RATE_HZ, np.float32)
    played.write_bytes(wave_file.write(np.concatenate([prompt, silence])))

    with (
        softphone(tmp_path / "citizen") as citizen,
        softphone(tmp_path / "telco", plays=played) as telco,
    ):
        telco.command("dial", citizen.address)
        citizen.wait_for("CALL_ESTABLISHED")
        citizen.command("sndcode", "1")
        key = telco.wait_for("CALL_DTMF_START")["param"]
        telco.wait_for("CALL_CLOSED", timeout_s=len(prompt) / wave_file.RATE_HZ + 30)
        citizen.wait_for("CALL_CLOSED")
        heard = decode(citizen.recording().read_bytes())

    gather = document.find("Gather")
    assert gather is not None
    thanks = world.ask(gather.attrib["action"], [("Digits", str(key))])

    assert heard.rate_hz == wave_file.RATE_HZ
    assert correlation(heard.samples, prompt) >= 0.95
    assert thanks.find("Hangup") is not None
    world.services.database.collect_callbacks()
    with world.services.database.read_only() as uow:
        events = uow.events.unfolded(limit=10)
    (confirmed,) = [event for event in events if event.kind is EventKind.CALL_STEP]
    assert confirmed.attempt_id == world.attempt
    assert list(confirmed.answers) == [Outcome.CONFIRMED.name]
