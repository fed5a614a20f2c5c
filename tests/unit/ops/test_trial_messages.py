"""Texts and calls to a number of one's own: no warning, and said to be none."""

from __future__ import annotations

from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, cast

import pytest

from ops.ports import UnitOfWork
from ops.trial_messages import TrialMessages
from telephony.delivery import Channel, Content, ContentId, Lane, NewDelivery
from telephony.numbers import parse_number

NOW = datetime(2026, 9, 1, tzinfo=UTC)
PHONE = "+85512345678"


class Book:
    """Outbox and audit of one unit of work, kept."""

    def __init__(self) -> None:
        self.contents: list[Content] = []
        self.orders: list[NewDelivery] = []
        self.entries: list[dict[str, Any]] = []
        self.outbox = self.audit = self

    def add_content(self, content: Content) -> ContentId:
        self.contents.append(content)
        return ContentId(len(self.contents))

    def enqueue(self, orders: list[NewDelivery]) -> None:
        self.orders += orders

    def append(self, **entry: Any) -> None:
        self.entries.append(entry)

    def commit(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def trials(book: Book) -> TrialMessages:
    return TrialMessages(
        new_uow=lambda: cast("UnitOfWork", book),
        parse_phone=parse_number,
        sender="own.example",
        now=lambda: NOW,
    )


def test_a_text_says_that_it_is_a_test(trials: TrialMessages, book: Book) -> None:
    """Behind everything else, with its word; the record masks the number."""
    word = trials.send(PHONE, by="dara")

    (content,), (order,) = book.contents, book.orders
    assert f"TEST {word}" in content.sms_text
    assert (order.channel, order.lane) == (Channel.SMS, Lane.DRILL)
    assert PHONE not in str(book.entries)


@pytest.mark.parametrize("language", ["en", "km", "cjm"])
def test_a_call_says_that_it_is_an_exercise(
    trials: TrialMessages, book: Book, language: str
) -> None:
    """Whatever the script would say of an alert, in the language of the call."""
    trials.call(PHONE, script="flood_warning", language=language, by="dara")

    (content,), (order,) = book.contents, book.orders
    assert (order.channel, order.lane) == (Channel.VOICE, Lane.DRILL)
    assert content.variables["source"] == "own.example"
    said = {content.variables[name] for name in ("event", "area", "instruction")}
    assert len(said) == 1
    assert ("exercise" in said.pop()) == (language == "en")


@pytest.mark.parametrize(
    ("number", "script"),
    [("12", "drill"), (PHONE, "cardiac_dispatch"), (PHONE, "no_such_script")],
)
def test_what_cannot_be_tried_is_refused(
    trials: TrialMessages, book: Book, number: str, script: str
) -> None:
    """No number, or a script that needs more than an alert's words; nothing leaves."""
    with pytest.raises(ValueError, match=r"number|tried"):
        trials.call(number, script=script, language="en", by="dara")

    assert book.orders == []
