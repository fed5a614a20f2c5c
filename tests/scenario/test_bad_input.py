"""Everything that can be wrong with what comes in, through processes and real HTTP.

Each gets a sentence that says what, where and what to do next, a status that says no,
and leaves the database as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ops.config.settings import CarrierSettings
from ops.demo.world import ALERT_FILE, alert_for
from ops.listening import LOOPBACK, free_port
from telephony.carriers.signature import sign
from tests.scenario.installation import Answer, Installation, wait_for

pytestmark = [pytest.mark.scenario, pytest.mark.enable_socket]

CARRIER_TOKEN = "carrier-token-that-is-secret"
HEADER = b"phone,language,lon,lat\n"
DOCTYPE = (
    b'<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY x "y">]>'
    b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">&x;</alert>'
)
SWAPPED = {
    "type": "Polygon",
    "coordinates": [[[11, 104], [12, 104], [12, 105], [11, 104]]],
}
IMPOSSIBLE = {
    "type": "Polygon",
    "coordinates": [[[999, 11], [105, 11], [105, 12], [999, 11]]],
}
BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[104, 11], [106, 13], [106, 11], [104, 13], [104, 11]]],
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with tables and one carrier, which is down."""
    carrier = CarrierSettings.model_validate(
        {
            "base_url": f"http://{LOOPBACK}:{free_port()}",
            "account_sid": "AC" + "0" * 32,
            "auth_token": CARRIER_TOKEN,
            "sms_from": "1294",
        }
    )
    place = Installation(
        tmp_path_factory.mktemp("place"), carriers={"main": carrier}, log_level="INFO"
    )
    assert place.run("db", "upgrade").returncode == 0
    people = place.folder / "people.csv"
    people.write_bytes(HEADER + b"+85512345678,km,104.46,12.51\n")
    assert place.run("import", "subscribers", people).returncode == 0
    return place


@pytest.fixture(scope="module")
def authors_token(place: Installation) -> str:
    return place.token("anna", "operator")


@pytest.fixture(scope="module")
def web(place: Installation, authors_token: str) -> Iterator[Installation]:
    """The same with its web server."""
    assert authors_token
    with place.web():
        yield place


@pytest.fixture
def unchanged(place: Installation) -> Iterator[None]:
    """Whatever the test does, no table has a row more or less.

    But the audit, which tells that somebody has tried to import.
    """
    before = place.rows()
    yield
    assert place.rows() | {"audit": 0} == before | {"audit": 0}


# --- through the command line ---------------------------------------------------------


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("command", "content", "words"),
    [
        ("import subscribers", HEADER + b"abc,km,1,1\n", "line 2: "),
        ("import subscribers", HEADER + b"+85512345670,km,999,11\n", "999"),
        ("import subscribers", HEADER + b"+85512345670,km,11.5,104.9\n", "exchanged"),
        ("import subscribers", HEADER + b"\xff\xfe\xff,km,1,1\n", "UTF-8"),
        ("import subscribers --encoding klingon", HEADER, "klingon"),
        ("import areas", b'{"type": "Polygon", "coordinates": "abc"}', "input"),
        ("cap check", b"<alert>", "not well-formed"),
        ("alert send", DOCTYPE, "DOCTYPE"),
        ("alert send", b"", "JSON"),
        ("audience", json.dumps(SWAPPED).encode(), "exchanged"),
        ("audience", json.dumps(IMPOSSIBLE).encode(), "999"),
        ("audience", b'{"type": "Polygon", "coordinates": "abc"}', "a list"),
    ],
    ids=[
        "malformed-line",
        "impossible-coordinate",
        "swapped-columns",
        "unknown-bytes",
        "unknown-encoding",
        "boundaries-of-wrong-type",
        "malformed-xml",
        "doctype",
        "empty-file",
        "swapped-polygon",
        "impossible-polygon",
        "geojson-of-wrong-type",
    ],
)
def test_bad_files(
    place: Installation, command: str, content: bytes, words: str
) -> None:
    """Not a traceback, not a warning of some library: words, and exit 1."""
    file = place.folder / "input.json"
    file.write_bytes(content)

    done = place.run(*command.split(), file)

    assert done.returncode == 1
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.usefixtures("unchanged")
def test_a_polygon_that_crosses_itself(place: Installation) -> None:
    """Repaired, and told: the larger area is warned."""
    file = place.folder / "area.json"
    file.write_text(json.dumps(BOW_TIE))

    done = place.run("audience", file)

    assert done.returncode == 0
    assert "area.json: The outline crosses or touches itself" in done.stdout


