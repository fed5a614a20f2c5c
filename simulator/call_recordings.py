"""Keeps what a `<Record>` took, and tells the customer where it is."""

from __future__ import annotations

from simulator.exchange import Exchange
from simulator.forms import Pairs
from simulator.party import Spoken
from simulator.records import Call, Recording
from simulator.twiml import Record
from simulator.twiml_steps import Recorded


def keep_recording(
    call: Call, record: Record, spoken: Spoken | None, exchange: Exchange
) -> Recorded:
    """Put a recording on the shelf, of silence too; calls back if the verb asks."""
    is_silent = spoken is None
    spoken = spoken or Spoken(record.timeout_s, "")
    recording = Recording(
        sid=exchange.rules.new_sid("RE"),
        call_sid=call.sid,
        created_s=exchange.now(),
        duration_s=max(1, round(spoken.duration_s)),
        is_silent=is_silent,
    )
    exchange.ledger.recordings[recording.sid] = recording
    url = f"{exchange.base_url()}{exchange.rules.root}/Recordings/{recording.sid}"
    if record.status_callback:
        form = _callback(exchange.rules.account_sid, recording, url)
        exchange.callbacks.post(recording.sid, record.status_callback, form)
    return Recorded(recording.sid, url, recording.duration_s, spoken.ended_by)


def _callback(account_sid: str, recording: Recording, url: str) -> Pairs:
    return [
        ("AccountSid", account_sid),
        ("CallSid", recording.call_sid),
        ("RecordingSid", recording.sid),
        ("RecordingUrl", url),
        ("RecordingStatus", "completed"),
        ("RecordingDuration", str(recording.duration_s)),
        ("RecordingChannels", "1"),
        ("RecordingSource", "RecordVerb"),
    ]
