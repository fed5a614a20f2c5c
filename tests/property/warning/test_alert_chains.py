"""Whatever operators and the clock do to a chain of alerts, the rules hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from store.database import Database
from telephony.delivery import AttemptState
from tests.sqlite_files import play
from tests.use_cases.warning.world import EAST_SQUARE, World, an_alert, an_info
from warning.alert import TRANSITIONS, AlertId, AlertState
from warning.cap import Alert
from warning.errors import AlertError

EAST = {"lon": 105.5, "lat": 11.5}
WIDE = "11,104 11,106 12,106 12,104 11,104"
AREAS = st.sampled_from([EAST_SQUARE, WIDE])
WHO = st.sampled_from(["anna", "boran", "chea"])
SENT = st.sampled_from([AttemptState.ACCEPTED, AttemptState.FAILED])


class Chains(RuleBasedStateMachine):
    """Operators who press whatever button there is."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.world = World(database)
        self.n = 0
        self.seen: dict[AlertId, tuple[AlertState, Alert]] = {}
        self.drawn: list[AlertId] = []

    def teardown(self) -> None:
        self.database.dispose()

    @initialize()
    def settle(self) -> None:
        for n in range(2):
            self.world.register(n)
        self.world.register(2, places=[EAST])

    @rule(area=AREAS, by=WHO)
    def draft(self, area: str, by: str) -> None:
        self.n += 1
        cap = an_alert(an_info(polygon=area), identifier=f"a{self.n}")
        try:
            self.keep(self.world.intake.draft(cap, by=by).alert_id)
        except AlertError:  # the day is over
            return

    @rule(data=st.data(), by=WHO)
    def submit(self, data: st.DataObject, by: str) -> None:
        self.press(data, lambda one: self.world.alerts.submit(one, by=by))

    @rule(data=st.data(), by=WHO)
    def approve(self, data: st.DataObject, by: str) -> None:
        self.press(data, lambda one: self.world.alerts.approve(one, by=by))

    @rule(data=st.data(), by=WHO)
    def cancel(self, data: st.DataObject, by: str) -> None:
        self.press(data, lambda one: self.world.alerts.cancel(one, by=by))

    @rule(data=st.data(), area=AREAS, by=WHO)
    def update(self, data: st.DataObject, area: str, by: str) -> None:
        cap = an_alert(an_info(polygon=area))
        self.press(data, lambda one: self.world.follow_ups.update(one, cap, by=by))

    @rule(data=st.data(), by=WHO, is_wrong=st.booleans())
    def close(self, data: st.DataObject, by: str, is_wrong: bool) -> None:
        verbs = self.world.follow_ups
        verb = verbs.correct if is_wrong else verbs.all_clear
        self.press(data, lambda one: verb(one, by=by))

    @rule(state=SENT)
    def work(self, state: AttemptState) -> None:
        self.world.plan()
        self.world.send(state)
        self.world.readmission.run_once()

    @rule(hours=st.integers(1, 3))
    def wait(self, hours: int) -> None:
        self.world.clock.move(hours=hours)
        self.world.expire()
        self.world.alerts.end_expired()

    def press(self, data: st.DataObject, verb: Callable[[AlertId], object]) -> None:
        if not self.drawn:
            return
        one = data.draw(st.sampled_from(self.drawn))
        try:
            verb(one)
        except AlertError:
            return

    def keep(self, alert_id: AlertId) -> None:
        self.drawn.append(alert_id)

    @invariant()
    def every_step_is_one_of_the_table_and_nothing_said_changes(self) -> None:
        for case in self.world.board.list():
            if case.alert_id not in self.drawn:
                self.keep(case.alert_id)
            before, cap = self.seen.get(case.alert_id, (AlertState.DRAFT, case.cap))
            assert case.cap == cap
            assert case.state in reachable(before)
            self.seen[case.alert_id] = (case.state, case.cap)

    @invariant()
    def nobody_approves_their_own(self) -> None:
        for case in self.world.board.list():
            if case.approved_by is not None:
                assert case.approved_by not in {case.created_by, case.submitted_by}

    @invariant()
    def only_what_is_live_has_anything_queued_and_chains_have_one_head(self) -> None:
        cases = self.world.board.list()
        for case in cases:
            progress = self.world.progress(case)
            is_open = progress.sms.open + progress.voice.open
            if case.state is not AlertState.LIVE:
                assert is_open == 0 or case.state is AlertState.ENDED
            followers = [one for one in cases if one.follows == case.alert_id]
            assert sum(one.state is AlertState.LIVE for one in followers) <= 1
            if any(one.state is AlertState.LIVE for one in followers):
                assert case.state is not AlertState.LIVE

    @invariant()
    def figures_add_up(self) -> None:
        for case in self.world.board.list():
            progress = self.world.progress(case)
            counted = sum(progress.by_state.values()) + sum(progress.excluded.values())
            assert counted == progress.planned or case.state is AlertState.LIVE


def reachable(state: AlertState) -> set[AlertState]:
    """Where steps of the table lead, any number of them."""
    found = {state}
    while True:
        more = {to for (at, _), to in TRANSITIONS.items() if at in found} - found
        if not more:
            return found
        found |= more


def test_no_button_leaves_the_rules(upgraded_file: Path, tmp_path: Path) -> None:
    """In whatever order they are pressed."""
    play(Chains, upgraded_file, tmp_path, n_examples=12, n_steps=20)
