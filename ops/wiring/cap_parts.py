"""The parts of public warning that depend on the settings of CAP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ops.errors import SettingsError
from warning.cap_documents.cap_gate import CapGate, CapSource
from warning.cap_documents.signature import SignaturePolicy, SignatureTrust
from warning.publishing.cap_publisher import CapPublisher, SigningKey

if TYPE_CHECKING:
    from ops.config.settings import Settings
    from warning.cap_documents.target import GeocodeLookup


def build_gate(
    settings: Settings,
    *,
    now: Callable[[], datetime],
    codes: Callable[[], GeocodeLookup] | None,
) -> CapGate:
    """Make what judges documents.

    Parameters
    ----------
    settings : Settings
    now : callable
        Aware UTC.
    codes : callable or None
        Gives the table of geocodes of this moment.

    Raises
    ------
    SettingsError
        If a certificate cannot be read.
    """
    return CapGate(
        now=now,
        sources=tuple(_sources(settings)),
        trust=SignatureTrust(SignaturePolicy(settings.cap_signatures)),
        codes=codes,
    )


def build_publisher(settings: Settings) -> CapPublisher:
    """Make what writes our alerts for others.

    Raises
    ------
    SettingsError
        If key or certificate are not there, or only one of them.
    """
    return CapPublisher(sender=settings.cap_sender, key=_signing_key(settings))


def _sources(settings: Settings) -> Iterator[CapSource]:
    for name, source in settings.cap_sources.items():
        where = f"cap_sources.{name}.certificates"
        yield CapSource(
            name=name,
            senders=source.senders,
            origins=source.origins,
            trust=SignatureTrust(
                SignaturePolicy(source.signatures),
                tuple(_certificate(path, where) for path in source.certificates),
            ),
        )


def _signing_key(settings: Settings) -> SigningKey | None:
    key, certificate = settings.cap_key_file, settings.cap_certificate_file
    if key is None and certificate is None:
        return None
    if key is None or certificate is None:
        raise SettingsError(
            ["cap_key_file and cap_certificate_file go together; one is missing."]
        )
    return SigningKey(
        _read(key, "cap_key_file"), _certificate(certificate, "cap_certificate_file")
    )


def _certificate(path: Path, where: str) -> str:
    """Read a certificate, and see that it is one.

    Raises
    ------
    SettingsError
        If it is not.
    """
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415 - heavy

    pem = _read(path, where)
    try:
        load_pem_x509_certificate(pem)
        return pem.decode("ascii")
    except ValueError:
        raise SettingsError([f"{where}: {path} is no certificate in PEM."]) from None


def _read(path: Path, where: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        problem = f"{where}: {path} cannot be read: {error.strerror}."
        raise SettingsError([problem]) from None
