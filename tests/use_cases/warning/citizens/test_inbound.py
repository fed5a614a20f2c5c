"""Texts that answer no message of ours: STOP and START hold all the same."""

from __future__ import annotations

import pytest

from tests.use_cases.warning.world import World, a_phone
from warning.citizens.inbound import InboundTexts


@pytest.mark.parametrize(
    ("text", "status"),
    [("OPTED_OUT", "opted_out"), ("CONFIRMED", "active"), (None, "active")],
)
def test_a_text_that_answers_nothing(
    world: World, text: str | None, status: str
) -> None:
    """STOP holds all the same; what is unclear does nothing."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    texts = InboundTexts(now=world.clock)
    with world.database.unit_of_work() as uow:
        texts.on_text(uow, a_phone(1), text)
        texts.on_text(uow, "+85599999999", text)
        uow.commit()
    with world.read() as uow:
        assert uow.subscribers.rows([person])[person].status == status
    assert len(world.claim()) == (status == "active")
    assert bool(world.counts(case).excluded) is (status == "opted_out")


def test_start_undoes_stop(world: World) -> None:
    """Nobody else can."""
    person = world.register(1)
    texts = InboundTexts(now=world.clock)
    for answer, status in (("OPTED_OUT", "opted_out"), ("OPTED_IN", "active")):
        with world.database.unit_of_work() as uow:
            texts.on_text(uow, a_phone(1), answer)
            assert uow.subscribers.rows([person])[person].status == status
            uow.commit()
