"""Who hears of which delivery: chosen by the beginning of its ``owner_ref``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from telephony.delivery import DeliveryEvent
from telephony.ports import DeliveryListener

U = TypeVar("U")


class Listeners(Generic[U]):
    """Hands news to owners, inside the transaction that holds the news.

    Parameters
    ----------
    by_prefix : mapping of str to DeliveryListener
        E.g. ``alert:`` → the listener of public warning. News of an owner that nobody
        listens for are dropped: the rows hold them.
    """

    def __init__(self, by_prefix: Mapping[str, DeliveryListener[U]]) -> None:
        self._by_prefix = dict(by_prefix)

    def tell(self, uow: U, news: Sequence[DeliveryEvent]) -> None:
        """Give every owner its own news, in order."""
        for prefix, listener in self._by_prefix.items():
            own = [event for event in news if event.owner_ref.startswith(prefix)]
            if own:
                listener.on_delivery_events(uow, own)
