"""The table of failures, row by row where a wrong row would cost a person."""

import re

import pytest

from telephony.carriers.failures import (
    CODES,
    WORDS,
    Pace,
    Strike,
    is_known_code,
    signal_of_answer,
    signal_of_report,
    signal_of_silence,
    strike_of,
)
from telephony.carriers.gateway import FailureClass
from telephony.carriers.statuses import CALL_STATUSES, MESSAGE_STATUSES
from telephony.delivery import AttemptState

NOT_PROCESSED = FailureClass.NOT_PROCESSED
UNKNOWN = FailureClass.UNKNOWN
TEMPORARY = FailureClass.TEMPORARY
PERSON = FailureClass.PERSON
CARRIER = FailureClass.CARRIER
SENDER = FailureClass.SENDER


@pytest.mark.parametrize(
    ("status", "code", "failure"),
    [
        (429, None, NOT_PROCESSED),
        (429, "20429", NOT_PROCESSED),
        (429, "21610", NOT_PROCESSED),
        (400, "20429", NOT_PROCESSED),
        (408, None, NOT_PROCESSED),
        (500, None, UNKNOWN),
        (503, "21211", UNKNOWN),
        (599, None, UNKNOWN),
        (201, None, UNKNOWN),
        (101, None, UNKNOWN),
        (0, None, UNKNOWN),
        (301, None, CARRIER),
        (302, "21211", CARRIER),
        (400, None, PERSON),
        (400, "99999", PERSON),
        (400, "21211", PERSON),
        (400, "21606", SENDER),
        (400, "21659", SENDER),
        (400, "21611", TEMPORARY),
        (400, "21610", FailureClass.OPTED_OUT),
        (401, None, CARRIER),
        (401, "20003", CARRIER),
        (401, "21211", CARRIER),
        (402, None, CARRIER),
        (403, None, CARRIER),
        (403, "21408", PERSON),
        (404, None, CARRIER),
        (405, "x", CARRIER),
        (418, None, CARRIER),
        (422, "20422", PERSON),
        (422, "S1004", CARRIER),
        (422, "S1002", TEMPORARY),
    ],
)
def test_status_decides_and_code_refines(
    status: int, code: str | None, failure: FailureClass
) -> None:
    """Status first; the code only where the status leaves room for it."""
    assert signal_of_answer(status, code).failure is failure


def test_request_that_never_left_is_safe_to_repeat() -> None:
    """What was not sent was not processed; what was sent may have been."""
    assert signal_of_silence(is_sent=False).failure is NOT_PROCESSED
    assert signal_of_silence(is_sent=True).failure is UNKNOWN


@pytest.mark.parametrize(
    ("word", "code", "failure", "pace"),
    [
        ("busy", None, TEMPORARY, Pace.REDIAL),
        ("no-answer", "", TEMPORARY, Pace.REDIAL),
        ("No-Answer ", None, TEMPORARY, Pace.REDIAL),
        ("failed", None, TEMPORARY, Pace.LATER),
        ("failed", "30005", PERSON, Pace.NEVER),
        ("undelivered", "30003", TEMPORARY, Pace.LATER),
        ("undelivered", "4711", TEMPORARY, Pace.LATER),
        ("undelivered", "30410", UNKNOWN, Pace.LATER),
        ("failed", "30002", CARRIER, Pace.SOON),
        ("failed", "S1001", TEMPORARY, Pace.LATER),
        ("canceled", None, TEMPORARY, Pace.NEVER),
        ("vanished", None, TEMPORARY, Pace.LATER),
    ],
)
def test_report_goes_by_code_then_by_word(
    word: str, code: str | None, failure: FailureClass, pace: Pace
) -> None:
    """A late failure is judged by its code if we know it, else by its word."""
    signal = signal_of_report(word, code)
    assert (signal.failure, signal.pace) == (failure, pace)


def test_every_failed_word_has_a_signal() -> None:
    """No final failure of either dialect is without a row."""
    failed = {
        word
        for table in (MESSAGE_STATUSES, CALL_STATUSES)
        for word, status in table.items()
        if status.state is AttemptState.FAILED
    }
    assert failed == set(WORDS)


def test_rows_are_consistent() -> None:
    """Permanent rows are never retried, others are; strikes blame the handset only."""
    for signal in (*CODES.values(), *WORDS.values()):
        is_permanent = signal.failure in {PERSON, FailureClass.OPTED_OUT}
        assert (signal.pace is Pace.NEVER) == (
            is_permanent or signal is WORDS["canceled"]
        )
        if signal.strike is not Strike.NONE:
            assert signal.failure in {PERSON, TEMPORARY}


def test_reasons_are_one_sentence_without_a_number() -> None:
    """An operator reads them; no telephone number can be in them."""
    for signal in (*CODES.values(), *WORDS.values()):
        assert signal.reason.endswith(".")
        assert not re.search(r"\d", signal.reason)


@pytest.mark.parametrize(
    ("codes", "strike"),
    [
        ({"21211", "21214", "21217", "13224", "21614", "30005", "30006"}, Strike.SURE),
        ({"30003", "30004"}, Strike.DOUBTFUL),
        ({"21610", "21612", "30007", "30008", "S1002", "4711", "", None}, Strike.NONE),
    ],
)
def test_strikes_are_for_what_speaks_against_the_number(
    codes: set[str | None], strike: Strike
) -> None:
    """Not for no route, an opt-out, a filter, or a trunk that is down."""
    assert {strike_of(code) for code in codes} == {strike}


def test_only_codes_of_the_table_are_known() -> None:
    """A carrier's new code is counted for somebody to look it up."""
    assert is_known_code("30003")
    assert not is_known_code("4711")
