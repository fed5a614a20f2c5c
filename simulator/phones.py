"""Which phone behaves how: by the mix, as a test forces it, or a person holds it.

A forced behaviour replaces parts of the plan drawn for a number; the number ``*``
stands for every phone that has none of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from simulator.citizens import CallFate, CallPlan, Citizens, SmsFate, SmsPlan
from simulator.errors import ControlError
from simulator.json_fields import fields_given

EVERY_PHONE = "*"

#: Quick and certain: the ground on which a forced behaviour stands.
_FORCED_SMS = SmsPlan(fate=SmsFate.DELIVERED, after_s=1.0)
_FORCED_CALL = CallPlan(fate=CallFate.ANSWERED, ring_s=4.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Forced:
    """What is forced on a phone. None: as drawn (or, for delays, as usual)."""

    #: A person picks up, presses keys and texts through the control interface.
    human: bool = False
    #: Error code with which creating a message or call to it is refused.
    refuse: str | None = None
    sms: SmsFate | None = None
    sms_after_s: float | None = None
    #: Text sent back to each message; forces delivery.
    reply: str | None = None
    reply_after_s: float = 5.0
    call: CallFate | None = None
    ring_s: float | None = None
    #: Keys pressed, one entry a question; forces an answer.
    keys: tuple[str, ...] | None = None
    reaction_s: float | None = None
    #: Rings off so long after answering.
    hangs_up_after_s: float | None = None
    speaks_s: float | None = None

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Forced:
        """Build from a JSON object.

        Raises
        ------
        ControlError
            For a field that does not exist or a value it cannot have.
        """
        given = fields_given(cls, values, "behaviour")
        try:
            if given.get("sms") is not None:
                given["sms"] = SmsFate(given["sms"])
            if given.get("call") is not None:
                given["call"] = CallFate(given["call"])
            if given.get("keys") is not None:
                given["keys"] = _keys(given["keys"])
            for name in _SECONDS:
                if given.get(name) is not None:
                    given[name] = float(given[name])
        except (TypeError, ValueError) as error:
            raise ControlError(f"behaviour: {error}") from error
        return cls(**given)

    def to_json(self) -> dict[str, Any]:
        """Return the behaviour as a JSON object."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["sms"] = self.sms.value if self.sms else None
        values["call"] = self.call.value if self.call else None
        return values


_SECONDS = (
    "sms_after_s", "reply_after_s", "ring_s", "reaction_s", "hangs_up_after_s",
    "speaks_s",
)  # fmt: skip


class Phones:
    """Every phone's behaviour.

    Parameters
    ----------
    citizens : Citizens
        The drawn population.
    """

    def __init__(self, citizens: Citizens) -> None:
        self._citizens = citizens
        self._forced: dict[str, Forced] = {}

    def force(self, phone: str, forced: Forced) -> None:
        """Force a behaviour from now on."""
        self._forced[phone] = forced

    def release(self, phone: str) -> None:
        """Give a phone back to chance; harmless if nothing was forced."""
        self._forced.pop(phone, None)

    def release_all(self) -> None:
        """Give every phone back to chance."""
        self._forced.clear()

    def forced(self, phone: str) -> Forced | None:
        """Behaviour forced on a phone, or None."""
        return self._forced.get(phone) or self._forced.get(EVERY_PHONE)

    def is_human(self, phone: str) -> bool:
        """Whether a person holds it."""
        forced = self.forced(phone)
        return forced is not None and forced.human

    def sms_plan(self, phone: str, nth: int) -> SmsPlan:
        """Plan of the `nth` text to a phone."""
        forced = self.forced(phone)
        if forced is None or (
            not forced.human and forced.sms is None and forced.reply is None
        ):
            return self._citizens.sms(phone, nth)
        plan = replace(
            _FORCED_SMS, reply=forced.reply, reply_after_s=forced.reply_after_s
        )
        if forced.sms is not None:
            plan = replace(plan, fate=forced.sms)
        if forced.sms_after_s is not None:
            plan = replace(plan, after_s=forced.sms_after_s)
        return plan

    def call_plan(self, phone: str, nth: int) -> CallPlan:
        """Plan of the `nth` call to a phone."""
        forced = self.forced(phone)
        if forced is None or (forced.call is None and forced.keys is None):
            return self._citizens.call(phone, nth)
        plan = replace(_FORCED_CALL, fate=forced.call or CallFate.ANSWERED)
        changes = {
            "ring_s": forced.ring_s,
            "keys": forced.keys,
            "reaction_s": forced.reaction_s,
            "patience_s": forced.hangs_up_after_s,
            "speaks_s": forced.speaks_s,
        }
        given: dict[str, Any] = {k: v for k, v in changes.items() if v is not None}
        return replace(plan, **given)


def _keys(values: Any) -> tuple[str, ...]:
    if isinstance(values, str):
        values = [values]
    keys = tuple(str(entry) for entry in values)
    if any(set(entry) - set("0123456789*#") for entry in keys):
        raise ValueError("keys are digits, * and #")
    return keys
