"""The account itself, its numbers and its recordings: what a customer checks."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from simulator.dialect_rules import API_VERSION, format_time
from simulator.exchange import Exchange
from simulator.forms import Pairs
from simulator.numbering import normalized
from simulator.records import Recording
from simulator.refusals import Reason
from simulator.resources.checks import OK, Answer, RefusedError
from simulator.sound import tone


class Account:
    """What belongs to the account.

    Parameters
    ----------
    exchange : Exchange
        The telco's own parts.
    opened_s : float
        When the account was opened, seconds since the epoch.
    """

    def __init__(self, *, exchange: Exchange, opened_s: float) -> None:
        self._exchange = exchange
        self._opened_s = opened_s

    def fetch(self) -> Answer:
        """Return the account, without its token."""
        sid = self._exchange.rules.account_sid
        return OK, {
            "sid": sid,
            "friendly_name": "Built-in telco",
            "status": "active",
            "type": "Full",
            "owner_account_sid": sid,
            "date_created": format_time(self._opened_s),
            "date_updated": format_time(self._opened_s),
            "subresource_uris": {
                "messages": f"{self._exchange.rules.root}/Messages.json",
                "calls": f"{self._exchange.rules.root}/Calls.json",
            },
            "uri": f"{self._exchange.rules.root}.json",
        }

    def numbers(self, query: Pairs) -> Answer:
        """List the account's numbers."""
        wanted = normalized(dict(query).get("PhoneNumber", ""))
        rows = [
            self._number_json(own.number, own.sms_url, own.voice_url)
            for own in self._exchange.numbers
            if wanted in {"", own.number}
        ]
        uri = (
            f"{self._exchange.rules.root}/IncomingPhoneNumbers.json?PageSize=50&Page=0"
        )
        return OK, {
            "incoming_phone_numbers": rows,
            "page": 0,
            "page_size": 50,
            "start": 0,
            "end": max(len(rows) - 1, 0),
            "uri": uri,
            "first_page_uri": uri,
            "next_page_uri": None,
            "previous_page_uri": None,
        }

    def recording(self, sid: str) -> Answer:
        """Return one recording's description."""
        recording = self._get(sid)
        uri = f"{self._exchange.rules.root}/Recordings/{sid}"
        return OK, {
            "account_sid": self._exchange.rules.account_sid,
            "api_version": API_VERSION,
            "call_sid": recording.call_sid,
            "channels": 1,
            "date_created": format_time(recording.created_s),
            "date_updated": format_time(recording.created_s),
            "start_time": format_time(recording.created_s),
            "duration": str(recording.duration_s),
            "sid": sid,
            "price": None,
            "price_unit": None,
            "status": "completed",
            "source": "RecordVerb",
            "error_code": None,
            "uri": f"{uri}.json",
            "subresource_uris": {},
            "media_url": uri,
        }

    def recording_sound(self, sid: str) -> bytes:
        """Return the WAV file of a recording: a tone of its length, or silence."""
        recording = self._get(sid)
        return tone(recording.duration_s, is_silent=recording.is_silent)

    def _number_json(
        self, number: str, sms_url: str | None, voice_url: str | None
    ) -> dict[str, Any]:
        digest = blake2b(number.encode(), digest_size=16).hexdigest()
        return {
            "account_sid": self._exchange.rules.account_sid,
            "api_version": API_VERSION,
            "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
            "date_created": format_time(self._opened_s),
            "date_updated": format_time(self._opened_s),
            "friendly_name": number,
            "phone_number": number,
            "sid": f"PN{digest}",
            "sms_method": "POST",
            "sms_url": sms_url or "",
            "status": "in-use",
            "uri": f"{self._exchange.rules.root}/IncomingPhoneNumbers/PN{digest}.json",
            "voice_method": "POST",
            "voice_url": voice_url or "",
        }

    def _get(self, sid: str) -> Recording:
        recording = self._exchange.ledger.recordings.get(sid)
        if recording is None:
            raise RefusedError(Reason.NOT_FOUND)
        return recording
