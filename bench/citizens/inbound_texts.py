"""Texts of citizens through the real fold: what they mean, get, and cost.

    python -m bench.citizens.inbound_texts [--n 20000] [--seed 1] [--thanks]

As many people as texts, each in one of seven languages, have been sent a warning; each
writes one text of ``inbound_corpus``. The texts are kept as callbacks and folded
as the worker does, on SQLite on this disk. Printed: how many were understood as meant,
a table of those that were not, texts without an answer that need one, texts with two,
and CPU and statements for each text.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine

from bench.citizens.inbound_corpus import Sample, corpus
from bench.planning import an_alert
from ivr_scripts.keywords import CommandKind
from ops.clock import Clock
from ops.config.settings import Settings
from ops.ports import UnitOfWork
from ops.processes.worker_parts import retry_policy
from ops.wiring.case_parts import keywords
from ops.wiring.services import Services, build_services
from store.database import Database
from telephony.callbacks.folding import EventFolder
from telephony.callbacks.replies import Replies
from telephony.callbacks.verdicts import Verdicts
from telephony.delivery import (
    AttemptReport,
    AttemptState,
    CarrierEvent,
    Channel,
    EventKind,
)
from telephony.sending.listeners import Listeners
from warning.alert import OWNER_PREFIX
from warning.audience.planner import Planner
from warning.citizens.inbound import InboundTexts
from warning.escalation.listener import WarningListener

_BATCH = 2_000
#: Replies that only confirm: answered only if the installation thanks for them.
_PLAIN = {"REPLY1", "REPLY2"}


def main() -> None:
    """Measure once and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--thanks", action="store_true")
    chosen = parser.parse_args()
    samples = list(corpus(chosen.n, chosen.seed))
    print_understood(samples)
    with (
        tempfile.TemporaryDirectory() as folder,
        Database(url := f"sqlite:///{Path(folder) / 'bench.db'}") as database,
    ):
        database.upgrade()
        settings = Settings(
            database_url=SecretStr(url),
            data_dir=Path(folder),
            thank_confirmations=chosen.thanks,
        )
        services = build_services(settings, database, Clock())
        prepare(services, samples)
        print_cost(folder_of(services), len(samples))
        print_answers(url, samples, is_thanking=chosen.thanks)


def print_understood(samples: Sequence[Sample]) -> None:
    """What the texts were taken for, beside what was meant."""
    words = keywords()
    wrong: Counter[tuple[str, str]] = Counter()
    for sample in samples:
        command = words.parse(sample.text, sample.language)
        got = command.kind.name
        if command.kind is CommandKind.REPLY:
            got += command.digit
        if got != sample.meant:
            wrong[sample.meant, got] += 1
    share = 1 - wrong.total() / len(samples)
    print(
        f"{len(samples):,} texts, {share:.2%} understood as meant; taken for another:"
    )
    for (meant, got), n in wrong.most_common():
        print(f"  {meant:8} -> {got:8} {n:5}")


def prepare(services: Services, samples: Sequence[Sample]) -> None:
    """People, a warning that each was sent, and a text from each."""
    database = services.database
    for start in range(0, len(samples), _BATCH):
        numbers = range(start, min(start + _BATCH, len(samples)))
        with database.unit_of_work() as uow:
            people = [a_person(n, samples[n], services) for n in numbers]
            places = [a_place(n) for n in numbers]
            uow.subscribers.upsert(people, places, now=services.now())
            uow.commit()
    warn(services)
    for start in range(0, len(samples), _BATCH):
        numbers = range(start, min(start + _BATCH, len(samples)))
        with database.unit_of_work() as uow:
            uow.events.append([a_text(n, samples[n], services) for n in numbers])
            uow.commit()


def warn(services: Services) -> None:
    """Everybody is sent a warning."""
    alert_id = services.intake.draft(an_alert(), by="anna").alert_id
    services.alerts.submit(alert_id, by="anna")
    services.alerts.approve(alert_id, by="boran", accept_fallback=True)
    planner = Planner(
        new_uow=services.database.unit_of_work,
        read_uow=services.database.read_only,
        area_of=lambda ids: services.registry.latest().area_of(ids),
        country_language="km",
        now=services.now,
    )
    while planner.run_once():
        pass
    while send(services):
        pass


