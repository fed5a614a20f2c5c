"""``tocsin case demo``: a cardiac arrest from report to end, on the built-in telco.

Three processes run as in an installation. Invented volunteers say yes, no or nothing by
chance; the story is told as the dispatcher's API shows it. Nothing can leave this
machine.
"""

from __future__ import annotations

import base64
import http.client
import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from accounts.operators import Role
from ops.clock import Clock
from ops.config.private_config import write_config
from ops.demo.api_client import ApiClient
from ops.demo.run import demo_settings, ended_as_by_ctrl_c, start_processes
from ops.demo.volunteers import aeds_geojson, volunteers_csv
from ops.demo.world import World, remove
from ops.errors import DemoError
from ops.listening import LOOPBACK
from ops.processes.single_instance import require_no_worker, single_instance
from ops.processes.supervisor import Supervisor
from ops.wiring.context import opened
from ops.wiring.simulated_carrier import NAME

if TYPE_CHECKING:
    from ops.config.settings import Settings
    from ops.wiring.context import Factory

#: Where it happens: a town square, degrees.
PLACE = (104.9282, 11.5564)
N_VOLUNTEERS, N_AEDS = 60, 15
#: Nobody has come by then: something is wrong, seconds.
DEADLINE_S = 120.0
_LOOK_S = 0.25
#: How much faster phones ring and people read than they do.
_TIME_SCALE = 5.0
#: Whoever is on the way reports as often, seconds; in earnest it takes minutes.
_REPORT_S = 3.0
_OPERATOR = "demo-dispatcher"
#: What volunteers do, and how often.
_HABITS: tuple[tuple[dict[str, Any], int], ...] = (
    ({"keys": ["1"], "sms": "delivered"}, 30),
    ({"call": "busy", "reply": "1", "reply_after_s": 30, "sms": "delivered"}, 10),
    ({"keys": ["2"], "sms": "delivered"}, 25),
    ({"call": "voicemail", "sms": "delivered"}, 15),
    ({"call": "no-answer", "sms": "delivered"}, 20),
)


@dataclass
class Story:
    """Tells what has changed since it was last looked at."""

    say: Callable[[str], None]
    states: dict[str, str] = field(default_factory=dict)
    n_notices: int = 0

    def tell(self, case: dict[str, Any], seconds: float) -> None:
        """Tell news of a case, as ``GET /cases/ID`` shows it."""
        at = f"{seconds:6.1f} s  "
        if self.states.get("case") != case["state"]:
            self.states["case"] = case["state"]
            self.say(f"{at}case {case['code']} is {case['state']}")
        for notice in case["notices"][self.n_notices :]:
            self.say(f"{at}{notice['text']}")
        self.n_notices = len(case["notices"])
        for offer in case["offers"]:
            number, state = offer["responder"], offer["state"]
            if self.states.get(number) == state:
                continue
            self.states[number] = state
            role = f", {offer['role'].replace('_', ' ')}" if offer["role"] else ""
            who = f"volunteer {number} ({offer['tier']}, {offer['distance_m']:.0f} m)"
            self.say(f"{at}{who}: {state.replace('_', ' ')}{role}")


