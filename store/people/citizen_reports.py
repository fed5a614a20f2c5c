"""What citizens saw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from store.sql.locking import locked
from store.tables.citizens import citizen_reports
from warning.citizens.citizen_reports import CitizenReport, ReportKind, ReportState
from warning.people.whereabout import Whereabout

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row


class SqlCitizenReports:
    """``warning.citizens.citizen_ports.CitizenReports``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, report: CitizenReport) -> int:
        """Store a report; return its id. Without a cluster it starts one."""
        values = _values(replace(report, cluster=report.cluster or 0))
        done = self._connection.execute(insert(citizen_reports).values(values))
        assert done.inserted_primary_key is not None
        number = int(done.inserted_primary_key[0])
        if report.cluster is None:
            self._connection.execute(
                update(citizen_reports)
                .where(citizen_reports.c.id == number)
                .values(cluster=number)
            )
        return number

    def near(
        self, kind: str, *, since: datetime, until: datetime
    ) -> Sequence[CitizenReport]:
        """Reports of a kind in a span of time, the oldest first."""
        rows = self._connection.execute(
            select(citizen_reports)
            .where(
                citizen_reports.c.kind == kind,
                citizen_reports.c.reported_at >= since,
                citizen_reports.c.reported_at <= until,
            )
            .order_by(citizen_reports.c.id)
        )
        return [_report(row) for row in rows]

    def latest_of(self, phone: str, *, since: datetime) -> CitizenReport | None:
        """The newest report of a number since a time."""
        row = self._connection.execute(
            select(citizen_reports)
            .where(
                citizen_reports.c.phone == phone,
                citizen_reports.c.reported_at >= since,
            )
            .order_by(citizen_reports.c.id.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _report(row)

    def cluster(self, number: int) -> Sequence[CitizenReport]:
        """Every report of one thing, the oldest first; locked."""
        wanted = (
            select(citizen_reports)
            .where(citizen_reports.c.cluster == number)
            .order_by(citizen_reports.c.id)
        )
        rows = self._connection.execute(locked(self._connection, wanted))
        return [_report(row) for row in rows]

    def newest(self, *, before: int | None, limit: int) -> Sequence[CitizenReport]:
        """First reports of clusters below an id, newest first."""
        wanted = select(citizen_reports).where(
            citizen_reports.c.cluster == citizen_reports.c.id
        )
        if before is not None:
            wanted = wanted.where(citizen_reports.c.id < before)
        rows = self._connection.execute(
            wanted.order_by(citizen_reports.c.id.desc()).limit(limit)
        )
        return [_report(row) for row in rows]

    def judge(self, cluster: int, state: str, *, by: str, now: datetime) -> None:
        """Write what an operator thinks of all reports of one thing."""
        self._connection.execute(
            update(citizen_reports)
            .where(citizen_reports.c.cluster == cluster)
            .values(state=ReportState(state).value, judged_by=by, judged_at=now)
        )

    def move(self, cluster: int, *, into: int) -> None:
        """Put all reports of one thing with those of another."""
        self._connection.execute(
            update(citizen_reports)
            .where(citizen_reports.c.cluster == cluster)
            .values(cluster=into)
        )


def _values(report: CitizenReport) -> dict[str, Any]:
    return {
        "cluster": report.cluster,
        "phone": report.phone,
        "language": report.language,
        "kind": report.kind.value,
        "is_hurt": report.is_hurt,
        "words": report.words,
        "lon": report.where.lon,
        "lat": report.where.lat,
        "accuracy_m": report.where.accuracy_m,
        "area_code": report.where.area_code,
        "reported_at": report.reported_at,
        "state": report.state.value,
        "judged_by": report.judged_by,
        "judged_at": report.judged_at,
    }


def _report(row: Row[*tuple[Any, ...]]) -> CitizenReport:
    return CitizenReport(
        number=row.id,
        cluster=row.cluster,
        phone=row.phone,
        language=row.language,
        kind=ReportKind(row.kind),
        is_hurt=row.is_hurt,
        words=row.words,
        where=Whereabout(
            lon=row.lon,
            lat=row.lat,
            accuracy_m=row.accuracy_m,
            area_code=row.area_code,
        ),
        reported_at=row.reported_at,
        state=ReportState(row.state),
        judged_by=row.judged_by,
        judged_at=row.judged_at,
    )
