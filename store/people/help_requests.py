"""Who needs help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from store.sql.locking import locked
from store.tables.alerts import alerts, recipients
from store.tables.citizens import help_requests
from store.tables.people import subscribers
from warning.alert import OWNER_PREFIX
from warning.citizens.help_requests import HelpRequest, HelpState
from warning.people.whereabout import Whereabout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row


class SqlHelpRequests:
    """``warning.citizens.citizen_ports.HelpRequests``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_of(self, phone: str) -> HelpRequest | None:
        """The request of a number that is not closed."""
        wanted = (
            select(help_requests)
            .where(
                help_requests.c.phone == phone,
                help_requests.c.state != HelpState.CLOSED.value,
            )
            .order_by(help_requests.c.id)
            .limit(1)
        )
        row = self._connection.execute(locked(self._connection, wanted)).one_or_none()
        return None if row is None else _request(row)

    def add(self, request: HelpRequest) -> int:
        """Store a new request; return its id."""
        done = self._connection.execute(insert(help_requests).values(_values(request)))
        assert done.inserted_primary_key is not None
        return int(done.inserted_primary_key[0])

    def get(self, number: int) -> HelpRequest | None:
        """Return a request, and nobody else may change it meanwhile."""
        wanted = select(help_requests).where(help_requests.c.id == number)
        row = self._connection.execute(locked(self._connection, wanted)).one_or_none()
        return None if row is None else _request(row)

    def save(self, request: HelpRequest) -> None:
        """Write a request over its earlier state."""
        self._connection.execute(
            update(help_requests)
            .where(help_requests.c.id == request.number)
            .values(_values(request))
        )

    def all(
        self, *, states: Sequence[str], limit: int, owner_ref: str = ""
    ) -> Sequence[HelpRequest]:
        """Requests in these states, the oldest first: of an alert, or all."""
        of_alert = alerts.c.alert_id == owner_ref.removeprefix(OWNER_PREFIX)
        alert = select(alerts.c.id).where(of_alert).scalar_subquery()
        wanted = (
            select(
                help_requests,
                subscribers.c.name,
                recipients.c.area_code.label("counted_area"),
            )
            .outerjoin(subscribers, subscribers.c.id == help_requests.c.subscriber_id)
            .outerjoin(
                recipients,
                (recipients.c.subscriber_id == help_requests.c.subscriber_id)
                & (recipients.c.alert == alert),
            )
            .where(help_requests.c.state.in_(states))
            .order_by(help_requests.c.id)
            .limit(limit)
        )
        if owner_ref:
            wanted = wanted.where(help_requests.c.owner_ref == owner_ref)
        return [
            _request(row, name=row.name or "", area_code=row.counted_area)
            for row in self._connection.execute(wanted)
        ]


def _values(request: HelpRequest) -> dict[str, Any]:
    return {
        "phone": request.phone,
        "subscriber_id": request.subscriber_id,
        "owner_ref": request.owner_ref,
        "is_urgent": request.is_urgent,
        "vulnerable": request.vulnerable,
        "language": request.language,
        "words": request.words,
        "lon": request.where.lon,
        "lat": request.where.lat,
        "area_code": request.where.area_code,
        "opened_at": request.opened_at,
        "heard_at": request.heard_at,
        "n_calls": request.n_calls,
        "state": request.state.value,
        "taken_by": request.taken_by,
        "taken_at": request.taken_at,
        "closed_by": request.closed_by,
        "closed_at": request.closed_at,
        "outcome": request.outcome,
        "called_by": request.called_by,
        "called_at": request.called_at,
        "n_call_backs": request.n_call_backs,
        "call_outcome": request.call_outcome,
    }


def _request(
    row: Row[*tuple[Any, ...]], *, name: str = "", area_code: str | None = None
) -> HelpRequest:
    return HelpRequest(
        name=name,
        number=row.id,
        phone=row.phone,
        subscriber_id=row.subscriber_id,
        owner_ref=row.owner_ref,
        is_urgent=row.is_urgent,
        vulnerable=row.vulnerable,
        language=row.language,
        words=row.words,
        where=Whereabout(
            lon=row.lon, lat=row.lat, area_code=row.area_code or area_code
        ),
        opened_at=row.opened_at,
        heard_at=row.heard_at,
        n_calls=row.n_calls,
        state=HelpState(row.state),
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        outcome=row.outcome,
        called_by=row.called_by,
        called_at=row.called_at,
        # NULL in rows from before anybody could be called back.
        n_call_backs=row.n_call_backs or 0,
        call_outcome=row.call_outcome,
    )
