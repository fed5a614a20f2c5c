"""Alive, ready, figures, and headers on everything."""

from __future__ import annotations

import math

import pytest
from flask.testing import FlaskClient

from ops.health import Check, Metric, Sample
from tests.web.fakes import FakeServices
from web.exposition import exposition


def test_live(client: FlaskClient) -> None:
    """A process that answers is alive, whatever else is wrong."""
    answer = client.get("/health/live")

    assert (answer.status_code, answer.json) == (200, {"status": "live"})


def test_ready(client: FlaskClient) -> None:
    """Ready when every check holds."""
    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["status"] == "ready"


def test_not_ready_says_why(client: FlaskClient, services: FakeServices) -> None:
    """503 with a sentence for whoever is called at night."""
    sentence = "The worker has not been heard of for 90 s; start it."
    services.health.checks.append(Check(name="worker", ok=False, sentence=sentence))

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["status"] == "not ready"
    assert answer.json["checks"][1] == {
        "name": "worker",
        "ok": False,
        "sentence": sentence,
    }


def test_metrics(client: FlaskClient) -> None:
    """Figures in the text format of Prometheus."""
    answer = client.get("/metrics")

    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.text.startswith(
        "# HELP tocsin_deliveries Deliveries by state.\n"
        "# TYPE tocsin_deliveries gauge\n"
        'tocsin_deliveries{state="queued"} 12\n'
    )
    assert "\ntocsin_webhook_messages_queued 0\n" in answer.text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (2.0, "2"),
        (0.25, "0.25"),
        (1e21, "1000000000000000000000"),
        (math.inf, "+Inf"),
        (-math.inf, "-Inf"),
        (math.nan, "NaN"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    """Numbers as the format wants them."""
    metric = Metric(name="x", help="h", kind="counter", samples=[Sample(value=value)])

    assert exposition([metric]).splitlines()[2] == f"x {text}"


def test_labels_are_escaped() -> None:
    """A quote or a line break in a label does not break the line."""
    sample = Sample(value=1, labels={"a": 'b"\\\n'})
    metric = Metric(name="x", help="a\nb\\", kind="gauge", samples=[sample])

    assert exposition([metric]).splitlines() == [
        r"# HELP x a\nb\\",
        "# TYPE x gauge",
        r'x{a="b\"\\\n"} 1',
    ]


@pytest.mark.parametrize(
    "path", ["/sign-in", "/nowhere", "/api/v1/alerts", "/health/live", "/metrics"]
)
def test_security_headers_everywhere(client: FlaskClient, path: str) -> None:
    """Every answer, errors too, says what a browser may do with it."""
    headers = client.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Strict-Transport-Security"].startswith("max-age=")


def test_static_files_may_be_kept(client: FlaskClient) -> None:
    """Style and scripts are cached; nothing outside the folder is served."""
    with client.get("/static/console.css") as answer:
        assert answer.status_code == 200
        assert "max-age=3600" in answer.headers["Cache-Control"]
    for path in ("/static/../services.py", "/static/%2e%2e/services.py", "/static/x"):
        assert client.get(path).status_code == 404
