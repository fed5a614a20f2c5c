"""What ``tocsin doctor`` looks at: everything that stops a warning from leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.cli.source_checks import source_checks
from ops.health import Check, Readiness
from ops.wiring.carriers import REQUEST_TIMEOUT_S, account_of
from ops.wiring.simulated_carrier import NAME
from telephony.carriers.curl_multi import CurlMulti
from telephony.carriers.twilio_gateway import TwilioGateway
from telephony.errors import TelephonyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.config.settings import CarrierSettings, Settings
    from ops.wiring.services import Services


async def examine(services: Services) -> Readiness:
    """Check settings, database, worker, and every carrier by asking it."""
    settings = services.settings
    readiness = services.health.readiness()
    checks = [*_address(settings), *readiness.checks]
    if not any(check.name == "database" and not check.ok for check in checks):
        checks += source_checks(services)
    if not settings.carriers:
        sentence = (
            "No carrier is configured, so nothing can leave. Add [carriers.NAME]."
        )
        checks.append(Check(name="carriers", ok=False, sentence=sentence))
    for name, table in settings.carriers.items():
        checks.append(await _carrier(services, name, table))
    return Readiness(checks=checks)


def _address(settings: Settings) -> Iterator[Check]:
    sentence = f"Carriers call back {settings.callback_url}."
    strangers = set(settings.carriers) - {NAME}
    is_reachable = settings.public_url is not None or not strangers
    if not is_reachable:
        sentence += " Set TOCSIN_PUBLIC_URL to a name that they can reach."
    yield Check(name="public_url", ok=is_reachable, sentence=sentence)


async def _carrier(services: Services, name: str, table: CarrierSettings) -> Check:
    """Ask a carrier for its list: that needs address, account and token to be right."""
    label = f"carrier:{name}"
    transport = CurlMulti(max_in_flight=1, timeout_s=REQUEST_TIMEOUT_S)
    try:
        gateway = TwilioGateway(account_of(name, table), transport, now=services.now)
        refused = await gateway.check()
    except TelephonyError as error:
        return Check(name=label, ok=False, sentence=str(error))
    finally:
        await transport.aclose()
    if refused is not None:
        return Check(name=label, ok=False, sentence=refused.reason)
    return Check(name=label, ok=True, sentence="It answers, and knows our account.")
