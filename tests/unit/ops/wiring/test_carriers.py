"""Carriers as the settings describe them."""

from __future__ import annotations

import asyncio

import pytest

from ops.clock import Clock
from ops.config.settings import CarrierSettings, Settings
from ops.wiring.carriers import account_of, build_pool
from telephony.delivery import Channel
from telephony.errors import CarrierConfigError

TOKEN = "s3cret-token"


def table(**changes: object) -> CarrierSettings:
    known = {
        "base_url": "http://127.0.0.1:1",
        "account_sid": "AC1",
        "auth_token": TOKEN,
        "sms_from": "1294",
        "voice_from": "+85510000000",
    }
    return CarrierSettings.model_validate(known | changes)


def serving(number: str, channel: Channel, **tables: CarrierSettings) -> list[str]:
    """Names of the carriers of a number, the first choice first."""

    async def ask() -> list[str]:
        pool = build_pool(Settings(carriers=tables), Clock())
        try:
            return [carrier.name for carrier in pool.serving(number, channel)]
        finally:
            await pool.aclose()

    return asyncio.run(ask())


def test_priority_orders_and_prefixes_choose() -> None:
    """The lowest priority first; who serves other numbers is not asked."""
    found = serving(
        "+85512345678",
        Channel.SMS,
        spare=table(priority=200),
        main=table(priority=100),
        abroad=table(prefixes=["+66"]),
    )

    assert found == ["main", "spare"]


@pytest.mark.parametrize(
    ("changes", "tells"),
    [
        ({}, True),
        ({"machine_detection": False}, False),
        ({"dialect": "somleng"}, False),
    ],
)
def test_machines_are_told_where_that_can_be_had(
    changes: dict[str, object], tells: bool
) -> None:
    """By Twilio, unless its price is too high; Somleng knows nothing of it."""
    assert account_of("main", table(**changes)).tells_machines is tells


def test_a_carrier_without_sender_has_not_that_channel() -> None:
    """No sms_from, no texts; no voice_from, no calls."""
    tables = {"texts": table(voice_from=None), "calls": table(sms_from=None)}

    assert serving("+85512345678", Channel.SMS, **tables) == ["texts"]
    assert serving("+85512345678", Channel.VOICE, **tables) == ["calls"]


def test_a_table_that_cannot_work_names_the_carrier_not_the_token() -> None:
    """Which setting of which carrier; the secret stays one."""
    with pytest.raises(CarrierConfigError, match="'main'") as caught:
        account_of("main", table(account_sid="a/../b"))

    assert TOKEN not in str(caught.value)


def test_the_token_is_in_no_repr() -> None:
    """Whatever is printed or logged."""
    assert TOKEN not in repr(account_of("main", table()))
    assert TOKEN not in repr(table())
