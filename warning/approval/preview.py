"""What approving an alert would do, for the person who decides.

Who would be told what, in which words, at what cost and how fast; what is new about an
update; and which live alerts speak of the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from telephony.delivery import Channel, Lane
from warning import chain
from warning.alert import AlertCase, AlertId, AlertState
from warning.approval.going_live import GoingLive
from warning.audience.audience_maker import AudienceMaker, Concerned, Inside
from warning.audience.overlap import is_same_event
from warning.audience.variant_messages import cases_by_variant
from warning.cap import Severity
from warning.intake.differences import Differences, differences_of
from warning.intake.intake import geometry_of
from warning.ports import UnitOfWork
from warning.recipients import TOLD_ELSEWHERE, VARIANTS, Variant
from warning.registry.person_words import CHANNELS, LANGUAGE, exclusion_codes
from warning.registry.registry import AudienceCounts
from warning.texts.manner import PLAINLY, Manners
from warning.texts.message_preview import TextPreview, previews_of, told_in

if TYPE_CHECKING:
    from warning.cap_documents.target import GeocodeLookup


@dataclass(frozen=True, kw_only=True, slots=True)
class SendingPace:
    """How fast all carriers together take what we send."""

    sms_per_s: float
    calls_per_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Saying:
    """What some of the people are told."""

    variant: Variant
    #: For how many it is meant, reachable or not.
    people: int
    #: One a language.
    texts: Sequence[TextPreview]


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlap:
    """A live alert that speaks of some of the same place."""

    alert_id: AlertId
    event: str
    severity: Severity | None
    is_same_event: bool
    #: People whom it has told, so that this alert does not.
    already_told: int
    #: Whether it left people out because this alert, or one that it follows, told them.
    relies_on_this: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """Everything to decide by."""

    counts: AudienceCounts
    #: Language → text message, of what most people are told first.
    texts: Mapping[str, str]
    #: Variant → people, reachable or not.
    by_variant: Mapping[str, int] = field(default_factory=dict)
    sayings: Sequence[Saying] = ()
    #: People who will be told, by the channel they are told on first.
    by_first_channel: Mapping[str, int] = field(default_factory=dict)
    #: Language people registered → the one they are told in.
    told_in: Mapping[str, str] = field(default_factory=dict)
    #: Parts of text messages to pay for.
    sms_parts: int = 0
    #: Until everybody was tried once, what is queued before included; None if it never
    #: ends, because nothing serves a channel.
    seconds_to_reach_all: float | None = None
    #: Aware; when it would go live.
    starts_at: datetime | None = None
    overlaps: Sequence[Overlap] = ()
    #: None unless it follows another alert.
    differences: Differences | None = None

    @property
    def told(self) -> int:
        """People who will be told: those inside without those left out."""
        return sum(self.by_first_channel.values())


class Previews:
    """Works out what approving would do.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    audiences : AudienceMaker
    going_live : GoingLive
    pace : callable
        How fast the carriers take what we send.
    country_language : str
        What people are told in whose own language an alert lacks.
    manners : Manners, optional
        How the installation puts things.
    """

    def __init__(
        self,
        *,
        read_uow: Callable[[], UnitOfWork],
        audiences: AudienceMaker,
        going_live: GoingLive,
        pace: Callable[[], SendingPace],
        country_language: str,
        manners: Manners = PLAINLY,
    ) -> None:
        self._read_uow = read_uow
        self._audiences = audiences
        self._going_live = going_live
        self._pace = pace
        self._country_language = country_language
        self._manners = manners

    def preview(self, alert_id: AlertId) -> Preview:
        """Return what approving this alert would do now.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        with self._read_uow() as uow:
            case = uow.alerts.get(alert_id)
        inside = self._audiences.inside(case)
        with self._read_uow() as uow:
            old = None if case.follows is None else uow.alerts.get(case.follows)
            found = self._audiences.concerned(uow, case, inside)
            queued = uow.outbox.queued()
            lookup = inside.registry.areas.by_geocode
            overlaps = _overlaps(uow, case, found, lookup)
            changes = (
                None
                if old is None
                else differences_of(old.cap, case.cap, lookup=lookup)
            )
        sayings = self._sayings(case, old, found)
        by_channel = _first_channels(case, found)
        languages = {one.language: one.sms_text for one in sayings[0].texts}
        return Preview(
            counts=found.counts,
            texts=languages,
            by_variant={one.variant.value: one.people for one in sayings},
            sayings=sayings,
            by_first_channel=by_channel,
            told_in=told_in(
                found.counts.by_language,
                list(languages),
                country_default=self._country_language,
            ),
            sms_parts=self._sms_parts(case, found, inside, sayings),
            seconds_to_reach_all=self._seconds(case, by_channel, queued),
            starts_at=self._going_live.starts_at(case),
            overlaps=overlaps,
            differences=changes,
        )

    def _sayings(
        self, case: AlertCase, old: AlertCase | None, found: Concerned
    ) -> list[Saying]:
        """What is told, with what concerns most people first."""
        counts = np.bincount(found.variants, minlength=len(VARIANTS))
        sayings = [
            Saying(
                variant=variant,
                people=int(counts[VARIANTS.index(variant)]),
                texts=previews_of(said, manner),
            )
            for variant, (said, manner) in cases_by_variant(
                case, old, self._manners.of(case)
            ).items()
        ]
        return sorted(sayings, key=lambda one: -one.people)

    def _sms_parts(
        self,
        case: AlertCase,
        found: Concerned,
        inside: Inside,
        sayings: Sequence[Saying],
    ) -> int:
        """Parts over everybody whose first message is a text."""
        words = found.selection.words
        is_texted = _is_told(case, found) & _is_on(found, Channel.SMS)
        n = 0
        for saying in sayings:
            own = is_texted & (found.variants == VARIANTS.index(saying.variant))
            parts = {one.language: one.parts.n_parts for one in saying.texts}
            for number, people in enumerate(np.bincount(LANGUAGE.of(words[own]))):
                if people:
                    wanted = inside.registry.languages[number]
                    n += int(people) * parts[self._language(wanted, list(parts))]
        return n

    def _language(self, wanted: str, available: list[str]) -> str:
        told = told_in([wanted], available, country_default=self._country_language)
        return told[wanted]

    def _seconds(
        self,
        case: AlertCase,
        by_channel: Mapping[str, int],
        queued: Mapping[tuple[Channel, Lane], int],
    ) -> float | None:
        pace = self._pace()
        longest = 0.0
        for channel, per_s in (
            (Channel.SMS, pace.sms_per_s),
            (Channel.VOICE, pace.calls_per_s),
        ):
            n = by_channel.get(channel.word, 0)
            if n and per_s <= 0:
                return None
            before = sum(
                waiting
                for (on, lane), waiting in queued.items()
                if on is channel and lane <= case.lane
            )
            if n:
                longest = max(longest, (n + before) / per_s)
        return longest


