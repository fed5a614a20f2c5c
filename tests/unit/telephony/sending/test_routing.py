"""Prefix and priority choose the carrier; a resting one is passed over."""

import pytest

from telephony.delivery import Channel
from telephony.errors import CarrierConfigError
from telephony.sending.routing import Route, RoutingTable

BOTH = Channel.SMS | Channel.VOICE
TABLE = RoutingTable(
    [
        Route(carrier="world", channels=BOTH, priority=5),
        Route(carrier="kh-b", channels=BOTH, prefixes=("+855",)),
        Route(carrier="kh-a", channels=BOTH, prefixes=("+855",)),
        Route(carrier="mobile", channels=Channel.SMS, prefixes=("+85512", "+85")),
    ]
)


@pytest.mark.parametrize(
    ("number", "channel", "carriers"),
    [
        ("+85512345678", Channel.SMS, ("mobile", "kh-a", "kh-b", "world")),
        ("+85512345678", Channel.VOICE, ("kh-a", "kh-b", "world")),
        ("+85596345678", Channel.SMS, ("kh-a", "kh-b", "mobile", "world")),
        ("+8562012345", Channel.SMS, ("mobile", "world")),
        ("+33612345678", Channel.VOICE, ("world",)),
    ],
)
def test_order_of_carriers(
    number: str, channel: Channel, carriers: tuple[str, ...]
) -> None:
    """Priority first, then the longer prefix, then the name."""
    assert TABLE.carriers(number, channel) == carriers
    assert TABLE.carriers(number, channel) == carriers


def test_next_carrier_takes_over() -> None:
    """A resting carrier is passed over; with none left there is none."""
    number = "+85596345678"
    assert TABLE.choose(number, Channel.VOICE, lambda _: True) == "kh-a"
    assert TABLE.choose(number, Channel.VOICE, lambda name: name != "kh-a") == "kh-b"
    assert TABLE.choose(number, Channel.VOICE, lambda _: False) is None


def test_number_without_a_carrier() -> None:
    """A number nobody serves has no carrier, and an empty table serves nobody."""
    home = Route(carrier="home", channels=BOTH, prefixes=("+855",))
    assert not RoutingTable([home]).carriers("+33612345678", Channel.SMS)
    assert not RoutingTable([]).carriers("+33612345678", Channel.SMS)


@pytest.mark.parametrize("prefix", ["855", "+0", "+85x", "", "+", "+1234567890123456"])
def test_prefix_that_begins_no_number_is_refused(prefix: str) -> None:
    """A prefix that could never match is a mistake in the settings."""
    with pytest.raises(CarrierConfigError, match="'home': prefix"):
        RoutingTable([Route(carrier="home", channels=BOTH, prefixes=(prefix,))])


def test_carrier_named_twice_is_refused() -> None:
    """Two carriers of one name could not be told apart in the records."""
    route = Route(carrier="home", channels=BOTH)
    with pytest.raises(CarrierConfigError, match="twice"):
        RoutingTable([route, route])
