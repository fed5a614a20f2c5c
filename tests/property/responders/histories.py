"""One random history of cases, and the rules of safety that hold in all of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from responders.case import CaseId, PlaceType
from responders.cases.case_intake import Correction
from responders.errors import CaseStateError
from responders.offer import OfferState
from responders.roster.volunteer import ResponderId
from telephony.delivery import Channel, DeliveryState, Lane
from tests.fakes.case_world import (
    ADDRESS,
    SEALS,
    CaseWorld,
    a_scene,
    phone,
)
from tests.fakes.responders import FakeCaseStore
from tests.property.responders.history_people import (
    EXCLUDED,
    N_PEOPLE,
    NEVER,
    NEW_ADDRESS,
    OPTED_OUT,
    PAUSED,
    RIGHT,
    SMALL,
    WRONG,
    FoundOnce,
    beginning,
    the_nearest,
)

_BODIES = (
    *"111", "2", "9", "4", "5", "7", "yes", "perhaps", "STOP", "OFF", "ON",
    RIGHT, f"1 {RIGHT}", f"PIN {RIGHT}", *WRONG[:2],
)  # fmt: skip
_KEYS = ("ACCEPTED", "ACCEPTED", "DECLINED", "WITHDRAWN", "NO_ANSWER", "PROVED")


class History:
    """A world in which anything may happen next.

    Parameters
    ----------
    seed : int
        Another seed is another history.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.store = FakeCaseStore()
        self.store.rows = beginning().rows.copy()
        self.world = CaseWorld(
            self.store.unit_of_work,
            policies=SMALL,
            choose=the_nearest,
            people=FoundOnce,
        )
        self.cases: list[CaseId] = []
        #: Those that were private homes from the beginning to the end.
        self.homes: set[CaseId] = set()
        #: Who said yes to what, by any way, and when that was.
        self.yeses: Counter[tuple[str, int]] = Counter()
        #: People who have withdrawn from being asked, as of how many orders.
        self.gone: dict[int, int] = {}
        self._steps: tuple[tuple[Callable[[], None], int], ...] = (
            (self._tick, 6),
            (self._text, 6),
            (self._key, 6),
            (self._news, 5),
            (self._crash, 2),
            (self._die_in_the_middle, 1),
            (self._open, 1),
            (self._dispatcher, 1),
        )

    def play(self, n_steps: int) -> None:
        """Let things happen, then end everything and look at what is left."""
        self._open()
        self.world.tick()
        steps, weights = zip(*self._steps, strict=True)
        for step in self.rng.choices(steps, weights, k=n_steps):
            step()
        self._end()
        self.check()

    def _tick(self) -> None:
        self.world.move(seconds=self.rng.choice((0, 1, 15, 15, 40, 120)))

    def _text(self) -> None:
        body = self.rng.choice(_BODIES)
        code = ""
        if self.cases and self.rng.random() < 0.3:
            code = f" {self.world.case(self.rng.choice(self.cases)).code}"
        n = self._somebody()
        for _ in range(self.rng.choice((1, 1, 2))):
            self.world.text(phone(n), body + code)
        if body in {"STOP", "OFF"} and not code:
            self.gone.setdefault(n, self._n_orders())
        elif body == "ON" and not code:
            self.gone.pop(n, None)

    def _key(self) -> None:
        def press(case_id: CaseId, n: int) -> None:
            key = self.rng.choice(_KEYS)
            if key == "PROVED":
                digits = self.rng.choice((RIGHT, RIGHT, *WRONG))
                key += f":{SEALS.of(phone(n), digits)}"
            part = self.rng.choice(("", "again", "role", "pin"))
            self.world.press(case_id, n, key, part=part)

        self._repeat(press)

    def _news(self) -> None:
        """Of any state, in any order, of any channel; voicemails among them."""
        self._repeat(
            lambda case_id, n: self.world.news(
                case_id,
                n,
                self.rng.choice(list(DeliveryState)),
                channel=self.rng.choice(list(Channel)),
                code=self.rng.choice((None, "busy", "no-answer", "30005")),
                part=self.rng.choice(("", "again", "role", "stand_down")),
            )
        )

    def _repeat(self, tell: Callable[[CaseId, int], None]) -> None:
        case_id, n = self.rng.choice(self.cases), self._somebody()
        state = self.rng.getstate()
        tell(case_id, n)
        if self.rng.random() < 0.3:
            # The very same once more.
            self.rng.setstate(state)
            tell(case_id, n)

    def _crash(self) -> None:
        self.world.restart()

    def _die_in_the_middle(self) -> None:
        """A transaction that never commits leaves nothing."""
        before = self.store.rows, self.store.telephony
        with self.world.new_uow() as uow:
            for case in uow.cases.open():
                for offer in uow.cases.offers(case.case_id):
                    uow.cases.save_offer(replace(offer, gain=-1.0))
        assert (self.store.rows, self.store.telephony) == before
        self.world.restart()

    def _open(self) -> None:
        if len(self.cases) >= 3:
            return
        opened = self.world.open(
            excluded=frozenset({phone(EXCLUDED)}),
            lat=a_scene().lat + self.rng.choice((0.0, 0.0005)),
            cpr_in_progress=self.rng.random() < 0.5,
            scene_safe=self.rng.random() < 0.9,
            place_type=self.rng.choice((PlaceType.PUBLIC, PlaceType.PRIVATE_HOME)),
        )
        self.cases.append(opened.case.case_id)
        if opened.case.is_home:
            self.homes.add(opened.case.case_id)

    def _dispatcher(self) -> None:
        desk, case_id = self.world.services.desk, self.rng.choice(self.cases)
        place = self.rng.choice((PlaceType.PUBLIC, PlaceType.PRIVATE_HOME))
        scene = replace(
            self.world.case(case_id).scene, address=NEW_ADDRESS, place_type=place
        )
        somebody = ResponderId(self._somebody())
        other = self.rng.choice(self.cases)
        act: Callable[[], object] = self.rng.choice(
            (
                lambda: desk.correct(case_id, Correction(scene=scene), by="dara"),
                lambda: desk.cancel(case_id, by="dara"),
                lambda: desk.close(case_id, by="dara"),
                lambda: desk.merge(case_id, other, by="dara"),
                lambda: desk.vouch(case_id, somebody, by="dara"),
            )
        )
        if place is PlaceType.PUBLIC:
            # By correction, or by people who come over from such a case.
            self.homes -= {case_id, other}
        try:
            act()
        except CaseStateError:
            return

    def _end(self) -> None:
        """An hour later the clock alone has ended what nobody did."""
        for _ in range(3):
            self.world.move(minutes=61)
        for case_id in self.cases:
            if self.world.case(case_id).state.is_open:
                self.world.services.desk.close(case_id, by="dara")
        self.world.move(minutes=91)

    def _somebody(self) -> int:
        return self.rng.randint(1, N_PEOPLE)

    def _n_orders(self) -> int:
        return len(self.store.telephony.deliveries)

    def check(self) -> None:
        """The rules of safety."""
        for case_id in self.cases:
            self._check_end(case_id)
            self._check_yeses(case_id)
            self._check_told(case_id)
        self._check_asked()
        self._check_addresses()
        self._check_one_at_a_time()

    def _check_end(self, case_id: CaseId) -> None:
        """Every case has ended, with its whole life in the record."""
        case = self.world.case(case_id)
        assert not case.state.is_open
        actions = self.world.actions(case_id)
        assert actions[0] == "case.open"
        assert f"case.{case.state.value}" in actions
        for offer in self.world.offers(case_id).values():
            assert not offer.state.is_live
            if offer.role is not None:
                handed = "offer.hand_over" in actions
                assert "offer.accepted" in actions or handed

    def _check_yeses(self, case_id: CaseId) -> None:
        """A yes is counted once a person and case."""
        with self.world.new_uow() as uow:
            counted = Counter(
                entry.details["responder"]
                for entry in uow.audit.entries(subject=f"case:{case_id}")
                if entry.action == "offer.accepted"
            )
        assert all(n == 1 for n in counted.values())

    def _check_told(self, case_id: CaseId) -> None:
        """Whoever said yes has a role or was told not to come; the end reached all."""
        for n, offer in self.world.offers(case_id).items():
            said_yes = offer.answered_at is not None and offer.state not in {
                OfferState.DECLINED
            }
            parts = self._parts(case_id, n)
            if offer.role is not None:
                # Or their PIN was asked for, which is the first half of it.
                assert any(part.startswith(("role", "pin")) for part in parts)
            elif said_yes:
                assert parts & {"too_late", "stand_down"}
            if offer.state is OfferState.STOOD_DOWN and not self._was_handed(case_id):
                assert "stand_down" in parts

    def _was_handed(self, case_id: CaseId) -> bool:
        return bool(self.world.case(case_id).merged_into)

    def _parts(self, case_id: CaseId, n: int) -> set[str]:
        prefix = f"case:{case_id}/"
        return {
            one.order.owner_ref.removeprefix(prefix)
            for one in self.store.telephony.deliveries.values()
            if one.order.recipient_id == n and one.order.owner_ref.startswith(prefix)
        }

    def _check_asked(self) -> None:
        """Nobody is asked who may not be; nobody who is gone since."""
        for number, one in self.store.telephony.deliveries.items():
            order = one.order
            if not order.owner_ref.startswith("case:") or "/" in order.owner_ref:
                continue
            n = order.recipient_id
            assert n not in NEVER - {OPTED_OUT, PAUSED}, n
            if n in {OPTED_OUT, PAUSED}:
                # They may have sent ON meanwhile, and only then.
                assert self._is_on(n)
            assert number <= self.gone.get(n, number)
            assert order.lane is Lane.DISPATCH

    def _is_on(self, n: int) -> bool:
        with self.world.new_uow() as uow:
            return any(
                entry.action == "responder.on"
                for entry in uow.audit.entries(subject=f"responder:{n}")
            )

    def _check_addresses(self) -> None:
        """An address is told only to people who said yes to that case, after it."""
        contents = self.store.telephony.contents
        for one in self.store.telephony.deliveries.values():
            content = contents[one.order.content_id - 1]
            told = content.sms_text + " ".join(content.variables.values())
            if ADDRESS not in told and NEW_ADDRESS not in told:
                continue
            case_id, _, part = content.owner_ref.removeprefix("case:").partition("/")
            assert part.startswith(("role", "address"))
            offer = self.world.offers(CaseId(case_id))[one.order.recipient_id]
            assert offer.role is not None
            assert offer.answered_at is not None
            assert one.order.not_before >= offer.answered_at
            self._check_home(CaseId(case_id), one.order.recipient_id)

    def _check_home(self, case_id: CaseId, n: int) -> None:
        """Of a place that was a home all along nobody knows the address unproved."""
        if case_id in self.homes:
            assert self.world.offers(case_id)[n].proved_at is not None

    def _check_one_at_a_time(self) -> None:
        """Nobody was counted on by two cases at one moment: the store refuses it."""
        with self.world.new_uow() as uow:
            people = [ResponderId(n) for n in range(1, N_PEOPLE + 1)]
            for offers in uow.cases.live_offers(people).values():
                assert sum(offer.state.is_engaged for offer in offers) <= 1
