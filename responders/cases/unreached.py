"""When the telephone is down: nothing of a case leaves, and people ring by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from responders.offer import Offer, OfferState

#: Nothing having left after this, the telephone is taken to be down.
LEAVES_WITHIN = timedelta(seconds=10)
#: Kind of the notice that says so.
TELEPHONE_DOWN = "telephone_down"


def is_unreached(offer: Offer) -> bool:
    """Whether nothing has reached somebody who was asked."""
    return offer.state in {OfferState.QUEUED, OfferState.FAILED}


def nothing_left_at(offers: Iterable[Offer]) -> datetime | None:
    """When the telephone counts as down, if nothing leaves until then.

    Returns
    -------
    datetime or None
        None if nobody was asked, or something has got through.
    """
    asked = list(offers)
    if not asked or not all(is_unreached(offer) for offer in asked):
        return None
    return min(offer.offered_at for offer in asked) + LEAVES_WITHIN
