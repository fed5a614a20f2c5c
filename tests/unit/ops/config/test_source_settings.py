"""Settings of feeds and of systems that push: nothing goes live by an oversight."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ops.config.source_settings import FeedSettings, PushSettings
from warning.cap import Severity

URL = "https://met.example.org/rss.xml"
TWO = {"author": "met", "approver": "duty"}


def a_feed(**changes: object) -> FeedSettings:
    return FeedSettings.model_validate({"url": URL, **changes})


def test_a_feed_drafts_unless_told_otherwise() -> None:
    """The default reaches nobody."""
    feed = a_feed()

    assert (feed.policy, feed.live_pairs) == ("draft", ())


def test_live_pairs_are_read() -> None:
    """An event may hold a slash; the severity is what follows the last one."""
    feed = a_feed(live="Flash Flood/Extreme, Wind/Storm / Severe", **TWO)

    assert feed.live_pairs == (
        ("Flash Flood", Severity.EXTREME),
        ("Wind/Storm", Severity.SEVERE),
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"live": ["Flood/Extreme"]}, "author and approver are needed"),
        ({"live": ["Flood/Extreme"], "author": "met"}, "author and approver"),
        ({"live": ["Flood/Extreme"], "author": "Met", "approver": "met"}, "two"),
        ({"policy": "submitted"}, "author is needed"),
        ({"policy": "live"}, "draft"),
        ({"live": ["Flood"], **TWO}, "not Event/Severity"),
        ({"live": ["Flood/Very bad"], **TWO}, "not Event/Severity"),
        ({"live": ["/Extreme"], **TWO}, "not Event/Severity"),
        ({"url": "file:///etc/passwd"}, "not an http"),
        ({"url": "https://user:x@met.example.org/"}, "without user name"),
        ({"every_s": 1}, "greater than"),
        ({"max_bytes": 10**9}, "less than"),
    ],
)
def test_what_is_refused(changes: dict[str, object], reason: str) -> None:
    """Live without two named people, and what is no feed."""
    with pytest.raises(ValidationError, match=reason):
        a_feed(**changes)


def test_hosts_are_those_of_the_url_and_the_list() -> None:
    """Compared in small letters."""
    feed = a_feed(url="https://MET.example.org:8443/x?y=1", hosts="CDN.example.org")

    assert feed.allowed_hosts == {"met.example.org", "cdn.example.org"}


def test_a_secret_is_long_and_not_shown() -> None:
    """A short one could be guessed."""
    with pytest.raises(ValidationError):
        PushSettings.model_validate({"secret": "short"})
    shown = repr(PushSettings.model_validate({"secret": "s" * 16}))
    assert "ssss" not in shown
