"""Callbacks repeated and shuffled come to the same end as once and in order."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from store.database import Database
from store.tables.deliveries import attempts, deliveries
from telephony.delivery import (
    AttemptId,
    AttemptState,
    CarrierEvent,
    Channel,
    EventKind,
)
from tests.unit.telephony.virtual_time import START, VirtualClock
from tests.unit.telephony.world import World

#: Callbacks that are sent, repeats included; ``make soak`` sends 100,000.
N_CALLBACKS = int(os.environ.get("SOAK_CALLBACKS", "30000"))
#: One for each text that was accepted: what its carrier reports, in order.
LIVES: Sequence[Sequence[tuple[str, str | None]]] = (
    (("queued", None), ("sent", None), ("delivered", None)),
    (("sent", None), ("undelivered", "30005")),
    (("sent", None), ("undelivered", "30003")),
    (("failed", "21610"),),
    (("sent", None), ("delivered", None), ("read", None)),
    (("sending", None), ("teleported", None), ("delivered", None)),
)


ANSWERER, ENDED, STEP = (
    EventKind.CALL_ANSWERER,
    EventKind.CALL_STATUS,
    EventKind.CALL_STEP,
)
_LONG = (ENDED, (), {"CallStatus": "completed", "CallDuration": "30"})
#: The same of calls: door, what was decided, and the form.
CALLS: Sequence[Sequence[tuple[EventKind, tuple[str, ...], dict[str, str]]]] = (
    ((ANSWERER, (), {"AnsweredBy": "human"}), _LONG),
    ((ANSWERER, (), {"AnsweredBy": "machine_start"}), _LONG),
    ((ANSWERER, (), {"AnsweredBy": "unknown"}), _LONG),
    ((ENDED, (), {"CallStatus": "busy", "CallDuration": ""}),),
    ((ANSWERER, (), {"AnsweredBy": "human"}), (STEP, ("CONFIRMED",), {}), _LONG),
    (
        (ANSWERER, (), {"AnsweredBy": "human"}),
        (ENDED, (), {"CallStatus": "completed", "CallDuration": "2"}),
    ),
)


def a_life(attempt_id: int) -> Iterator[CarrierEvent]:
    """What the carrier says of one attempt, a second after the other."""
    for second, (word, code) in enumerate(LIVES[attempt_id % len(LIVES)]):
        form = [("MessageStatus", word), ("MessageSid", f"SM{attempt_id}")]
        if code is not None:
            form.append(("ErrorCode", code))
        yield CarrierEvent(
            kind=EventKind.MESSAGE_STATUS,
            received_at=START + timedelta(seconds=second),
            carrier="main",
            attempt_id=AttemptId(attempt_id),
            form=form,
        )


def a_call(attempt_id: int) -> Iterator[CarrierEvent]:
    """The same of one call: who took it, keys, and its end, each from its own door."""
    for second, (kind, answers, form) in enumerate(CALLS[attempt_id % len(CALLS)]):
        yield CarrierEvent(
            kind=kind,
            received_at=START + timedelta(seconds=second),
            carrier="main",
            attempt_id=AttemptId(attempt_id),
            form=[*form.items(), ("CallSid", f"CA{attempt_id}")],
            answers=answers,
        )


def end_of(
    database: Database,
    n_people: int,
    events: Sequence[CarrierEvent],
    channel: Channel = Channel.SMS,
) -> list[list[tuple[object, ...]]]:
    """Every column that must not depend on order, when all is folded."""
    world = World(VirtualClock())
    world.new_uow = database.unit_of_work
    world.order(*range(1, n_people + 1), channel=channel)
    for _ in range(0, n_people, 1_000):
        world.claim(channel)
    with database.unit_of_work() as uow:
        uow.events.append(events)
        uow.commit()
    folder = world.folder()
    while folder.run_once():
        pass
    with database._engine.connect() as connection:
        return [
            [tuple(row) for row in connection.execute(wanted)]
            for wanted in (
                select(
                    attempts.c.id,
                    attempts.c.state,
                    attempts.c.carrier,
                    attempts.c.carrier_ref,
                    attempts.c.code,
                    attempts.c.accepted_at,
                    attempts.c.duration_s,
                    attempts.c.answerer,
                ).order_by(attempts.c.id),
                select(
                    deliveries.c.id,
                    deliveries.c.state,
                    deliveries.c.n_attempts,
                    deliveries.c.n_sent,
                    deliveries.c.code,
                    deliveries.c.sent_at,
                ).order_by(deliveries.c.id),
            )
        ]


def test_repeats_and_disorder_change_nothing(
    upgraded_file: Path, tmp_path: Path
) -> None:
    """Each two to four times, across the whole of them, in big batches."""
    n_people = N_CALLBACKS // 7
    in_order = [event for n in range(1, n_people + 1) for event in a_life(n)]
    rng = random.Random(4)
    mixed = in_order + rng.choices(in_order, k=N_CALLBACKS - len(in_order))
    rng.shuffle(mixed)
    ends = []
    for name, events in (("in_order", in_order), ("mixed", mixed)):
        path = shutil.copy(upgraded_file, tmp_path / f"{name}.db")
        with Database(f"sqlite:///{path}") as database:
            ends.append(end_of(database, n_people, events))
    assert ends[0] == ends[1]
    assert len(mixed) == N_CALLBACKS


def test_who_took_a_call_may_be_told_at_any_time(
    upgraded_file: Path, tmp_path: Path
) -> None:
    """Calls in batches of another order come to the same end; so many are heard."""
    n_people = 600
    in_order = [event for n in range(1, n_people + 1) for event in a_call(n)]
    mixed = in_order * 2
    random.Random(5).shuffle(mixed)
    ends = []
    for name, events in (("in_order", in_order), ("mixed", mixed)):
        path = shutil.copy(upgraded_file, tmp_path / f"{name}.db")
        with Database(f"sqlite:///{path}") as database:
            ends.append(end_of(database, n_people, events, Channel.VOICE))
    assert ends[0] == ends[1]
    states = Counter(row[1] for row in ends[0][0])
    assert states == {
        AttemptState.REACHED: n_people // 2,
        AttemptState.FAILED: n_people // 6,
        AttemptState.HEARD: n_people // 6,
        AttemptState.CONFIRMED: n_people // 6,
    }
