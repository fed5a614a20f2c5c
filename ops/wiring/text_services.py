"""Our texts, put together once for a process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warning.intake.text_samples import TextSamples
from warning.texts.text_desk import TextDesk
from warning.texts.text_exchange import TextExchange

if TYPE_CHECKING:
    from ops.clock import Clock
    from ops.config.settings import Settings
    from ops.ports import Database
    from warning.texts.message_templates import MessageTemplates
    from warning.texts.template_book import InstallationManners


@dataclass(frozen=True, kw_only=True, slots=True)
class TextServices:
    """What is done with our texts, and which are in force."""

    desk: TextDesk
    exchange: TextExchange
    samples: TextSamples
    manners: InstallationManners

    def templates(self) -> MessageTemplates:
        """The texts that are in force now."""
        return self.manners.now().texts


def build_texts(
    settings: Settings, database: Database, clock: Clock, manners: InstallationManners
) -> TextServices:
    """Put them together; reads nothing yet."""
    desk = TextDesk(
        new_uow=database.unit_of_work, read_uow=database.read_only, now=clock.now
    )
    return TextServices(
        desk=desk,
        exchange=TextExchange(desk),
        samples=TextSamples(
            desk, manners=manners, sender=settings.cap_sender, now=clock.now
        ),
        manners=manners,
    )