def run_case(factory: Factory, *, folder: Path, seed: int) -> None:
    """Play one case to its end.

    Raises
    ------
    DemoError
        If nobody came in time.
    """
    world = World(folder=folder, n_people=0, seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    with ended_as_by_ctrl_c(), single_instance(folder / "demo.lock", what="The demo"):
        settings = demo_settings(world)
        require_no_worker(settings)
        remove(world.database)
        config = write_config(settings, folder / "tocsin.toml")
        with opened(factory, settings=settings, must_be_current=False) as services:
            services.database.upgrade()
            services.accounts.add(_OPERATOR, role=Role.DISPATCHER, password=None)
            token = services.accounts.create_token(_OPERATOR)
        supervisor = Supervisor(folder / "log", monotonic=Clock().monotonic)
        try:
            start_processes(
                supervisor, settings, config, seed=seed, time_scale=_TIME_SCALE
            )
            _play(ApiClient(settings.callback_url, token), settings, seed=seed)
        finally:
            supervisor.stop()


def _play(api: ApiClient, settings: Settings, *, seed: int) -> None:
    """Register, report, watch until somebody is with the patient, close.

    Raises
    ------
    DemoError
        If nobody is there in time.
    """
    clock, pause = Clock(), threading.Event().wait
    rng = random.Random(seed)  # noqa: S311 - invented people
    people = volunteers_csv([PLACE], n=N_VOLUNTEERS, seed=seed, now=clock.now())
    api.post("/responders/import", people.encode(), "text/csv")
    aeds = aeds_geojson([PLACE], n=N_AEDS, seed=seed)
    api.post("/aeds/import", aeds.encode(), "application/geo+json")
    telco = _Telco(settings)
    telco.force({phone: _habit(rng) for phone in _phones(people)})
    click.echo(f"{N_VOLUNTEERS} volunteers and {N_AEDS} AEDs; a report comes in.")
    report = {"lon": PLACE[0], "lat": PLACE[1], "address": "Central Market, north gate"}
    more = {"scene_safe": True, "ems_eta_min": 12}
    case = api.post("/cases", json.dumps(report | more).encode())
    path, began, story = f"/cases/{case['id']}", clock.monotonic(), Story(click.echo)
    reports_at = began + _REPORT_S
    with _closed_at_the_end(api, path) as close:
        while clock.monotonic() - began < DEADLINE_S:
            case = api.get(path)
            story.tell(case, clock.monotonic() - began)
            if case["state"] == "on_scene":
                break
            if clock.monotonic() >= reports_at:
                reports_at += _REPORT_S
                _go_on(telco, case, settings)
            pause(_LOOK_S)
        else:
            raise DemoError(f"Nobody was there after {DEADLINE_S:.0f} s.")
        close()
        case = api.get(path)
        story.tell(case, clock.monotonic() - began)
    click.echo(_summary(case))


def _go_on(telco: _Telco, case: dict[str, Any], settings: Settings) -> None:
    """Let those who are on the way report: AED in hand, then with the patient."""
    for offer in case["offers"]:
        if offer["state"] == "role_sent" and offer["role"] == "via_aed":
            telco.write(offer["phone"], "4", settings)
        elif offer["state"] in {"role_sent", "aed_held"}:
            telco.write(offer["phone"], "5", settings)


@contextmanager
def _closed_at_the_end(api: ApiClient, path: str) -> Iterator[Callable[[], None]]:
    """Close the case once, also when the story breaks off."""
    is_closed = threading.Event()

    def close() -> None:
        if not is_closed.is_set():
            is_closed.set()
            api.post(f"{path}/close", b'{"reason": "the ambulance is there"}')

    try:
        yield close
    finally:
        close()


def _summary(case: dict[str, Any]) -> str:
    offers = case["offers"]
    n_yes = sum(offer["role"] is not None for offer in offers)
    n_no = sum(offer["state"] == "declined" for offer in offers)
    return (
        f"{len(offers)} asked: {n_yes} said yes and were told the way, {n_no} said no, "
        f"{len(offers) - n_yes - n_no} were told that they need not come."
    )


def _phones(people: str) -> list[str]:
    return [line.partition(",")[0] for line in people.splitlines()[1:]]


def _habit(rng: random.Random) -> dict[str, Any]:
    habits, weights = zip(*_HABITS, strict=True)
    return dict(rng.choices(habits, weights)[0])


class _Telco:
    """The hands of simulated people, over the telco's control interface."""

    def __init__(self, settings: Settings) -> None:
        carrier = settings.carriers[NAME]
        token = carrier.auth_token.get_secret_value()
        pair = base64.b64encode(f"{carrier.account_sid}:{token}".encode()).decode()
        self._headers = {
            "Authorization": f"Basic {pair}",
            "Content-Type": "application/json",
        }
        self._port = settings.simulator_port

    def force(self, behaviours: dict[str, dict[str, Any]]) -> None:
        """Let phones behave in certain ways."""
        for phone, behaviour in behaviours.items():
            self._call("PUT", f"phones/{phone}", behaviour)

    def write(self, phone: str, body: str, settings: Settings) -> None:
        """Somebody sends us a text."""
        to = settings.carriers[NAME].sms_from
        self._call("POST", f"phones/{phone}/texts", {"to": to, "body": body})

    def _call(self, method: str, path: str, values: dict[str, Any]) -> None:
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=30)
        try:
            body = json.dumps(values)
            connection.request(method, f"/_simulator/{path}", body, self._headers)
            status = connection.getresponse().status
        finally:
            connection.close()
        if status >= http.client.BAD_REQUEST:
            raise DemoError(
                f"The built-in telco refused {method} {path[:6]}: {status}."
            )
