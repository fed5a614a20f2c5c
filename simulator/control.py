"""The control interface under ``/_simulator``: look inside, break things, hold a phone.

For tests, drills and demos. Loopback only, and the account's token is asked for: by
basic authentication (account SID and token), as a browser asks, or as bearer token.
Writes must be JSON, which no form of a foreign page can send.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote

from simulator import evidence, pages
from simulator.api import credentials, is_authorized
from simulator.control_phones import PhoneControl
from simulator.errors import ControlError
from simulator.faults import FaultPlan
from simulator.forms import first_values, parse_pairs
from simulator.http_protocol import Request, Response, json_response
from simulator.numbering import normalized
from simulator.parts import TelcoParts

_PREFIX = "/_simulator"
_POLL_S = 0.01
_MAX_WAIT_S = 300.0


class Control:
    """Answers requests under ``/_simulator``.

    Parameters
    ----------
    parts : TelcoParts
        The running telco.
    account_sid, auth_token : str
        Who may ask.
    """

    def __init__(self, parts: TelcoParts, *, account_sid: str, auth_token: str) -> None:
        self._parts = parts
        self._phones = PhoneControl(parts)
        self._basic = credentials(account_sid, auth_token)
        self._bearer = f"Bearer {auth_token}".encode()

    def answer(self, request: Request) -> Response | Awaitable[Response]:
        """Answer one request."""
        if not _is_local(request.peer):
            return json_response(403, {"error": "the control interface is local"})
        path = unquote(request.path.removeprefix(_PREFIX)).strip("/")
        if path == "health":
            return json_response(200, {"status": "ok"})
        if not self._is_allowed(request.headers.get("authorization", "")):
            response = json_response(401, {"error": "give the account SID and token"})
            response.headers = (("WWW-Authenticate", 'Basic realm="Simulator"'),)
            return response
        try:
            return self._routed(request, path)
        except ControlError as error:
            return json_response(error.status, {"error": str(error)})

    def _is_allowed(self, given: str) -> bool:
        return is_authorized(given, self._basic) or hmac.compare_digest(
            given.encode(), self._bearer
        )

    def _routed(self, request: Request, path: str) -> Response | Awaitable[Response]:
        head, _, rest = path.partition("/")
        match request.method, head:
            case "GET", "quiet":
                return self._wait_until_quiet(first_values(parse_pairs(request.query)))
            case "POST", "reset":
                return self._reset()
            case "GET", "" | "static":
                return pages.index() if not head else pages.asset(rest)
            case _, "phones":
                return self._on_phones(request, rest)
            case "GET", _:
                return json_response(200, self._shown(request, head))
            case "PUT" | "POST", _:
                return json_response(200, self._changed(request, head, rest))
            case _:
                raise ControlError("no such thing here", status=405)

    def _shown(self, request: Request, head: str) -> dict[str, Any]:
        parts, form = self._parts, first_values(parse_pairs(request.query))
        match head:
            case "counters":
                return self._counters()
            case "accepted":
                return evidence.accepted(parts.ledger, form)
            case "exactly-once":
                return evidence.exactly_once(parts.ledger, form)
            case "faults":
                return parts.faults.plan.to_json()
            case "numbers":
                return {
                    own.number: {"sms_url": own.sms_url, "voice_url": own.voice_url}
                    for own in parts.numbers
                }
            case _:
                raise ControlError("no such thing here", status=404)

    def _changed(self, request: Request, head: str, rest: str) -> dict[str, Any]:
        parts, values = self._parts, _json_object(request)
        match head:
            case "faults":
                parts.faults.use(FaultPlan.from_json(values))
                return parts.faults.plan.to_json()
            case "outage":
                seconds = values.get("seconds")
                if not isinstance(seconds, int | float) or not seconds > 0:
                    raise ControlError("seconds must be a number above 0")
                parts.faults.go_down(float(seconds))
                return {"seconds": seconds}
            case "numbers" if rest:
                parts.numbers.connect(
                    rest,
                    sms_url=values.get("sms_url"),
                    voice_url=values.get("voice_url"),
                )
                return {"number": rest}
            case _:
                raise ControlError("no such thing here", status=404)

    def _on_phones(self, request: Request, rest: str) -> Response:
        phone, _, what = rest.partition("/")
        phone = normalized(phone)
        if request.method == "GET" and phone and not what:
            return pages.phone()
        if request.method == "DELETE" and phone and not what:
            self._parts.phones.release(phone)
            return Response(status=204)
        return json_response(200, self._phone_answer(request, phone, what))

    def _phone_answer(self, request: Request, phone: str, what: str) -> dict[str, Any]:
        match request.method, bool(phone), what:
            case "GET", False, _:
                return self._phones.recent()
            case "GET", _, "inbox":
                return self._phones.inbox(phone)
            case "PUT", False, _:
                return self._phones.force_many(_json_object(request))
            case "PUT", _, "":
                return self._phones.force(phone, _json_object(request))
            case "POST", _, _:
                return self._phones.act(phone, what, _json_object(request))
            case _:
                raise ControlError("no such thing here", status=404)

    def _counters(self) -> dict[str, Any]:
        parts = self._parts
        return {
            "counters": dict(sorted(parts.ledger.counters.items())),
            "now": {
                "messages": len(parts.ledger.messages),
                "calls": len(parts.ledger.calls),
                "calls_live": parts.desk.n_live,
                "calls_waiting": parts.desk.n_waiting,
                "callbacks_pending": parts.callbacks.n_pending,
                "timers": len(parts.timers),
                "is_down": parts.faults.is_down,
                "is_quiet": parts.is_quiet,
            },
        }

    async def _wait_until_quiet(self, form: dict[str, str]) -> Response:
        """Answer when nothing is under way any more, or 408 when time is up."""
        try:
            wait_s = min(float(form.get("timeout_s", "30")), _MAX_WAIT_S)
        except ValueError:
            return json_response(400, {"error": "timeout_s must be a number"})
        for _ in range(int(wait_s / _POLL_S)):
            if self._parts.is_quiet:
                return json_response(200, self._counters())
            await self._parts.timers.pause(_POLL_S)
        return json_response(408, self._counters())

    async def _reset(self) -> Response:
        await self._parts.reset()
        return json_response(200, self._counters())


def _is_local(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        # In a test there may be no socket at all.
        return not peer


def _json_object(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ControlError("send Content-Type: application/json", status=415)
    try:
        value = json.loads(request.body or b"{}")
    except ValueError as error:
        raise ControlError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ControlError("send a JSON object")
    return value
