"""What carriers ask of us in calls, put together once for a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivr_scripts.catalogue import load_catalogue
from telephony.callbacks.intake import CallbackIntake, CarrierIdentity
from telephony.callbacks.sealing_sink import SealingSink
from telephony.calls.call_contexts import CallContexts
from telephony.calls.call_talk import CallTalk
from telephony.calls.twiml import Dialect

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivr_scripts.model import Lookup
    from ops.clock import Clock
    from ops.config.settings import Settings
    from ops.ports import Database
    from ops.wiring.voice_services import VoiceServices
    from telephony.callbacks.intake import EventSink
    from telephony.calls.spoken import Sounds
    from telephony.sealing import Seals


def build_intake(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    sink: EventSink,
    sounds: Sounds,
    voice: VoiceServices,
    lookup_of: Callable[[str], Lookup],
    seals: Seals,
) -> CallbackIntake:
    """Build what checks, keeps and answers carriers; opens nothing yet."""
    return CallbackIntake(
        carriers={
            name: CarrierIdentity(
                auth_token=carrier.auth_token.get_secret_value(),
                dialect=Dialect(carrier.dialect),
                caller_id=carrier.voice_from,
            )
            for name, carrier in settings.carriers.items()
        },
        public_url=settings.callback_url,
        sink=SealingSink(sink, seals),
        context_of=CallContexts(database.read_only),
        talk=CallTalk(
            catalogue=load_catalogue(),
            sounds=sounds,
            seals=seals,
            lookup_of=lookup_of,
            take_of=voice.takes,
            numbers_of=voice.call_backs.numbers_of,
        ),
        now=clock.now,
    )
