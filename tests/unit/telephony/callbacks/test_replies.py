"""What a text says, in the words of a call's outcomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_scripts.catalogue import load_catalogue
from ivr_scripts.keywords import Keywords
from ivr_scripts.model import Outcome
from telephony.callbacks.replies import Replies

REPLIES = Replies(Keywords(load_catalogue().texts))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1", "CONFIRMED"),
        (" 1. ", "CONFIRMED"),
        ("១", "CONFIRMED"),
        ("2", "SAFE"),
        ("3", "NEED_HELP"),
        ("3 water in the house", "NEED_HELP"),
        ("STOP", "OPTED_OUT"),
        ("stop!!", "OPTED_OUT"),
        ("START", "OPTED_IN"),
        ("help", "NEED_HELP"),
        ("safe", "SAFE"),
        ("7", None),
        ("", None),
        ("What a day", None),
        ("safe here but my mother is not", None),
    ],
)
def test_what_a_text_means(text: str, answer: str | None) -> None:
    """A digit or a command; anything else answers nothing."""
    assert REPLIES(text) == answer


@given(st.text(max_size=200))
def test_any_text_has_a_meaning_or_none(text: str) -> None:
    """Whatever people write, it is an outcome by name or nothing, never an error."""
    answer = REPLIES(text)
    assert answer is None or answer in Outcome.__members__
