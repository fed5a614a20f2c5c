"""A console that has something of everything on it, over services in memory.

The clock stands still, so that the same page gives the same picture.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from accounts.operators import Operator, Role
from ops.carrier_board import FaultLine
from telephony.delivery import Channel
from tests.fakes.case_world import a_person, an_aed, phone
from tests.web.fakes import PHONE, START, FakeServices, make_form
from warning.alert import AlertState
from warning.cap import CapStatus, Severity
from warning.citizens.citizen_reports import CitizenReport, ReportKind
from warning.people.whereabout import Whereabout
from warning.sources.plans import Plan
from web import WebOptions, register
from web.console.people.importing import DESK
from web.retention import retention

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: In the middle of Cambodia, where the provinces of these services are.
_SPOTS = ((104.9, 11.5, "KH-12"), (104.92, 11.52, "KH-12"), (104.4, 11.8, "KH-08"))


def furnished() -> FakeServices:
    """Services with alerts in every state, cases, reports, people and trouble."""
    services = FakeServices()
    _alerts(services)
    _citizens(services)
    _cases(services)
    _carriers(services)
    _settings(services)
    return services


def with_a_case() -> FakeServices:
    """Services with nothing but a case that somebody comes to."""
    services = FakeServices()
    _cases(services)
    return services


#: Every page, by what it shows; a test sees to it that none is missing.
PAGES = (
    "/",
    "/alerts/",
    "/alerts/a1",
    "/alerts/a2",
    "/alerts/a3",
    "/alerts/a4",
    "/alerts/a5",
    "/alerts/a2/report",
    "/alerts/drafts/{draft}",
    "/alerts/new",
    "/audit?verify=1",
    "/cases/",
    "/cases/{case}",
    "/cases/new",
    "/password",
    "/people/",
    "/people/search?name=sok",
    "/people/7",
    "/people/import/1",
    "/reports/",
    "/reports/1",
    "/responders/",
    "/scripts/",
    "/scripts/drill",
    "/settings",
    "/settings/escalation",
    "/settings/kept",
    "/settings/new-plan",
    "/settings/plans/mekong",
    "/settings/plans/mekong/edit",
    "/settings/sources",
    "/settings/texts",
    "/settings/texts/km/hazards.flood",
    "/telco/",
    "/telco/wall",
    "/nothing-here",
)


def pages(services: FakeServices) -> list[str]:
    """Addresses of all pages of a furnished console."""
    (case,) = services.cases.board.open()
    (draft,) = services.drafts.list()
    return [page.format(case=case.case_id, draft=draft.draft_id) for page in PAGES]


@contextmanager
def served(services: FakeServices) -> Iterator[str]:
    """Serve a console on a free port; yield its address."""
    app = application(services)
    # As Flask itself says to put something in front of an application.
    app.wsgi_app = read_at_once(app.wsgi_app)  # type: ignore[method-assign]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def read_at_once(app: WSGIApplication) -> WSGIApplication:
    """An application that leaves no file of the console open.

    A browser that goes on to another page hangs up on what it was fetching, and the
    server that serves these tests then closes the connection and not the file.
    """

    def wsgi(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        answer = app(environ, start)
        if not environ["PATH_INFO"].startswith("/static/"):
            return answer  # events never end
        with closing(ClosingIterator(answer)) as parts:
            return [b"".join(parts)]

    return wsgi


def application(services: FakeServices) -> Flask:
    """The console over services, as an application."""
    app = Flask("tocsin", static_folder=None)
    register(
        app,
        services=services,
        options=WebOptions(
            secret_key="k" * 32,
            public_url="http://127.0.0.1",
            is_second_factor_required=False,
            languages=("km", "en"),
            retention=retention(
                session_minutes=480,
                rest_days=30,
                publish_ended_h=48,
                voice_note_days=90,
                draft_days=30,
            ),
        ),
        version="1.2.3",
    )
    file = io.BytesIO(b"phone,language\n+85512000001,km\nfoo,km\n")
    app.extensions[DESK].begin(
        services.imports,
        services.people.import_csv,
        file,
        name="people.csv",
        is_dry=True,
        by="admin",
    )
    return app


def _alerts(services: FakeServices) -> None:
    services.alert(AlertState.CANCELLED)
    services.alert(AlertState.LIVE)
    services.alert(
        AlertState.SUBMITTED,
        make_form(severity=Severity.EXTREME, status=CapStatus.EXERCISE),
    )
    services.alert(AlertState.SUBMITTED)
    services.alert(AlertState.DRAFT)

    typed = {"area_desc": "Kandal", "headline-en": "Flood water is rising"}
    services.drafts.begin(typed, by="operator")


def _citizens(services: FakeServices) -> None:
    now = services.now()
    for n, kind in enumerate(ReportKind):
        lon, lat, code = _SPOTS[n % len(_SPOTS)]
        report = CitizenReport(
            phone=phone(n),
            language="km",
            kind=kind,
            is_hurt=kind is ReportKind.BUILDING,
            words="Water up to the knee behind the market, two old people upstairs",
            where=Whereabout(lon=lon, lat=lat, accuracy_m=30.0, area_code=code),
            reported_at=now - timedelta(minutes=7 * n),
        )
        services.report_desk.add(report, by="operator")
    services.help_desk.ask(PHONE, is_urgent=True)
    services.help_desk.ask(phone(9))


def _cases(services: FakeServices) -> None:
    world = services.case_world
    world.people(*(a_person(n, 150.0 * n) for n in range(1, 6)))
    world.aeds(an_aed(1, 200.0), an_aed(2, 600.0))
    world.running()
    world.text(phone(1), "1")


def _carriers(services: FakeServices) -> None:
    (line,) = services.carriers.known
    trouble = "It refuses our account; see the password in the settings."
    services.carriers.known = [line, replace(line, name="spare", trouble=trouble)]
    services.carriers.failed = [
        FaultLine(
            carrier="main",
            channel=Channel.SMS,
            code="30003",
            n=12,
            meaning="The handset is off or out of reach.",
        )
    ]


def _settings(services: FakeServices) -> None:
    services.phone_wall.is_there = True
    plan = Plan(
        name="mekong",
        title="The Mekong above 9 m",
        form=replace(make_form(), expires=None),
        lasts=timedelta(hours=6),
    )
    services.sources.plans.save(plan, by="admin")
    _own_texts(services)
    with services.sources.store.unit_of_work() as uow:
        for role in Role:
            uow.operators.add(
                Operator(name=f"{role.value}-1", role=role, created_at=START)
            )
        uow.commit()


def _own_texts(services: FakeServices) -> None:
    """Words of our own, one of them read over by somebody else."""
    act, short = "hazards.flood.act", "hazards.flood.short"
    written = {act: "សូមទៅវត្ត ឬសាលានៅទីខ្ពស់ឥឡូវនេះ។", short: "សូមទៅវត្តឥឡូវនេះ។"}
    desk = services.texts.desk
    desk.save("km", written, seen=0, by="sokha")
    desk.review("km", [act], seen=1, by="dara")
