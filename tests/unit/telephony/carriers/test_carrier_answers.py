"""Every answer a carrier can give, and every silence, is a value."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.carriers.carrier_answers import (
    refused_by_answer,
    refused_by_silence,
    unreadable,
)
from telephony.carriers.curl_transfer import CurlFailure, CurlResponse, FailureKind
from telephony.carriers.gateway import FailureClass
from telephony.delivery import is_carrier_ref
from tests.unit.telephony.fake_transport import answer

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": 21610, "message": "no", "status": 400}, "21610"),
        ({"code": "20422", "message": "no"}, "20422"),
        ({"type": "x", "title": "y", "status": 400, "code": 30001}, "30001"),
        ({"code": None}, "http_400"),
        ({"code": {"a": 1}}, "http_400"),
        ({"code": "no such\ncode"}, "http_400"),
        ({"code": "x" * 33}, "http_400"),
        ({"message": "no"}, "http_400"),
        ([], "http_400"),
        (b"", "http_400"),
        (b"<html>Bad Request</html>", "http_400"),
        (b'{"code": 216', "http_400"),
        (b"[" * 60_000, "http_400"),
        (b"\xff\xfe", "http_400"),
        (b'{"code": 1}' + b" " * 70_000, "http_400"),
    ],
)
def test_code_as_text(body: object, code: str) -> None:
    """A code is text in either dialect; without one the status stands for it."""
    refused = refused_by_answer(answer(400, body), now=NOW)
    assert (refused.code, refused.http_status) == (code, 400)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("86400", 3600.0),
        ("inf", 3600.0),
        ("-1", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("Fri, 01 May 2026 03:00:20 GMT", 20.0),
        ("Fri, 01 May 2026 03:00:20 -0000", 20.0),
        ("Fri, 01 May 2026 02:00:00 GMT", 0.0),
        ("Fri, 99 May 2026 02:00:00 GMT", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    """Seconds or a date, bounded; nonsense is as good as none."""
    refused = refused_by_answer(answer(429, retry_after=header), now=NOW)
    assert refused.retry_after_s == seconds


def test_no_wish_no_wait() -> None:
    """Without the header the policy decides alone."""
    assert refused_by_answer(answer(429), now=NOW).retry_after_s is None


@pytest.mark.parametrize("kind", FailureKind)
def test_silence_by_whether_it_was_sent(kind: FailureKind) -> None:
    """What did not leave may be repeated; what did is unknown."""
    unsent = refused_by_silence(CurlFailure(kind, sent=False))
    sent = refused_by_silence(CurlFailure(kind, sent=True))
    assert unsent.failure is FailureClass.NOT_PROCESSED
    assert sent.failure is FailureClass.UNKNOWN
    assert unsent.code == sent.code == kind.value


def test_success_that_cannot_be_read_is_unknown() -> None:
    """The carrier may have taken it."""
    assert unreadable().failure is FailureClass.UNKNOWN


@pytest.mark.parametrize(
    ("ref", "is_one"),
    [
        ("SM" + "0" * 32, True),
        ("3f0d3f0e-0000-4000-8000-000000000001", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("", False),
        ("../Accounts", False),
        ("a b", False),
        ("é", False),
        (None, False),
        (7, False),
    ],
)
def test_carrier_ref(ref: object, is_one: bool) -> None:
    """Opaque text, but fit to stand in an address."""
    assert is_carrier_ref(ref) is is_one


@given(
    status=st.integers(100, 999),
    body=st.binary(max_size=200),
    headers=st.dictionaries(st.sampled_from(["retry-after", "date"]), st.text()),
)
def test_any_answer_is_a_value(
    status: int, body: bytes, headers: dict[str, str]
) -> None:
    """No answer at all breaks anything, and no reason repeats the carrier's words."""
    refused = refused_by_answer(CurlResponse(status, headers, body), now=NOW)
    assert refused.http_status == status
    assert refused.reason.endswith(".")
