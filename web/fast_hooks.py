"""States of messages and calls ahead of Flask: the same answers, for much less.

A warning to a million people brings two million of these in an hour, and what a web
framework does for each costs five times what the callback itself does. What is asked,
checked, kept and answered is what ``hooks`` does, through the same functions; any
request that is not plainly such a callback goes on to Flask unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Response
from werkzeug.wrappers import Request

from telephony.delivery import AttemptId
from telephony.errors import SignatureError
from web.hooks import CALL_STATUS, MESSAGE_STATUS, bp
from web.problems import answer_machine, problem_of
from web.services import Services
from web.signed import note_refusal, read_form

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Nothing in it could be written in another way, and every number is a database's key.
_STATUS = re.compile(
    r"/telephony/(?P<carrier>[A-Za-z0-9._~-]+)/(?P<noun>messages|calls)"
    r"/(?P<attempt>[0-9]{1,18})/status"
)
#: What Flask would answer to a status that is kept, worked out once.
_, _KEPT, _KEPT_HEADERS = Response(status=204).get_wsgi_response(
    {"REQUEST_METHOD": "POST"}
)


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

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve one request.

        Raises
        ------
        Exception
            Only what the application behind raises.
        """
        place = _STATUS.fullmatch(environ.get("PATH_INFO", ""))
        if (
            place is None
            or environ["REQUEST_METHOD"] != "POST"
            or "HTTP_UPGRADE" in environ
        ):
            return self._application(environ, start_response)
        try:
            self._keep(place, Request(environ))
        except Exception as error:  # noqa: BLE001 - as Flask's own last resort
            return answer_machine(problem_of(error))(environ, start_response)
        start_response(_KEPT, _KEPT_HEADERS.copy())
        # A list, and not an iterator: the server sends it in one piece.
        return []

    def _keep(self, place: re.Match[str], asked: Request) -> None:
        callbacks = self._services.callbacks
        if place["noun"] == "messages":
            keep, rule = callbacks.message_status, MESSAGE_STATUS
        else:
            keep, rule = callbacks.call_status, CALL_STATUS
        form = read_form(asked)
        try:
            keep(place["carrier"], AttemptId(int(place["attempt"])), form)
        except SignatureError as error:
            note_refusal(f"{bp.url_prefix}{rule}", error)
            raise
