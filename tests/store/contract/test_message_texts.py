"""``warning.texts.text_ports.MessageTextRepository``: the fake and every database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.fakes.message_texts import TextStore
from tests.store.conftest import POSTGRES
from tests.store.rows import NOW
from warning.texts.text_changes import Change, TextChange
from warning.texts.text_ports import UnitOfWork

NewTexts = Callable[[], AbstractContextManager[UnitOfWork]]


@pytest.fixture(params=["fake", "sqlite", POSTGRES])
def new_texts(request: pytest.FixtureRequest) -> NewTexts:
    """Opens transactions over texts."""
    if request.param == "fake":
        return TextStore().unit_of_work
    unit_of_work: NewTexts = request.getfixturevalue(request.param).unit_of_work
    return unit_of_work


def a_change(**changes: Any) -> TextChange:
    values: dict[str, Any] = {
        "revision": 1,
        "language": "km",
        "path": "hazards.flood.act",
        "change": Change.WRITTEN,
        "words": "ឡើងទីខ្ពស់! {x}",
        "by": "sokha",
        "at": NOW,
    }
    return TextChange(**(values | changes))


def test_every_change_comes_back_in_order(new_texts: NewTexts) -> None:
    """By revision, then by language and path; every letter of it."""
    later = a_change(revision=2, change=Change.REVIEWED, by="dara")
    changes = [
        later,
        a_change(path="words.until", words="", change=Change.BROUGHT),
        a_change(),
        a_change(language="ar", words="ابتعد"),
    ]
    with new_texts() as uow:
        for _ in range(2):
            uow.message_texts.take_revision()
        uow.message_texts.add(changes)
        uow.commit()
    with new_texts() as uow:
        assert uow.message_texts.all() == [changes[3], changes[2], changes[1], later]


def test_a_revision_is_taken_once(new_texts: NewTexts) -> None:
    """It counts when its transaction is true, and is taken again if it is undone."""
    with new_texts() as uow:
        assert uow.message_texts.revision() == 0
        assert uow.message_texts.take_revision() == 1
        uow.message_texts.add([])
    with new_texts() as uow:
        assert uow.message_texts.revision() == 0
        assert uow.message_texts.take_revision() == 1
        assert uow.message_texts.revision() == 1
        uow.commit()
    with new_texts() as uow:
        assert uow.message_texts.take_revision() == 2
