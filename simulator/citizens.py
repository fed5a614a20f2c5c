"""How simulated citizens behave: a documented table, a seed and a phone number.

Pure: the same seed, mix, number and count of earlier contacts give the same plan in
every process. What a person *is* (number dead, reads texts, uses voicemail, which keys)
depends on seed and number alone; what only holds for the moment (busy, not answering,
every delay) is drawn anew for each contact.

All times are virtual seconds; the telco divides them by its time scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from hashlib import blake2b
from struct import Struct

from simulator.errors import SimulatorConfigError

_EIGHT_NUMBERS = Struct(">8Q")
#: Times as long at night: until a phone is found in the dark, until a text is read.
_NIGHT_RINGING = 1.5
_NIGHT_READING = 8.0


class SmsFate(Enum):
    """What becomes of a text message."""

    #: No such number: fails for good.
    DEAD = "dead"
    #: The phone is off or out of reach for too long.
    UNREACHABLE = "unreachable"
    DELIVERED = "delivered"


class CallFate(Enum):
    """What becomes of a call."""

    DEAD = "dead"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    VOICEMAIL = "voicemail"
    ANSWERED = "answered"


@dataclass(frozen=True, kw_only=True, slots=True)
class CitizenMix:
    """Shares of the population, each between 0 and 1.

    The message shares (`dead`, `unreachable`, `replies`) and the call shares (`dead`,
    `busy`, `no_answer`, `voicemail`) may each sum to at most 1; the rest reads in
    silence, or answers. Those who answer divide by the weights `press_1` ... `hang_up`.
    """

    #: The number does not exist any more: neither text nor call arrives.
    dead: float = 0.02
    #: Text only: phone off until the carrier gives up.
    unreachable: float = 0.03
    #: Text only: reads it and answers `reply_text`.
    replies: float = 0.40
    reply_text: str = "1"
    #: Calls, drawn anew for each call.
    busy: float = 0.04
    no_answer: float = 0.16
    #: Calls: a machine takes it, always the same people; it never presses a key.
    voicemail: float = 0.06
    #: Weights among those who answer: understood,
    press_1: float = 0.62
    #: hear it again, then understood,
    press_2_then_1: float = 0.10
    #: needs help,
    press_3: float = 0.06
    #: a key the menu does not offer, and never a right one,
    wrong_digit: float = 0.04
    #: listens to the end without a key,
    silent: float = 0.12
    #: rings off in the middle of the first prompt,
    hang_up: float = 0.06
    #: asks for another language, takes the first one offered, then understood.
    other_language: float = 0.0
    #: Calls: cannot hear it ring, always the same people; texts are read as by anybody.
    deaf: float = 0.0
    #: Calls: a phone of several people: whoever is near takes it, another each time.
    shared: float = 0.0
    #: Calls, added to `no_answer` at night.
    night_no_answer: float = 0.30

    def __post_init__(self) -> None:
        shares = [getattr(self, f.name) for f in fields(self) if f.name != "reply_text"]
        if not all(0.0 <= share <= 1.0 for share in shares):
            raise SimulatorConfigError("every share of the mix must be between 0 and 1")
        if self.dead + self.unreachable + self.replies > 1.0 + 1e-9:
            raise SimulatorConfigError("dead + unreachable + replies is more than 1")
        if self.dead + self.busy + self.no_answer + self.voicemail > 1.0 + 1e-9:
            raise SimulatorConfigError("dead + busy + no_answer + voicemail exceeds 1")
        if self.dead + self.deaf + self.voicemail > 1.0 + 1e-9:
            raise SimulatorConfigError("dead + deaf + voicemail exceeds 1")
        if not sum(weight for weight, _ in self.habits()) > 0.0:
            raise SimulatorConfigError("give at least one habit of answering a weight")

    def habits(self) -> tuple[tuple[float, Habit], ...]:
        """Weight of each way to take an answered call."""
        return (
            (self.press_1, Habit.PRESS_1),
            (self.press_2_then_1, Habit.PRESS_2_THEN_1),
            (self.press_3, Habit.PRESS_3),
            (self.wrong_digit, Habit.WRONG_DIGIT),
            (self.silent, Habit.SILENT),
            (self.hang_up, Habit.HANG_UP),
            (self.other_language, Habit.OTHER_LANGUAGE),
        )


class Habit(Enum):
    """What a person who answers does."""

    PRESS_1 = "press 1"
    PRESS_2_THEN_1 = "press 2 then 1"
    PRESS_3 = "press 3"
    WRONG_DIGIT = "wrong digit"
    SILENT = "silent"
    HANG_UP = "hang up"
    OTHER_LANGUAGE = "other language"


#: Which keys each presses, one a question; nothing is pressed by the others.
_KEYS: Mapping[Habit, tuple[str, ...]] = {
    Habit.PRESS_1: ("1",),
    Habit.PRESS_2_THEN_1: ("2", "1"),
    Habit.PRESS_3: ("3",),
    Habit.WRONG_DIGIT: ("7",) * 9,
    Habit.OTHER_LANGUAGE: ("4", "1", "1"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsPlan:
    """What one text message meets."""

    fate: SmsFate
    #: From the carrier's sending to the receipt (or its giving up).
    after_s: float
    #: The answer, or None.
    reply: str | None = None
    #: From the receipt to the answer.
    reply_after_s: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class CallPlan:
    """What one call meets."""

    fate: CallFate
    #: Ringing until it is answered (or the failure shows).
    ring_s: float
    #: Keys pressed at the first, second, ... question; silence after the last.
    keys: tuple[str, ...] = ()
    #: From the start of a question to the first key.
    reaction_s: float = 3.0
    #: Stays on the line this long at most after answering.
    patience_s: float = 600.0
    #: Speaks this long when recorded; 0: says nothing.
    speaks_s: float = 6.0


#: It rings and rings.
_UNHEARD = CallPlan(fate=CallFate.NO_ANSWER, ring_s=3600.0)


class Citizens:
    """The population as a function of the phone number.

    Parameters
    ----------
    mix : CitizenMix
        The shares.
    seed : int
        Another seed is another population.
    is_night : bool
        Whether people sleep: fewer answer, and all of them later.
    """

    def __init__(self, mix: CitizenMix, *, seed: int, is_night: bool = False) -> None:
        self._mix = mix
        self._seed = seed
        self._is_night = is_night

    def sms(self, phone: str, nth: int) -> SmsPlan:
        """Plan of the `nth` (from 0) text to `phone`."""
        mix = self._mix
        number, person, *_ = self._person(phone)
        delay, wait = self._take(phone, f"sms:{nth}", 2)
        if number < mix.dead:
            return SmsPlan(fate=SmsFate.DEAD, after_s=1.0 + 2.0 * delay)
        # The dead are taken out before: the other shares are of the whole population.
        person *= 1.0 - mix.dead
        if person < mix.unreachable:
            return SmsPlan(fate=SmsFate.UNREACHABLE, after_s=20.0 + 40.0 * delay)
        plan = SmsPlan(fate=SmsFate.DELIVERED, after_s=1.0 + 14.0 * delay**2)
        if person >= mix.unreachable + mix.replies:
            return plan
        return SmsPlan(
            fate=plan.fate,
            after_s=plan.after_s,
            reply=mix.reply_text,
            reply_after_s=(15.0 + 105.0 * wait**2) * self._slowness(_NIGHT_READING),
        )

    def call(self, phone: str, nth: int) -> CallPlan:
        """Plan of the `nth` (from 0) call to `phone`."""
        mix = self._mix
        moment, ring, reaction, other = self._take(phone, f"call:{nth}", 4)
        number, _, machine, habit, sharing = self._person(phone)
        if number < mix.dead:
            return CallPlan(fate=CallFate.DEAD, ring_s=1.0)
        alive = 1.0 - mix.dead
        if machine * alive < mix.voicemail:
            # A mailbox takes the call after a fixed time and records half a minute.
            return CallPlan(fate=CallFate.VOICEMAIL, ring_s=22.0, patience_s=40.0)
        if machine * alive < mix.voicemail + mix.deaf:
            return _UNHEARD
        moment *= alive - mix.voicemail - mix.deaf
        if moment < mix.busy:
            return CallPlan(fate=CallFate.BUSY, ring_s=2.0)
        asleep = mix.night_no_answer if self._is_night else 0.0
        if moment < mix.busy + mix.no_answer + asleep:
            return _UNHEARD
        ring_s = (4.0 + 18.0 * ring) * self._slowness(_NIGHT_RINGING)
        who = other if sharing < mix.shared else habit
        return self._answered(who, ring_s=ring_s, haste=reaction)

    def _slowness(self, at_night: float) -> float:
        return at_night if self._is_night else 1.0

    def _answered(self, mark: float, *, ring_s: float, haste: float) -> CallPlan:
        habit = self._habit(mark)
        hangs_up = habit is Habit.HANG_UP
        return CallPlan(
            fate=CallFate.ANSWERED,
            ring_s=ring_s,
            keys=_KEYS.get(habit, ()),
            reaction_s=2.0 + 8.0 * haste,
            patience_s=1.0 + 4.0 * haste if hangs_up else 600.0,
        )

    def _habit(self, mark: float) -> Habit:
        habits = self._mix.habits()
        mark *= sum(weight for weight, _ in habits)
        for weight, habit in habits:
            if mark < weight:
                return habit
            mark -= weight
        return max(habits, key=lambda entry: entry[0])[1]

    def _person(self, phone: str) -> tuple[float, ...]:
        """What a person is: marks for number, texts, hearing, habit and household."""
        return self._take(phone, "person", 5)

    def _take(self, phone: str, purpose: str, count: int) -> tuple[float, ...]:
        """Up to eight numbers in [0, 1), the same for the same arguments."""
        digest = blake2b(f"{self._seed}:{purpose}:{phone}".encode()).digest()
        return tuple([n / 2**64 for n in _EIGHT_NUMBERS.unpack(digest)[:count]])
