"""What the news of deliveries means for the people of an alert.

Runs inside the transaction that records the news. A repeat changes nothing, and a late
piece of news never takes a person back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from telephony.delivery import DeliveryEvent, DeliveryState
from warning.alert import OWNER_PREFIX, AlertId, AlertState
from warning.people.subscribers import Status
from warning.ports import UnitOfWork
from warning.recipients import Exclusion, RecipientState
from warning.strikes import StrikeCounter

#: How far a person is known to have been reached when a delivery gets this far.
STATE_OF_DELIVERY: Mapping[DeliveryState, RecipientState] = {
    DeliveryState.SENT: RecipientState.ATTEMPTED,
    DeliveryState.EXPIRED: RecipientState.UNREACHABLE,
    DeliveryState.FAILED: RecipientState.UNREACHABLE,
    DeliveryState.REACHED: RecipientState.REACHED,
    DeliveryState.HEARD: RecipientState.HEARD,
    DeliveryState.CONFIRMED: RecipientState.CONFIRMED,
}

#: What a person told us, and what that makes of them.
STATE_OF_ANSWER: Mapping[str, RecipientState] = {
    "CONFIRMED": RecipientState.CONFIRMED,
    "SAFE": RecipientState.CONFIRMED,
    "NEED_HELP": RecipientState.NEEDS_HELP,
    "URGENT": RecipientState.NEEDS_HELP,
}

#: What a person told us that holds beyond this alert.
STATUS_OF_ANSWER: Mapping[str, Status] = {
    "OPTED_OUT": Status.OPTED_OUT,
    "OPTED_IN": Status.ACTIVE,
}

#: News after which something may be queued for a person who wants no more of it.
_MAY_RING_AGAIN = frozenset({DeliveryState.QUEUED, DeliveryState.CONFIRMED})


class WarningListener:
    """Keep the people of alerts in step with their deliveries.

    Parameters
    ----------
    now : callable
        Aware UTC.
    strikes : StrikeCounter, optional
        Counts failures that speak against numbers.
    """

    def __init__(
        self, *, now: Callable[[], datetime], strikes: StrikeCounter | None = None
    ) -> None:
        self._now = now
        self._strikes = strikes

    def on_delivery_events(
        self, uow: UnitOfWork, events: Sequence[DeliveryEvent]
    ) -> None:
        """Take note of news about deliveries of alerts."""
        for alert_id, news in _by_alert(events).items():
            states = _best_states(news)
            if states:
                uow.alerts.advance_recipients(alert_id, states)
        self._note_wishes(uow, events)
        if self._strikes is not None:
            self._strikes.note(uow, events)
        for alert_id, news in _by_alert(events).items():
            if uow.alerts.get(alert_id).state is AlertState.LIVE:
                self._leave_in_peace(uow, alert_id, news)
            elif any(event.state is DeliveryState.QUEUED for event in news):
                # It was under way when the alert was closed, and is to be tried again.
                uow.outbox.cancel(news[0].owner_ref, now=self._now())

    def _leave_in_peace(
        self, uow: UnitOfWork, alert_id: AlertId, news: Sequence[DeliveryEvent]
    ) -> None:
        """Who has confirmed or said STOP is not tried again, also not by a retry."""
        people = sorted({e.recipient_id for e in news if e.state in _MAY_RING_AGAIN})
        if not people:
            return
        done = set(uow.alerts.confirmed(alert_id, people))
        active = uow.subscribers.rows(people)
        done.update(
            person
            for person in people
            if person not in active or active[person].status != Status.ACTIVE
        )
        if done:
            uow.outbox.withdraw(news[0].owner_ref, sorted(done), now=self._now())

    def _note_wishes(self, uow: UnitOfWork, events: Sequence[DeliveryEvent]) -> None:
        """STOP and its undoing hold at once, and in the order they were said."""
        wishes: dict[int, Status] = {}
        for event in sorted(events, key=lambda event: event.at):
            status = STATUS_OF_ANSWER.get(event.answer or "")
            if status is not None:
                wishes[event.recipient_id] = status
        for status in dict.fromkeys(wishes.values()):
            people = [person for person, wish in wishes.items() if wish is status]
            grant_wish(uow, people, status, now=self._now())


def grant_wish(
    uow: UnitOfWork, people: Sequence[int], status: Status, *, now: datetime
) -> None:
    """Let STOP, or its undoing, hold for people: also for what is queued for them."""
    known = uow.subscribers.rows(people)
    changed = [one for one in people if one in known and known[one].status != status]
    uow.subscribers.set_status(people, status, now=now)
    for person in changed:
        # By whom is not said: the person, by text, key or at their carrier.
        uow.audit.append(
            at=now,
            actor="system",
            action=f"subscriber.{status.value}",
            subject=f"subscriber:{person}",
            details={"before": known[person].status},
        )
    if status is Status.OPTED_OUT:
        phones = [person.phone for person in uow.subscribers.rows(people).values()]
        uow.outbox.withdraw_everywhere(phones, now=now)
        uow.alerts.leave_out(people, Exclusion.OPTED_OUT)


def _by_alert(
    events: Iterable[DeliveryEvent],
) -> dict[AlertId, list[DeliveryEvent]]:
    grouped: dict[AlertId, list[DeliveryEvent]] = defaultdict(list)
    for event in events:
        grouped[AlertId(event.owner_ref.removeprefix(OWNER_PREFIX))].append(event)
    return grouped


def _best_states(events: Iterable[DeliveryEvent]) -> dict[int, RecipientState]:
    """The furthest each person is known to have come."""
    best: dict[int, RecipientState] = {}
    for event in events:
        for state in (
            STATE_OF_DELIVERY.get(event.state),
            STATE_OF_ANSWER.get(event.answer or ""),
        ):
            if state is not None and state > best.get(event.recipient_id, -1):
                best[event.recipient_id] = state
    return best
