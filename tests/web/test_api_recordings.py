"""Recordings over the API, and sounds for carriers."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from telephony.sound.decoding import MAX_BYTES
from tests.fakes.recordings import make_recordings
from tests.fakes.sounds import sound_file, tone
from tests.web.fakes import FakeServices

URL = "/api/v1/recordings"
SOUND = sound_file(tone(0.2))


@pytest.fixture(autouse=True)
def shelf(services: FakeServices, tmp_path: Path) -> None:
    services.recordings = make_recordings(tmp_path, services.now)


def test_a_recording_is_played_to_carriers(
    client: FlaskClient, operator: dict[str, str], viewer: dict[str, str]
) -> None:
    """Sent once, listed, and fetched without credentials, for ever the same."""
    answer = client.post(
        f"{URL}?language=en&key=common.goodbye",
        data=SOUND,
        content_type="audio/wav",
        headers=operator,
    )
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["words"] == "Goodbye."
    assert client.get(URL, headers=viewer).json == {"items": [answer.json]}
    sound = client.get(f"/telephony/audio/{answer.json['sound']}.wav")
    assert (sound.status_code, sound.mimetype) == (200, "audio/wav")
    assert sound.data[:4] == b"RIFF"
    assert "immutable" in sound.headers["Cache-Control"]
    sound.close()


@pytest.mark.parametrize(
    ("query", "sent", "status"),
    [
        ("language=en&key=common.goodbye", (b"\x7fELF", "audio/wav"), 422),
        ("language=en", (SOUND, "audio/wav"), 422),
        ("language=en&key=no.such.text", (SOUND, "audio/wav"), 404),
        ("language=en&words=x", (SOUND, "video/mp4"), 415),
        ("language=en&words=x", (bytes(MAX_BYTES + 1), "audio/wav"), 413),
    ],
)
def test_what_cannot_be_used_is_refused(
    client: FlaskClient,
    operator: dict[str, str],
    query: str,
    sent: tuple[bytes, str],
    status: int,
) -> None:
    """Each with a sentence; nothing is kept."""
    answer = client.post(
        f"{URL}?{query}", data=sent[0], content_type=sent[1], headers=operator
    )
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["detail"]
    assert client.get(URL, headers=operator).json == {"items": []}


def test_a_viewer_may_not_record(client: FlaskClient, viewer: dict[str, str]) -> None:
    """Whoever may speak to everybody is an operator."""
    answer = client.post(f"{URL}?language=en&words=x", data=SOUND, headers=viewer)
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["0" * 64, "..%2f..%2ftocsin", "x"])
def test_no_other_file_can_be_fetched(client: FlaskClient, name: str) -> None:
    """A name that is none of a sound finds nothing."""
    assert client.get(f"/telephony/audio/{name}.wav").status_code == 404