def _overlaps(
    uow: UnitOfWork, case: AlertCase, found: Concerned, lookup: GeocodeLookup
) -> list[Overlap]:
    """Live alerts of some of the same place, those of its own chain left out."""
    own = {case.alert_id, *(one.alert_id for one in chain.before(uow, case))}
    area = geometry_of(case.cap, lookup=lookup)
    return [
        _overlap(uow, case, other, own, found)
        for other in uow.alerts.all(states=[AlertState.LIVE])
        if other.alert_id not in own
        and not other.kind.is_closing
        and shapely.intersects(area, geometry_of(other.cap, lookup=lookup))
    ]


def _overlap(
    uow: UnitOfWork,
    case: AlertCase,
    other: AlertCase,
    own: set[AlertId],
    found: Concerned,
) -> Overlap:
    audience = uow.alerts.audience(other.alert_id)
    first = other.cap.infos[0]
    return Overlap(
        alert_id=other.alert_id,
        event=first.event,
        severity=first.severity,
        is_same_event=is_same_event(other.cap, case.cap),
        already_told=found.told_by.get(other.alert_id, 0),
        relies_on_this=audience is not None and not own.isdisjoint(audience.told_by),
    )


def _is_told(case: AlertCase, found: Concerned) -> NDArray[np.bool_]:
    codes = exclusion_codes(found.selection.words, is_drill=case.is_drill)
    told: NDArray[np.bool_] = (codes == 0) & (found.variants != TOLD_ELSEWHERE)
    return told


def _is_on(found: Concerned, channel: Channel) -> NDArray[np.bool_]:
    """Whom a channel tells first: as before, else by text if they can be."""
    usable = CHANNELS.of(found.selection.words)
    before = found.channels & usable
    usual = np.where(usable & Channel.SMS, int(Channel.SMS), int(Channel.VOICE))
    on: NDArray[np.bool_] = np.where(before > 0, before, usual) == int(channel)
    return on


def _first_channels(case: AlertCase, found: Concerned) -> dict[str, int]:
    told = _is_told(case, found)
    return {
        channel.word: int(np.count_nonzero(told & _is_on(found, channel)))
        for channel in Channel
    }
