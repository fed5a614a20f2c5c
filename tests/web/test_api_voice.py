"""Speaking by phone, and listening to what citizens said, over the API."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from telephony.sound import wave_file
from tests.fakes.sounds import tone
from tests.web.fakes import FakeServices
from warning.citizens.voice_notes import VoiceNote

CALL = "/api/v1/recordings/call"
SPOKEN = {"language": "en", "key": "common.goodbye", "phone": "+85512345678"}


def test_somebody_is_called_to_speak_a_text(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """The answer says what is to be spoken, and where to see how far it is."""
    answer = client.post(CALL, json=SPOKEN, headers=operator)
    assert answer.status_code == 202
    assert answer.json is not None
    assert (answer.json["state"], answer.json["words"]) == ("calling", "Goodbye.")
    again = client.get(answer.headers["Location"], headers=operator)
    assert again.json == answer.json
    assert "phone" not in answer.json


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"phone": "+1"}, 422),
        ({"key": "no.such.text"}, 404),
        ({"key": ""}, 422),
        ({"words": "and these"}, 422),
    ],
)
def test_a_call_that_leads_to_nothing_is_refused(
    client: FlaskClient,
    operator: dict[str, str],
    changes: dict[str, str],
    status: int,
) -> None:
    """Before any phone rings."""
    answer = client.post(CALL, json=SPOKEN | changes, headers=operator)
    assert answer.status_code == status


def test_a_call_that_was_never_made_is_not_found(
    client: FlaskClient, operator: dict[str, str]
) -> None:
    """Whatever stands in its place."""
    for name in ("7", "x"):
        path = f"/api/v1/recordings/calls/{name}"
        assert client.get(path, headers=operator).status_code == 404


def test_who_asked_for_help_is_called_back(
    client: FlaskClient, operator: dict[str, str], services: FakeServices
) -> None:
    """Who calls has taken it; a closed request is not called any more."""
    number = services.help_desk.ask("+85512999999")
    path = f"/api/v1/help/{number}"
    answer = client.post(
        f"{path}/call", json={"phone": "+85512345678"}, headers=operator
    )
    assert answer.status_code == 202
    assert answer.json is not None
    assert (answer.json["state"], answer.json["call_outcome"]) == ("taken", "calling")
    assert (answer.json["call_backs"], answer.json["talked_s"]) == (1, None)
    services.help_desk._keep(
        services.help_desk._find(number).call_ended("completed/34")
    )
    (listed,) = client.get("/api/v1/help", headers=operator).get_json()["items"]
    assert (listed["call_outcome"], listed["talked_s"]) == ("completed", 34)
    client.post(f"{path}/close", json={"outcome": "safe"}, headers=operator)
    again = client.post(
        f"{path}/call", json={"phone": "+85512345678"}, headers=operator
    )
    assert again.status_code == 409


def test_an_operator_listens_to_what_was_said(
    client: FlaskClient,
    operator: dict[str, str],
    viewer: dict[str, str],
    services: FakeServices,
    tmp_path: Path,
) -> None:
    """Never kept by a browser; not for viewers; what is not here is not found."""
    notes = services.voice.notes
    notes.folder = tmp_path
    notes.known = [
        VoiceNote(number=1, subject="help:4", ref="main/RE1", file="ab", duration_ms=9),
        VoiceNote(number=2, subject="report:4", ref="main/RE2", trouble="no_answer"),
    ]
    (tmp_path / "ab.wav").write_bytes(wave_file.write(tone(0.1)))

    listed = client.get("/api/v1/help/4/recordings", headers=operator).json
    reported = client.get("/api/v1/reports/4/recordings", headers=operator).json
    heard = client.get("/api/v1/voice-notes/1", headers=operator)

    assert listed is not None
    assert reported is not None
    assert listed["items"] == [
        {"id": "1", "about": "help:4", "state": "here", "duration_ms": 9,
         "trouble": None},
    ]  # fmt: skip
    assert [one["state"] for one in reported["items"]] == ["lost"]
    assert (heard.mimetype, heard.data[:4]) == ("audio/wav", b"RIFF")
    assert heard.headers["Cache-Control"] == "no-store"
    heard.close()
    assert notes.listened == [(1, "operator")]
    assert client.get("/api/v1/voice-notes/2", headers=operator).status_code == 404
    assert client.get("/api/v1/voice-notes/1", headers=viewer).status_code == 403
    assert client.get("/api/v1/voice-notes/1").status_code == 401
