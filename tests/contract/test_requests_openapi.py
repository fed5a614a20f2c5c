"""Twilio's published OpenAPI description judges what our gateway asks and reads."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.validation.request.exceptions import InvalidParameter
from werkzeug.datastructures import Headers, ImmutableMultiDict

from telephony.carriers.carrier_account import CarrierAccount
from telephony.carriers.gateway import Accepted, OutgoingCall, OutgoingMessage
from telephony.carriers.twilio_gateway import TwilioGateway
from tests.unit.telephony.fake_transport import Asked, FakeTransport, answer

DESCRIPTION = Path(__file__).parents[2] / "../shared/data/twilio/twilio_api_v2010.json"
HOST = "https://api.twilio.com"
LISTS = "/2010-04-01/Accounts/{AccountSid}/"
ACCOUNT = "AC" + "0" * 32
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
TO = "+14155552345"

MESSAGE = OutgoingMessage(
    to=TO,
    body="Flood warning: go to high ground now.",
    status_callback="https://tocsin.example/telephony/kh/messages/7/status",
    validity_s=3600,
)
CALL = OutgoingCall(
    to=TO,
    url="https://tocsin.example/telephony/kh/calls/7/script",
    status_callback="https://tocsin.example/telephony/kh/calls/7/status",
    answerer_callback="https://tocsin.example/telephony/kh/calls/7/answerer",
)

Question = Callable[[TwilioGateway], Awaitable[Any]]


class JudgedRequest:
    """A request of ours in the form that openapi-core reads and fills in."""

    def __init__(self, asked: Asked) -> None:
        assert asked.auth is not None, "every request carries credentials"
        user = base64.b64encode(":".join(asked.auth).encode()).decode()
        self.host_url = HOST
        self.path = asked.path
        self.method = asked.method.lower()
        self.body = asked.body or None
        self.content_type = asked.headers.get("Content-Type", "")
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(asked.query),
            header=Headers({**asked.headers, "Authorization": f"Basic {user}"}),
        )


@dataclass(frozen=True)
class Operation:
    """One question of the gateway's and the operation it should become."""

    question: Question
    path: str
    method: str
    status: str


@pytest.fixture(scope="module")
def description() -> Mapping[str, Any]:
    """The published document."""
    if not DESCRIPTION.exists():
        pytest.skip(f"{DESCRIPTION.name} is not beside the checkout")
    document: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
    return document


@pytest.fixture(scope="module")
def judge(description: Mapping[str, Any]) -> OpenAPI:
    """openapi-core on the published document."""
    return OpenAPI.from_dict(dict(description))


def examples(
    description: Mapping[str, Any], operation: Operation
) -> list[dict[str, Any]]:
    """The document's own example answers of one operation, as a list's last page."""
    described = description["paths"][LISTS + operation.path][operation.method]
    content = described["responses"][operation.status]["content"]["application/json"]
    values = [example["value"] for example in content["examples"].values()]
    return [{**value, "next_page_uri": None} for value in values]


def ask(operation: Operation, body: object) -> tuple[Any, list[Asked]]:
    """What the gateway makes of an example, and what it asked to get it."""
    transport = FakeTransport(answer(int(operation.status), body))
    account = CarrierAccount(
        name="twilio",
        base_url=HOST,
        account_sid=ACCOUNT,
        auth_token="token",
        sms_from="+15005550006",
        voice_from="+15005550006",
        tells_machines=True,
    )
    gateway = TwilioGateway(
        account, transport, now=lambda: datetime(2026, 5, 1, tzinfo=UTC)
    )

    async def scene() -> Any:
        return await operation.question(gateway)

    return asyncio.run(scene()), transport.asked


OPERATIONS = {
    "send_message": Operation(
        lambda gateway: gateway.send_message(MESSAGE), "Messages.json", "post", "201"
    ),
    "place_call": Operation(
        lambda gateway: gateway.place_call(CALL), "Calls.json", "post", "201"
    ),
    "fetch_message": Operation(
        lambda gateway: gateway.fetch_message("SM" + "a" * 32),
        "Messages/{Sid}.json",
        "get",
        "200",
    ),
    "fetch_call": Operation(
        lambda gateway: gateway.fetch_call("CA" + "a" * 32),
        "Calls/{Sid}.json",
        "get",
        "200",
    ),
    "messages_to": Operation(
        lambda gateway: gateway.messages_to(TO, since=SINCE),
        "Messages.json",
        "get",
        "200",
    ),
    "calls_to": Operation(
        lambda gateway: gateway.calls_to(TO, since=SINCE), "Calls.json", "get", "200"
    ),
    "hang_up": Operation(
        lambda gateway: gateway.hang_up("CA" + "a" * 32),
        "Calls/{Sid}.json",
        "post",
        "200",
    ),
    "check": Operation(lambda gateway: gateway.check(), "Messages.json", "get", "200"),
}
each_operation = pytest.mark.parametrize(
    "operation", OPERATIONS.values(), ids=OPERATIONS.keys()
)


@each_operation
def test_request_is_what_the_description_allows(
    judge: OpenAPI, description: Mapping[str, Any], operation: Operation
) -> None:
    """Address, credentials, parameters and form pass; no field is of our making."""
    body, *_ = examples(description, operation)
    _, asked = ask(operation, body)
    assert asked
    for one in asked:
        judge.validate_request(JudgedRequest(one))
    described = description["paths"][LISTS + operation.path][operation.method]
    known = {parameter["name"] for parameter in described.get("parameters", ())}
    for content in described.get("requestBody", {}).get("content", {}).values():
        known |= set(content["schema"]["properties"])
    sent = {name for one in asked for name, _ in [*one.form, *one.query]}
    assert sent <= known


@each_operation
def test_every_example_answer_is_read(
    description: Mapping[str, Any], operation: Operation
) -> None:
    """No published example is refused as unreadable."""
    for body in examples(description, operation):
        result, _ = ask(operation, body)
        if operation.status == "201":
            assert result == Accepted(carrier_ref=body["sid"], status=body["status"])


def test_judge_is_awake(judge: OpenAPI) -> None:
    """The description does refuse: a request of a wrong account is not let through."""
    asked = Asked("GET", f"{HOST}/2010-04-01/Accounts/x/Calls.json", b"", {}, ("x", ""))
    with pytest.raises(InvalidParameter, match="AccountSid"):
        judge.validate_request(JudgedRequest(asked))
