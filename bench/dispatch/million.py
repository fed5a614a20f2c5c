"""A warning for a million: from the approval to the last message, through the product.

Web server and worker are the product's own processes. The alert is written, submitted
and approved over HTTP; the carrier is nginx, which answers at once. Meanwhile the
worker's memory is read, and volunteers are called through the full queue.
"""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

from accounts.operators import Role
from bench.dispatch.figures import cpu_s, helpers_mib, memory_mib, say
from bench.dispatch.own import (
    delivery,
    installation,
    settings_for,
    text_of,
    web,
    worker,
)
from bench.planning import an_alert, now, register
from bench.waiting import StuckError, wait_until
from ops.demo.api_client import ApiClient
from ops.listening import LOOPBACK, free_port
from ops.wiring.services import Services
from telephony.delivery import Channel, DeliveryState, Lane
from warning.cap_documents import cap_xml

#: Then whoever is not registered yet is not waited for, nor whoever is left to be told:
#: all of it must end by itself within ten minutes, also on a machine with other work.
_REGISTER_S = 150.0
_WHOLE_S = 540.0
_LOOK_S = 0.5
#: Every so many looks at memory, the rows are counted: that takes a tenth of a second.
_COUNT_EVERY = 8
_SAY_S = 15.0
#: A volunteer is called as often, looks at memory.
_CALL_EVERY = 4


