"""What brings alerts in and tells of them, put together once for a process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.administration import Administration
from ops.health import Check, Metric, Sample
from ops.wiring.source_config import feeds, pushers
from warning.publishing.publication import Publication
from warning.publishing.webhook_service import WebhookService
from warning.sources.feed_board import FeedBoard
from warning.sources.plan_service import PlanService
from warning.sources.pushed import PushIntake
from warning.sources.sensor_service import SensorService
from warning.sources.source_desk import SourceDesk
from warning.texts.manner import PLAINLY, Manners

if TYPE_CHECKING:
    from ops.clock import Clock
    from ops.config.settings import Settings
    from ops.ports import Database
    from warning.cap import Alert
    from warning.cap_documents.target import GeocodeLookup
    from warning.intake.intake import AlertIntake
    from warning.sources.source_desk import Steps


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """Where alerts come from and where they go, apart from people's phones."""

    desk: SourceDesk
    pushed: PushIntake
    plans: PlanService
    sensors: SensorService
    publication: Publication
    webhooks: WebhookService
    feeds: FeedBoard
    administration: Administration

    def feed_checks(self) -> Sequence[Check]:
        """How feeds are. They never keep alerts from being sent."""
        return [
            Check(name=f"feed:{line.feed.name}", ok=line.is_ok, sentence=line.sentence)
            for line in self.feeds.lines()
        ]

    def metrics(self) -> Iterable[Metric]:
        """Figures of feeds, and of what other systems are still to be told."""
        known = {
            line.feed.name: line.state
            for line in self.feeds.lines()
            if line.state is not None
        }
        yield Metric(
            name="tocsin_feed_failures",
            help="Looks at a feed that failed, in a row.",
            kind="gauge",
            samples=[
                Sample(value=state.n_failures, labels={"feed": name})
                for name, state in known.items()
            ],
        )
        yield Metric(
            name="tocsin_feed_read_timestamp_seconds",
            help="When a feed was last read without a problem.",
            kind="gauge",
            samples=[
                Sample(value=state.ok_at.timestamp(), labels={"feed": name})
                for name, state in known.items()
                if state.ok_at is not None
            ],
        )
        yield Metric(
            name="tocsin_webhook_messages_queued",
            help="Messages to other systems that wait.",
            kind="gauge",
            samples=[Sample(value=self.webhooks.n_queued())],
        )


def build_sources(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    intake: AlertIntake,
    steps: Steps,
    document: Callable[[Alert], bytes],
    codes: Callable[[], GeocodeLookup] | None = None,
    manners: Manners = PLAINLY,
) -> Sources:
    """Put them together; opens nothing yet."""
    new_uow, read_uow, now = database.unit_of_work, database.read_only, clock.now
    desk = SourceDesk(intake=intake, steps=steps, read_uow=read_uow)
    return Sources(
        desk=desk,
        pushed=PushIntake(desk, pushers(settings)),
        plans=PlanService(new_uow=new_uow, read_uow=read_uow, intake=intake, now=now),
        sensors=SensorService(
            new_uow=new_uow, read_uow=read_uow, sender=settings.cap_sender, now=now
        ),
        publication=Publication(
            read_uow=read_uow,
            base_url=settings.callback_url,
            publisher=settings.cap_sender,
            keep_ended=timedelta(hours=settings.publish_ended_h),
            document=document,
            now=now,
            codes=codes,
            manners=manners,
        ),
        webhooks=WebhookService(
            new_uow=new_uow, read_uow=read_uow, base_url=settings.callback_url, now=now
        ),
        feeds=FeedBoard(feeds(settings), read_uow=read_uow, now=now),
        administration=Administration(new_uow=new_uow, read_uow=read_uow, now=now),
    )
