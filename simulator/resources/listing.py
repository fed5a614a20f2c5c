"""Lists: filters, order and paging shared by messages and calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import quote

from simulator.forms import Form, Pairs, encode
from simulator.records import Call, Message, Shelf

_DEFAULT_PAGE = 50
_MAX_PAGE = 1000
_DATE_LENGTH = len("2026-01-31")

RecordT = TypeVar("RecordT", Message, Call)
Test = Callable[[RecordT], bool]


def page(
    shelf: Shelf[RecordT],
    query: Pairs,
    tests: Iterable[Test[RecordT]],
    *,
    phone: str | None,
    path: str,
    name: str,
    to_json: Callable[[RecordT], dict[str, Any]],
) -> dict[str, Any]:
    """One page of a list, newest first.

    Parameters
    ----------
    shelf : Shelf
        Where the records are.
    query : list of pairs
        The request's query; ``PageSize``, ``Page`` and ``PageToken`` are read here.
    tests : iterable of callables
        A record is listed if it passes all.
    phone : str or None
        If given, only this phone's records can pass: its chain is walked instead.
    path : str
        Address of the list.
    name : str
        Of the array in the answer.
    to_json : callable
        Renders a record.
    """
    form = dict(query)
    size = min(max(_integer(form.get("PageSize"), _DEFAULT_PAGE), 1), _MAX_PAGE)
    number = max(_integer(form.get("Page"), 0), 0)
    chosen = _passing(_candidates(shelf, form, phone), tuple(tests))
    if "PageToken" not in form:
        chosen = islice(chosen, number * size, None)
    found = list(islice(chosen, size + 1))
    shown, has_more = found[:size], len(found) > size
    rest = [(k, v) for k, v in query if k not in {"Page", "PageToken", "PageSize"}]
    next_uri = None
    if has_more:
        next_uri = _uri(path, rest, size, number + 1, shown[-1].sid)
    return {
        "end": number * size + max(len(shown) - 1, 0),
        "first_page_uri": _uri(path, rest, size, 0, None),
        "next_page_uri": next_uri,
        "page": number,
        "page_size": size,
        "previous_page_uri": None,
        "start": number * size,
        "uri": _uri(path, rest, size, number, form.get("PageToken")),
        name: [to_json(record) for record in shown],
    }


def date_tests(
    form: Form, name: str, moment: Callable[[RecordT], float | None]
) -> Iterator[Test[RecordT]]:
    """Tests for ``Name`` (that day), ``Name<`` (up to) and ``Name>`` (since).

    A date stands for its whole day in UTC; what cannot be read is ignored.
    """
    since = _interval(form.get(f"{name}>"))
    until = _interval(form.get(f"{name}<"))
    day = _interval(form.get(name))
    if since is not None:
        yield lambda record: _at(moment(record)) >= since[0]
    if until is not None:
        yield lambda record: _at(moment(record)) < until[1]
    if day is not None:
        yield lambda record: day[0] <= _at(moment(record)) < day[1]


def _at(moment: float | None) -> float:
    return -1.0 if moment is None else moment


def _interval(text: str | None) -> tuple[float, float] | None:
    """First second, and the one after the last, that a date or instant stands for."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    span = timedelta(days=1) if len(text) <= _DATE_LENGTH else timedelta(seconds=1)
    return moment.timestamp(), (moment + span).timestamp()


def _candidates(
    shelf: Shelf[RecordT], form: Form, phone: str | None
) -> Iterator[RecordT]:
    last = shelf.find(form.get("PageToken", "").removeprefix("PA"))
    if phone is None:
        return shelf.newest_first(None if last is None else last.number)
    chain = shelf.of_phone(phone)
    if last is None:
        return chain
    top = last.number
    return (record for record in chain if record.number < top)


def _passing(
    records: Iterator[RecordT], tests: tuple[Test[RecordT], ...]
) -> Iterator[RecordT]:
    return (record for record in records if all(test(record) for test in tests))


def _uri(path: str, rest: Pairs, size: int, number: int, token: str | None) -> str:
    fields = [(quote(name), value) for name, value in rest]
    fields += [("PageSize", str(size)), ("Page", str(number))]
    if token:
        fields.append(("PageToken", token if token.startswith("PA") else f"PA{token}"))
    return f"{path}?{encode(fields).decode()}"


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default
