"""Whose certificate a signature may be held against, and whether it was in time.

A source's certificates are configured. Either one of them has signed, or one that it
came with and that a configured authority has issued directly; longer chains are not
followed, and nothing is fetched.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from lxml.etree import _Element

from warning.cap_documents.tree import XMLDSIG

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_EMBEDDED = f".//{{{XMLDSIG}}}X509Certificate"
#: Certificates that one signature may bring along.
_MAX_EMBEDDED = 10


class SignatureReason(StrEnum):
    """Why a signature does not hold."""

    #: The certificate's time is over, or has not begun.
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    #: Made with a certificate that nobody has configured for the source.
    UNKNOWN_ISSUER = "unknown_issuer"
    #: Something was changed after it was signed, if only white space.
    ALTERED = "altered"
    #: True, but over something else than the alert that is read (signature wrapping).
    OTHER_ELEMENT = "other_element"
    #: A form or an algorithm that is not accepted.
    UNACCEPTABLE = "unacceptable"


OUT_OF_TIME = frozenset(
    {SignatureReason.CERTIFICATE_EXPIRED, SignatureReason.CERTIFICATE_NOT_YET_VALID}
)
#: A reason, and its words within a sentence.
Failure = tuple[SignatureReason, str]


def signers(signature: _Element, certificates: Sequence[str]) -> list[Certificate]:
    """Return the certificates that a signature may be held against.

    Parameters
    ----------
    signature : lxml element
        ``ds:Signature``.
    certificates : sequence of str
        PEM, configured for the source.

    Returns
    -------
    list of Certificate
        Without a certificate of its own a signature is held against all that are
        configured; with one, against it alone, if it is one of them or one of them is
        an authority that has issued it.

    Raises
    ------
    ValueError
        If a certificate, configured or brought along, cannot be read.
    """
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415 - heavy

    trusted = [load_pem_x509_certificate(one.encode()) for one in certificates]
    brought = list(_brought(signature))
    if not brought:
        return trusted
    return [
        one
        for one in brought
        if one in trusted or any(_has_issued(authority, one) for authority in trusted)
    ]


def date_fault(certificate: Certificate, at: datetime) -> Failure | None:
    """Say whether a certificate was out of time at an instant (aware)."""
    if at > certificate.not_valid_after_utc:
        until = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
        words = f"its certificate has expired on {until}"
        return SignatureReason.CERTIFICATE_EXPIRED, words
    if at < certificate.not_valid_before_utc:
        since = f"{certificate.not_valid_before_utc:%Y-%m-%d}"
        words = f"its certificate is only valid from {since}"
        return SignatureReason.CERTIFICATE_NOT_YET_VALID, words
    return None


def _brought(signature: _Element) -> Iterator[Certificate]:
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - heavy

    for element in signature.findall(_EMBEDDED)[:_MAX_EMBEDDED]:
        text = "".join((element.text or "").split())
        yield load_der_x509_certificate(base64.b64decode(text))


def _has_issued(authority: Certificate, certificate: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - heavy
    from cryptography.x509 import (  # noqa: PLC0415 - heavy
        BasicConstraints,
        ExtensionNotFound,
    )

    try:
        constraints = authority.extensions.get_extension_for_class(BasicConstraints)
        certificate.verify_directly_issued_by(authority)
    except (ExtensionNotFound, InvalidSignature, TypeError, ValueError):
        return False
    return constraints.value.ca
