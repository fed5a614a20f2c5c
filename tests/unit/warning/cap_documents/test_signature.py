"""Signatures of CAP alerts, and what each policy makes of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import etree
from signxml.algorithms import SignatureMethod
from signxml.signer import XMLSigner

from tests.unit.warning.cap_samples import PROPER
from tests.unit.warning.certificates import NOW, key_pair
from warning.cap_documents import cap_xml
from warning.cap_documents.errors import SigningError
from warning.cap_documents.signature import (
    SignaturePolicy,
    SignatureState,
    SignatureTrust,
    verify,
)
from warning.cap_documents.signers import SignatureReason
from warning.cap_documents.signing import sign

REQUIRE, IF_PRESENT = SignaturePolicy.REQUIRE, SignaturePolicy.VERIFY_IF_PRESENT


def signed(name: str = "office") -> bytes:
    """Return the proper document with a signature."""
    key, certificate = key_pair(name)
    return sign(PROPER.encode(), key_pem=key, certificate_pem=certificate)


def trust(policy: SignaturePolicy, *names: str) -> SignatureTrust:
    """Return a policy with the certificates of those names."""
    return SignatureTrust(policy, tuple(key_pair(name)[1] for name in names))


def wrapped() -> bytes:
    """Return a false alert that carries a true, signed one inside."""
    key, certificate = key_pair("office")
    true = etree.fromstring(PROPER.encode())
    true.set("Id", "true")
    signer = XMLSigner(signature_algorithm=SignatureMethod.ECDSA_SHA256)
    true = signer.sign(true, key=key, cert=certificate, reference_uri="#true")
    false = etree.fromstring(PROPER.replace("rising", "falling").encode())
    signature = true[-1]
    true.remove(signature)
    false.append(signature)
    false.append(true)
    return etree.tostring(false)


@pytest.mark.parametrize("name", ["office", "rsa office"])
def test_our_own_signature_verifies_and_the_document_stays_valid(name: str) -> None:
    """EC and RSA keys; the signature is the one thing added."""
    document = signed(name)
    verdict = verify(document, trust(REQUIRE, name), at=NOW)
    assert (verdict.state, verdict.defect) == (SignatureState.VERIFIED, None)
    result = cap_xml.read(document)
    assert result.valid_xsd
    assert result.alert == cap_xml.read(PROPER.encode()).alert


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "signed": signed,
    "unsigned": PROPER.encode,
    "changed": lambda: signed().replace(b"tonight", b"nowhere"),
    "wrapped": wrapped,
    "broken": lambda: signed().replace(b"ecdsa-sha256", b"rot13"),
    "not XML": lambda: b"<alert",
}


@pytest.mark.parametrize(
    ("policy", "certificates", "document", "state", "severity"),
    [
        (REQUIRE, ("office",), "signed", "verified", None),
        (REQUIRE, ("other", "office"), "signed", "verified", None),
        (REQUIRE, ("other",), "signed", "invalid", "blocks"),
        (REQUIRE, ("office",), "changed", "invalid", "blocks"),
        (REQUIRE, ("office",), "wrapped", "invalid", "blocks"),
        (REQUIRE, ("office",), "unsigned", "missing", "blocks"),
        (REQUIRE, ("office",), "not XML", "missing", "blocks"),
        (REQUIRE, (), "signed", "unverifiable", "blocks"),
        (IF_PRESENT, ("office",), "signed", "verified", None),
        (IF_PRESENT, ("office",), "changed", "invalid", "warns"),
        (IF_PRESENT, ("office",), "unsigned", "missing", None),
        (IF_PRESENT, (), "signed", "unverifiable", "warns"),
        (SignaturePolicy.IGNORE, ("office",), "changed", "ignored", None),
    ],
)
def test_the_policy_of_the_source_decides(
    policy: SignaturePolicy,
    certificates: tuple[str, ...],
    document: str,
    state: str,
    severity: str | None,
) -> None:
    """Required: hold what does not verify. If present: say so. Ignored: say nothing."""
    verdict = verify(DOCUMENTS[document](), trust(policy, *certificates), at=NOW)
    defect = verdict.defect
    assert verdict.state.value == state
    assert (defect.severity.value if defect else None) == severity


@pytest.mark.parametrize(
    ("document", "names", "days", "reason", "words"),
    [
        ("signed", ("office",), 60, "certificate_expired", "expired on 2026-10-31"),
        ("signed", ("office",), -60, "certificate_not_yet_valid", "from 2026-09-01"),
        ("signed", ("other",), 0, "unknown_issuer", "made or issued it"),
        ("changed", ("office",), 0, "altered", "changed after signing"),
        ("changed", ("other", "office"), 0, "altered", "changed after signing"),
        ("wrapped", ("office",), 0, "other_element", "something else"),
        ("broken", ("office",), 0, "unacceptable", "does not hold"),
    ],
)
def test_a_signature_that_does_not_hold_says_why(
    document: str, names: tuple[str, ...], days: int, reason: str, words: str
) -> None:
    """By a word for programs and a sentence for people; the clock is given."""
    at = NOW + timedelta(days=days)
    verdict = verify(DOCUMENTS[document](), trust(REQUIRE, *names), at=at)
    assert verdict.state is SignatureState.INVALID
    assert verdict.reason == reason
    assert verdict.defect is not None
    assert verdict.defect.code == "signature_invalid"
    assert words in verdict.defect.message


@pytest.mark.parametrize(
    ("issuer", "is_authority", "reason"),
    [
        ("authority", True, None),
        ("authority", False, SignatureReason.UNKNOWN_ISSUER),
        ("stranger", True, SignatureReason.UNKNOWN_ISSUER),
    ],
)
def test_an_authority_may_vouch_for_a_certificate(
    issuer: str, is_authority: bool, reason: SignatureReason | None
) -> None:
    """One that is configured, is an authority, and has issued it itself."""
    key, certificate = key_pair("clerk", issuer=issuer)
    document = sign(PROPER.encode(), key_pem=key, certificate_pem=certificate)
    authority = key_pair("authority", is_authority=is_authority)[1]
    verdict = verify(document, SignatureTrust(REQUIRE, (authority,)), at=NOW)
    assert verdict.reason is reason
    assert (verdict.state is SignatureState.VERIFIED) is (reason is None)


def test_a_certificate_that_cannot_be_read_is_a_reason_not_a_traceback() -> None:
    """The settings hold what somebody pasted."""
    broken = SignatureTrust(REQUIRE, ("no certificate",))
    verdict = verify(signed(), broken, at=NOW)
    assert verdict.reason is SignatureReason.UNACCEPTABLE


def test_a_key_that_is_not_the_certificates_cannot_sign() -> None:
    """A mix-up in the settings is told at once."""
    with pytest.raises(SigningError, match="does not belong"):
        sign(
            PROPER.encode(),
            key_pem=key_pair("office")[0],
            certificate_pem=key_pair("other")[1],
        )


def test_rubbish_cannot_be_signed_or_sign() -> None:
    """Neither a broken key nor a broken document gives a traceback."""
    key, certificate = key_pair("office")
    with pytest.raises(SigningError, match="unencrypted"):
        sign(PROPER.encode(), key_pem=b"no key", certificate_pem=certificate)
    with pytest.raises(SigningError, match="one alert"):
        sign(b"<alerts/>", key_pem=key, certificate_pem=certificate)


def test_a_signature_may_stand_in_white_space() -> None:
    """A signer that kept the line breaks around its signature signed them too."""
    key, certificate = key_pair("office")
    namespace = "http://www.w3.org/2000/09/xmldsig#"
    place = f"<ds:Signature xmlns:ds='{namespace}' Id='placeholder'/>"
    text = PROPER.replace("</alert>", f"  {place}\n</alert>")
    document = sign(text.encode(), key_pem=key, certificate_pem=certificate)
    verdict = verify(document, trust(REQUIRE, "office"), at=NOW)
    assert verdict.state is SignatureState.VERIFIED
