"""What comes after what: the steps of an escalation plan, and the turns they make.

A plan is written for whoever is told by text first. Whoever is told by voice first, a
blind person for one, takes the same steps with the first two exchanged; whoever has one
channel only takes those that are theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Protocol

from telephony.delivery import Channel
from warning.alert import AlertCase
from warning.recipients import RecipientState, Turn


@dataclass(frozen=True, kw_only=True, slots=True)
class EscalationStep:
    """One way to reach a person, and when it is that way's turn."""

    channel: Channel
    #: How long the step before may stay unanswered.
    after: timedelta
    #: Who has come so far is left in peace.
    unless: RecipientState = RecipientState.CONFIRMED


@dataclass(frozen=True, kw_only=True, slots=True)
class FocalPointStep:
    """When focal points are told who of their village is silent, and what of them."""

    #: How long the last step may stay unanswered; then again for whoever is new.
    after: timedelta
    #: Whether the list has telephone numbers, too.
    tells_phones: bool = False


@dataclass(frozen=True, slots=True)
class EscalationPlan:
    """Steps in order; the first is taken at once."""

    steps: tuple[EscalationStep, ...]
    focal_points: FocalPointStep | None = None

    def of(self, case: AlertCase) -> EscalationPlan:
        """The same for every alert."""
        del case
        return self

    @property
    def turns(self) -> tuple[tuple[Turn, timedelta], ...]:
        """Every way from one step to the next, and how long it waits."""
        turns: list[tuple[Turn, timedelta]] = []
        rounds = count(0, -1)
        for step in self.steps[1:]:
            turns += _turns_to(step, next(rounds))
        return tuple(turns)

    @property
    def last_call(self) -> int | None:
        """Round of the last call; None if nobody is called."""
        n_calls = sum(step.channel is Channel.VOICE for step in self.steps)
        return 1 - n_calls if n_calls else None


class PlanChoice(Protocol):
    """Chooses a plan for an alert; a plan chooses itself."""

    def of(self, case: AlertCase) -> EscalationPlan:
        """The plan of an alert."""
        ...


def text_then_call(after: timedelta) -> EscalationPlan:
    """A text first, a call to those who have not confirmed ``after`` that."""
    return EscalationPlan(
        (
            EscalationStep(channel=Channel.SMS, after=timedelta(0)),
            EscalationStep(channel=Channel.VOICE, after=after),
        )
    )


def _turns_to(step: EscalationStep, call_round: int) -> list[tuple[Turn, timedelta]]:
    """The first call exchanges with the text; a further one follows either."""
    text, call = Channel.SMS, Channel.VOICE
    if call_round == 0:
        ways = [(text, call), (call, text)]
    else:
        ways = [(call, call), (text, call)]
    return [
        (
            Turn(
                from_channel=before,
                to_channel=then,
                round=call_round,
                unless=step.unless,
            ),
            step.after,
        )
        for before, then in ways
    ]
