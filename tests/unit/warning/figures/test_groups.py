"""An alert by language and by carrier."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self, cast

from telephony.delivery import AttemptState, Channel
from warning.alert import AlertId
from warning.figures.groups import AlertGroups, ByCarrier, ByLanguage, GroupLine
from warning.recipients import RecipientState


class Store:
    """A transaction over counts that stand here."""

    def __init__(self) -> None:
        self.n_asked = 0
        self.alerts = self.groups = self
        self.owner_ref = "alert:x"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing was written."""

    def get(self, alert_id: AlertId) -> Self:
        del alert_id
        return self

    def by_language(self, alert_id: AlertId) -> ByLanguage:
        del alert_id
        self.n_asked += 1
        return {
            "en": {RecipientState.UNREACHABLE: 1, RecipientState.NEEDS_HELP: 1},
            "km": {RecipientState.PLANNED: 5, RecipientState.HEARD: 2},
        }

    def by_carrier(self, owner_ref: str) -> ByCarrier:
        assert owner_ref == "alert:x"
        lost = {AttemptState.NOT_SENT: 2, AttemptState.FAILED: 1}
        return {("main", Channel.VOICE): {**lost, AttemptState.REACHED: 4}}


class Clock:
    """Each look at it is half a second later."""

    at = 0.0

    def __call__(self) -> float:
        self.at += 0.5
        return self.at


def test_each_part_is_added_up() -> None:
    """Who needs help has confirmed; a try that never left has failed."""
    found = AlertGroups(read_uow=cast("Any", Store), monotonic=lambda: 0.0).groups(
        AlertId("x")
    )
    assert found.languages == [
        GroupLine("km", None, n=7, reached=2, heard=2, confirmed=0, failed=0),
        GroupLine("en", None, n=2, reached=1, heard=1, confirmed=1, failed=1),
    ]
    assert found.carriers == [
        GroupLine("main", Channel.VOICE, n=7, reached=4, heard=0, confirmed=0, failed=3)
    ]


def test_what_took_long_is_not_counted_again_at_once() -> None:
    """However many ask, it costs a small share of one processor."""
    store, clock = Store(), Clock()
    asked = AlertGroups(read_uow=cast("Any", lambda: store), monotonic=clock)
    for _ in range(5):
        asked.groups(AlertId("x"))
    assert store.n_asked == 1
    clock.at += 60
    asked.groups(AlertId("x"))
    assert store.n_asked == 2
