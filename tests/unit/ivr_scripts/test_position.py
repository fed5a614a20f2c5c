"""Positions travel through URLs and come back the same."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_scripts.errors import PositionError
from ivr_scripts.position import Position

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True)
VALUES = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
POSITIONS = st.builds(
    Position,
    language=st.sampled_from(["km", "en", "zh-Hant-TW", "cjm"]),
    step=NAMES,
    said=st.integers(0, 99),
    turn=st.integers(0, 999),
    page=st.integers(0, 99),
    picked=st.lists(st.tuples(NAMES, VALUES), max_size=4).map(tuple),
)


@given(POSITIONS)
def test_a_position_survives_a_url(position: Position) -> None:
    """Encoding needs no escaping and loses nothing."""
    encoded = position.encode()

    assert quote(encoded, safe="~") == encoded
    assert Position.decode(encoded) == position


@given(st.text(max_size=60))
def test_any_text_is_a_position_or_an_error(text: str) -> None:
    """Whatever a stranger puts into the URL, nothing else is raised."""
    try:
        position = Position.decode(text)
    except PositionError:
        return
    assert Position.decode(position.encode()) == position


@pytest.mark.parametrize(
    "text",
    ["", "km", "km.menu", "km.menu.1", "km.Menu.1.1", "km.menu.1.1.0.", "km.menu.-1.1",
     "km.menu.1.1.0.place", "km.menu.1.1.0.place~a~b", "km.menu.1.1\n", "km.menu.១.1",
     "km.menu.1.1.0." + "~".join(["a~b"] * 200)],
)  # fmt: skip
def test_malformed_positions_are_refused(text: str) -> None:
    """A half, a foreign digit, a line end and an endless tail are all errors."""
    with pytest.raises(PositionError):
        Position.decode(text)


def test_a_pick_replaces_its_older_value() -> None:
    """A person who chooses again has one place, not two."""
    position = Position("km", "menu").pick("place", "12").pick("kind", "fire")

    assert position.pick("place", "1205").picked == (
        ("kind", "fire"),
        ("place", "1205"),
    )
    assert position.forget("place", "kind").picked == ()


@pytest.mark.parametrize("value", ["", "a b", "a.b", "a~b", "ភ្នំពេញ", "a/b"])
def test_a_value_that_cannot_travel_is_refused_when_picked(value: str) -> None:
    """The error comes at once, not when the carrier calls back."""
    with pytest.raises(PositionError):
        Position("km", "menu").pick("place", value)


def test_a_position_that_grew_too_long_is_refused() -> None:
    """A URL beyond what carriers take is never handed out."""
    position = Position("km", "menu", picked=(("place", "a" * 500),))

    with pytest.raises(PositionError):
        position.encode()
