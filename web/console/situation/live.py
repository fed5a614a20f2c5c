"""What changes on the screen by itself: server-sent events, and the same for asking.

One view is worked out at most once a second, for everybody who looks. A stream holds
a thread of the server, so there are few; whoever gets none asks every few seconds.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic, TypeVar

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    render_template,
    request,
    stream_with_context,
)

from accounts.operators import Operator, Role
from web.console.languages import language
from web.console.panels import Panel, panels
from web.console.situation.alarms import alarms
from web.console.situation.overview import OpenCase, on_map, open_cases, people_by_area
from web.console.situation.strip import Strip, strip_of
from web.services import options, services
from web.sessions import signed_in

T = TypeVar("T")

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


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to show, in no language yet."""

    panels: Sequence[Panel]
    cases: Sequence[OpenCase]
    strip: Strip


class LiveFeed(Generic[T]):
    """Works the view out for all who look, once a second at most.

    Parameters
    ----------
    look : callable
        Asks whoever knows what is happening; once for all languages.
    tell : callable
        Makes of that the parts of the view by name, in the reader's language.
    monotonic : callable
        Seconds that only grow.
    """

    def __init__(
        self,
        look: Callable[[], T],
        tell: Callable[[T], dict[str, str]],
        *,
        monotonic: Callable[[], float],
    ) -> None:
        self._look = look
        self._tell = tell
        self._monotonic = monotonic
        self._looked: tuple[float, T] | None = None
        self._lock = threading.Lock()
        self._views: dict[str, tuple[float, View]] = {}
        self.streams = threading.BoundedSemaphore(MAX_STREAMS)

    def view(self, tongue: str) -> View:
        """The view in a language, at most ``EVERY_S`` old."""
        with self._lock:
            now = self._monotonic()
            seen_at, view = self._views.get(tongue, (float("-inf"), View("", "{}")))
            if now - seen_at >= EVERY_S:
                parts = self._tell(self._what_there_is(now))
                told = json.dumps(parts, ensure_ascii=False, sort_keys=True)
                view = View(hashlib.sha256(told.encode()).hexdigest()[:16], told)
                self._views[tongue] = now, view
            return view

    def _what_there_is(self, now: float) -> T:
        if self._looked is None or now - self._looked[0] >= EVERY_S:
            self._looked = now, self._look()
        return self._looked[1]


def install(app: Flask, monotonic: Callable[[], float]) -> None:
    """Hang the feed on an application."""
    app.extensions[FEED] = LiveFeed(_look, _tell, monotonic=monotonic)


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


def _stream(feed: LiveFeed[Look], seen: str) -> Iterator[str]:
    pause = threading.Event()
    yield "retry: 2000\n\n"
    for _ in range(int(STREAM_S / EVERY_S)):
        view = feed.view(language())
        if view.version != seen:
            seen = view.version
            yield f"id: {view.version}\nevent: view\ndata: {_line(view)}\n\n"
        else:
            yield f'event: beat\ndata: {{"clock":"{_clock()}"}}\n\n'
        pause.wait(EVERY_S)


def _look() -> Look:
    known = services()
    return Look(panels(known), open_cases(known), strip_of(known))


def _tell(seen: Look) -> dict[str, str]:
    """What the situation shows, as markup by place; the same for everybody."""
    cases = seen.cases
    g.strip = seen.strip  # or every part that is rendered would have it looked at anew
    return {
        "alerts": render_template("console/_alerts_now.html", panels=seen.panels),
        "cases": render_template("console/_cases_now.html", cases=cases, linked=True),
        "cases_plain": render_template("console/_cases_now.html", cases=cases),
        "readiness": render_template("console/_readiness.html", strip=seen.strip),
        "on_map": on_map(seen.panels),
        "people": people_by_area(seen.panels),
        "alarms": alarms(seen.panels, cases, seen.strip),
    }


def _line(view: View) -> str:
    return f'{{"version":"{view.version}","clock":"{_clock()}","parts":{view.data}}}'


def _clock() -> str:
    """The time of the server: a clock that stands still is a screen that is frozen."""
    return services().now().astimezone(options().zone).strftime("%H:%M:%S")


def _feed() -> LiveFeed[Look]:
    feed = current_app.extensions[FEED]
    assert isinstance(feed, LiveFeed)
    return feed
