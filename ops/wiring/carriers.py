"""The configured carriers, built from the settings."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telephony.carriers.carrier_account import CarrierAccount
from telephony.carriers.curl_multi import CurlMulti
from telephony.carriers.twilio_gateway import TwilioGateway
from telephony.delivery import Channel
from telephony.sending.breaker import CircuitBreaker
from telephony.sending.carrier import Carrier
from telephony.sending.carriers import CarrierPool
from telephony.sending.pacing import CallSlots, Pacer, TokenBucket
from telephony.sending.routing import Route, RoutingTable
from telephony.sending.sender import SenderOptions

if TYPE_CHECKING:
    from ops.clock import Clock
    from ops.config.settings import CarrierSettings, Settings

#: Requests under way at once to one carrier: as many as the sender has under way, for
#: whoever waits inside the client waits without regard to lanes.
MAX_IN_FLIGHT = SenderOptions().max_in_flight
#: For one request, seconds. Less than a claim's lease, see ``SenderOptions``.
REQUEST_TIMEOUT_S = 10.0


def build_pool(settings: Settings, clock: Clock) -> CarrierPool:
    """Build every carrier of the settings; connects to nothing yet.

    Raises
    ------
    CarrierConfigError
        If a carrier cannot work as configured; says which setting.
    """
    return CarrierPool(
        [_carrier(name, table, clock) for name, table in settings.carriers.items()],
        RoutingTable(_route(name, table) for name, table in settings.carriers.items()),
        monotonic=clock.monotonic,
    )


def account_of(name: str, table: CarrierSettings) -> CarrierAccount:
    """Read one carrier's table as the account that is ours there."""
    return CarrierAccount(
        name=name,
        base_url=table.base_url,
        account_sid=table.account_sid,
        auth_token=table.auth_token.get_secret_value(),
        sms_from=table.sms_from,
        voice_from=table.voice_from,
        tells_machines=table.machine_detection and table.dialect == "twilio",
    )


def _carrier(name: str, table: CarrierSettings, clock: Clock) -> Carrier:
    transport = CurlMulti(max_in_flight=MAX_IN_FLIGHT, timeout_s=REQUEST_TIMEOUT_S)
    return Carrier(
        gateway=TwilioGateway(account_of(name, table), transport, now=clock.now),
        messages=_pacer(table.sms_per_s, clock),
        calls=_pacer(table.calls_per_s, clock),
        call_slots=CallSlots(table.concurrent_calls),
        breaker=CircuitBreaker(),
    )


def _pacer(per_s: float, clock: Clock) -> Pacer:
    return Pacer(TokenBucket(per_s), now=clock.monotonic, wait=asyncio.sleep)


def _route(name: str, table: CarrierSettings) -> Route:
    channels = Channel(0)
    if table.sms_from is not None:
        channels |= Channel.SMS
    if table.voice_from is not None:
        channels |= Channel.VOICE
    return Route(
        carrier=name,
        channels=channels,
        prefixes=table.prefixes,
        priority=table.priority,
    )
