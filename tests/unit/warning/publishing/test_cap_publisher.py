"""Our alerts as documents: signed if they are ours, the same bytes each time."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.warning.cap_samples import PROPER
from tests.unit.warning.certificates import NOW, key_pair
from warning.cap_documents import cap_xml
from warning.cap_documents.signature import (
    SignaturePolicy,
    SignatureState,
    SignatureTrust,
    verify,
)
from warning.publishing.cap_publisher import CapPublisher, SigningKey

ALERT = cap_xml.read(PROPER.encode()).alert
KEY, CERTIFICATE = key_pair("office")
PUBLISHER = CapPublisher(sender="office@example.org", key=SigningKey(KEY, CERTIFICATE))


def test_our_own_alert_is_signed_and_reads_back_as_it_was() -> None:
    """Anybody with our certificate can see that it is ours."""
    assert ALERT is not None
    document = PUBLISHER.document(ALERT)
    trust = SignatureTrust(SignaturePolicy.REQUIRE, (CERTIFICATE,))
    assert verify(document, trust, at=NOW).state is SignatureState.VERIFIED
    result = cap_xml.read(document)
    assert (result.alert, result.valid_xsd) == (ALERT, True)


def test_the_same_alert_is_the_same_document() -> None:
    """Whoever polls must not be served news that is none."""
    assert ALERT is not None
    assert PUBLISHER.document(ALERT) is PUBLISHER.document(ALERT)


def test_nobody_elses_alert_is_signed_by_us() -> None:
    """We would vouch for what we have not said."""
    assert ALERT is not None
    other = replace(ALERT, sender="clerk@example.org")
    assert b"Signature" not in PUBLISHER.document(other)


def test_without_a_key_nothing_is_signed() -> None:
    """The plain document, as written."""
    assert ALERT is not None
    plain = CapPublisher(sender=ALERT.sender)
    assert plain.document(ALERT) == cap_xml.write(ALERT)


def test_the_key_is_never_shown() -> None:
    """Not in a log either."""
    assert "PRIVATE" not in repr(SigningKey(KEY, CERTIFICATE))
