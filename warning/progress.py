"""How far an alert has come: four figures that are never mixed, and what is left.

Reached is a receipt, heard a call to a person, confirmed a key press or a reply. A pure
read model over counts: it asks no store and no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from telephony.delivery import Channel, DeliveryState
from warning.alert import AlertCase, AlertState
from warning.recipients import (
    Audience,
    AudienceSummary,
    RecipientCounts,
    RecipientState,
)

#: (channel, DeliveryState value, code) → deliveries, as ``Outbox.counts`` gives them.
DeliveryCounts = Mapping[tuple[Channel, int, str | None], int]
#: Written once: there are thousands of areas.
_WORDS = {state: state.name.lower() for state in RecipientState}


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelProgress:
    """One channel's deliveries. Who confirmed has also heard and been reached."""

    attempted: int = 0
    reached: int = 0
    heard: int = 0
    confirmed: int = 0
    #: Reason → deliveries that failed, expired or were withdrawn.
    failed: Mapping[str, int] = field(default_factory=dict)
    #: Still queued or under way.
    open: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """An alert's figures at one moment."""

    state: AlertState
    #: People inside the area, reachable or not; 0 before approval.
    affected: int
    #: Of them, how many are written out so far.
    planned: int
    #: People to whom something was sent, on any channel.
    people_attempted: int
    #: RecipientState's word → people, the excluded not counted.
    by_state: Mapping[str, int]
    #: Area code → RecipientState's word → people.
    by_area: Mapping[str, Mapping[str, int]]
    by_language: Mapping[str, int]
    #: Exclusion → people.
    excluded: Mapping[str, int]
    sms: ChannelProgress
    voice: ChannelProgress
    #: People, over all channels; who asks for help has confirmed.
    confirmed: int
    needs_help: int
    #: Seconds from going live to the first and the last message a carrier took.
    first_message_s: float | None
    last_message_s: float | None
    messages_per_s: float | None
    geofence_ms: float | None
    #: Whether everybody has a final or explained state, and no further step is to come.
    settled: bool
    #: Variant → people for whom it is meant, reachable or not.
    by_variant: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryLine:
    """One delivery as the API lists it: no phone number, the person by id."""

    delivery_id: int
    subscriber_id: int
    channel: Channel
    language: str
    state: DeliveryState
    attempts: int
    #: Why it failed, when it did.
    code: str | None
    updated_at: datetime


def progress_of(
    case: AlertCase,
    *,
    audience: Audience | AudienceSummary | None,
    people: RecipientCounts,
    deliveries: DeliveryCounts,
    attempted: Mapping[Channel, int],
    people_attempted: int,
    sending_span: tuple[datetime, datetime] | None,
) -> Progress:
    """Put the counts of an alert together.

    Settled is here whether nothing is under way; that nobody waits for another step is
    for whoever knows of those to say.

    Parameters
    ----------
    case : AlertCase
    audience : Audience, AudienceSummary or None
        None before approval.
    people : RecipientCounts
    deliveries, attempted, people_attempted, sending_span
        As ``Outbox`` gives them for this alert.
    """
    affected = audience.n_affected if audience else 0
    sms = channel_progress(Channel.SMS, deliveries, attempted)
    voice = channel_progress(Channel.VOICE, deliveries, attempted)
    needs_help = people.by_state.get(RecipientState.NEEDS_HELP, 0)
    first_s, last_s = _since_approval(case, sending_span)
    # Of an alert that was closed nobody else will ever be written out.
    is_closed = case.state in {AlertState.CANCELLED, AlertState.ENDED}
    is_written = audience is not None and people.n_planned >= affected
    return Progress(
        state=case.state,
        affected=affected,
        planned=people.n_planned,
        people_attempted=people_attempted,
        by_state=_words(people.by_state),
        by_area={area: _words(states) for area, states in people.by_area.items()},
        by_language=dict(audience.by_language) if audience else {},
        excluded=dict(people.excluded),
        sms=sms,
        voice=voice,
        confirmed=people.by_state.get(RecipientState.CONFIRMED, 0) + needs_help,
        needs_help=needs_help,
        first_message_s=first_s,
        last_message_s=last_s,
        messages_per_s=_pace(sms.attempted + voice.attempted, sending_span),
        geofence_ms=audience.geofence_ms if audience else None,
        settled=(is_written or is_closed) and not (sms.open or voice.open),
        by_variant=audience.by_variant if audience else {},
    )


def channel_progress(
    channel: Channel, deliveries: DeliveryCounts, attempted: Mapping[Channel, int]
) -> ChannelProgress:
    """Put the counts of one channel together."""
    own = [
        (DeliveryState(value), code, n)
        for (of_channel, value, code), n in deliveries.items()
        if of_channel is channel
    ]
    failed: Counter[str] = Counter()
    for state, code, n in own:
        if not state.is_open and state < DeliveryState.REACHED:
            failed[code or state.name.lower()] += n

    def at_least(floor: DeliveryState) -> int:
        return sum(n for state, _, n in own if state >= floor)

    return ChannelProgress(
        attempted=attempted.get(channel, 0),
        reached=at_least(DeliveryState.REACHED),
        heard=at_least(DeliveryState.HEARD),
        confirmed=at_least(DeliveryState.CONFIRMED),
        failed=dict(failed),
        open=sum(n for state, _, n in own if state.is_open),
    )


def _words(states: Mapping[RecipientState, int]) -> dict[str, int]:
    return {_WORDS[state]: n for state, n in states.items()}


def _since_approval(
    case: AlertCase, span: tuple[datetime, datetime] | None
) -> tuple[float | None, float | None]:
    since = case.live_at or case.approved_at
    if span is None or since is None:
        return None, None
    first, last = ((at - since).total_seconds() for at in span)
    return first, last


def _pace(n_sent: int, span: tuple[datetime, datetime] | None) -> float | None:
    """Messages and calls per second between the first and the last."""
    seconds = (span[1] - span[0]).total_seconds() if span else 0.0
    return n_sent / seconds if seconds > 0 else None
