"""A feed is read again and again, and what is new in it comes in once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.use_cases.warning.source_world import DOWN, FakeNet, a_desk
from tests.use_cases.warning.world import World, an_alert, an_info
from warning.cap_documents import cap_xml
from warning.sources.feed_board import FeedBoard
from warning.sources.feed_poll import MAX_NEW, MAX_TRIES, Feed, FeedPoll
from warning.sources.feed_reader import read_feed
from warning.sources.feed_state import FeedState, Outcome

URL = "https://met.example.org/rss.xml"
FEED = Feed(
    name="met",
    url=URL,
    hosts=frozenset({"met.example.org"}),
    every=timedelta(minutes=2),
)


def rss(*names: str) -> bytes:
    items = "".join(f"<item><guid>{n}</guid><link>{n}.xml</link></item>" for n in names)
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


def where(name: str) -> str:
    return f"https://met.example.org/{name}.xml"


class Reader:
    """A feed, the network it lies in, and a world that reads it."""

    def __init__(self, world: World) -> None:
        self.world, self.net = world, FakeNet()
        self.poll = FeedPoll(
            FEED,
            desk=a_desk(world),
            fetcher=self.net,
            new_uow=world.database.unit_of_work,
            read_uow=world.database.read_only,
            now=world.clock,
        )

    def show(self, *names: str) -> None:
        """Put alerts into the feed, each with words of its own."""
        self.net.answers[URL] = rss(*names)
        for name in names:
            cap = an_alert(an_info(headline=f"Flood {name}"), identifier=name)
            self.net.answers.setdefault(where(name), cap_xml.write(cap))

    def look(self, minutes: float = 2) -> int:
        """Read the feed when it is due next."""
        n = self.poll.run_once()
        self.world.clock.move(minutes=minutes)
        return n

    @property
    def state(self) -> FeedState:
        with self.world.read() as uow:
            state = uow.feeds.state("met")
        assert state is not None
        return state

    def known(self) -> list[str]:
        return sorted(case.cap.identifier for case in self.world.board.list())


@pytest.fixture
def reader(world: World) -> Reader:
    return Reader(world)


def test_what_is_new_comes_in_once(reader: Reader) -> None:
    """The next look asks for nothing that was taken."""
    reader.show("a", "b")
    assert reader.look() == 2
    asked = len(reader.net.asked)
    assert reader.look() == 0
    reader.show("c", "a", "b")
    assert reader.look() == 1

    assert reader.known() == ["a", "b", "c"]
    assert len(reader.net.asked) == asked + 3
    assert reader.state.ok_at is not None
    assert reader.state.error is None


def test_it_waits_until_it_is_due(reader: Reader) -> None:
    """Two workers, or one that looks often, ask once."""
    reader.show("a")
    reader.poll.run_once()
    asked = len(reader.net.asked)

    assert reader.poll.run_once() == 0
    assert len(reader.net.asked) == asked


def test_an_unchanged_feed_is_not_read_again(reader: Reader) -> None:
    """The server is told what we have."""
    reader.net.etag = '"1"'
    reader.show("a")
    reader.look()
    assert reader.look() == 0

    assert reader.state.etag == '"1"'
    assert reader.state.ok_at is not None


def test_a_feed_that_is_down_is_asked_less_and_less(reader: Reader) -> None:
    """Up to an hour; and read at once when it is back."""
    reader.net.answers[URL] = DOWN
    pauses = []
    for _ in range(8):
        reader.poll.run_once()
        pauses.append(reader.state.next_at - reader.world.clock())
        reader.world.clock.time = reader.state.next_at

    assert [pause.total_seconds() / 60 for pause in pauses[:4]] == [2, 4, 8, 16]
    assert max(pauses) == timedelta(hours=1)
    assert reader.state.error == str(DOWN)
    reader.show("a")
    reader.look()
    assert reader.state.n_failures == 0
    assert reader.known() == ["a"]


@pytest.mark.parametrize("status", [204, 301, 401, 404, 429, 500, 503])
def test_an_answer_that_is_no_feed(reader: Reader, status: int) -> None:
    """Told with its number."""
    reader.net.answers[URL] = status
    reader.look()

    assert reader.state.error is not None
    assert str(status) in reader.state.error


def test_an_alert_that_is_not_there_yet_is_asked_for_again(reader: Reader) -> None:
    """The others come in meanwhile; a feed that says unchanged is still read."""
    reader.net.etag = '"1"'
    reader.show("a", "b")
    document = reader.net.answers.pop(where("a"))
    reader.look()
    assert reader.known() == ["b"]
    assert reader.state.error is not None
    reader.net.answers[where("a")] = document
    reader.look()

    assert reader.known() == ["a", "b"]
    assert reader.state.error is None


def test_an_alert_that_never_comes_is_given_up(reader: Reader) -> None:
    """A dead link does not keep its feed red for ever."""
    reader.show("a")
    reader.net.answers[where("a")] = DOWN
    for _ in range(MAX_TRIES + 2):
        reader.look()

    assert reader.net.asked.count(where("a")) == MAX_TRIES
    assert reader.state.error is None


def test_what_cannot_be_used_is_asked_for_once(reader: Reader) -> None:
    """Its reason is kept; the others come in."""
    reader.show("a", "b")
    reader.net.answers[where("a")] = b"<!DOCTYPE alert><alert/>"
    reader.look()
    reader.look()

    assert reader.known() == ["b"]
    assert reader.net.asked.count(where("a")) == 1


def test_a_defect_of_ours_on_one_alert_hides_no_other(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is logged, told and tried again."""
    take: Any = reader.poll._desk.take

    def stumble(data: bytes, **options: Any) -> Any:
        if b">a<" in data:
            raise ZeroDivisionError
        return take(data, **options)

    monkeypatch.setattr(reader.poll._desk, "take", stumble)
    reader.show("a", "b")
    reader.look()

    assert reader.known() == ["b"]
    assert reader.state.error is not None
    assert "log has more" in reader.state.error


