"""What the public may read of our alerts: CAP, an Atom and an RSS feed, GeoJSON.

Only Actual, Public alerts that are live, or ended not long ago. One that went live and
was cancelled stays for as long, as a CAP Cancel of it: whoever relays our feed must not
have to guess why it is gone. A feed is small and the same until something happens, so
that whoever asks again is answered with nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shapely import box
from shapely.geometry import MultiPolygon, Polygon

from geofence.area import to_geojson
from warning.alert import AlertCase, AlertId, AlertState
from warning.cap import Alert
from warning.cap_documents.target import GeocodeLookup
from warning.errors import AlertNotFoundError
from warning.intake.follow_up_cap import withdrawn
from warning.intake.intake import geometry_of
from warning.publishing.feed_writer import FeedItem, atom, rss
from warning.publishing.publication_ports import UnitOfWork
from warning.texts.manner import PLAINLY, Manners
from warning.validity import valid_until

#: Alerts in a feed, the newest first.
MAX_ALERTS = 100
#: Bytes of the map; beyond, outlines become boxes around them.
MAX_MAP_BYTES = 4_000_000
#: Outlines remembered; an alert's never changes.
_REMEMBERED = 128
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """One document for everybody."""

    body: bytes = field(repr=False)
    media_type: str
    #: When what it says last changed: aware, whole seconds.
    changed_at: datetime

    @property
    def etag(self) -> str:
        """The same as long as the bytes are."""
        return hashlib.sha256(self.body).hexdigest()[:32]


class Publication:
    """Writes what the public may read.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    base_url : str
        Where the public reaches us, no slash at the end.
    publisher : str
        Who publishes: a CAP sender.
    keep_ended : timedelta
        How long an alert that has ended is still shown.
    document : callable
        Writes an alert as CAP 1.2, signed if we sign.
    now : callable
        Aware UTC.
    codes : callable, optional
        Gives the table of geocodes of this moment.
    manners : Manners, optional
        Knows our texts.
    """

    def __init__(
        self,
        *,
        read_uow: Callable[[], UnitOfWork],
        base_url: str,
        publisher: str,
        keep_ended: timedelta,
        document: Callable[[Alert], bytes],
        now: Callable[[], datetime],
        codes: Callable[[], GeocodeLookup] | None = None,
        manners: Manners = PLAINLY,
    ) -> None:
        self._manners = manners
        self._codes = codes
        self._read_uow = read_uow
        self._base_url = base_url
        self._publisher = publisher
        self._keep_ended = keep_ended
        self._document = document
        self._now = now
        self._outlines: OrderedDict[AlertId, Polygon | MultiPolygon] = OrderedDict()

    def atom(self) -> Published:
        """The newest alerts as an Atom feed with links to CAP."""
        cases = self._cases()
        body = atom(
            [self._item(case) for case in cases],
            url=f"{self._base_url}/feeds/cap.atom",
            publisher=self._publisher,
            changed_at=_newest(cases),
        )
        return _published(body, "application/atom+xml", cases)

    def rss(self) -> Published:
        """The newest alerts as an RSS 2.0 feed with links to CAP."""
        cases = self._cases()
        body = rss(
            [self._item(case) for case in cases],
            url=f"{self._base_url}/feeds/cap.rss",
            publisher=self._publisher,
            changed_at=_newest(cases),
        )
        return _published(body, "application/rss+xml", cases)

    def geojson(self) -> Published:
        """The live alerts as a GeoJSON map (RFC 7946)."""
        cases = [case for case in self._cases() if case.state is AlertState.LIVE]
        features: list[str] = []
        room = MAX_MAP_BYTES
        for case in cases:
            outline = self._outline(case)
            text = self._feature(case, outline, is_exact=True)
            if len(text) > room:
                text = self._feature(case, box(*outline.bounds), is_exact=False)
            room -= len(text)
            features.append(text)
        body = f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'
        return _published(body.encode(), "application/geo+json", cases)

    def cap(self, alert_id: AlertId) -> Published:
        """One alert as CAP 1.2.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id that the public may read.
        """
        with self._read_uow() as uow:
            case = uow.alerts.get(alert_id)
        if not _is_public(case):
            raise AlertNotFoundError(f"There is no public alert {alert_id}.")
        body = self._document(self._said(case))
        return _published(body, "application/cap+xml", [case])

    def _cases(self) -> Sequence[AlertCase]:
        ended_since = self._now() - self._keep_ended
        with self._read_uow() as uow:
            newest = uow.publications.newest(ended_since=ended_since, limit=MAX_ALERTS)
        shown = [case for case in newest if _is_public(case)]
        # Whoever has the message about an end needs no second one.
        told = {case.follows for case in shown if case.kind.is_closing}
        return [
            case
            for case in shown
            if case.state is not AlertState.CANCELLED or case.alert_id not in told
        ]

    def _item(self, case: AlertCase) -> FeedItem:
        cap = self._said(case)
        info = cap.infos[0]
        return FeedItem(
            id=f"urn:tocsin:alert:{case.alert_id}",
            title=info.headline or info.event,
            summary=info.description or info.instruction or info.event,
            language=info.language,
            category=info.event,
            sender=cap.sender,
            url=self._url(case),
            published_at=case.approved_at or case.created_at,
            changed_at=_changed_at(case),
        )

    def _said(self, case: AlertCase) -> Alert:
        """What the public reads of an alert: itself, or its Cancel."""
        if case.state is AlertState.CANCELLED:
            texts = self._manners.of(case).texts
            return withdrawn(case, sender=self._publisher, texts=texts)
        return case.cap

    def _url(self, case: AlertCase) -> str:
        return f"{self._base_url}/feeds/cap/{case.alert_id}.xml"

    def _feature(
        self, case: AlertCase, outline: Polygon | MultiPolygon, *, is_exact: bool
    ) -> str:
        info = case.cap.infos[0]
        feature: dict[str, Any] = {
            "type": "Feature",
            "id": case.alert_id,
            "geometry": to_geojson(outline),
            "properties": {
                "identifier": case.cap.identifier,
                "sender": case.cap.sender,
                "sent": case.cap.sent.isoformat(),
                "msg_type": case.cap.msg_type.value,
                "event": info.event,
                "urgency": info.urgency.value,
                "severity": info.severity.value,
                "certainty": info.certainty.value,
                "headlines": {
                    i.language: i.headline or i.event for i in case.cap.infos
                },
                "area_desc": [area.area_desc for area in info.areas][:100],
                "expires": valid_until(case).isoformat(),
                "is_exact": is_exact,
                "cap": self._url(case),
            },
        }
        return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))

    def _outline(self, case: AlertCase) -> Polygon | MultiPolygon:
        """The area of an alert, worked out once."""
        known = self._outlines.get(case.alert_id)
        if known is None:
            lookup = None if self._codes is None else self._codes()
            known = geometry_of(case.cap, lookup=lookup)
            self._outlines[case.alert_id] = known
            while len(self._outlines) > _REMEMBERED:
                self._outlines.popitem(last=False)
        return known


def _is_public(case: AlertCase) -> bool:
    is_out = case.state in {AlertState.LIVE, AlertState.ENDED} or (
        case.state is AlertState.CANCELLED
        and case.live_at is not None
        and not case.kind.is_closing
    )
    return is_out and case.cap.is_for_public and bool(case.cap.infos)


def _changed_at(case: AlertCase) -> datetime:
    return case.closed_at or case.approved_at or case.created_at


def _newest(cases: Sequence[AlertCase]) -> datetime:
    newest = max(map(_changed_at, cases), default=_NEVER)
    return newest.astimezone(UTC).replace(microsecond=0)


def _published(body: bytes, media_type: str, cases: Sequence[AlertCase]) -> Published:
    return Published(body=body, media_type=media_type, changed_at=_newest(cases))
