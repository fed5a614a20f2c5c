"""An authority sends its warning as a recording, and those who are called hear it."""

from __future__ import annotations

import base64
import io
import wave
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.sounds import sound_file, tone
from tests.scenario.alert_desk import Desk, desk
from tests.scenario.installation import wait_for

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.timeout(120),
]

ENGLISH, FRENCH = "+85512345700", "+85512345701"
#: CD quality, as a studio sends it.
BROUGHT = sound_file(tone(0.5, rate_hz=44_100), rate_hz=44_100)

INFO = """<info><language>{language}</language><category>Met</category>
<event>Storm</event><urgency>Immediate</urgency><severity>Extreme</severity>
<certainty>Observed</certainty><expires>{expires}</expires>
<senderName>Ministry of Water</senderName><headline>{headline}</headline>
<instruction>{instruction}</instruction>{resource}
<area><areaDesc>Kandal</areaDesc>
<polygon>11,104 11,105 12,105 12,104 11,104</polygon></area></info>"""
RESOURCE = """<resource><resourceDesc>Voice</resourceDesc>
<mimeType>audio/x-wav</mimeType><derefUri>{content}</derefUri></resource>"""


def test_a_call_plays_what_came_with_the_alert(tmp_path: Path) -> None:
    """Between our opening and our keys; the French info brought none and is spoken."""
    with desk(tmp_path, sms_per_s=100) as one:
        one.register(
            [f"{ENGLISH},en,104.3,11.5,voice", f"{FRENCH},fr,104.3,11.5,voice"]
        )
        one.telco.force("*", keys=["1"], ring_s=0.1, reaction_s=0.1)
        draft = one.post_cap(document())
        preview = one.ask("GET", f"/alerts/{draft['id']}/preview")
        said = {one["language"]: one for one in preview["sayings"][0]["texts"]}
        sound = said["en"]["sound"]
        assert said["fr"]["sound"] is None
        one.ask("POST", f"/alerts/{draft['id']}/submit")
        one.approve(draft["id"])

        english, french = heard(one, ENGLISH), heard(one, FRENCH)
        url = f"{one.place.settings.callback_url}/telephony/audio/{sound}.wav"
        played = [entry["text"] for entry in english if entry["kind"] == "sound"]
        assert played[0] == url
        spoken = " ".join(e["text"] for e in english if e["kind"] == "speech")
        assert spoken.startswith("Public warning.")
        assert "Press 1" in spoken
        assert "Go to a solid house" not in spoken
        assert not [entry for entry in french if entry["kind"] == "sound"]
        assert "Gagnez une maison solide" in " ".join(e["text"] for e in french)
        assert_playable(one.place.ask("GET", f"/telephony/audio/{sound}.wav").body)


def heard(one: Desk, phone: str) -> list[Mapping[str, Any]]:
    """What a phone has heard in its one call, once it has confirmed."""

    def is_over() -> bool:
        calls = one.telco.inbox(phone)["calls"]
        return bool(calls) and calls[0]["status"] == "completed"

    wait_for(is_over, timeout_s=60)
    (call,) = one.telco.inbox(phone)["calls"]
    return list(call["transcript"])


def assert_playable(sound: bytes) -> None:
    """8 kHz, mono, half a second."""
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getframerate(), file.getnchannels()) == (8_000, 1)
        assert file.getnframes() == 4_000


def document() -> bytes:
    """A warning in two languages; the English info has its recording."""
    now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - real processes
    expires = (now + timedelta(hours=6)).isoformat()
    content = base64.b64encode(BROUGHT).decode()
    infos = INFO.format(
        language="en",
        expires=expires,
        headline="Severe storm",
        instruction="Go to a solid house.",
        resource=RESOURCE.format(content=content),
    ) + INFO.format(
        language="fr",
        expires=expires,
        headline="Forte tempête",
        instruction="Gagnez une maison solide.",
        resource="",
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>own-voice-1</identifier><sender>met@gov.example</sender>
<sent>{now.isoformat()}</sent><status>Actual</status><msgType>Alert</msgType>
<scope>Public</scope>{infos}</alert>""".encode()
