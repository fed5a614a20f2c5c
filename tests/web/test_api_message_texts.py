"""Our texts over the API: read by whoever may look, changed by admins."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.web.fakes import FakeServices

Headers = dict[str, str]
URL = "/api/v1/message-texts"
ACT, SHORT = "hazards.flood.act", "hazards.flood.short"


def test_texts_are_shown_with_what_they_may_be(
    client: FlaskClient, viewer: Headers, services: FakeServices
) -> None:
    """What we bring, how long, which placeholders, who wrote and read them."""
    services.texts.desk.save("km", {ACT: "ឡើង!"}, seen=0, by="anna")
    services.texts.desk.review("km", [ACT], seen=1, by="boran")
    listed = client.get(URL, headers=viewer).json
    assert listed is not None
    assert listed["revision"] == 2
    km = {"language": "km", "texts": 67, "own": 1, "unreviewed": 66}
    assert km in listed["items"]

    shown = client.get(f"{URL}/km", headers=viewer).json
    assert shown is not None
    by_path = {one["path"]: one for one in shown["items"]}
    told = by_path[ACT]
    assert (told["text"], told["longest"], told["placeholders"]) == ("ឡើង!", 120, [])
    assert (told["changed_by"], told["reviewed_by"]) == ("anna", "boran")
    assert told["brought"] != "ឡើង!"
    assert by_path["words.until"]["placeholders"] == ["time"]
    assert by_path[SHORT]["reviewed"] is False


def test_texts_are_changed_read_and_gone_back_on(
    client: FlaskClient, admin: Headers, services: FakeServices
) -> None:
    """Each answer has the revision to go on with."""
    body: dict[str, object] = {"seen": 0, "texts": {ACT: "ឡើង!"}}
    first = client.patch(f"{URL}/km", json=body, headers=admin)
    assert first.json == {"changed": [ACT], "revision": 1}
    services.texts.desk.save("km", {ACT: "ទៅ!"}, seen=1, by="anna")
    named = {"seen": 2, "paths": [ACT]}
    read = client.post(f"{URL}/km/review", json=named, headers=admin)
    assert read.json == {"changed": [ACT], "revision": 3}
    doubted = client.post(f"{URL}/km/doubt", json=named, headers=admin)
    assert doubted.json == {"changed": [ACT], "revision": 4}
    back = client.post(f"{URL}/km/bring-back", json=named, headers=admin)
    assert back.json == {"changed": [ACT], "revision": 5}
    assert services.texts.desk.language("km").n_own == 0


def test_an_answer_does_not_hide_what_others_changed(
    client: FlaskClient, admin: Headers, services: FakeServices
) -> None:
    """Whoever goes on with its revision writes over nothing that they have not read."""
    services.texts.desk.save("km", {SHORT: "Theirs"}, seen=0, by="anna")
    mine = {"seen": 0, "texts": {ACT: "ឡើង!"}}
    answer = client.patch(f"{URL}/km", json=mine, headers=admin).json
    assert answer == {"changed": [ACT], "revision": 0}
    on = {"seen": answer["revision"], "texts": {SHORT: "Mine"}}
    assert client.patch(f"{URL}/km", json=on, headers=admin).status_code == 409
    assert services.texts.desk.language("km").revision == 2


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/km", {"seen": 0, "texts": {ACT: "x" * 121}}, (422, "bad-texts")),
        ("/km", {"seen": 0, "texts": {ACT: ""}}, (422, "bad-texts")),
        ("/km", {"seen": 0, "texts": {"x" * 9_000: "x"}}, (404, "no-such-text")),
        ("/xx", {"seen": 0, "texts": {ACT: "x"}}, (404, "no-such-text")),
        ("/km", {"seen": 0, "texts": {}}, (422, "invalid-request")),
        ("/km", {"seen": -1, "texts": {ACT: "x"}}, (422, "invalid-request")),
        ("/km", {"texts": {ACT: "x"}}, (422, "invalid-request")),
        ("/km", {"seen": 0, "texts": {ACT: 7}}, (422, "invalid-request")),
        ("/km", {"seen": 0, "texts": {SHORT: "New"}}, (409, "stale-text")),
    ],
)
def test_what_cannot_be_kept_is_refused(
    client: FlaskClient,
    admin: Headers,
    services: FakeServices,
    *,
    path: str,
    body: dict[str, object],
    told: tuple[int, str],
) -> None:
    """Each with its problem; nothing is kept."""
    services.texts.desk.save("km", {SHORT: "Theirs"}, seen=0, by="anna")
    answer = client.patch(URL + path, json=body, headers=admin)
    assert answer.json is not None
    assert (answer.status_code, re.split("[/:#]", answer.json["type"])[-1]) == told
    assert services.text_store.revision == 1


def test_a_problem_points_to_its_text(
    client: FlaskClient, admin: Headers, services: FakeServices
) -> None:
    """So that a form can show it beside the field; a conflict names the texts."""
    body = {"seen": 0, "texts": {SHORT: "x" * 31}}
    wrong = client.patch(f"{URL}/km", json=body, headers=admin).json
    assert wrong is not None
    assert wrong["errors"] == [
        {"pointer": f"#/texts/{SHORT}", "detail": "31 long; at most 30."}
    ]
    services.texts.desk.save("km", {SHORT: "Theirs"}, seen=0, by="anna")
    body = {"seen": 0, "texts": {SHORT: "Mine"}}
    late = client.patch(f"{URL}/km", json=body, headers=admin).json
    assert late is not None
    assert late["texts"] == [SHORT]


def test_ones_own_text_is_read_by_another(
    client: FlaskClient, admin: Headers, services: FakeServices
) -> None:
    """Whose token it is, is whose name counts."""
    body = {"seen": 0, "texts": {ACT: "ឡើង!"}}
    client.patch(f"{URL}/km", json=body, headers=admin)
    named = {"seen": 1, "paths": [ACT]}
    answer = client.post(f"{URL}/km/review", json=named, headers=admin)
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["type"].endswith("own-text")
    assert services.text_store.revision == 1


def test_only_admins_change_texts(client: FlaskClient, approver: Headers) -> None:
    """Whoever approves reads them."""
    body = {"seen": 0, "texts": {ACT: "ឡើង!"}}
    assert client.patch(f"{URL}/km", json=body, headers=approver).status_code == 403
