"""The glossary has the words that the code has."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from accounts.operators import Role
from telephony.delivery import Channel, DeliveryState, Lane
from tests.architecture.source_tree import ROOT
from warning.alert import AlertState
from warning.cap import CapStatus
from warning.recipients import Exclusion, RecipientState

PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def words(members: Iterable[DeliveryState | RecipientState | Lane]) -> list[str]:
    return [member.name.lower() for member in members]


@pytest.mark.parametrize(
    "known",
    [
        [state.value for state in AlertState],
        [status.value for status in CapStatus],
        [role.value for role in Role],
        [reason.value for reason in Exclusion],
        [channel.word for channel in Channel],
        words(DeliveryState),
        words(RecipientState),
        words(Lane),
    ],
    ids=lambda known: known[0],
)
def test_every_word_of_the_code_is_explained(known: list[str]) -> None:
    """Each state, role, channel, lane and reason stands in the glossary."""
    assert [word for word in known if f"`{word}`" not in PAGE] == []


def test_lists_of_states_are_complete_and_in_order() -> None:
    """The glossary lists the states in the order of their ranks."""
    for title, known in (
        ("States of a recipient", words(RecipientState)),
        ("States of a delivery", words(DeliveryState)),
    ):
        line = re.search(rf"{title}: (.*?)\.\n", PAGE, re.DOTALL)
        assert line is not None
        assert re.findall(r"`(\w+)`", line[1]) == known
