"""The values of CAP by themselves."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.unit.warning.cap_documents.test_cap_xml import full_alert
from warning import cap


@pytest.mark.parametrize(
    ("offset", "kept"),
    [
        (timedelta(hours=7), True),
        (timedelta(hours=-3, minutes=-30), True),
        (timedelta(hours=6, minutes=59, seconds=40), False),
        (timedelta(hours=15), False),
    ],
)
def test_an_offset_cap_cannot_write_becomes_utc(
    offset: timedelta, *, kept: bool
) -> None:
    """The instant stays; only whole minutes up to 14 hours can be written."""
    at = datetime(2026, 10, 1, 6, 0, 0, 999_999, tzinfo=timezone(offset))
    whole = cap.whole_second(at)
    assert whole == at.replace(microsecond=0)
    assert whole.utcoffset() == (offset if kept else timedelta(0))


def test_an_alert_is_named_by_sender_identifier_and_sent() -> None:
    """What a later message puts into its references."""
    alert = full_alert()
    named = alert.reference()
    assert (named.sender, named.identifier) == ("office@example.org", "KHM-2")
    assert named.sent == datetime(2026, 9, 30, 23, tzinfo=UTC)


def test_only_actual_and_public_is_for_the_public() -> None:
    """A restricted alert is not, however actual."""
    assert not full_alert().is_for_public


def test_the_wire_words_are_the_values() -> None:
    """Enum members compare and print as CAP writes them."""
    assert str(cap.ResponseType.ALL_CLEAR) == "AllClear"
    assert cap.Severity("Extreme") is cap.Severity.EXTREME
    assert len(cap.Category) == 12
