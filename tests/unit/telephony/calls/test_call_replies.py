"""What comes back from the phone, in the words of either telco."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.calls.call_replies import CallReply, RecordingRef, reply_of


def reply(**fields: str) -> CallReply:
    return reply_of("main", fields.get)


@pytest.mark.parametrize(
    ("fields", "recording"),
    [
        ({"RecordingSid": "RE1", "RecordingUrl": "https://x/RE2"}, "main/RE1"),
        ({"RecordingUrl": "https://t.example/Accounts/A/Recordings/0b-1"}, "main/0b-1"),
        ({"RecordingUrl": "https://t.example/Recordings/RE1.wav?x=2"}, "main/RE1"),
        ({"RecordingUrl": "http://[bad"}, None),
        ({"RecordingUrl": "http://169.254.169.254/"}, None),
        ({"RecordingUrl": "https://x/" + "a" * 65}, None),
        ({"RecordingSid": "../../Messages"}, None),
        ({"RecordingUrl": ""}, None),
        ({}, None),
    ],
)
def test_a_recording_is_its_name_and_never_an_address(
    fields: dict[str, str], recording: str | None
) -> None:
    """Twilio gives an id, Somleng an address that ends with it."""
    assert reply(**fields).recording == recording


@pytest.mark.parametrize(
    ("fields", "dialled"),
    [
        ({"DialCallStatus": "completed", "DialCallDuration": "34"}, "completed/34"),
        ({"DialCallStatus": "no-answer"}, "no-answer/0"),
        ({"DialCallStatus": "completed", "DialCallDuration": "-1"}, "completed/0"),
        ({"DialCallStatus": "+85512345678"}, None),
        ({"DialCallStatus": ""}, None),
    ],
)
def test_how_a_bridge_ended(fields: dict[str, str], dialled: str | None) -> None:
    """The carrier's word and the seconds; nothing that could be a number."""
    assert reply(**fields).dialled == dialled


def test_a_name_comes_back_as_it_was_written() -> None:
    """What is kept with an event is read again by the worker."""
    ref = RecordingRef("main", "RE0123")
    assert RecordingRef.parse(str(ref)) == ref
    for text in ("", "main", "/RE1", "main/", "main/a/b", "https://t.example/9"):
        assert RecordingRef.parse(text) is None


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(["RecordingUrl", "RecordingSid"]), st.text()))
def test_nothing_a_carrier_sends_makes_it_fail(fields: dict[str, str]) -> None:
    """Whatever comes, a name is one that fits into an address."""
    recording = reply(**fields).recording
    assert recording is None or RecordingRef.parse(recording) is not None
