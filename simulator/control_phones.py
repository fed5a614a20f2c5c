"""Phones over the control interface: their inbox, behaviour, and a person's hands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from simulator.citizens import CallFate, CallPlan
from simulator.dialect_rules import format_time
from simulator.errors import ControlError
from simulator.numbering import normalized
from simulator.parts import TelcoParts
from simulator.party import HumanParty
from simulator.phones import EVERY_PHONE, Forced
from simulator.records import Call, Message

_MAX_RECORDS = 200
_MAX_PHONES = 100

Values = Mapping[str, Any]


class PhoneControl:
    """Looks into phones and acts for the people who hold them.

    Parameters
    ----------
    parts : TelcoParts
        The running telco.
    """

    def __init__(self, parts: TelcoParts) -> None:
        self._parts = parts
        self._acts: dict[str, Callable[[str, Values], dict[str, Any]]] = {
            "answer": self._answer,
            "hang-up": self._hang_up,
            "keys": self._press_keys,
            "texts": self._text,
            "calls": self._call,
        }

    def recent(self) -> dict[str, Any]:
        """Phones that something happened to lately, newest first."""
        ledger = self._parts.ledger
        phones = dict.fromkeys(
            ledger.calls.newest_phones(_MAX_PHONES)
            + ledger.messages.newest_phones(_MAX_PHONES)
        )
        return {"phones": list(phones)[:_MAX_PHONES]}

    def inbox(self, phone: str) -> dict[str, Any]:
        """Texts and calls of one phone, newest first, and what it does now."""
        ledger, forced = self._parts.ledger, self._parts.phones.forced(phone)
        texts = islice(ledger.messages.of_phone(phone), _MAX_RECORDS)
        calls = islice(ledger.calls.of_phone(phone), _MAX_RECORDS)
        return {
            "phone": phone,
            "behaviour": forced.to_json() if forced else None,
            "state": self._state(phone),
            "numbers": [own.number for own in self._parts.numbers],
            "texts": [_text_json(message) for message in texts],
            "calls": [_call_json(call) for call in calls],
        }

    def force(self, phone: str, values: Values) -> dict[str, Any]:
        """Force a behaviour on a phone, or on every one (``*``)."""
        forced = Forced.from_json(values)
        self._parts.phones.force(phone, forced)
        return forced.to_json()

    def force_many(self, values: Values) -> dict[str, Any]:
        """Force behaviours on many phones at once, all or none."""
        behaviours = {
            normalized(phone): Forced.from_json(value)
            for phone, value in values.items()
        }
        for phone, forced in behaviours.items():
            self._parts.phones.force(phone, forced)
        return {"forced": len(behaviours)}

    def act(self, phone: str, what: str, values: Values) -> dict[str, Any]:
        """Do what a person at the phone does.

        Raises
        ------
        ControlError
            If there is no such act, or the phone is not in a state for it.
        """
        if phone == EVERY_PHONE:
            raise ControlError("name one phone")
        if what not in self._acts:
            acts = ", ".join(self._acts)
            raise ControlError(f"{what!r} is not one of: {acts}", status=404)
        return self._acts[what](phone, values)

    def _answer(self, phone: str, _values: Values) -> dict[str, Any]:
        if not self._party(phone).answer():
            raise ControlError("the phone does not ring", status=409)
        return {"state": "talking"}

    def _hang_up(self, phone: str, _values: Values) -> dict[str, Any]:
        self._party(phone).hang_up()
        return {"state": "idle"}

    def _press_keys(self, phone: str, values: Values) -> dict[str, Any]:
        keys = str(values.get("keys", ""))
        if not keys or set(keys) - set("0123456789*#"):
            raise ControlError("keys must be one or more of 0-9, * and #")
        self._party(phone).press_keys(keys)
        return {"pressed": keys}

    def _text(self, phone: str, values: Values) -> dict[str, Any]:
        to, body = normalized(_wanted(values, "to")), _wanted(values, "body")
        return _text_json(self._parts.line.text_from(phone, to, body))

    def _call(self, phone: str, values: Values) -> dict[str, Any]:
        to = normalized(_wanted(values, "to"))
        url = self._parts.numbers.voice_url(to)
        if url is None:
            raise ControlError(f"nobody answers calls to {to!r}: set its voice_url")
        plan = None if values.get("human") else _caller_plan(values)
        call = self._parts.desk.call_from(phone, to, url=url, plan=plan)
        return _call_json(call)

    def _party(self, phone: str) -> HumanParty:
        found = self._parts.desk.human_at(phone)
        if found is None:
            raise ControlError("no person is in a call at this phone", status=409)
        return found[1]

    def _state(self, phone: str) -> str:
        found = self._parts.desk.human_at(phone)
        if found is None:
            return "idle"
        return "ringing" if found[1].is_ringing else "talking"


def _caller_plan(values: Values) -> CallPlan:
    forced = Forced.from_json(
        {
            name: values[name]
            for name in ("keys", "reaction_s", "hangs_up_after_s", "speaks_s")
            if name in values
        }
    )
    usual = CallPlan(fate=CallFate.ANSWERED, ring_s=0.0)

    def given(value: float | None, otherwise: float) -> float:
        return otherwise if value is None else value

    return CallPlan(
        fate=CallFate.ANSWERED,
        ring_s=0.0,
        keys=forced.keys or (),
        reaction_s=given(forced.reaction_s, usual.reaction_s),
        patience_s=given(forced.hangs_up_after_s, usual.patience_s),
        speaks_s=given(forced.speaks_s, usual.speaks_s),
    )


def _wanted(values: Values, name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise ControlError(f"{name} is missing")
    return value


def _text_json(message: Message) -> dict[str, Any]:
    return {
        "sid": message.sid,
        "direction": message.direction,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "status": message.status,
        "error_code": message.error_code,
        "at": format_time(message.created_s),
    }


def _call_json(call: Call) -> dict[str, Any]:
    return {
        "sid": call.sid,
        "direction": call.direction,
        "from": call.from_,
        "to": call.to,
        "status": call.status,
        "duration_s": call.duration_s,
        "answered_by": call.answered_by,
        "at": format_time(call.created_s),
        "transcript": list(call.transcript),
    }
