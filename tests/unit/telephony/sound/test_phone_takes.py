"""What was just spoken is made ready while the speaker waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from telephony.errors import (
    CarrierUnavailableError,
    RecordingLateError,
    RecordingLostError,
)
from telephony.sound.phone_takes import PATIENCE_S, PhoneTakes
from telephony.sound.shelf import Shelf
from tests.fakes.sounds import sound_file, tone

SPOKEN = sound_file(tone(0.5))
SILENCE = sound_file(tone(0.5, amplitude=0.0))


class Carrier:
    """Answers with one thing after another; each question takes a while."""

    def __init__(self, *answers: bytes | Exception, takes_s: float = 0.1) -> None:
        self.answers = list(answers)
        self.takes_s = takes_s
        self.now_s = 0.0
        self.n_asked = 0

    def fetch(self, ref: str, *, timeout_s: float) -> bytes:
        assert ref == "main/RE1"
        assert 0 < timeout_s <= PATIENCE_S
        self.n_asked += 1
        self.now_s += min(self.takes_s, timeout_s)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def wait(self, seconds: float) -> None:
        self.now_s += seconds


def takes(carrier: Carrier, folder: Path) -> PhoneTakes:
    return PhoneTakes(
        recordings=carrier,
        shelf=Shelf(folder),
        monotonic=lambda: carrier.now_s,
        wait=carrier.wait,
    )


def test_a_recording_is_kept_under_what_it_holds(tmp_path: Path) -> None:
    """A repeated request of the carrier finds the same name."""
    take = takes(Carrier(SPOKEN), tmp_path)
    name = take("main/RE1")
    assert name is not None
    assert Shelf(tmp_path).find(name) is not None
    assert take("main/RE1") == name


@pytest.mark.parametrize(
    "late", [RecordingLateError("not yet"), CarrierUnavailableError("down")]
)
def test_one_that_is_not_there_yet_is_asked_for_again(
    tmp_path: Path, late: Exception
) -> None:
    """Twilio tells of a recording a moment before it has it."""
    carrier = Carrier(late, late, SPOKEN)
    assert takes(carrier, tmp_path)("main/RE1") is not None
    assert carrier.n_asked == 3


@pytest.mark.parametrize("takes_s", [0.1, 3.0, 60.0])
def test_nobody_waits_for_ever(tmp_path: Path, takes_s: float) -> None:
    """The next document comes before the carrier gives up, whatever is slow."""
    carrier = Carrier(CarrierUnavailableError("down"), takes_s=takes_s)
    assert takes(carrier, tmp_path)("main/RE1") is None
    assert carrier.now_s <= PATIENCE_S


@pytest.mark.parametrize(
    "answer", [SILENCE, b"<html>", b"", RecordingLostError("too large")]
)
def test_what_cannot_be_heard_is_no_recording(
    tmp_path: Path, answer: bytes | Exception
) -> None:
    """Somleng records silence too; the speaker is asked once more, at once."""
    carrier = Carrier(answer)
    assert takes(carrier, tmp_path)("main/RE1") is None
    assert carrier.n_asked == 1
    assert not list(tmp_path.iterdir())
