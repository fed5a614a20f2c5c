"""Keys and certificates made for tests, valid around ``NOW``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def key_pair(
    name: str, *, issuer: str = "", is_authority: bool = False
) -> tuple[bytes, str]:
    """Return (key, certificate) in PEM; signed by itself or by an authority.

    A name with ``rsa`` in it has an RSA key, all others one on a curve.
    """
    key = _key(name)
    signer = _key(issuer or name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer or name))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=30))
    )
    if is_authority:
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        certificate = certificate.add_extension(constraints, critical=True)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    made = certificate.sign(signer, hashes.SHA256())
    return pem, made.public_bytes(serialization.Encoding.PEM).decode()


@cache
def _key(name: str) -> Key:
    if "rsa" in name:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
