"""A world with somebody in it, operators, and a desk for what comes in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from accounts.operators import Operator, Role
from tests.use_cases.warning.world import START, World
from warning.cap import Severity
from warning.errors import FeedError
from warning.sources.fetching import Fetched, FetchLimits
from warning.sources.source_desk import SourceDesk, SourcePolicy

LIVE = SourcePolicy(
    submits=True, live=(("Flood", Severity.SEVERE),), author="met", approver="duty"
)


def a_desk(world: World) -> SourceDesk:
    """A desk, with one person in the square and two operators of record."""
    world.register(1)
    with world.database.unit_of_work() as uow:
        for name, role in (("met", Role.OPERATOR), ("duty", Role.APPROVER)):
            uow.operators.add(Operator(name=name, role=role, created_at=START))
        uow.commit()
    return SourceDesk(
        intake=world.intake, steps=world.alerts, read_uow=world.database.read_only
    )


Answer = bytes | int | Exception


@dataclass
class FakeNet:
    """Answers by URL; counts what was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    etag: str | None = None
    on_ask: Callable[[str], None] = field(default=lambda url: None)

    def get(
        self,
        url: str,
        *,
        hosts: Collection[str],
        headers: Mapping[str, str],
        limits: FetchLimits,
    ) -> Fetched:
        del hosts, limits
        self.asked.append(url)
        self.on_ask(url)
        answer = self.answers.get(url, 404)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, int):
            return Fetched(status=answer, body=b"", headers={})
        if self.etag and headers.get("If-None-Match") == self.etag:
            return Fetched(status=304, body=b"", headers={})
        tag = {"etag": self.etag} if self.etag else {}
        return Fetched(status=200, body=answer, headers=tag)


DOWN = FeedError("It did not answer in time.")
