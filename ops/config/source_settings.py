"""Settings of those from whom alerts come: feeds that are read, systems that push.

What they may do without a person is chosen for each, and nothing by default: an alert
that came in is a draft until somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode

from ops.config.setting_fields import setting, split
from warning.cap import Severity

_Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)]


class SourceSettings(BaseModel):
    """What becomes of the alerts of one source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: Literal["draft", "submitted"] = setting(
        "draft",
        "How far an alert goes by itself: a draft, or submitted to a second person.",
        "draft or submitted",
    )
    live: _Words = setting(
        (),
        "Alerts that go live without a person, as Event/Severity: only these, only "
        "Actual or drill messages of type Alert, and only with author and approver.",
        "pairs such as Flash Flood/Extreme, separated by commas",
    )
    author: str | None = setting(
        None,
        "Operator in whose name alerts are written and submitted.",
        "the name of an operator with the role operator",
        min_length=1,
        max_length=64,
    )
    approver: str | None = setting(
        None,
        "Operator of record who answers for what goes live by itself; another one "
        "than the author.",
        "the name of an operator with the role approver",
        min_length=1,
        max_length=64,
    )

    @field_validator("live")
    @classmethod
    def _live(cls, value: Sequence[str]) -> tuple[str, ...]:
        severities = {severity.value for severity in Severity}
        for pair in value:
            event, _, severity = pair.rpartition("/")
            if not event.strip() or severity.strip() not in severities:
                raise ValueError(f"{pair[:60]!r} is not Event/Severity")
        return tuple(value)

    @model_validator(mode="after")
    def _four_eyes(self) -> SourceSettings:
        if self.policy == "submitted" and self.author is None:
            raise ValueError("author is needed to submit")
        if not self.live:
            return self
        if self.author is None or self.approver is None:
            raise ValueError("author and approver are needed for live")
        if self.author.casefold() == self.approver.casefold():
            raise ValueError("author and approver must be two operators")
        return self

    @property
    def live_pairs(self) -> tuple[tuple[str, Severity], ...]:
        """Event and severity of what goes live by itself."""
        parts = (pair.rpartition("/") for pair in self.live)
        return tuple((event.strip(), Severity(s.strip())) for event, _, s in parts)


class FeedSettings(SourceSettings):
    """One feed of alerts that is read again and again."""

    url: str = setting(
        ...,
        "Where the feed is.",
        "an http or https URL without user name",
    )
    kind: Literal["auto", "rss", "atom", "cap"] = setting(
        "auto",
        "What is at the URL: a feed with links to CAP, or CAP itself.",
        "auto, rss, atom or cap",
    )
    hosts: _Words = setting(
        (),
        "Further hosts on which the feed's alerts may lie; that of the URL always may.",
        "host names, separated by commas",
    )
    every_s: int = setting(
        120,
        "Seconds between two looks.",
        "10 to 86400",
        ge=10,
        le=86_400,
    )
    timeout_s: float = setting(
        20.0,
        "Seconds one request may take in all.",
        "0.1 to 120",
        ge=0.1,
        le=120,
    )
    max_bytes: int = setting(
        5_000_000,
        "Bytes of the feed, and of each alert, once unpacked.",
        "1000 to 20000000",
        ge=1_000,
        le=20_000_000,
    )
    max_entries: int = setting(
        200,
        "Entries looked at; the feed's first ones.",
        "1 to 2000",
        ge=1,
        le=2_000,
    )

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("not an http or https URL with a host")
        if parts.username or parts.fragment:
            raise ValueError("a URL without user name and fragment is wanted")
        return value

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Hosts that are ever asked for this feed, in small letters."""
        own = urlsplit(self.url).hostname or ""
        return frozenset({own.lower(), *(host.lower() for host in self.hosts)})


class PushSettings(SourceSettings):
    """One system that sends us its alerts as it publishes them."""

    secret: SecretStr = setting(
        ...,
        "What the system sends in the header, so that we know it.",
        "16 to 200 characters",
        min_length=16,
        max_length=200,
    )
    header: str = setting(
        "CAP-Webhook-Auth",
        "Header with the secret; CAP Composer's by default.",
        "the name of a header",
        pattern=r"^[A-Za-z0-9-]{1,60}$",
    )
