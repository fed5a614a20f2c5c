"""Takes up again, at a start, what the journal says was accepted before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simulator.errors import JournalError
from simulator.journal import read_journal
from simulator.message_line import MessageLine
from simulator.records import Call, Ledger, Message


def remember(path: Path, ledger: Ledger, line: MessageLine) -> None:
    """Fill an empty ledger from a journal.

    Messages that had not come to an end go on; calls that had not are failed, as the
    line of each was cut. Nothing is called back about the past.

    Raises
    ------
    JournalError
        If an entry misses a field.
    """
    for number, entry in enumerate(read_journal(path), start=1):
        try:
            _apply(entry, ledger)
        except KeyError as error:
            raise JournalError(f"{path}, line {number}: no field {error}") from error
    for message in list(ledger.messages.oldest_first()):
        if not message.is_final:
            line.resume(message)
    for call in ledger.calls.oldest_first():
        if not call.is_final:
            call.status = "failed"


def _apply(entry: dict[str, Any], ledger: Ledger) -> None:
    kind = entry.get("accepted")
    if kind == "message":
        ledger.messages.add(_message(entry))
    elif kind == "call":
        ledger.calls.add(_call(entry))
    else:
        sid = entry["ended"]
        record = ledger.messages.find(sid) or ledger.calls.find(sid)
        if record is not None:
            record.status = entry["status"]
            record.updated_s = entry["at"]
            record.error_code = entry["error_code"]


def _message(entry: dict[str, Any]) -> Message:
    return Message(
        sid=entry["sid"],
        to=entry["to"],
        from_=entry["from"],
        body=entry["body"] or "",
        status="queued",
        direction=entry["direction"],
        created_s=entry["at"],
        updated_s=entry["at"],
        status_callback=entry["status_callback"],
    )


def _call(entry: dict[str, Any]) -> Call:
    return Call(
        sid=entry["sid"],
        to=entry["to"],
        from_=entry["from"],
        status="queued",
        direction=entry["direction"],
        created_s=entry["at"],
        updated_s=entry["at"],
        status_callback=entry["status_callback"],
    )
