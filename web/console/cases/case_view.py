"""What a dispatcher sees of a running case: the clock, the waves, who comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from responders.case import CaseState
from responders.cases.board import CaseView, OfferLine
from web.services import Services


@dataclass(frozen=True, kw_only=True, slots=True)
class Wave:
    """Those who were asked at once."""

    number: int
    lines: Sequence[OfferLine]

    @property
    def n_silent(self) -> int:
        """How many may still answer."""
        return sum(line.offer.state.is_open for line in self.lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A case as it stands."""

    view: CaseView
    waves: Sequence[Wave]
    #: On the way or there, the first to arrive first.
    coming: Sequence[OfferLine]
    minutes: int
    seconds: int

    @property
    def is_alarming(self) -> bool:
        """Whether people were asked and nobody comes."""
        return self.view.case.state is CaseState.ALERTING and not self.coming


def running(known: Services, view: CaseView) -> Running:
    """Put together how a case stands now; a closed one stands at its end."""
    stamps = view.case.stamps
    since = (stamps.closed_at or known.now()) - stamps.call_received_at
    numbers = sorted({line.offer.wave for line in view.offers}, reverse=True)
    coming = [line for line in view.offers if line.offer.state.is_engaged]
    # Whoever has no time of arrival is not known to come soon.
    coming.sort(key=lambda one: (one.offer.eta_at is None, one.offer.eta_at))
    passed = max(0, int(since.total_seconds()))
    return Running(
        view=view,
        waves=[
            Wave(
                number=number,
                lines=[line for line in view.offers if line.offer.wave == number],
            )
            for number in numbers
        ],
        coming=coming,
        minutes=passed // 60,
        seconds=passed % 60,
    )
