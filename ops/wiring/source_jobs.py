"""The worker's jobs around alerts: feeds, the drop folder, other systems, tidying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from ops.exchange.curl_http import CurlHttp
from ops.exchange.drop_folder import DropFolder
from ops.exchange.webhook_sender import WebhookSender
from ops.scheduler import Job
from ops.side_threads import SideThreads
from ops.wiring.source_config import feeds
from warning.sources.feed_poll import MEMORY, Feed, FeedPoll

if TYPE_CHECKING:
    from ops.wiring.services import Services

#: Feeds read at once; a slow one holds one thread for at most its time-out.
_FEEDS_AT_ONCE = 8
#: Whether a feed is due is asked so often.
_LOOK_S = 2.0
_TIDY_S = 3_600.0


def source_jobs(services: Services) -> Sequence[Job]:
    """The jobs of all configured sources."""
    threads = SideThreads(_FEEDS_AT_ONCE)
    jobs = [
        Job(
            name=f"feed {feed.name}",
            every_s=_LOOK_S,
            run=threads.job(_poll(services, feed).run_once),
        )
        for feed in feeds(services.settings)
    ]
    folder = services.settings.drop_dir
    if folder is not None:
        drop = DropFolder(folder, desk=services.sources.desk)
        jobs.append(Job(name="drop folder", every_s=_LOOK_S, run=drop.run_once))
    listeners = WebhookSender(
        new_uow=services.database.unit_of_work,
        read_uow=services.database.read_only,
        poster=CurlHttp(),
        now=services.now,
    )
    jobs += [
        Job(name="queue webhooks", every_s=1, run=services.sources.webhooks.fan_out),
        Job(
            name="send webhooks",
            every_s=1,
            run=SideThreads(1).job(listeners.run_once),
        ),
    ]
    jobs.append(
        Job(
            name="tidy sources", every_s=_TIDY_S, run=lambda: _tidy(services, listeners)
        )
    )
    return jobs


def _poll(services: Services, feed: Feed) -> FeedPoll:
    return FeedPoll(
        feed,
        desk=services.sources.desk,
        fetcher=CurlHttp(),
        new_uow=services.database.unit_of_work,
        read_uow=services.database.read_only,
        now=services.now,
    )


def _tidy(services: Services, listeners: WebhookSender) -> int:
    """Forget what is too old to be of use; nothing is left to do at once."""
    services.sources.sensors.forget_readings()
    listeners.forget()
    with services.database.unit_of_work() as uow:
        uow.feeds.forget(unseen_since=services.now() - MEMORY)
        uow.commit()
    untouched = timedelta(days=services.settings.draft_days)
    services.drafts.forget_old(before=services.now() - untouched)
    return 0
