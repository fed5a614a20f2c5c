"""Contexts of calls are found by attempt, and each text is read once."""

from __future__ import annotations

from types import TracebackType
from typing import Self, cast

from telephony.calls.call_contexts import CallContexts
from telephony.delivery import AttemptId, CallContext, Content, ContentId
from telephony.ports import UnitOfWork

TEXT = Content(
    owner_ref="alert:1", variant="warning", language="km", sms_text="…", script="drill"
)


class FakeQueue:
    """Two attempts that speak one text; counts how often the text is read."""

    def __init__(self) -> None:
        self.contents = {AttemptId(1): ContentId(7), AttemptId(2): ContentId(7)}
        self.n_read = 0

    def content_of(self, attempt_id: AttemptId) -> ContentId | None:
        return self.contents.get(attempt_id)

    def call_context(self, attempt_id: AttemptId) -> CallContext | None:
        self.n_read += 1
        content_id = self.contents.get(attempt_id)
        if content_id is None:
            return None
        return CallContext(attempt_id=attempt_id, content_id=content_id, content=TEXT)


class FakeUnitOfWork:
    def __init__(self, queue: FakeQueue) -> None:
        self.queue = queue

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


def contexts(queue: FakeQueue) -> CallContexts:
    return CallContexts(lambda: cast("UnitOfWork", FakeUnitOfWork(queue)))


def test_each_call_gets_its_own_attempt() -> None:
    """Two calls that speak one text differ in their attempt alone."""
    find = contexts(FakeQueue())
    found = [find(AttemptId(n)) for n in (1, 2)]
    assert [c.attempt_id for c in found if c] == [1, 2]
    assert all(c.content is TEXT for c in found if c)


def test_text_is_read_once() -> None:
    """The steps of many calls cost one reading of their text."""
    queue = FakeQueue()
    find = contexts(queue)
    for _ in range(10):
        find(AttemptId(1))
        find(AttemptId(2))
    assert queue.n_read == 1


def test_unknown_attempt() -> None:
    """An attempt that was never made has no context."""
    assert contexts(FakeQueue())(AttemptId(3)) is None


def test_the_steps_of_a_call_ask_the_database_once() -> None:
    """What an attempt speaks never changes; one that is not made yet is asked again."""
    queue = FakeQueue()
    n_opened = 0

    def read_uow() -> UnitOfWork:
        nonlocal n_opened
        n_opened += 1
        return cast("UnitOfWork", FakeUnitOfWork(queue))

    find = CallContexts(read_uow)
    assert [find(AttemptId(1)) for _ in range(3)] == [find(AttemptId(1))] * 3
    assert n_opened == 1
    assert find(AttemptId(9)) is None
    queue.contents[AttemptId(9)] = ContentId(7)
    found = find(AttemptId(9))
    assert found is not None
    assert found.attempt_id == 9
