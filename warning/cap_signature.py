"""XML signatures of CAP alerts: who may vouch for one, and our own.

A signature counts only against a certificate the operator has configured for the
source: one the document brings along proves nothing, anybody can make it. How much a
missing or broken signature matters is the source's policy, because archives and
re-formatting relays break most of them (ADR 0022).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from lxml import etree
from lxml.etree import _Element

from warning.cap_defects import Defect, blocks, warns
from warning.cap_errors import SigningError
from warning.cap_tree import DEFAULT_LIMITS, XMLDSIG, CapLimits, line_of, parse

_SIGNATURE = f"{{{XMLDSIG}}}Signature"


class SignaturePolicy(StrEnum):
    """What a source's alerts must carry."""

    #: A signature by a configured certificate, or the alert is held.
    REQUIRE = "require"
    #: A signature is checked where there is one; its failure is shown.
    VERIFY_IF_PRESENT = "verify_if_present"
    #: Signatures are not looked at.
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class SignatureTrust:
    """How far the signatures of one source are trusted."""

    policy: SignaturePolicy = SignaturePolicy.VERIFY_IF_PRESENT
    #: PEM text of each certificate the source may sign with.
    certificates: tuple[str, ...] = ()


class SignatureState(StrEnum):
    """What is known about the signature of a document."""

    #: Made with a configured certificate over this very alert.
    VERIFIED = "verified"
    #: The alert carries no signature.
    MISSING = "missing"
    #: There is one, and it does not hold against any configured certificate.
    INVALID = "invalid"
    #: There is one, and no certificate is configured to hold it against.
    UNVERIFIABLE = "unverifiable"
    #: Not looked at.
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """The state of a document's signature, and what follows under the policy."""

    state: SignatureState
    #: None if nothing is to be said.
    defect: Defect | None = None


def verify(
    data: bytes,
    trust: SignatureTrust,
    *,
    at: datetime,
    limits: CapLimits = DEFAULT_LIMITS,
) -> SignatureVerdict:
    """Check the enveloped signature of a document that holds one alert.

    Parameters
    ----------
    data : bytes
        The document as received: any re-formatting breaks its signature.
    trust : SignatureTrust
        The policy and certificates of the source.
    at : datetime
        Aware; when the certificate must be valid.
    limits : CapLimits
        As for reading.

    Returns
    -------
    SignatureVerdict
        With a defect that blocks if the policy requires what is not there, or warns
        if it is only worth knowing.

    Notes
    -----
    Nothing is fetched: references outside the document do not verify.
    """
    if trust.policy is SignaturePolicy.IGNORE:
        return SignatureVerdict(SignatureState.IGNORED)
    parsed = parse(data, limits, keep_instructions=True)
    alert = parsed.alerts[0] if len(parsed.alerts) == 1 else None
    signature = alert.find(_SIGNATURE) if alert is not None else None
    if alert is None or signature is None:
        return _judged(SignatureState.MISSING, trust, None, "")
    line = line_of(signature)
    if not trust.certificates:
        return _judged(SignatureState.UNVERIFIABLE, trust, line, "")
    reason = ""
    for certificate in trust.certificates:
        reason = _failure(alert, certificate, at)
        if not reason:
            return SignatureVerdict(SignatureState.VERIFIED)
    return _judged(SignatureState.INVALID, trust, line, reason)