@dataclass(kw_only=True)
class Million:
    """What was seen; times are seconds from the moment of the click."""

    n_people: int
    #: Whose rows were written, and whose message was taken.
    n_planned: int = 0
    n_warned: int = 0
    #: Whether everybody was told within the time there was.
    is_whole: bool = False
    live_s: float = 0.0
    first_s: float = 0.0
    planned_s: float = 0.0
    last_s: float = 0.0
    cpu_s: float = 0.0
    #: Resident memory of the worker, and its own part of it, MiB, one a look.
    resident_mib: list[float] = field(default_factory=list)
    own_mib: list[float] = field(default_factory=list)
    #: The same of the processes that it has started, all together.
    helpers_mib: list[float] = field(default_factory=list)
    #: From the order to the carrier's answer, while the queue was full, seconds.
    lanes_s: list[float] = field(default_factory=list)

    @property
    def rows_per_s(self) -> float:
        """Rows of people, deliveries and attempts written a second."""
        return (2 * self.n_planned + self.n_warned) / (self.last_s - self.live_s)

    @property
    def growth_mib(self) -> float:
        """What the worker's own memory grew by from the first to the last third."""
        third = max(1, len(self.own_mib) // 3)
        return median(self.own_mib[-third:]) - median(self.own_mib[:third])

    @property
    def course_mib(self) -> tuple[float, float, float]:
        """Resident memory of the worker at the start, half-way and at the end."""
        seen = self.resident_mib
        return seen[0], seen[len(seen) // 2], seen[-1]


def measure_million(base_url: str, folder: Path, n_people: int) -> Million:
    """Warn so many, and say how it went."""
    settings = settings_for(base_url, folder, port=free_port())
    seen, until = Million(n_people=n_people), time.monotonic() + _WHOLE_S
    with installation(settings) as services:
        _register(services, n_people)
        say("starting web server and worker, which makes the registry")
        with web(services), worker(services) as sender:
            say("writing and approving the alert")
            before_s = cpu_s(sender.pid)
            clicked_at, owner_ref = _approve(services, seen)
            _watch(services, sender, owner_ref, clicked_at, seen, until=until)
            seen.cpu_s = cpu_s(sender.pid) - before_s
            _read_times(services, owner_ref, clicked_at, seen)
    return seen


def _register(services: Services, n_people: int) -> None:
    """Write the people; say how far it has come, and give up in time."""
    began = said_at = time.monotonic()

    def tell(n: int) -> None:
        nonlocal said_at
        took_s = time.monotonic() - began
        if took_s > _REGISTER_S:
            raise StuckError(f"{n:,} of {n_people:,} registered in {took_s:.0f} s")
        if time.monotonic() - said_at > _SAY_S or n == n_people:
            said_at = time.monotonic()
            say(f"{n:,} registered, {n / took_s:,.0f}/s")

    say(f"registering {n_people:,} people")
    register(services.database, n_people, tell=tell)


def _approve(services: Services, seen: Million) -> tuple[datetime, str]:
    """Have an alert written, submitted and approved; when, and whose deliveries."""
    base_url = f"http://{LOOPBACK}:{services.settings.port}"

    def client(name: str, role: Role) -> ApiClient:
        services.accounts.add(name, role=role, password=None)
        return ApiClient(base_url, services.accounts.create_token(name))

    author, approver = client("anna", Role.OPERATOR), client("boran", Role.APPROVER)
    document = cap_xml.write(an_alert())
    path = f"/alerts/{author.post('/alerts', document, 'application/cap+xml')['id']}"
    author.post(f"{path}/submit")
    clicked_at = now()
    approver.post(f"{path}/approve?accept_fallback=1")
    seen.live_s = (now() - clicked_at).total_seconds()
    return clicked_at, f"alert:{path.removeprefix('/alerts/')}"


def _watch(
    services: Services,
    sender: subprocess.Popen[bytes],
    owner_ref: str,
    clicked_at: datetime,
    seen: Million,
    *,
    until: float,
) -> None:
    """Read memory and call volunteers until everybody is told, or time is up."""
    looks, said_at, is_over = 0, 0.0, False
    while not is_over and time.monotonic() < until:
        # The worker that is watched goes by the real clock.
        time.sleep(_LOOK_S)
        looks += 1
        resident, own = memory_mib(sender.pid)
        seen.resident_mib.append(resident)
        seen.own_mib.append(own)
        seen.helpers_mib.append(helpers_mib(sender.pid))
        if looks % _CALL_EVERY == 0:
            seen.lanes_s.append(call_volunteer(services, looks))
        if looks % _COUNT_EVERY == 0:
            n_sent, n_open = _sent_and_open(services, owner_ref)
            seen.n_warned, seen.n_planned = n_sent, n_sent + n_open
            is_planned = _is_planned(services)
            if is_planned and not seen.planned_s:
                seen.planned_s = (now() - clicked_at).total_seconds()
            seen.is_whole = is_over = is_planned and n_open == 0
            if time.monotonic() - said_at > _SAY_S:
                said_at = time.monotonic()
                say(
                    f"{n_sent:,} messages taken of {seen.n_planned:,} written, "
                    f"worker {resident:.0f} MiB"
                )


def call_volunteer(services: Services, number: int) -> float:
    """Order an urgent message and wait for it; seconds until the carrier had it."""
    owner_ref = f"bench:volunteer-{number}"
    ordered_at = now()
    with services.database.unit_of_work() as uow:
        content_id = uow.outbox.add_content(text_of(owner_ref))
        channel = Channel.SMS if number % 2 else Channel.VOICE
        urgent = delivery(
            number, content_id, owner_ref=owner_ref, lane=Lane.DISPATCH, channel=channel
        )
        uow.outbox.enqueue([urgent])
        uow.commit()
    span = _wait_for_span(services, owner_ref)
    return (span - ordered_at).total_seconds()


def _wait_for_span(services: Services, owner_ref: str) -> datetime:
    found: list[datetime] = []

    def is_taken() -> bool:
        with services.database.read_only() as uow:
            span = uow.outbox.sending_span(owner_ref)
        found.extend(span or ())
        return span is not None

    wait_until(is_taken, timeout_s=30, what="an urgent message", every_s=0.02)
    return found[0]


def _sent_and_open(services: Services, owner_ref: str) -> tuple[int, int]:
    with services.database.read_only() as uow:
        counts = uow.outbox.counts(owner_ref)
    n_open = sum(n for (_, s, _), n in counts.items() if s < DeliveryState.SENT)
    return sum(counts.values()) - n_open, n_open


def _is_planned(services: Services) -> bool:
    with services.database.read_only() as uow:
        return not uow.alerts.unplanned()


def _read_times(
    services: Services, owner_ref: str, clicked_at: datetime, seen: Million
) -> None:
    with services.database.read_only() as uow:
        span = uow.outbox.sending_span(owner_ref)
    assert span is not None, "nobody was told"
    seen.first_s, seen.last_s = ((at - clicked_at).total_seconds() for at in span)
