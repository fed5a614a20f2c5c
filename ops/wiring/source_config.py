"""Settings of sources as the values that the use cases take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from warning.sources.feed_poll import Feed
from warning.sources.fetching import FetchLimits
from warning.sources.pushed import Pusher
from warning.sources.source_desk import SourcePolicy

if TYPE_CHECKING:
    from ops.config.settings import Settings
    from ops.config.source_settings import SourceSettings


def feeds(settings: Settings) -> Sequence[Feed]:
    """The feeds as they are configured, by name."""
    return [
        Feed(
            name=name,
            url=one.url,
            hosts=one.allowed_hosts,
            kind=one.kind,
            every=timedelta(seconds=one.every_s),
            limits=FetchLimits(timeout_s=one.timeout_s, max_bytes=one.max_bytes),
            max_entries=one.max_entries,
            policy=policy_of(one),
        )
        for name, one in sorted(settings.feeds.items())
    ]


def policy_of(source: SourceSettings) -> SourcePolicy:
    """How far the alerts of a source go by themselves."""
    return SourcePolicy(
        submits=source.policy == "submitted",
        live=source.live_pairs,
        author=source.author,
        approver=source.approver,
    )


def pushers(settings: Settings) -> Mapping[str, Pusher]:
    """Systems that may push, by name."""
    return {
        name: Pusher(
            name=name,
            header=one.header,
            secret=one.secret.get_secret_value(),
            policy=policy_of(one),
        )
        for name, one in settings.pushers.items()
    }
