"""Fetches what was recorded in calls from the carrier that recorded it.

Only the configured carrier is asked, at an address made of its settings and the name of
the recording; what is redirected is followed to hosts of the settings alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

from telephony.calls.call_replies import RecordingRef
from telephony.carriers.carrier_account import CarrierAccount
from telephony.errors import (
    CarrierUnavailableError,
    RecordingLateError,
    RecordingLostError,
)

#: Two minutes of 8 kHz and 16 bit are 2 MB; some carriers keep two channels.
MAX_BYTES = 8 * 1024 * 1024
_API = "2010-04-01"
_GONE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.GONE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Downloaded:
    """What came back, whatever the status."""

    status: int
    body: bytes = field(repr=False)


class Download(Protocol):
    """Asks for a file over HTTP, once."""

    def __call__(
        self,
        url: str,
        *,
        credentials: tuple[str, str],
        hosts: Collection[str],
        timeout_s: float,
        max_bytes: int,
    ) -> Downloaded:
        """Fetch; redirects are followed on these hosts, without the credentials.

        Raises
        ------
        CarrierUnavailableError
            If no answer came in time.
        RecordingLostError
            If the answer is larger than allowed.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordingHost:
    """One carrier as the place where recordings are."""

    account: CarrierAccount
    #: Hosts to which it may redirect, e.g. its storage.
    hosts: tuple[str, ...] = ()


class Recordings(Protocol):
    """Where recordings are, for whoever brings them here."""

    def fetch(self, ref: str, *, timeout_s: float) -> bytes:
        """Fetch one recording; asks once; raises as `CarrierRecordings.fetch`."""
        ...


class CarrierRecordings:
    """Fetches recordings. Thread-safe if the download is.

    Parameters
    ----------
    carriers : mapping of str to RecordingHost
        By name.
    download : Download
    """

    def __init__(
        self, carriers: Mapping[str, RecordingHost], download: Download
    ) -> None:
        self._carriers = dict(carriers)
        self._download = download

    def fetch(self, ref: str, *, timeout_s: float) -> bytes:
        """Fetch one recording; asks once.

        Parameters
        ----------
        ref : str
            As ``RecordingRef`` writes it.
        timeout_s : float
            Seconds in all.

        Raises
        ------
        CarrierUnavailableError
            If the carrier does not answer, or not now, or not to us.
        RecordingLateError
            If it does not have the recording.
        RecordingLostError
            If nothing will come of asking again.
        """
        known = RecordingRef.parse(ref)
        carrier = self._carriers.get(known.carrier) if known else None
        if known is None or carrier is None:
            raise RecordingLostError("No carrier of this name is configured any more.")
        account = carrier.account
        answer = self._download(
            f"{account.base_url.rstrip('/')}/{_API}/Accounts/{account.account_sid}"
            f"/Recordings/{known.sid}.wav",
            credentials=(account.account_sid, account.auth_token),
            hosts=carrier.hosts,
            timeout_s=timeout_s,
            max_bytes=MAX_BYTES,
        )
        _require_success(answer.status)
        return answer.body


def _require_success(status: int) -> None:
    """Judge a status.

    Raises
    ------
    CarrierUnavailableError
        If the carrier cannot answer now.
    RecordingLateError
        If it does not have the recording.
    RecordingLostError
        If it never will.
    """
    if status == HTTPStatus.OK:
        return
    if status == HTTPStatus.NOT_FOUND:
        raise RecordingLateError("The carrier does not have the recording.")
    if status in _GONE:
        raise RecordingLostError(f"The carrier answers {status} to the question.")
    # A wrong token (401, 403) is a fault of the settings, which somebody will mend.
    raise CarrierUnavailableError(f"The carrier answers {status} to the question.")
