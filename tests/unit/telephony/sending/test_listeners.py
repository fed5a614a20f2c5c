"""Owners hear of their own deliveries."""

from telephony.delivery import Channel, DeliveryEvent, DeliveryState
from telephony.sending.listeners import Listeners
from tests.unit.telephony.virtual_time import START
from tests.unit.telephony.world import Ear


def news(owner_ref: str, recipient_id: int) -> DeliveryEvent:
    return DeliveryEvent(
        owner_ref=owner_ref,
        recipient_id=recipient_id,
        channel=Channel.SMS,
        state=DeliveryState.SENT,
        at=START,
    )


def test_news_go_to_their_owner_in_order() -> None:
    """By the beginning of the reference; nobody hears of others."""
    alerts, cases = Ear(), Ear()
    listeners: Listeners[None] = Listeners({"alert:": alerts, "case:": cases})
    events = [news("alert:1", 1), news("case:1", 2), news("alert:2", 3)]
    listeners.tell(None, events)
    assert alerts.news == [events[0], events[2]]
    assert cases.news == [events[1]]


def test_who_has_no_news_is_not_bothered() -> None:
    """And news of an owner that nobody listens for stay in the rows."""
    ear = Ear(check=lambda _: (_ for _ in ()).throw(AssertionError))
    listeners: Listeners[None] = Listeners({"alert:": ear})
    listeners.tell(None, [news("case:1", 1)])
    listeners.tell(None, [])
    assert ear.news == []
