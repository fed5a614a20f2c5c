"""The strip above every page: what must hold for warnings to leave, in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ops.carrier_board import CarrierLine
from ops.health import CARRIER_PREFIX, Check
from web.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """What is well is short; what is not says its sentence."""

    #: What does not hold, carriers left out.
    bad: Sequence[Check]
    carriers: Sequence[CarrierLine]
    n_feeds: int
    bad_feeds: Sequence[Check]

    @property
    def n_feeds_ok(self) -> int:
        """Feeds that are read."""
        return self.n_feeds - len(self.bad_feeds)


def strip_of(known: Services) -> Strip:
    """Look at everything; nobody outside is asked."""
    readiness = known.health.readiness()
    bad = [check for check in readiness.checks if not check.ok]
    if any(check.name == "database" for check in bad):
        return Strip(bad=bad, carriers=[], n_feeds=0, bad_feeds=[])
    feeds = known.sources.feed_checks()
    return Strip(
        bad=[check for check in bad if not check.name.startswith(CARRIER_PREFIX)],
        carriers=known.carriers.lines(readiness),
        n_feeds=len(feeds),
        bad_feeds=[check for check in feeds if not check.ok],
    )
