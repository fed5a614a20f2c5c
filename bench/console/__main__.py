"""The console under load: the count while drawing, the situation, its page, its map.

Run: ``python -m bench.console [--people N] [--in-progress N] [--areas N]
[--no-browser]``. Prints the round trip of the count under the pointer among all people,
the server's time for an update of the situation while deliveries are in progress, and
once more beside a warning that all people have confirmed, what the first page weighs
over the wire, and the frames a second while its map is panned (Debian's Chromium with
the software renderer: a machine without any GPU).
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import numpy as np
from shapely import box
from shapely.geometry import Point, mapping

from accounts.operators import Role
from bench.console.browser import look
from bench.console.rows import have_told
from bench.dispatch.figures import cpu_s, say
from bench.dispatch.own import installation, settings_for, web
from bench.planning import EAST, NORTH, SOUTH, WEST, an_alert, now, register
from geofence.area import format_polygon
from ops.listening import LOOPBACK, free_port
from ops.wiring.services import Services
from telephony.delivery import AttemptReport, AttemptState, Channel
from warning import cap
from warning.audience.planner import Planner
from warning.cap_documents import cap_xml

PASSWORD = "bench of the console"
_TURNS = 200
_UPDATES = 25
#: Longer than a view is kept for all who look.
_EVERY_S = 1.1
_CLAIM = 2_000
#: Messages that leave between two views: some are left to the last of them.
_BETWEEN = 500


class Seat:
    """Somebody signed in, over HTTP as a browser would."""

    def __init__(self, base_url: str, name: str) -> None:
        self._base_url = base_url
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self._token = ""
        self._token = self._token_of("/sign-in")
        self.post("/sign-in", name=name, password=PASSWORD)
        self._token = self._token_of("/alerts/new")

    def get(self, path: str) -> bytes:
        """Read a page."""
        with self._opener.open(f"{self._base_url}{path}") as answer:
            return bytes(answer.read())

    def post(self, path: str, **fields: str) -> bytes:
        """Send a form."""
        body = urlencode(fields | {"csrf_token": self._token}).encode()
        request = Request(f"{self._base_url}{path}", body)
        with self._opener.open(request) as answer:
            return bytes(answer.read())

    def _token_of(self, path: str) -> str:
        page = self.get(path).decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        return "" if found is None else found[1]


def main(n_people: int, n_in_progress: int, *, n_areas: int, has_browser: bool) -> None:
    """Measure once and print."""
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print(f"{n_people:,} people in {n_areas:,} areas")
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        settings = settings_for(
            "http://127.0.0.1:9",
            Path(folder),
            port=free_port(),
            second_factor="optional",
        )
        with installation(settings) as services:
            say(f"registering {n_people:,} people")
            register(services.database, n_people, n_areas=n_areas)
            services.registry()
            services.accounts.add("anna", role=Role.OPERATOR, password=PASSWORD)
            base_url = f"http://{LOOPBACK}:{settings.port}"
            with web(services) as server:
                seat = Seat(base_url, "anna")
                measure_count(seat)
                say(f"bringing {n_in_progress:,} deliveries under way")
                bring_under_way(services, n_people, n_in_progress)
                what = f"{n_in_progress:,} in progress"
                measure_updates(services, seat, server.pid, what)
                say(f"writing down a warning that {n_people:,} people have confirmed")
                have_told(services, n_people, n_areas=n_areas)
                measure_updates(services, seat, server.pid, f"and {n_people:,} done")
                if has_browser:
                    with leaving(services):
                        look(base_url, "anna", PASSWORD)


def measure_count(seat: Seat) -> None:
    """The count under the pointer: an outline sent, read, counted, answered."""
    outlines = list(_outlines())
    for outline in outlines[:10]:
        seat.post("/console/audience", area=outline)
    took_ms, counted = [], []
    for outline in outlines:
        start = time.perf_counter()
        counted.append(json.loads(seat.post("/console/audience", area=outline))["n"])
        took_ms.append((time.perf_counter() - start) * 1_000)
    _tell("count, round trip", took_ms)
    print(f"  people inside: {min(counted):,} to {max(counted):,}")


def _outlines() -> Iterator[str]:
    """What people draw: circles of 1 to 150 km, with 64 to 500 corners."""
    rng = np.random.default_rng(8)
    for turn in range(_TURNS):
        middle = Point(rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH))
        radius_deg = float(rng.uniform(0.01, 1.35))
        drawn = middle.buffer(radius_deg, quad_segs=16 if turn % 2 else 125)
        yield json.dumps(mapping(drawn))


def bring_under_way(services: Services, n_people: int, n: int) -> None:
    """A live alert with ``n`` deliveries: half queued, half with the carrier."""
    outline = box(WEST, SOUTH, EAST, SOUTH + (NORTH - SOUTH) * n / n_people)
    area = cap.Area(area_desc="The south", polygons=(format_polygon(outline),))
    whole = an_alert()
    infos = tuple(replace(info, areas=(area,)) for info in whole.infos)
    document = cap_xml.write(replace(whole, infos=infos))
    case = services.intake.draft_from_cap(document, by="anna")
    services.alerts.submit(case.alert_id, by="anna")
    services.alerts.approve(case.alert_id, by="boran", accept_fallback=True)
    planner = Planner(
        new_uow=services.database.unit_of_work,
        read_uow=services.database.read_only,
        area_of=lambda ids: services.registry().area_of(ids),
        country_language="km",
        now=now,
    )
    while planner.run_once():
        pass
    for _ in range(n // 2 // _CLAIM):
        send_some(services)


def send_some(services: Services, *, n: int = _CLAIM) -> None:
    """A batch leaves, and the carrier takes it."""
    at = now()
    with services.database.unit_of_work() as uow:
        claimed = uow.queue.claim(
            Channel.SMS, limit=n, now=at, lease_until=at + timedelta(minutes=5)
        )
        uow.queue.apply(
            [
                AttemptReport(
                    attempt_id=one.attempt_id, state=AttemptState.ACCEPTED, at=at
                )
                for one in claimed
            ]
        )
        uow.commit()


def measure_updates(services: Services, seat: Seat, pid: int, what: str) -> None:
    """The situation anew, while messages leave between one look and the next."""
    took_ms, used_s = [], 0.0
    for _ in range(_UPDATES):
        send_some(services, n=_BETWEEN)
        services.database.fold_tallies()
        # The view is kept for everybody by the real clock: each look shall be anew.
        time.sleep(_EVERY_S)
        start, used = time.perf_counter(), cpu_s(pid)
        seat.get("/console/now")
        took_ms.append((time.perf_counter() - start) * 1_000)
        used_s += cpu_s(pid) - used
    _tell(f"an update, {what}", took_ms)
    # Counted in ticks of 10 ms: only their sum over all updates says anything.
    print(f"  of it CPU of the server: mean {used_s / _UPDATES * 1_000:.1f} ms")


@contextmanager
def leaving(services: Services) -> Iterator[None]:
    """Messages leave meanwhile, so that every second has something new to show."""
    is_over = threading.Event()

    def leave() -> None:
        while not is_over.wait(_EVERY_S):
            send_some(services, n=_BETWEEN)

    sender = threading.Thread(target=leave)
    sender.start()
    try:
        yield
    finally:
        is_over.set()
        sender.join()


def _tell(what: str, took_ms: list[float]) -> None:
    cuts = quantiles(took_ms, n=20)
    print(
        f"{what:32} median {median(took_ms):6.1f} ms  p95 {cuts[-1]:6.1f} ms  "
        f"max {max(took_ms):6.1f} ms"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--in-progress", type=int, default=100_000)
    parser.add_argument("--areas", type=int, default=25)
    parser.add_argument("--no-browser", action="store_true")
    chosen = parser.parse_args()
    main(
        chosen.people,
        chosen.in_progress,
        n_areas=chosen.areas,
        has_browser=not chosen.no_browser,
    )
