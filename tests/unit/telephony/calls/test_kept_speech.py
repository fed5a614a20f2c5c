"""Speech is written once, until a recording changes."""

from __future__ import annotations

from telephony.calls import kept_speech
from telephony.calls.kept_speech import KeptSpeech


class Voice:
    """Writes speech, and counts how often."""

    def __init__(self) -> None:
        self.edition = 1
        self.n_written = 0
        self.kept = KeptSpeech(lambda: self.edition)

    def say(self, key: object, text: str = "hello") -> str:
        def write() -> str:
            self.n_written += 1
            return text

        return self.kept.speech(key, write)


def test_the_same_is_written_once() -> None:
    """And each other thing for itself."""
    voice = Voice()
    assert [voice.say(1), voice.say(1), voice.say(2, "ho")] == ["hello", "hello", "ho"]
    assert voice.n_written == 2


def test_another_edition_is_written_anew() -> None:
    """A recording that was made is heard in calls that are under way."""
    voice = Voice()
    voice.say(1)
    voice.edition = 2
    assert voice.say(1, "recorded") == "recorded"


def test_its_room_is_bounded() -> None:
    """Neither many things nor long ones fill the memory."""
    voice = Voice()
    for key in range(3 * kept_speech._MAX_KEPT):
        voice.say(key)
    assert len(voice.kept._kept) <= kept_speech._MAX_KEPT
    voice.say("long", "x" * 100_000)
    assert "long" not in voice.kept._kept
