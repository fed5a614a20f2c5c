"""Many texts that worker processes send through the built-in telco."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ops.config.settings import CarrierSettings
from ops.wiring.services import Services
from simulator.citizens import CitizenMix
from simulator.testing import RunningSimulator
from telephony.delivery import Channel, Content, DeliveryState, Lane, NewDelivery

OWNER = "check:1"
#: Everybody reads in silence: nothing goes wrong but what a test breaks.
WILLING = CitizenMix(dead=0, unreachable=0, replies=0)


def carrier_at(telco: RunningSimulator, **choices: object) -> CarrierSettings:
    """The telco as an installation's carrier."""
    known: dict[str, object] = {
        "base_url": telco.base_url,
        "account_sid": telco.config.account_sid,
        "auth_token": telco.config.auth_token,
        "sms_from": "+85510000000",
    }
    return CarrierSettings.model_validate(known | choices)


def queue_up(
    services: Services, n: int, *, owner: str = OWNER, lane: Lane = Lane.WARNING
) -> None:
    """So many texts of one lane, each to another number."""
    now = datetime.now(UTC)  # noqa: TID251 - a real worker reads the real clock
    text = Content(
        owner_ref=owner,
        variant="warning",
        language="en",
        sms_text="The river rises. Go up.",
        script="warning",
    )
    with services.database.unit_of_work() as uow:
        content_id = uow.outbox.add_content(text)
        uow.outbox.enqueue(
            [
                NewDelivery(
                    owner_ref=owner,
                    recipient_id=person,
                    phone=f"+85512{int(lane)}{person:05d}",
                    channel=Channel.SMS,
                    content_id=content_id,
                    lane=lane,
                    position=person,
                    not_before=now,
                    deadline=now + timedelta(hours=1),
                )
                for person in range(1, n + 1)
            ]
        )
        uow.commit()


def states_of(services: Services) -> dict[DeliveryState, int]:
    """DeliveryState → deliveries."""
    with services.database.read_only() as uow:
        counts = uow.outbox.counts(OWNER)
    states: dict[DeliveryState, int] = {}
    for (_, state, _), n in counts.items():
        states[DeliveryState(state)] = states.get(DeliveryState(state), 0) + n
    return states


def n_open(services: Services) -> int:
    """Deliveries that the carrier has not taken yet, as far as we know."""
    states = states_of(services)
    return sum(n for state, n in states.items() if state < DeliveryState.SENT)


def n_taken(telco: RunningSimulator) -> int:
    """How many texts the telco has accepted."""
    return telco.counters().get("messages.accepted", 0)


def evidence(telco: RunningSimulator) -> dict[str, object]:
    """What the telco took, by the attempt's own id."""
    return dict(telco.control("GET", "exactly-once?kind=message"))


def each_once(n: int) -> Mapping[str, object]:
    """The evidence where so many got one text each."""
    return {
        "accepted": n,
        "recipients": n,
        "marks": n,
        "repeated": {},
        "unmarked": 0,
    }
