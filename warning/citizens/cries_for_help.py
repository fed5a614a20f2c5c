"""Takes in who needs help and what is seen, from texts and calls alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.citizen_reports import MAX_WORDS as MAX_REPORT
from warning.citizens.citizen_reports import (
    SAME_WITHIN,
    CitizenReport,
    cluster_of,
)
from warning.citizens.help_requests import MAX_WORDS, HelpRequest
from warning.people.whereabout import NOWHERE, Whereabout

#: A clock of a carrier may be a little ahead of ours.
_SLACK = timedelta(minutes=5)


def ask_for_help(
    uow: UnitOfWork,
    phone: str,
    *,
    at: datetime,
    words: str = "",
    is_urgent: bool = False,
    owner_ref: str | None = None,
    language: str = "",
) -> int:
    """Put a number on the operator's list, or add to what is there; its case."""
    known = uow.help_requests.open_of(phone)
    if known is not None:
        assert known.number is not None, "stored"
        if at > known.heard_at or words or is_urgent:
            more = known.again(words, is_urgent=is_urgent, at=at, owner_ref=owner_ref)
            uow.help_requests.save(more)
        return known.number
    person = uow.subscribers.find_by_phone(phone)
    return uow.help_requests.add(
        HelpRequest(
            phone=phone,
            subscriber_id=person.subscriber_id if person else None,
            owner_ref=owner_ref,
            is_urgent=is_urgent,
            vulnerable=bool(person and person.vulnerable),
            language=person.language if person else language,
            words=words[:MAX_WORDS],
            where=whereabout_of(uow, phone),
            opened_at=at,
            heard_at=at,
        )
    )


def take_report(uow: UnitOfWork, report: CitizenReport) -> int:
    """Keep what somebody saw, beside what others saw of the same; its number."""
    others = uow.citizen_reports.near(
        report.kind.value,
        since=report.reported_at - SAME_WITHIN,
        until=report.reported_at + _SLACK,
    )
    return uow.citizen_reports.add(_within(report, cluster_of(report, others)))


def whereabout_of(uow: UnitOfWork, phone: str) -> Whereabout:
    """The registered place of a number."""
    person = uow.subscribers.find_by_phone(phone)
    return uow.citizens.whereabout(person.subscriber_id) if person else NOWHERE


def _within(report: CitizenReport, cluster: int | None) -> CitizenReport:
    return replace(report, cluster=cluster, words=report.words[:MAX_REPORT])