def sign(document: bytes, *, key_pem: bytes, certificate_pem: str) -> bytes:
    """Sign a document of ours with an enveloped XML-DSig.

    Parameters
    ----------
    document : bytes
        As `cap_xml.write` gives it.
    key_pem : bytes
        Private key, RSA or elliptic curve, unencrypted PEM.
    certificate_pem : str
        Its certificate, which goes along in ``KeyInfo``.

    Returns
    -------
    bytes
        UTF-8 with declaration; still valid CAP 1.2. Not to be re-formatted.

    Raises
    ------
    SigningError
        If the document is no alert, or the key or certificate cannot be used.
    """
    parsed = parse(document)
    if len(parsed.alerts) != 1:
        raise SigningError("Only a document with one alert can be signed.")
    try:
        signed = _signed(parsed.alerts[0], key_pem, certificate_pem)
    except Exception as error:
        # Whatever the cryptography says, the operator has one thing to mend.
        raise SigningError(
            f"The alert could not be signed: {error}. Check that the key is an "
            "unencrypted RSA or EC key in PEM and belongs to the certificate."
        ) from error
    text: bytes = etree.tostring(signed, xml_declaration=True, encoding="UTF-8")
    return text + b"\n"


def _signed(alert: _Element, key_pem: bytes, certificate_pem: str) -> _Element:
    from cryptography.hazmat.primitives.asymmetric.ec import (  # noqa: PLC0415 - heavy
        EllipticCurvePrivateKey,
    )
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - heavy
        load_pem_private_key,
    )
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415 - heavy
    from signxml.algorithms import SignatureMethod  # noqa: PLC0415 - heavy
    from signxml.signer import XMLSigner  # noqa: PLC0415 - heavy

    key = cast("Any", load_pem_private_key(key_pem, password=None))
    certificate = load_pem_x509_certificate(certificate_pem.encode())
    if certificate.public_key() != key.public_key():
        raise ValueError("the key does not belong to the certificate")
    is_curve = isinstance(key, EllipticCurvePrivateKey)
    method = SignatureMethod.ECDSA_SHA256 if is_curve else SignatureMethod.RSA_SHA256
    signer = XMLSigner(signature_algorithm=method)
    return signer.sign(alert, key=key, cert=certificate_pem)


def _failure(alert: _Element, certificate: str, at: datetime) -> str:
    """Say why a signature does not hold; empty if it does."""
    from signxml.verifier import (  # noqa: PLC0415 - heavy
        SignatureConfiguration,
        XMLVerifier,
    )

    config = SignatureConfiguration(location="./", verification_time=at)
    try:
        result = XMLVerifier().verify(
            alert, x509_cert=certificate, expect_config=config
        )
    except Exception as error:  # noqa: BLE001 - signxml passes on what it meets
        return str(error) or type(error).__name__
    results = result if isinstance(result, list) else [result]
    # See what is signed: it must be this alert, whole, not something nested in it.
    if any(_bare(one.signed_xml) == _bare(alert) for one in results):
        return ""
    return "it covers something else than the whole alert"


def _bare(element: _Element | None) -> bytes | None:
    """Return the canonical text of an alert without its signatures."""
    if element is None:
        return None
    copy = etree.fromstring(etree.tostring(element))
    for signature in copy.findall(_SIGNATURE):
        _remove(signature)
    canonical: bytes = etree.tostring(copy, method="c14n")
    return canonical


def _remove(element: _Element) -> None:
    """Take a signature out, the white space after it left, as the transform does."""
    parent, before = element.getparent(), element.getprevious()
    if parent is not None and before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    if parent is not None:
        parent.remove(element)


def _judged(
    state: SignatureState, trust: SignatureTrust, line: int | None, reason: str
) -> SignatureVerdict:
    sentence = {
        SignatureState.MISSING: "The alert carries no signature.",
        SignatureState.UNVERIFIABLE: "The alert is signed, but no certificate of its "
        "source is configured to check it with.",
        SignatureState.INVALID: f"The signature does not hold: {reason.rstrip('.')}.",
    }[state]
    code = f"signature_{state.value}"
    if trust.policy is SignaturePolicy.REQUIRE:
        message = f"{sentence} Its source must sign; the alert is held."
        return SignatureVerdict(state, blocks(code, "Signature", line, message))
    if state is SignatureState.MISSING:
        return SignatureVerdict(state)
    return SignatureVerdict(state, warns(code, "Signature", line, sentence))
