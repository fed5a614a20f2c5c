"""Signatures of CAP alerts, and what each policy makes of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import SignatureMethod
from signxml.signer import XMLSigner

from tests.unit.warning.cap_documents import PROPER
from warning import cap_xml
from warning.cap_errors import SigningError
from warning.cap_signature import (
    SignaturePolicy,
    SignatureState,
    SignatureTrust,
    verify,
)
from warning.cap_signing import sign

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
REQUIRE, IF_PRESENT = SignaturePolicy.REQUIRE, SignaturePolicy.VERIFY_IF_PRESENT


@cache
def key_pair(name: str) -> tuple[bytes, str]:
    """Return (key, certificate) in PEM, made for the test, valid around ``NOW``."""
    curve = name != "rsa office"
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if curve
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem, certificate.public_bytes(serialization.Encoding.PEM).decode()


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


def test_an_expired_certificate_does_not_vouch() -> None:
    """The time of checking is given, never the machine's."""
    late = NOW + timedelta(days=60)
    verdict = verify(signed(), trust(REQUIRE, "office"), at=late)
    assert verdict.state is SignatureState.INVALID


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


def test_what_is_signed_must_be_the_alert_that_is_read() -> None:
    """A true signature over a nested alert does not vouch for the one around it."""
    verdict = verify(wrapped(), trust(REQUIRE, "office"), at=NOW)
    assert verdict.defect is not None
    assert "something else" in verdict.defect.message


def test_a_signature_may_stand_in_white_space() -> None:
    """A signer that kept the line breaks around its signature signed them too."""
    key, certificate = key_pair("office")
    namespace = "http://www.w3.org/2000/09/xmldsig#"
    place = f"<ds:Signature xmlns:ds='{namespace}' Id='placeholder'/>"
    text = PROPER.replace("</alert>", f"  {place}\n</alert>")
    document = sign(text.encode(), key_pem=key, certificate_pem=certificate)
    verdict = verify(document, trust(REQUIRE, "office"), at=NOW)
    assert verdict.state is SignatureState.VERIFIED
