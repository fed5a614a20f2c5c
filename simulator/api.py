"""The telco's public interface: who asks, for what, and what goes wrong on command."""

from __future__ import annotations

import base64
import hmac
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from simulator.dialect_rules import DialectRules
from simulator.faults import Faults, GarbledAnswer, RequestFault
from simulator.forms import parse_pairs
from simulator.http_protocol import Request, Response, json_response
from simulator.records import Ledger
from simulator.refusals import Reason, Refusal
from simulator.resources.account import Account
from simulator.resources.calls import Calls
from simulator.resources.checks import Answer, RefusedError
from simulator.resources.messages import Messages

_BEFORE = {RequestFault.TOO_MANY, RequestFault.ERROR_BEFORE, RequestFault.DROP_BEFORE}
_HTML = b"<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>"


class Api:
    """Answers the customer's requests.

    Parameters
    ----------
    rules, ledger, faults
        The telco's own.
    auth_token : str
        Password of the account.
    messages, calls, account
        The resources.
    """

    def __init__(
        self,
        *,
        rules: DialectRules,
        ledger: Ledger,
        faults: Faults,
        auth_token: str,
        messages: Messages,
        calls: Calls,
        account: Account,
    ) -> None:
        self._rules = rules
        self._ledger = ledger
        self._faults = faults
        self._messages = messages
        self._calls = calls
        self._account = account
        self._credentials = credentials(rules.account_sid, auth_token)

    def answer(self, request: Request) -> Response:
        """Answer one request, or break it as the faults of the moment say."""
        if self._faults.is_down:
            self._ledger.counters["requests.down"] += 1
            return Response(drop=True)
        fault = self._faults.for_request()
        response = self._broken_before(fault) if fault in _BEFORE else None
        if response is None:
            response = self._judged(request)
            if fault is not None and fault not in _BEFORE:
                response = self._broken_after(response, fault)
        if fault is not None:
            self._ledger.counters[f"faults.{fault.value}"] += 1
        response.delay_s = self._faults.latency_s()
        return response

    def _judged(self, request: Request) -> Response:
        self._ledger.counters["requests"] += 1
        given = request.headers.get("authorization", "")
        if not is_authorized(given, self._credentials):
            return self._refused(RefusedError(Reason.AUTHENTICATE))
        try:
            return self._routed(request)
        except RefusedError as refused:
            return self._refused(refused)

    def _routed(self, request: Request) -> Response:
        path = unquote(request.path)
        root = self._rules.root
        if path == f"{root}.json":
            return _json(self._account.fetch())
        if not path.startswith(f"{root}/"):
            raise RefusedError(Reason.NOT_FOUND)
        head, _, tail = path[len(root) + 1 :].partition("/")
        sid = tail.removesuffix(".json")
        if "/" in sid:
            raise RefusedError(Reason.NOT_FOUND)
        match head.removesuffix(".json"):
            case "Messages":
                return _json(self._on_resource(self._messages, request, sid))
            case "Calls":
                return _json(self._on_resource(self._calls, request, sid))
            case "Recordings" if sid:
                return self._on_recording(sid, tail)
            case "IncomingPhoneNumbers" if not sid:
                return _json(self._account.numbers(parse_pairs(request.query)))
            case _:
                raise RefusedError(Reason.NOT_FOUND)

    def _on_resource(
        self, resource: Messages | Calls, request: Request, sid: str
    ) -> Answer:
        match request.method, bool(sid):
            case "POST", False:
                return resource.create(parse_pairs(_body(request)))
            case "GET", False:
                return resource.list_page(parse_pairs(request.query))
            case "GET", True:
                return resource.fetch(sid)
            case "POST", True:
                return resource.update(sid, parse_pairs(_body(request)))
            case "DELETE", True:
                return resource.delete(sid)
            case _:
                raise RefusedError(Reason.METHOD)

    def _on_recording(self, sid: str, tail: str) -> Response:
        if tail.endswith(".json"):
            return _json(self._account.recording(sid))
        sound = self._account.recording_sound(sid.removesuffix(".wav"))
        return Response(body=sound, content_type="audio/x-wav")

    def _broken_before(self, fault: RequestFault | None) -> Response:
        plan = self._faults.plan
        if fault is RequestFault.TOO_MANY:
            refused = RefusedError(Reason.TOO_MANY, retry_after_s=plan.retry_after_s)
            return self._refused(refused)
        if fault is RequestFault.ERROR_BEFORE:
            return self._refused(RefusedError(Reason.INTERNAL))
        return Response(drop=True)

    def _broken_after(self, response: Response, fault: RequestFault) -> Response:
        if fault is RequestFault.DROP_AFTER:
            return Response(drop=True)
        if fault is RequestFault.ERROR_AFTER:
            return self._refused(RefusedError(Reason.INTERNAL))
        return _garbled(response, self._faults.plan.garbled_as)

    def _refused(self, refused: RefusedError) -> Response:
        status, body = self._rules.refusal(refused.refusal)
        self._ledger.counters[f"refused.{body['code']}"] += 1
        response = json_response(status, body)
        if refused.retry_after_s is not None:
            response.headers = (("Retry-After", str(refused.retry_after_s)),)
        if status == HTTPStatus.UNAUTHORIZED:
            response.headers = (("WWW-Authenticate", 'Basic realm="Twilio API"'),)
        return response


def _body(request: Request) -> str:
    return request.body.decode("utf-8", "replace")


def credentials(account_sid: str, auth_token: str) -> bytes:
    """What follows ``Basic`` in the header of who may ask."""
    return base64.b64encode(f"{account_sid}:{auth_token}".encode())


def is_authorized(header: str, expected: bytes) -> bool:
    """Whether an ``Authorization`` header carries the expected user and password."""
    scheme, _, encoded = header.partition(" ")
    is_basic = scheme.lower() == "basic"
    return is_basic and hmac.compare_digest(encoded.strip().encode(), expected)


def internal_error(rules: DialectRules) -> Response:
    """Answer to a request that met a defect of the telco itself."""
    status, body = rules.refusal(Refusal(Reason.INTERNAL))
    return json_response(status, body)


def _garbled(response: Response, shape: GarbledAnswer) -> Response:
    match shape:
        case GarbledAnswer.HTML:
            return Response(status=502, body=_HTML, content_type="text/html")
        case GarbledAnswer.EMPTY:
            return Response(status=response.status)
        case GarbledAnswer.REDIRECT:
            location = ("Location", "https://moved.invalid/")
            return Response(status=307, headers=(location,))
        case GarbledAnswer.TRUNCATED | GarbledAnswer.STALLED:
            half = len(response.body) // 2
            return Response(
                status=response.status,
                body=response.body[:half],
                missing_bytes=len(response.body) - half,
                stall=shape is GarbledAnswer.STALLED,
            )


def _json(answer: tuple[int, dict[str, Any]]) -> Response:
    status, body = answer
    if status == HTTPStatus.NO_CONTENT:
        return Response(status=status)
    return json_response(status, body)
