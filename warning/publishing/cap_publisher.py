"""Our alerts as documents for other systems, signed if there is a key for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from warning.cap import Alert
from warning.cap_documents import cap_xml
from warning.cap_documents.signing import sign


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What we sign with."""

    #: Private key, unencrypted PEM.
    key_pem: bytes = field(repr=False)
    certificate_pem: str


class CapPublisher:
    """Writes alerts.

    Parameters
    ----------
    sender : str
        Our own CAP sender: nobody else's alert is signed by us.
    key : SigningKey, optional
        Without one nothing is signed.
    """

    def __init__(self, *, sender: str, key: SigningKey | None = None) -> None:
        self._sender = sender
        self._key = key
        # A signature is another one each time; readers compare what they are served.
        self._signed = lru_cache(maxsize=256)(self._sign)

    def document(self, cap: Alert) -> bytes:
        """Return an alert as CAP 1.2, the same bytes each time.

        Raises
        ------
        UnwritableAlertError
            If it is no proper message.
        SigningError
            If the key or its certificate cannot be used.
        """
        if self._key is None or cap.sender != self._sender:
            return cap_xml.write(cap)
        return self._signed(cap)

    def _sign(self, cap: Alert) -> bytes:
        assert self._key is not None, "asked only with a key"
        return sign(
            cap_xml.write(cap),
            key_pem=self._key.key_pem,
            certificate_pem=self._key.certificate_pem,
        )
