"""Our own signature on the alerts we publish: an enveloped XML-DSig."""

from typing import Any, cast

from lxml import etree
from lxml.etree import _Element

from warning.cap_documents.errors import SigningError
from warning.cap_documents.tree import parse


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