def send(services: Services) -> int:
    """A carrier takes some of what is queued; how many."""
    at = services.now()
    with services.database.unit_of_work() as uow:
        claimed = uow.queue.claim(
            Channel.SMS, limit=_BATCH, now=at, lease_until=at + timedelta(minutes=1)
        )
        uow.queue.apply(
            [
                AttemptReport(
                    attempt_id=one.attempt_id,
                    state=AttemptState.ACCEPTED,
                    at=at,
                    carrier="bench",
                    carrier_ref=f"SM{one.attempt_id}",
                )
                for one in claimed
            ]
        )
        uow.commit()
    return len(claimed)


def folder_of(services: Services) -> EventFolder[UnitOfWork]:
    """The fold, put together as the worker does."""
    now = services.now
    return EventFolder(
        new_uow=services.database.unit_of_work,
        read_uow=services.database.read_only,
        listeners=Listeners({OWNER_PREFIX: WarningListener(now=now)}),
        texts=InboundTexts(now=now),
        meaning_of=Replies(keywords()),
        verdicts=Verdicts(
            retry=retry_policy(services.settings),
            heard_after_s=services.settings.heard_after_s,
            now=now,
            rng=random.Random(1),
        ),
        now=now,
        first=[services.cases.texts, services.citizens.texts],
        calls=services.citizens.calls,
        language_of=services.citizens.texts.language_of,
    )


def print_cost(folder: EventFolder[UnitOfWork], n_texts: int) -> None:
    """CPU, wall time and statements of the whole fold."""
    statements: Counter[str] = Counter()

    def count(*arguments: object) -> None:
        statements[" ".join(str(arguments[2]).split())[:70]] += 1

    event.listen(Engine, "before_cursor_execute", count)
    cpu, wall = time.process_time(), time.perf_counter()
    while folder.run_once():
        pass
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    n = statements.total()
    for words, times in statements.most_common(40):
        print(f"    {times / n_texts:6.2f} {words}")
    print(
        f"{cpu / n_texts * 1e3:.2f} ms of CPU a text, {wall / n_texts * 1e3:.2f} ms by "
        f"the wall, {n / n_texts:.1f} statements"
    )


def print_answers(url: str, samples: Sequence[Sample], *, is_thanking: bool) -> None:
    """Texts that got no answer and should have, and texts that got two."""
    with create_engine(url).connect() as connection:
        rows = connection.execute(
            text(
                "SELECT d.phone, count(*) FROM deliveries d JOIN owners o "
                "ON o.id = d.owner_id WHERE o.owner_ref LIKE 'answer:%' GROUP BY 1"
            )
        ).all()
    answers: dict[str, int] = {row[0]: row[1] for row in rows}
    expected = {
        phone_of(n)
        for n, sample in enumerate(samples)
        if is_thanking or sample.meant not in _PLAIN
    }
    print(
        f"{len(expected - answers.keys())} unanswered, "
        f"{sum(n > 1 for n in answers.values())} answered twice, "
        f"{len(answers.keys() - expected)} answered that needed none"
    )


def phone_of(n: int) -> str:
    """The number of one person."""
    return f"+85512{n:06d}"


def a_person(n: int, sample: Sample, services: Services) -> dict[str, object]:
    """Whoever writes one text."""
    return {
        "phone": phone_of(n),
        "language": sample.language,
        "name": None,
        "channels": 3,
        "groups": (),
        "vulnerable": False,
        "consent_at": services.now(),
    }


def a_place(n: int) -> dict[str, object]:
    """In the middle of the country."""
    return {
        "phone": phone_of(n),
        "lon": 104.5,
        "lat": 11.5,
        "area_code": None,
        "source": "import",
    }


def a_text(n: int, sample: Sample, services: Services) -> CarrierEvent:
    """One text as a carrier hands it on."""
    form = [("MessageSid", f"SMIN{n}"), ("From", phone_of(n)), ("Body", sample.text)]
    return CarrierEvent(
        kind=EventKind.INBOUND_MESSAGE,
        received_at=services.now(),
        carrier="bench",
        attempt_id=None,
        form=form,
    )


if __name__ == "__main__":
    main()
