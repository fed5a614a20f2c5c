"""Lists in statements have few lengths, and miss nothing."""

from __future__ import annotations

from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from store.sql.chunks import in_chunks, rounded


@settings(max_examples=25)
@given(items=st.lists(st.integers(), max_size=70), size=st.integers(1, 20))
def test_everything_is_in_some_chunk(items: list[int], size: int) -> None:
    """In order, and no chunk is longer than was said."""
    chunks = list(in_chunks(items, size))
    assert list(dict.fromkeys(chain(*chunks))) == list(dict.fromkeys(items))
    assert all(1 <= len(chunk) <= size for chunk in chunks)


def test_there_are_few_lengths() -> None:
    """Each is a statement that every connection keeps."""
    lengths = {len(chunk) for n in range(1_500) for chunk in in_chunks(range(n), 1_000)}
    assert lengths == {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000}


def test_nothing_makes_no_chunk() -> None:
    """``IN ()`` is no statement."""
    assert list(in_chunks([])) == []


def test_a_list_that_is_rounded_keeps_its_items() -> None:
    """An empty one stays empty."""
    assert rounded([]) == []
    assert rounded([7]) == [7]
    assert rounded([1, 2, 3, 4, 5]) == [1, 2, 3, 4, 5, 5, 5, 5]
