"""One item that cannot be written stands alone."""

import pytest

from telephony.sending.apart import write_apart


class Shelf:
    def __init__(self, *broken: int) -> None:
        self.broken = set(broken)
        self.written: list[int] = []

    def write(self, item: int) -> None:
        if item in self.broken:
            raise ValueError(item)
        self.written.append(item)


def test_the_others_are_written_in_order() -> None:
    """And who was left out is known."""
    shelf = Shelf(0, 3)
    assert write_apart([0, 1, 2, 3, 4], shelf.write) == [0, 3]
    assert shelf.written == [1, 2, 4]


def test_nothing_is_nothing() -> None:
    """An empty batch has no losses."""
    assert write_apart([], Shelf().write) == []


@pytest.mark.parametrize("n_items", [1, 5, 8, 50])
def test_if_nothing_can_be_written_it_is_the_database(n_items: int) -> None:
    """The error goes on, soon, instead of blaming every item."""
    tried: list[int] = []

    def write(item: int) -> None:
        tried.append(item)
        raise OSError("disk full")

    with pytest.raises(OSError, match="full"):
        write_apart(range(n_items), write)
    assert len(tried) == min(n_items, 8)


def test_many_broken_ones_at_the_end_are_only_that() -> None:
    """After one success the database is not to blame."""
    shelf = Shelf(*range(1, 30))
    assert write_apart(list(range(30)), shelf.write) == list(range(1, 30))
