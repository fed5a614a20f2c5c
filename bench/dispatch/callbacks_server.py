"""The web server of ``callbacks``: one of several ways to take a callback.

    python -m bench.dispatch.callbacks_server WAY INBOX PORT THREADS

It serves status callbacks alone: nothing else of the product is put together.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from flask import Flask

import web
from ivr_scripts.catalogue import load_catalogue
from ops.clock import Clock
from ops.processes.web_server import BACKPRESSURE
from store.dispatch.inbox import Inbox
from telephony.callbacks.group_commit import GroupCommit
from telephony.callbacks.intake import CallbackIntake, CarrierIdentity, EventSink
from telephony.calls.call_talk import CallTalk
from telephony.calls.twiml import Dialect
from telephony.delivery import CarrierEvent
from web.services import Services

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PUBLIC_URL = "https://warning.example.org"
TOKEN = "bench-token"
CARRIER = "main"
_WAY, _INBOX = "BENCH_WAY", "BENCH_INBOX"


class CommitEach:
    """What a first version would do: a transaction for every callback."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def keep(self, event: CarrierEvent) -> None:
        """Write one callback; it is durable when this returns."""
        self._inbox.append([event])


class Nowhere:
    """Keeps nothing: for the cost of everything else."""

    def keep(self, event: CarrierEvent) -> None:
        """Forget it."""


def _grouped(inbox: Inbox) -> EventSink:
    return GroupCommit(inbox.append)


#: Way → what makes callbacks durable, and whether they go ahead of Flask.
WAYS: dict[str, tuple[Callable[[Inbox], EventSink], bool]] = {
    "ahead of Flask, group commit": (_grouped, True),
    "Flask view, group commit": (_grouped, False),
    "ahead of Flask, commit each": (CommitEach, True),
    "Flask view, commit each": (CommitEach, False),
}


def make_app(sink: EventSink, *, is_ahead: bool = True) -> WSGIApplication:
    """The product's web side over a sink; only its callbacks work."""
    now = Clock().now
    callbacks = CallbackIntake(
        carriers={CARRIER: CarrierIdentity(auth_token=TOKEN, dialect=Dialect.TWILIO)},
        public_url=PUBLIC_URL,
        sink=sink,
        context_of=lambda _: None,
        talk=CallTalk(catalogue=load_catalogue()),
        now=now,
    )
    app = Flask("tocsin", static_folder=None)
    web.register(
        app,
        services=cast("Services", SimpleNamespace(callbacks=callbacks, now=now)),
        options=web.WebOptions(secret_key="k" * 32, public_url=PUBLIC_URL),
        version="bench",
    )
    return app.wsgi_app if is_ahead else partial(Flask.wsgi_app, app)


def create() -> WSGIApplication:
    """The application of the process that serves."""
    make_sink, is_ahead = WAYS[os.environ[_WAY]]
    return make_app(make_sink(Inbox(Path(os.environ[_INBOX]))), is_ahead=is_ahead)


def serve(way: str, inbox: str, port: int, threads: int) -> None:
    """Serve as ``ops.processes.web_server`` does, until SIGTERM."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.update({_WAY: way, _INBOX: inbox})
    Granian(
        "bench.dispatch.callbacks_server:create",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        backpressure=BACKPRESSURE,
        log_access=False,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
