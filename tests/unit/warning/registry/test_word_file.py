"""Words in a file are seen at once by all who map it, and trusted only when whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warning.registry.errors import TornRegistryError
from warning.registry.registry import Revision
from warning.registry.word_file import State, WordFile

BEFORE = State(Revision(1, 1), (1, 7))
AFTER = State(Revision(2, 1), (2, 8))

puts = st.lists(
    st.dictionaries(st.integers(0, 3_000), st.integers(0, 2**32 - 1), max_size=20),
    max_size=6,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of five words."""
    file = tmp_path / "people.words"
    WordFile.create(file, np.arange(5, dtype=np.uint32), BEFORE)
    return file


@settings(max_examples=25, deadline=None)
@given(all_puts=puts)
def test_the_checksum_follows_every_change(
    all_puts: list[dict[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also when the file grows; whoever had it open before sees the new end."""
    path = tmp_path_factory.mktemp("words") / "people.words"
    expected = np.zeros(8_192, dtype=np.uint32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warning.registry.word_file.SLACK", 0)
        WordFile.create(path, np.empty(0, dtype=np.uint32), BEFORE)
        file, other = WordFile(path), WordFile(path)
        for put in all_puts:
            ids = np.array(list(put), dtype=np.int64)
            words = np.array(list(put.values()), dtype=np.uint32)
            expected[ids] = words
            with file.change(AFTER):
                file.put(ids, words)
    for seen in (file, other, WordFile(path)):
        words = seen.words
        assert words.tolist() == expected[: len(words)].tolist()
        assert not expected[len(words) :].any()
        assert seen.state == (AFTER if all_puts else BEFORE)


def test_a_reader_asks_again_when_it_meets_a_change(path: Path) -> None:
    """What it found in between is not believed, be it an error."""
    reader, writer = WordFile(path), WordFile(path)
    asked = []

    def ask() -> int:
        asked.append(1)
        if len(asked) == 1:
            with writer.change(AFTER):
                writer.put(np.array([3]), np.array([30], dtype=np.uint32))
            raise FileNotFoundError
        return int(reader.words[3])

    assert reader.read(ask) == 30
    assert len(asked) == 2


def test_a_reader_waits_for_a_change_that_takes_long(path: Path) -> None:
    """Instead of believing half of it."""
    reader, writer = WordFile(path), WordFile(path)
    begun, go_on = Event(), Event()

    def change() -> None:
        with writer.change(AFTER):
            writer.put(np.array([1]), np.array([10], dtype=np.uint32))
            begun.set()
            go_on.wait(30)
            writer.put(np.array([2]), np.array([20], dtype=np.uint32))

    def ask() -> list[int]:
        return [int(word) for word in reader.words[1:3]]

    with ThreadPoolExecutor(2) as pool:
        changing = pool.submit(change)
        begun.wait(30)
        reading = pool.submit(reader.read, ask)
        go_on.set()
        assert reading.result() == [10, 20]
        changing.result()


def test_an_error_of_the_question_itself_is_passed_on(path: Path) -> None:
    """Nothing has changed: asking again would not help."""
    with pytest.raises(ZeroDivisionError):
        WordFile(path).read(lambda: 1 // 0)


def test_a_change_that_failed_is_never_believed(path: Path) -> None:
    """By those who have the file open, who open it, and who want to change it."""
    file = WordFile(path)
    with pytest.raises(IndexError), file.change(AFTER):
        [].pop()
    with pytest.raises(TornRegistryError, match="not finished"):
        file.read(lambda: file.state)
    with pytest.raises(TornRegistryError, match="not finished"):
        WordFile(path)
    with pytest.raises(TornRegistryError, match="not finished"), file.change(AFTER):
        pass
