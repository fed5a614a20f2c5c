"""XML signatures of CAP alerts: who may vouch for one.

A signature counts only against a certificate the operator has configured for the
source: one the document brings along proves nothing, anybody can make it. How much a
missing or broken signature matters is the source's policy, because archives and
re-formatting relays break most of them (ADR 0022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from lxml import etree
from lxml.etree import _Element

from warning.cap_documents.defects import Defect, blocks, warns
from warning.cap_documents.signers import (
    OUT_OF_TIME,
    Failure,
    SignatureReason,
    date_fault,
    signers,
)
from warning.cap_documents.tree import (
    DEFAULT_LIMITS,
    XMLDSIG,
    CapLimits,
    line_of,
    parse,
)

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

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
    #: For ``INVALID`` alone.
    reason: SignatureReason | None = None


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
    try:
        failure = _failure(alert, signature, trust.certificates, at)
    except Exception as error:  # noqa: BLE001 - whatever cryptography cannot read
        failure = SignatureReason.UNACCEPTABLE, str(error) or type(error).__name__
    if failure is None:
        return SignatureVerdict(SignatureState.VERIFIED)
    reason, words = failure
    judged = _judged(SignatureState.INVALID, trust, line, words)
    return replace(judged, reason=reason)


def _failure(
    alert: _Element, signature: _Element, certificates: Sequence[str], at: datetime
) -> Failure | None:
    """Say why a signature does not hold; None if it does."""
    candidates = signers(signature, certificates)
    if not candidates:
        words = "none of the configured certificates has made or issued it"
        return SignatureReason.UNKNOWN_ISSUER, words
    failures = [
        date_fault(one, at) or _failure_with(alert, one, at) for one in candidates
    ]
    # What a certificate in time says of the text is more than that another has expired.
    failures.sort(key=lambda one: one is not None and one[0] in OUT_OF_TIME)
    return None if None in failures else failures[0]


def _failure_with(
    alert: _Element, certificate: Certificate, at: datetime
) -> Failure | None:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - heavy
        Encoding,
    )
    from signxml.exceptions import (  # noqa: PLC0415 - heavy
        InvalidDigest,
        InvalidSignature,
    )
    from signxml.verifier import (  # noqa: PLC0415 - heavy
        SignatureConfiguration,
        XMLVerifier,
    )

    config = SignatureConfiguration(location="./", verification_time=at)
    pem = certificate.public_bytes(Encoding.PEM).decode()
    try:
        result = XMLVerifier().verify(alert, x509_cert=pem, expect_config=config)
    except (InvalidDigest, InvalidSignature) as error:
        return SignatureReason.ALTERED, f"the alert was changed after signing ({error})"
    except Exception as error:  # noqa: BLE001 - signxml passes on what it meets
        return SignatureReason.UNACCEPTABLE, str(error) or type(error).__name__
    results = result if isinstance(result, list) else [result]
    # See what is signed: it must be this alert, whole, not something nested in it.
    if any(_bare(one.signed_xml) == _bare(alert) for one in results):
        return None
    words = "it covers something else than the whole alert"
    return SignatureReason.OTHER_ELEMENT, words


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
