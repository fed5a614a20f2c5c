"""The real use cases around alerts, over a store in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.administration import Administration
from ops.wiring.source_services import Sources
from tests.fakes.sources import FakeSources
from warning.alert import AlertId
from warning.cap_documents import cap_xml
from warning.intake.intake import AlertIntake
from warning.publishing.publication import Publication
from warning.publishing.webhook_service import WebhookService
from warning.sources.feed_board import FeedBoard
from warning.sources.feed_poll import Feed
from warning.sources.plan_service import PlanService
from warning.sources.pushed import Pusher, PushIntake
from warning.sources.sensor_service import SensorService
from warning.sources.source_desk import SourceDesk, SourcePolicy

SECRET = "a-secret-of-the-composer"
BASE_URL = "https://warning.example.org"
FEED = Feed(
    name="met",
    url="https://met.example.org/rss.xml",
    hosts=frozenset({"met.example.org"}),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSources(Sources):
    """The same with the store they work on."""

    store: FakeSources


def make_sources(now: Callable[[], datetime]) -> StoredSources:
    """Everything around alerts; a pusher ``composer`` and a feed ``met``."""
    store = FakeSources()
    uow: Any = store.unit_of_work
    intake = AlertIntake(new_uow=uow, read_uow=uow, sender="own.example", now=now)
    desk = SourceDesk(intake=intake, steps=_NoSteps(), read_uow=uow)
    composer = Pusher(
        name="composer",
        header="CAP-Webhook-Auth",
        secret=SECRET,
        policy=SourcePolicy(),
    )
    return StoredSources(
        store=store,
        desk=desk,
        pushed=PushIntake(desk, {"composer": composer}),
        plans=PlanService(new_uow=uow, read_uow=uow, intake=intake, now=now),
        sensors=SensorService(new_uow=uow, read_uow=uow, sender="own.example", now=now),
        publication=Publication(
            read_uow=uow,
            base_url=BASE_URL,
            publisher="own.example",
            keep_ended=timedelta(hours=48),
            document=cap_xml.write,
            now=now,
        ),
        webhooks=WebhookService(new_uow=uow, read_uow=uow, base_url=BASE_URL, now=now),
        feeds=FeedBoard([FEED], read_uow=uow, now=now),
        administration=Administration(new_uow=uow, read_uow=uow, now=now),
    )


class _NoSteps:
    """No policy of these tests goes further than a draft."""

    def submit(self, alert_id: AlertId, *, by: str) -> Any:
        raise AssertionError(alert_id, by)

    approve = submit
