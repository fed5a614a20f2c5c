"""Alerts as the API shows them: lists, progress, deliveries, CAP."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from ops.health import Check
from tests.web.alert_bodies import CAP, URL, body
from tests.web.fakes import FakeServices, delivery_line
from warning.alert import AlertState
from warning.cap import CapStatus


def test_list_is_paged_newest_first(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """Pages join without a gap, also when alerts come in meanwhile."""
    made = [services.alert().alert_id for _ in range(5)]

    first = client.get(f"{URL}?limit=2", headers=viewer).json
    services.alert()
    assert first is not None
    rest = []
    cursor = first["next_cursor"]
    while cursor:
        answer = client.get(f"{URL}?limit=2&cursor={cursor}", headers=viewer).json
        assert answer is not None
        rest += answer["items"]
        cursor = answer["next_cursor"]

    shown = [item["id"] for item in first["items"] + rest]
    assert shown == made[::-1]


def test_list_by_state(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """Only alerts of the state asked for."""
    services.alert()
    live = services.alert(AlertState.LIVE)

    answer = client.get(f"{URL}?state=live", headers=viewer)

    assert answer.json is not None
    assert [item["id"] for item in answer.json["items"]] == [live.alert_id]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "state=odd", "cursor=%ff"])
def test_wrong_page(client: FlaskClient, viewer: dict[str, str], query: str) -> None:
    """A wrong parameter is named."""
    answer = client.get(f"{URL}?{query}", headers=viewer)

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["parameter"] == query.partition("=")[0]


def test_progress(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """The four figures, by channel, area and language, and whether all is settled."""
    case = services.alert(AlertState.LIVE)

    answer = client.get(f"{URL}/{case.alert_id}/progress", headers=viewer)

    assert answer.json is not None
    assert answer.json["affected"] == 1_000
    assert answer.json["sms"]["failed"] == {"30003": 12}
    assert answer.json["by_area"]["KH-12"] == {"reached": 200, "confirmed": 300}
    assert answer.json["settled"] is False
    assert answer.json["alarms"] == []


def test_progress_tells_what_stands_in_its_way(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """A carrier that is stopped is seen beside the figures that stand still."""
    case = services.alert(AlertState.LIVE)
    sentence = "The carrier refuses our sender number."
    stopped = Check(name="carrier:main", ok=False, sentence=sentence)
    services.health.checks.append(stopped)

    answer = client.get(f"{URL}/{case.alert_id}/progress", headers=viewer)

    assert answer.json is not None
    assert answer.json["alarms"] == [{"name": "carrier:main", "sentence": sentence}]


def test_deliveries_are_paged_and_name_no_number(
    client: FlaskClient, services: FakeServices, operator: dict[str, str]
) -> None:
    """Deliveries name people by id alone."""
    case = services.alert(AlertState.LIVE)
    services.board.lines = [delivery_line(number) for number in range(1, 6)]
    url = f"{URL}/{case.alert_id}/deliveries?limit=3"

    first = client.get(url, headers=operator).json
    assert first is not None
    second = client.get(f"{url}&cursor={first['next_cursor']}", headers=operator).json
    assert second is not None

    assert [item["id"] for item in first["items"]] == ["1", "2", "3"]
    assert [item["id"] for item in second["items"]] == ["4", "5"]
    assert second["next_cursor"] is None
    assert first["items"][0]["subscriber"] == "101"
    assert "phone" not in first["items"][0]


@pytest.mark.parametrize(
    "cursor", ["Zm9v", "!!!", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ"]
)
def test_cursor_that_is_not_ours(
    client: FlaskClient, services: FakeServices, operator: dict[str, str], cursor: str
) -> None:
    """A cursor that was never given out is refused."""
    case = services.alert()
    url = f"{URL}/{case.alert_id}/deliveries?cursor={cursor}"

    assert client.get(url, headers=operator).status_code == 422


def test_cap_out(
    client: FlaskClient, services: FakeServices, viewer: dict[str, str]
) -> None:
    """The alert as a CAP document."""
    case = services.alert()

    answer = client.get(f"{URL}/{case.alert_id}/cap", headers=viewer)

    assert answer.mimetype == CAP
    assert case.cap.identifier.encode() in answer.data


@pytest.mark.parametrize("status", list(CapStatus))
def test_status_is_the_authors(
    client: FlaskClient,
    services: FakeServices,
    operator: dict[str, str],
    status: CapStatus,
) -> None:
    """Actual or exercise is said by the author; there is no default."""
    client.post(URL, json=body(status=status.value), headers=operator)

    (case,) = services.board.cases.values()
    assert case.cap.status is status
