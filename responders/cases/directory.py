"""Who is near: every volunteer as a row of columns, kept in step with the database.

Lives in the process that decides. A change of one person is patched in place; the
database alone decides, and is asked again about everybody who is chosen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from responders.deciding import acceptance
from responders.deciding.acceptance import accept_probability, decay
from responders.deciding.facts import Candidates
from responders.deciding.group_prior import NEVER, GroupPrior, Situations
from responders.deciding.travel import great_circle_m
from responders.ports import UnitOfWork
from responders.roster.columns import (
    Columns,
    bars_now,
    places_now,
    seconds,
    skills_now,
)
from responders.roster.nearby import rows_near
from responders.roster.volunteer import Responder, ResponderId
from telephony.delivery import Channel

#: People looked at for one decision, the nearest; more than any wave could ask.
MOST_NEAR = 5_000
_PAGE = 5_000
_DAY_S = 86_400.0
#: A fit is not believed beyond these.
LEAST_MEAN, MOST_MEAN = 0.02, 0.9
UNFITTED = GroupPrior()
_CHANNEL = np.array(
    [
        acceptance.Channel.BOTH,
        acceptance.Channel.SMS,
        acceptance.Channel.CALL,
        acceptance.Channel.BOTH,
    ],
    dtype=np.int64,
)
assert (Channel.SMS, Channel.VOICE) == (1, 2), "_CHANNEL is indexed by their sum"


#: Now: aware UTC, and on the wall where the volunteers live.
Moment = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the columns show of one moment."""

    columns: Columns
    #: Row by id; -1 for ids without one.
    row_of: NDArray[np.int64]
    n: int
    revision: int

    def near(
        self,
        lon: float,
        lat: float,
        *,
        within_m: float,
        moment: Moment,
        prior: GroupPrior = UNFITTED,
    ) -> Candidates:
        """As `Directory.near`."""
        rows = rows_near(self.columns, lon, lat, within_m=within_m, most=MOST_NEAR)
        people = self.columns.rows(rows)
        return candidates_of(people, (lon, lat), within_m, moment, prior)


class Directory:
    """Finds the people who may be asked.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    local : callable
        UTC → the clock on the wall, where the volunteers live.
    """

    def __init__(
        self,
        read_uow: Callable[[], UnitOfWork],
        *,
        local: Callable[[datetime], datetime],
    ) -> None:
        self._read_uow = read_uow
        self._local = local
        self._changing = threading.Lock()
        self._shown: Shown | None = None
        self._prior = UNFITTED

    @staticmethod
    def rehearse() -> None:
        """Load what the first question would otherwise have to load."""
        moment = datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(0, UTC)
        _nobody().near(0.0, 0.0, within_m=1.0, moment=moment)

    def refresh(self, *, wait: bool = True) -> int:
        """Follow the database; return how many people changed.

        Parameters
        ----------
        wait : bool
            Whether to wait for another thread that follows it now. Without, what was
            shown before is good enough, once there is anything: a case must not wait
            for an import.
        """
        if not self._changing.acquire(blocking=wait or self._shown is None):
            return 0
        try:
            return self._follow()
        finally:
            self._changing.release()

    def _follow(self) -> int:
        with self._read_uow() as uow:
            shown = self._shown
            fit = uow.learning.latest()
            self._prior = UNFITTED if fit is None else fit.prior
            revision = uow.responders.revision()
            if shown is None:
                self._shown = shown = _patched(_nobody(), _everybody(uow), revision)
                return shown.n
            if shown.revision == revision:
                return 0
            changed = [
                ResponderId(n) for n in uow.responders.changed_since(shown.revision)
            ]
            people = uow.responders.get_many(changed)
            self._shown = _patched(shown, list(people.values()), revision)
            return len(people)

    def near(
        self, lon: float, lat: float, *, within_m: float, now: datetime
    ) -> Candidates:
        """Everybody who may be within reach, with the bars of their own.

        Parameters
        ----------
        lon, lat : float
            The patient, degrees, WGS 84.
        within_m : float
            Metres.
        now : datetime
            Aware UTC.

        Returns
        -------
        Candidates
            Nearest places first; at most `MOST_NEAR`. ``alerts_30d`` and what depends
            on other cases is left to the caller.
        """
        if self._shown is None:
            self.refresh()
        shown = self._shown
        assert shown is not None, "just built"
        moment = now, self._local(now)
        return shown.near(lon, lat, within_m=within_m, moment=moment, prior=self._prior)


def candidates_of(
    people: Columns,
    here: tuple[float, float],
    within_m: float,
    moment: Moment,
    prior: GroupPrior = UNFITTED,
) -> Candidates:
    """People as a decision sees them; whoever is elsewhere now is left out."""
    now, local = moment
    at_lon, at_lat, age_s = places_now(people, now, local)
    distance = great_circle_m(at_lon, at_lat, *here)
    near = np.flatnonzero(np.nan_to_num(distance, nan=np.inf) <= within_m)
    if len(near) < len(distance):
        people = people.rows(near)
    skills = skills_now(people, now)
    weight = np.where(
        people.as_of < 0,
        1.0,
        decay(np.maximum(seconds(now) - people.as_of, 0.0) / _DAY_S),
    )
    return Candidates(
        ids=people.ids,
        lon=at_lon[near],
        lat=at_lat[near],
        distance_m=distance[near],
        mode=people.mode,
        position_age_s=age_s[near],
        p_accept=accept_probability(
            _means(prior, people, distance[near], skills, local),
            people.n_accepted * weight,
            people.n_asked * weight,
        ),
        channel=_CHANNEL[people.channels],
        skills=skills,
        alerts_30d=np.zeros(len(near)),
        bars=bars_now(people, skills, now, local),
    )


def _means(
    prior: GroupPrior,
    people: Columns,
    distance_m: NDArray[np.float64],
    skills: NDArray[np.int64],
    local: datetime,
) -> NDArray[np.float64]:
    """What people like them say in a situation like this; shape (n,)."""
    n = len(distance_m)
    situations = Situations(
        distance_m=distance_m,
        hour=np.full(n, local.hour),
        weekday=np.full(n, local.weekday()),
        channel=_CHANNEL[people.channels],
        skills=skills,
        days_since_yes=np.full(n, NEVER),
        alerts_30d=np.zeros(n),
    )
    return np.clip(prior.mean(situations), LEAST_MEAN, MOST_MEAN)


def _everybody(uow: UnitOfWork) -> list[Responder]:
    people: list[Responder] = []
    after = 0
    while page := uow.responders.page(after=after, limit=_PAGE):
        people += page
        after = page[-1].responder_id
    return people


def _nobody() -> Shown:
    return Shown(Columns.empty(0), np.empty(0, np.int64), 0, 0)


def _patched(shown: Shown, people: Sequence[Responder], revision: int) -> Shown:
    """The same columns, with some people written anew."""
    columns, row_of, n = shown.columns, shown.row_of, shown.n
    top = max((person.responder_id for person in people), default=0)
    if top >= len(row_of):
        wide = np.full(max(top + 1, 2 * len(row_of)), -1, dtype=np.int64)
        wide[: len(row_of)] = row_of
        row_of = wide
    n_new = sum(1 for person in people if row_of[person.responder_id] < 0)
    if n + n_new > len(columns.ids):
        columns = columns.grown(max(n + n_new, 2 * n))
    for person in people:
        if row_of[person.responder_id] < 0:
            row_of[person.responder_id] = n
            n += 1
        columns.put(int(row_of[person.responder_id]), person)
    return Shown(columns, row_of, n, revision)
