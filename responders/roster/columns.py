"""Volunteers as columns: what a decision over thousands of them needs, and no more.

A million volunteers are a few hundred megabytes; a decision touches only the rows near
the patient. The rules are those of `eligibility`, which has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from responders.deciding.facts import Bar, Skill
from responders.roster.places import CHECK_IN_HOLDS, Place, PlaceKind
from responders.roster.skills import PROVABLE
from responders.roster.volunteer import NUMBER_HOLDS, Responder, Standing

#: Places of one person that count: a check-in, work, and homes.
MAX_PLACES: Final = 4
#: Skills in the order of the columns of ``until``; the last stands for VERIFIED.
SKILLS: Final = (*PROVABLE, Skill.VERIFIED)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_NEVER = -1.0
_RANK = {PlaceKind.CHECK_IN: 0, PlaceKind.WORK: 1, PlaceKind.HOME: 2}


@dataclass(frozen=True, slots=True)
class Columns:
    """Row ``i`` of each is one person; times are seconds since 2020, -1 for never.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
    is_opted_in, is_on : ndarray of bool, shape (n,)
    paused_until, verified_at : ndarray of float64, shape (n,)
    until : ndarray of float64, shape (n, 7)
        When the proof of each of `SKILLS` ends.
    quiet : ndarray of int16, shape (n, 3)
        Start, end (minutes) and days; days 0 for no quiet hours.
    channels, mode, max_alerts : ndarray of int64, shape (n,)
    n_asked, n_accepted, as_of : ndarray of float64, shape (n,)
    lon, lat : ndarray of float64, shape (n, 4)
        Places by preference, check-in first; NaN for none.
    hours : ndarray of int16, shape (n, 4, 3)
        As ``quiet``; days 0 for at any time.
    reported_at : ndarray of float64, shape (n,)
        Of the place in the first slot, if it is a check-in.
    """

    ids: NDArray[np.int64]
    is_opted_in: NDArray[np.bool_]
    is_on: NDArray[np.bool_]
    paused_until: NDArray[np.float64]
    verified_at: NDArray[np.float64]
    until: NDArray[np.float64]
    quiet: NDArray[np.int16]
    channels: NDArray[np.int64]
    mode: NDArray[np.int64]
    max_alerts: NDArray[np.int64]
    n_asked: NDArray[np.float64]
    n_accepted: NDArray[np.float64]
    as_of: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    hours: NDArray[np.int16]
    reported_at: NDArray[np.float64]

    @classmethod
    def empty(cls, n: int) -> Columns:
        """Columns of ``n`` people of whom nothing is known."""
        return cls(
            ids=np.zeros(n, np.int64),
            is_opted_in=np.zeros(n, np.bool_),
            is_on=np.zeros(n, np.bool_),
            paused_until=np.full(n, _NEVER),
            verified_at=np.full(n, _NEVER),
            until=np.full((n, len(SKILLS)), _NEVER),
            quiet=np.zeros((n, 3), np.int16),
            channels=np.zeros(n, np.int64),
            mode=np.zeros(n, np.int64),
            max_alerts=np.zeros(n, np.int64),
            n_asked=np.zeros(n),
            n_accepted=np.zeros(n),
            as_of=np.full(n, _NEVER),
            lon=np.full((n, MAX_PLACES), np.nan),
            lat=np.full((n, MAX_PLACES), np.nan),
            hours=np.zeros((n, MAX_PLACES, 3), np.int16),
            reported_at=np.full(n, _NEVER),
        )

    def rows(self, chosen: NDArray[np.int64]) -> Columns:
        """Some of the people."""
        return Columns(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def grown(self, n: int) -> Columns:
        """The same people, with room for ``n``."""
        wide = Columns.empty(n)
        for each in fields(self):
            getattr(wide, each.name)[: len(self.ids)] = getattr(self, each.name)
        return wide

    def put(self, row: int, person: Responder) -> None:
        """Write one person into a row."""
        for name, blank in _blank().items():
            getattr(self, name)[row] = blank
        self.ids[row] = person.responder_id
        self.is_opted_in[row] = (
            person.standing is Standing.ACTIVE and person.consent is not None
        )
        self.is_on[row] = person.availability.is_on
        self.paused_until[row] = seconds(person.availability.paused_until)
        self.verified_at[row] = seconds(person.number_verified_at)
        quiet = person.availability.quiet
        if quiet is not None:
            self.quiet[row] = quiet.start, quiet.end, quiet.days
        self.channels[row], self.mode[row] = int(person.channels), int(person.mode)
        self.max_alerts[row] = person.max_alerts_30d
        record = person.record
        self.n_asked[row], self.n_accepted[row] = record.n_asked, record.n_accepted
        self.as_of[row] = seconds(record.as_of)
        self._put_proofs(row, person)
        self._put_places(row, person.places)

    def _put_proofs(self, row: int, person: Responder) -> None:
        for one in person.credentials:
            ends = seconds(one.valid_until)
            kinds = [one.skill] + [Skill.VERIFIED] * (one.verified_at is not None)
            for skill in kinds:
                at = SKILLS.index(skill)
                self.until[row, at] = max(self.until[row, at], ends)
            if one.skill is Skill.HELPER:
                self.until[row, SKILLS.index(Skill.HELPER)] = np.inf

    def _put_places(self, row: int, places: tuple[Place, ...]) -> None:
        ordered = sorted(places, key=lambda place: _RANK[place.kind])[:MAX_PLACES]
        for slot, place in enumerate(ordered):
            self.lon[row, slot], self.lat[row, slot] = place.lon, place.lat
            if place.hours is not None:
                hours = place.hours
                self.hours[row, slot] = hours.start, hours.end, hours.days
            if slot == 0 and place.reported_at is not None:
                self.reported_at[row] = seconds(place.reported_at)


@cache
def _blank() -> dict[str, NDArray[np.generic]]:
    """Each column of somebody of whom nothing is known."""
    nobody = Columns.empty(1)
    return {each.name: getattr(nobody, each.name)[0] for each in fields(nobody)}


def skills_now(columns: Columns, now: datetime) -> NDArray[np.int64]:
    """`Skill` bits that are proved now; shape (n,)."""
    bits = np.array([int(skill) for skill in SKILLS], dtype=np.int64)
    proved: NDArray[np.int64] = (columns.until > seconds(now)) @ bits
    return proved


def bars_now(
    columns: Columns, skills: NDArray[np.int64], now: datetime, local: datetime
) -> NDArray[np.int64]:
    """`Bar` bits that follow from the person alone; shape (n,)."""
    at = seconds(now)
    bars = np.zeros(len(columns.ids), dtype=np.int64)
    verified = columns.verified_at
    is_old = (verified < 0) | (at - verified >= NUMBER_HOLDS.total_seconds())
    for is_barred, bar in (
        (~columns.is_opted_in, Bar.NOT_OPTED_IN),
        (skills == 0, Bar.CREDENTIAL),
        (_holds(columns.quiet, local), Bar.QUIET),
        (is_old, Bar.UNVERIFIED_NUMBER),
        (~columns.is_on | (columns.paused_until > at), Bar.PAUSED),
    ):
        bars[is_barred] |= int(bar)
    return bars


def places_now(
    columns: Columns, now: datetime, local: datetime
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Where people are taken to be: lon, lat (NaN for nowhere) and age in seconds."""
    n = len(columns.ids)
    is_there = ~np.isnan(columns.lon)
    always = columns.hours[:, :, 2] == 0
    is_there &= always | _holds(columns.hours, local)
    age = seconds(now) - columns.reported_at
    is_check_in = columns.reported_at >= 0
    is_fresh = is_check_in & (age < CHECK_IN_HOLDS.total_seconds())
    is_there[:, 0] &= ~is_check_in | is_fresh
    slot = np.argmax(is_there, axis=1)
    rows = np.arange(n)
    found = is_there[rows, slot]
    lon = np.where(found, columns.lon[rows, slot], np.nan)
    lat = np.where(found, columns.lat[rows, slot], np.nan)
    uses_check_in = found & is_check_in & (slot == 0)
    return lon, lat, np.where(uses_check_in, np.maximum(age, 0.0), 0.0)


def seconds(at: datetime | None) -> float:
    """Seconds since 2020; -1 for never."""
    return _NEVER if at is None else (at - _EPOCH) / timedelta(seconds=1)


def _holds(spans: NDArray[np.int16], local: datetime) -> NDArray[np.bool_]:
    """Whether a local time lies in spans (start, end, days); as `Hours.holds`."""
    start, end, days = spans[..., 0], spans[..., 1], spans[..., 2].astype(np.int64)
    minute, day = local.hour * 60 + local.minute, local.weekday()
    today = (days >> day & 1) == 1
    yesterday = (days >> (day - 1) % 7 & 1) == 1
    within = today & (start <= minute) & (minute < end)
    over_midnight = (today & (minute >= start)) | (yesterday & (minute < end))
    return np.asarray(
        np.where(start == end, today, np.where(start < end, within, over_midnight))
    )