def test_a_long_feed_is_worked_off_in_portions(reader: Reader) -> None:
    """The oldest first, the rest at once afterwards."""
    names = [f"n{n:02d}" for n in range(MAX_NEW + 5)]
    reader.show(*reversed(names))

    assert reader.look(minutes=0) == MAX_NEW
    assert reader.known() == names[:MAX_NEW]
    reader.world.clock.move(seconds=2)
    assert reader.look() == 5
    assert reader.known() == names


def test_a_slow_feed_is_left_after_its_time(reader: Reader) -> None:
    """What is left waits for the next look."""
    names = [f"n{n}" for n in range(6)]
    reader.show(*names)
    reader.net.on_ask = lambda _: reader.world.clock.move(seconds=15)

    assert reader.look(minutes=0) < 6
    reader.net.on_ask = lambda _: None
    reader.world.clock.move(minutes=2)
    reader.look()
    assert reader.known() == names


def test_a_kill_costs_a_second_look(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the alert came in and before that was noted."""

    class KilledError(BaseException):
        """The process ends here."""

    take: Any = reader.poll._desk.take

    def take_and_die(data: bytes, **options: Any) -> Any:
        take(data, **options)
        raise KilledError

    reader.show("a")
    with monkeypatch.context() as patched:
        patched.setattr(reader.poll._desk, "take", take_and_die)
        with pytest.raises(KilledError):
            reader.poll.run_once()
    assert reader.known() == ["a"]
    reader.world.clock.move(minutes=2)
    assert reader.look() == 1

    assert reader.known() == ["a"]
    (entry,) = read_feed(rss("a"), url=URL, hosts=FEED.hosts)
    with reader.world.read() as uow:
        assert uow.feeds.entries("met", [entry.key])[entry.key].outcome is Outcome.KNOWN


def test_the_board_tells_how_a_feed_is(reader: Reader) -> None:
    """Never read, read, down, and not read for long."""
    board = FeedBoard(
        [FEED], read_uow=reader.world.database.read_only, now=reader.world.clock
    )
    assert board.lines()[0].sentence.startswith("It was not read yet")
    reader.show("a")
    reader.look()
    assert (board.lines()[0].is_ok, board.lines()[0].state) == (True, reader.state)
    reader.world.clock.move(hours=1)
    assert "not read for long" in board.lines()[0].sentence
    reader.net.answers[URL] = DOWN
    reader.look()
    assert board.lines()[0].sentence == str(DOWN)