@pytest.mark.usefixtures("unchanged")
def test_an_alert_for_nobody(place: Installation) -> None:
    """Not even a draft is left."""
    text = alert_for(_now(), file=ALERT_FILE, identifier="x").decode()
    start = text.index("<polygon>")
    end = text.rindex("</polygon>") + len("</polygon>")
    file = place.folder / "empty.xml"
    file.write_text(
        text[:start] + "<polygon>1,1 1,2 2,2 1,1</polygon>" + text[end:], "utf-8"
    )

    done = place.run("alert", "send", file)

    assert done.returncode == 1
    assert "tocsin: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_start_on_the_same_database(place: Installation) -> None:
    """The second worker, and ``serve``, are told which process is the first."""
    with place.process("worker") as first:
        lock = place.folder / "tocsin.db-worker"
        wait_for(lambda: lock.exists() and lock.read_text() != "", timeout_s=30)
        second = place.run("worker")
        service = place.run("serve")

    for done in (second, service):
        assert done.returncode == 1
        assert f"A worker is already running here (process {first.pid})" in done.stderr
        assert "TOCSIN_DATABASE_URL" in done.stderr
        assert done.stderr.count("\n") == 1


# --- through HTTP ---------------------------------------------------------------------


def assert_problem(answer: Answer, words: str, *statuses: int) -> None:
    """A problem document that says it."""
    assert answer.status in statuses
    assert answer.content_type == "application/problem+json"
    assert answer.document["status"] == answer.status
    assert words in answer.body.decode()
    assert "Traceback" not in answer.body.decode()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("path", "kind", "content", "words"),
    [
        ("/subscribers/import", "text/csv", b"name,age\nx,1\n", "phone"),
        ("/subscribers/import", "text/csv", HEADER + b"\xff\xfe,km,1,1\n", "UTF-8"),
        ("/alerts", "application/cap+xml", b"<alert>", "well-formed"),
        ("/alerts", "application/cap+xml", DOCTYPE, "DOCTYPE"),
        ("/alerts", "application/json", b"[[[", "JSON"),
        ("/audience", "application/json", b'{"type": 7}', ""),
        ("/audience", "application/json", json.dumps(SWAPPED).encode(), "exchanged"),
        ("/audience", "application/json", json.dumps(IMPOSSIBLE).encode(), "999"),
    ],
)
def test_bad_requests(  # noqa: PLR0917 - two of them are fixtures
    web: Installation,
    authors_token: str,
    path: str,
    kind: str,
    content: bytes,
    words: str,
) -> None:
    """A problem document, 4xx, nothing kept."""
    answer = web.ask(
        "POST",
        f"/api/v1{path}",
        content,
        Authorization=f"Bearer {authors_token}",
        Content_Type=kind,
    )

    assert_problem(answer, words, 400, 409, 413, 415, 422)


@pytest.mark.usefixtures("unchanged")
def test_a_wrong_token(web: Installation) -> None:
    """401, and how to do it right; not which tokens there are."""
    answer = web.ask("GET", "/api/v1/alerts", Authorization="Bearer tocsin_wrong")

    assert_problem(answer, "oken", 401)
    assert "tocsin_wrong" not in answer.body.decode()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("signature", [None, "", "AAAA", "wrong-key"])
def test_a_callback_that_the_carrier_did_not_sign(
    web: Installation, signature: str | None
) -> None:
    """403, and the secret is not shown; nothing is kept of it."""
    path = "/telephony/main/messages/1/status"
    headers = {"Content_Type": "application/x-www-form-urlencoded"}
    if signature == "wrong-key":
        form = [("MessageStatus", "delivered")]
        signature = sign("another", web.settings.callback_url + path, form)
    if signature is not None:
        headers["X_Twilio_Signature"] = signature

    answer = web.ask("POST", path, b"MessageStatus=delivered", **headers)

    assert answer.status == 403
    assert CARRIER_TOKEN not in answer.body.decode()


def test_a_telco_that_is_down(web: Installation, authors_token: str) -> None:
    """Nobody is given up: all stay queued, and ``doctor`` names the carrier."""
    file = web.folder / "alert.xml"
    file.write_bytes(alert_for(_now(), file=ALERT_FILE, identifier="x-1"))
    sent = json.loads(web.run("alert", "send", file, "--json").stdout)
    approver = web.token("boran", "approver")
    path = f"/api/v1/alerts/{sent['alert']}"
    with web.process("worker"):
        approved = web.ask(
            "POST",
            f"{path}/approve?accept_fallback=1",
            Authorization=f"Bearer {approver}",
        )
        wait_for(lambda: web.rows()["attempts"] > 0, timeout_s=30)
        doctor = web.run("doctor")
    progress = web.ask(
        "GET", f"{path}/progress", Authorization=f"Bearer {authors_token}"
    ).document

    assert approved.status == 200
    assert doctor.returncode == 1
    assert "FIX  carrier:main: " in doctor.stdout
    assert CARRIER_TOKEN not in doctor.stdout + doctor.stderr
    assert isinstance(progress["sms"], dict)
    assert progress["sms"]["open"] == 1
    assert progress["sms"]["failed"] == {}
    assert not progress["settled"]


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - real processes read the real clock


def test_logs_name_nobody(place: Installation) -> None:
    """Whatever the processes of this module have logged: no number, no secret."""
    for file in [*place.folder.glob("*.log"), *place.folder.glob("log/*")]:
        text = Path(file).read_text(encoding="utf-8")
        assert "12345678" not in text
        assert CARRIER_TOKEN not in text
        assert "Traceback" not in text
