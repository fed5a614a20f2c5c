"""What changes on the screen by itself: server-sent events, and the same for asking.

One view is worked out at most once a second, for everybody who looks. A stream holds
a thread of the server, so there are few; whoever gets none asks every few seconds.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    render_template,
    request,
    stream_with_context,
)

from accounts.operators import Operator, Role
from web.console.languages import language
from web.console.panels import panels
from web.console.situation.alarms import alarms
from web.console.situation.overview import on_map, open_cases, people_by_area
from web.console.situation.strip import strip_of
from web.services import options, services
from web.sessions import signed_in

bp = Blueprint("live", __name__, url_prefix="/console")

#: The key under which the feed hangs on the application.
FEED = "live_feed"
#: Seconds between two looks.
EVERY_S = 1.0
#: A browser comes back by itself; a thread is not held for ever.
STREAM_S = 300
#: Of the server's threads, these may hold streams.
MAX_STREAMS = 16


@dataclass(frozen=True, slots=True)
class View:
    """What the screen shows now."""

    version: str
    #: JSON.
    data: str


class LiveFeed:
    """Works the view out for all who look, once a second at most.

    Parameters
    ----------
    work_out : callable
        Returns the parts of the view by name.
    monotonic : callable
        Seconds that only grow.
    """

    def __init__(
        self,
        work_out: Callable[[], dict[str, str]],
        *,
        monotonic: Callable[[], float],
    ) -> None:
        self._work_out = work_out
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._views: dict[str, tuple[float, View]] = {}
        self.streams = threading.BoundedSemaphore(MAX_STREAMS)

    def view(self, tongue: str) -> View:
        """The view in a language, at most ``EVERY_S`` old."""
        with self._lock:
            now = self._monotonic()
            seen_at, view = self._views.get(tongue, (float("-inf"), View("", "{}")))
            if now - seen_at >= EVERY_S:
                parts = self._work_out()
                told = json.dumps(parts, ensure_ascii=False, sort_keys=True)
                view = View(hashlib.sha256(told.encode()).hexdigest()[:16], told)
                self._views[tongue] = now, view
            return view


def install(app: Flask, monotonic: Callable[[], float]) -> None:
    """Hang the feed on an application."""
    app.extensions[FEED] = LiveFeed(_parts, monotonic=monotonic)


@bp.get("/now")
@signed_in(Role.VIEWER)
def now(by: Operator) -> Response:
    """The view for browsers that got no stream."""
    del by
    return Response(_line(_feed().view(language())), mimetype="application/json")


@bp.get("/events")
@signed_in(Role.VIEWER)
def events(by: Operator) -> Response:
    """The view whenever it changes, and a sign of life in between."""
    del by
    feed = _feed()
    if not feed.streams.acquire(blocking=False):
        answer = Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer.headers["Retry-After"] = "5"
        return answer
    seen = request.headers.get("Last-Event-ID", "")
    told = stream_with_context(_stream(feed, seen))
    answer = Response(told, mimetype="text/event-stream")
    answer.call_on_close(feed.streams.release)
    return answer


def _stream(feed: LiveFeed, seen: str) -> Iterator[str]:
    pause = threading.Event()
    yield "retry: 2000\n\n"
    for _ in range(int(STREAM_S / EVERY_S)):
        view = feed.view(language())
        if view.version != seen:
            seen = view.version
            yield f"id: {view.version}\nevent: view\ndata: {_line(view)}\n\n"
        else:
            yield "event: beat\ndata: {}\n\n"
        pause.wait(EVERY_S)


def _parts() -> dict[str, str]:
    """What the situation shows, as markup by place; the same for everybody."""
    known = services()
    shown, cases = panels(known), open_cases(known)
    strip = strip_of(known)
    return {
        "alerts": render_template("console/_alerts_now.html", panels=shown),
        "cases": render_template("console/_cases_now.html", cases=cases, linked=True),
        "cases_plain": render_template("console/_cases_now.html", cases=cases),
        "readiness": render_template("console/_readiness.html", strip=strip),
        "on_map": on_map(shown),
        "people": people_by_area(shown),
        "alarms": alarms(shown, cases, strip),
    }


def _line(view: View) -> str:
    clock = services().now().astimezone(options().zone).strftime("%H:%M:%S")
    return f'{{"version":"{view.version}","clock":"{clock}","parts":{view.data}}}'


def _feed() -> LiveFeed:
    feed = current_app.extensions[FEED]
    assert isinstance(feed, LiveFeed)
    return feed
