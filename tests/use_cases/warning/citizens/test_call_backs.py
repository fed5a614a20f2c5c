"""Whoever asked for help is called back: what came of it is written on the request."""

from __future__ import annotations

import pytest

from telephony.delivery import CALL_OVER, Channel, DeliveryEvent, DeliveryState
from telephony.errors import InvalidNumberError
from telephony.numbers import parse_number
from tests.use_cases.warning.world import World, a_phone
from warning.citizens.call_backs import NUMBER, CallBacks
from warning.citizens.citizen_desk import HelpDesk
from warning.citizens.cries_for_help import ask_for_help
from warning.citizens.help_requests import HelpRequest, HelpState
from warning.errors import HelpRequestError, HelpRequestNotFoundError

OWN_PHONE = "+85512345678"


class Desk:
    """One request, and an operator who calls."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.calls = CallBacks(
            new_uow=world.database.unit_of_work,
            read_uow=world.database.read_only,
            parse_phone=parse_number,
            language="en",
            now=world.clock,
        )
        with world.database.unit_of_work() as uow:
            self.number = ask_for_help(uow, a_phone(1), at=world.clock())
            uow.commit()

    def call(self) -> HelpRequest:
        return self.calls.call(self.number, OWN_PHONE, by="anna")

    def request(self) -> HelpRequest:
        with self.world.read() as uow:
            found = uow.help_requests.get(self.number)
        assert found is not None
        return found

    def save(self, request: HelpRequest) -> None:
        with self.world.database.unit_of_work() as uow:
            uow.help_requests.save(request)
            uow.commit()

    def hear(
        self,
        answer: str | None = None,
        state: DeliveryState = DeliveryState.HEARD,
        *,
        nth: int = 1,
    ) -> str | None:
        """News of a call; the outcome that is written then."""
        event = DeliveryEvent(
            owner_ref=f"help:{self.number}:{nth}",
            recipient_id=0,
            channel=Channel.VOICE,
            state=state,
            at=self.world.clock(),
            answer=answer,
        )
        with self.world.database.unit_of_work() as uow:
            self.calls.on_delivery_events(uow, [event, event])
            uow.commit()
        return self.request().call_outcome


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_the_operators_phone_is_rung_and_no_number_is_copied(desk: Desk) -> None:
    """The call holds nothing but which request it is about."""
    called = desk.call()
    assert (called.state, called.taken_by) == (HelpState.TAKEN, "anna")
    (order,) = desk.world.claim(Channel.VOICE)
    assert (order.phone, order.owner_ref) == (OWN_PHONE, f"help:{desk.number}:1")
    with desk.world.read() as uow:
        content = uow.outbox.content(order.content_id)
        entries = list(uow.audit.entries(subject=f"help:{desk.number}"))
    assert (content.script, content.variables) == ("help_callback", {})
    assert a_phone(1) not in repr((content, entries, called))
    assert desk.calls.numbers_of(order.owner_ref) == {NUMBER: a_phone(1)}


@pytest.mark.parametrize(
    ("answer", "state", "outcome"),
    [
        ("DIALLED:completed/34", DeliveryState.HEARD, "completed/34"),
        ("DIALLED:busy/0", DeliveryState.HEARD, "busy/0"),
        ("DIALLED:no-answer/0", DeliveryState.HEARD, "no-answer/0"),
        ("NO_ANSWER", DeliveryState.HEARD, "not_taken"),
        (None, DeliveryState.FAILED, "not_taken"),
        (None, DeliveryState.EXPIRED, "not_taken"),
        (None, DeliveryState.REACHED, "calling"),
        (CALL_OVER, DeliveryState.REACHED, "not_taken"),
        ("ODD", DeliveryState.HEARD, "calling"),
    ],
)
def test_what_came_of_it_is_written_down(
    desk: Desk, answer: str | None, state: DeliveryState, outcome: str
) -> None:
    """Each way a call can go, told twice."""
    desk.call()
    assert desk.hear(answer, state) == outcome


def test_who_was_talked_to_is_not_unreached_afterwards(desk: Desk) -> None:
    """Late news of the operator's own leg takes nothing back."""
    desk.call()
    desk.hear("DIALLED:completed/34")
    assert desk.hear(None, DeliveryState.FAILED) == "completed/34"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_whoever_was_talked_to_was_not_left(desk: Desk, order: tuple[int, int]) -> None:
    """How a call ended counts, before or after word that it is over."""
    desk.call()
    news = ("DIALLED:completed/34", CALL_OVER)
    for n in order:
        desk.hear(news[n])
    assert desk.request().call_outcome == "completed/34"


def test_a_call_whose_end_was_never_told_is_over_some_time(desk: Desk) -> None:
    """Nobody waits for it for ever, nor takes it for one that goes on."""
    helping = HelpDesk(
        new_uow=desk.world.database.unit_of_work,
        read_uow=desk.world.read,
        now=desk.world.clock,
    )
    desk.call()
    desk.world.clock.move(hours=1)
    assert [one.call_outcome for one in helping.pending()] == ["calling"]
    desk.world.clock.move(hours=2)
    assert [one.call_outcome for one in helping.pending()] == ["not_taken"]
    assert desk.hear("DIALLED:completed/34") == "completed/34"


def test_a_second_call_counts_and_the_first_is_history(desk: Desk) -> None:
    """News of an earlier call says nothing of the one under way."""
    desk.call()
    desk.hear("DIALLED:busy/0")
    assert desk.call().n_call_backs == 2
    assert desk.hear("DIALLED:completed/9", nth=1) == "calling"
    assert desk.calls.numbers_of(f"help:{desk.number}:1") == {}
    assert desk.hear("DIALLED:completed/9", nth=2) == "completed/9"


def test_a_request_that_is_closed_meanwhile_is_not_dialled(desk: Desk) -> None:
    """Somebody else has dealt with it; and nobody calls it any more."""
    desk.call()
    desk.save(desk.request().close("ben", "is safe", desk.world.clock()))
    assert desk.calls.numbers_of(f"help:{desk.number}:1") == {}
    with pytest.raises(HelpRequestError, match="closed"):
        desk.call()


def test_who_was_erased_is_not_called(desk: Desk, world: World) -> None:
    """There is no number any more, also for a call that rings already."""
    person = world.register(1)
    desk.call()
    with world.database.unit_of_work() as uow:
        uow.subscribers.erase(person, now=world.clock())
        uow.commit()
    assert desk.calls.numbers_of(f"help:{desk.number}:1") == {}
    with pytest.raises(HelpRequestError, match="erased"):
        desk.call()


@pytest.mark.parametrize("owner_ref", ["help:9:1", "help:x:1", "help:1", "alert:1:1"])
def test_what_is_no_call_back_dials_nobody(desk: Desk, owner_ref: str) -> None:
    """Whatever asks."""
    assert desk.calls.numbers_of(owner_ref) == {}


def test_a_call_that_leads_nowhere_is_refused(desk: Desk) -> None:
    """No such request, no such number; nothing is queued."""
    with pytest.raises(HelpRequestNotFoundError):
        desk.calls.call(99, OWN_PHONE, by="anna")
    with pytest.raises(InvalidNumberError):
        desk.calls.call(desk.number, "12", by="anna")
    assert desk.world.claim(Channel.VOICE) == []
