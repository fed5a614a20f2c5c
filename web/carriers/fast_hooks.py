"""States of messages and calls, and steps of calls, ahead of Flask: the same for less.

A warning to a million people brings two million of these in an hour, and what a web
framework does for each costs five times what the callback itself does. What is asked,
checked, kept and answered is what ``hooks`` and ``ivr`` do, through the same functions;
any request that is not plainly such a callback goes on to Flask unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Response

from telephony.callbacks.intake import SignedForm
from telephony.delivery import AttemptId
from telephony.errors import SignatureError
from web.carriers.hooks import CALL_ANSWERER, CALL_STATUS, MESSAGE_STATUS, XML, bp
from web.carriers.ivr import FIRST, STEP
from web.carriers.signed import note_refusal, read_ahead
from web.problems import answer_machine, problem_of
from web.services import Services

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Nothing in it could be written in another way, and every number is a database's key.
_STATUS = re.compile(
    r"/telephony/(?P<carrier>[A-Za-z0-9._~-]+)/(?P<noun>messages|calls)"
    r"/(?P<attempt>[0-9]{1,18})/status"
)
_ANSWERER = re.compile(
    r"/telephony/(?P<carrier>[A-Za-z0-9._~-]+)/calls"
    r"/(?P<attempt>[0-9]{1,18})/answerer"
)
#: A step is looked for only where it says which; the rest of a position's letters.
_SCRIPT = re.compile(
    r"/telephony/(?P<carrier>[A-Za-z0-9._~-]+)/calls"
    r"/(?P<attempt>[0-9]{1,18})/script(?:/(?P<position>[A-Za-z0-9._~-]{1,400}))?"
)
#: What Flask would answer to a status that is kept, worked out once.
_XML = ("Content-Type", Response(mimetype=XML).content_type)
_, _KEPT, _KEPT_HEADERS = Response(status=204).get_wsgi_response(
    {"REQUEST_METHOD": "POST"}
)

#: Status, headers and body of what is answered.
_Answer = tuple[str, list[tuple[str, str]], list[bytes]]
_Serve = Callable[[re.Match[str], SignedForm], _Answer]
_KeepForm = Callable[[str, AttemptId, SignedForm], None]


class FastHooks:
    """Serve status callbacks, and hand everything else on.

    Parameters
    ----------
    application : WSGI application
        Serves the same callbacks, and all the rest.
    services : Services
        What both of them call.
    """

    def __init__(self, application: WSGIApplication, services: Services) -> None:
        self._application = application
        self._services = services
        self._ways: tuple[tuple[re.Pattern[str], _Serve], ...] = (
            (_STATUS, self._keep),
            (_SCRIPT, self._say),
            (_ANSWERER, self._keep_answerer),
        )

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve one request.

        Raises
        ------
        Exception
            Only what the application behind raises.
        """
        path = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] == "POST" and "HTTP_UPGRADE" not in environ:
            for pattern, serve in self._ways:
                place = pattern.fullmatch(path)
                if place is not None:
                    return _served(serve, place, environ, start_response)
        return self._application(environ, start_response)

    def _keep(self, place: re.Match[str], form: SignedForm) -> _Answer:
        callbacks = self._services.callbacks
        if place["noun"] == "messages":
            keep, rule = callbacks.message_status, MESSAGE_STATUS
        else:
            keep, rule = callbacks.call_status, CALL_STATUS
        return self._kept(place, form, keep, rule)

    def _keep_answerer(self, place: re.Match[str], form: SignedForm) -> _Answer:
        keep = self._services.callbacks.call_answerer
        return self._kept(place, form, keep, CALL_ANSWERER)

    @staticmethod
    def _kept(
        place: re.Match[str], form: SignedForm, keep: _KeepForm, rule: str
    ) -> _Answer:
        try:
            keep(place["carrier"], AttemptId(int(place["attempt"])), form)
        except SignatureError as error:
            note_refusal(f"{bp.url_prefix}{rule}", error)
            raise
        # A list, and not an iterator: the server sends it in one piece.
        return _KEPT, _KEPT_HEADERS.copy(), []

    def _say(self, place: re.Match[str], form: SignedForm) -> _Answer:
        position = place["position"]
        attempt_id = AttemptId(int(place["attempt"]))
        step = self._services.callbacks.call_step
        try:
            body = step(place["carrier"], attempt_id, position, form).encode()
        except SignatureError as error:
            rule = FIRST if position is None else STEP
            note_refusal(f"{bp.url_prefix}{rule}", error)
            raise
        return "200 OK", [_XML, ("Content-Length", str(len(body)))], [body]


def _served(
    serve: _Serve,
    place: re.Match[str],
    environ: WSGIEnvironment,
    start_response: StartResponse,
) -> Iterable[bytes]:
    try:
        status, headers, body = serve(place, read_ahead(environ))
    except Exception as error:  # noqa: BLE001 - as Flask's own last resort
        return answer_machine(problem_of(error))(environ, start_response)
    start_response(status, headers)
    return body
