"""How those who speak a language, and what left by a carrier, stand. Reads only.

Nothing of it is kept beside: it is counted from every person and every try, for those
who ask, and not again at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from telephony.delivery import AttemptState, Channel
from warning import ports
from warning.alert import AlertId
from warning.recipients import RecipientState
from warning.rested import Rested

_NOBODY_KNOWS = frozenset({int(RecipientState.UNREACHABLE)})
_LOST = frozenset({int(AttemptState.NOT_SENT), int(AttemptState.FAILED)})
#: Language → how its people stand, those not counted who are sent nothing.
ByLanguage = Mapping[str, Mapping[RecipientState, int]]
#: Carrier and channel → what became of tries; ``""`` where no carrier was chosen yet.
ByCarrier = Mapping[tuple[str, Channel], Mapping[AttemptState, int]]


class GroupLine(NamedTuple):
    """A part of an alert. Up to ``confirmed`` each figure includes the next."""

    #: A language as BCP 47, or a carrier's name.
    name: str
    #: None where the part is one of people.
    channel: Channel | None
    #: People, or tries.
    n: int
    reached: int
    heard: int
    confirmed: int
    failed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Groups:
    """An alert in parts, the largest first."""

    languages: Sequence[GroupLine]
    carriers: Sequence[GroupLine]


class GroupRepository(Protocol):
    """What counting by parts asks of a store."""

    def by_language(self, alert_id: AlertId) -> ByLanguage:
        """Count people by language and state."""
        ...

    def by_carrier(self, owner_ref: str) -> ByCarrier:
        """Count tries by carrier, channel and state."""
        ...


class UnitOfWork(ports.UnitOfWork, Protocol):
    """A transaction in which can be counted by parts."""

    @property
    def groups(self) -> GroupRepository:
        """An alert in parts."""
        ...


class AlertGroups:
    """The use case of whoever asks which language or carrier lags behind.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    monotonic : callable
        Seconds that only grow, for how long it takes to count.
    """

    def __init__(
        self, *, read_uow: Callable[[], UnitOfWork], monotonic: Callable[[], float]
    ) -> None:
        self._read_uow = read_uow
        self._known: Rested[AlertId, Groups] = Rested(monotonic)

    def groups(self, alert_id: AlertId) -> Groups:
        """Return an alert in parts; one look at everybody, for all who ask.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        return self._known.get(alert_id, lambda: self._count(alert_id))

    def _count(self, alert_id: AlertId) -> Groups:
        with self._read_uow() as uow:
            case = uow.alerts.get(alert_id)
            languages = uow.groups.by_language(alert_id)
            carriers = uow.groups.by_carrier(case.owner_ref)
        return Groups(
            languages=_sorted(
                _line(tag, None, states, failed=_NOBODY_KNOWS)
                for tag, states in languages.items()
            ),
            carriers=_sorted(
                _line(name, channel, states, failed=_LOST)
                for (name, channel), states in carriers.items()
            ),
        )


def _line(
    name: str,
    channel: Channel | None,
    states: Mapping[RecipientState, int] | Mapping[AttemptState, int],
    *,
    failed: frozenset[int],
) -> GroupLine:
    """Both scales have the same ranks for what counts as reached, heard, confirmed."""
    ranked = [(int(state), n) for state, n in states.items()]

    def at_least(floor: RecipientState) -> int:
        return sum(n for rank, n in ranked if rank >= floor)

    return GroupLine(
        name=name,
        channel=channel,
        n=sum(n for _, n in ranked),
        reached=at_least(RecipientState.REACHED),
        heard=at_least(RecipientState.HEARD),
        confirmed=at_least(RecipientState.CONFIRMED),
        failed=sum(n for rank, n in ranked if rank in failed),
    )


def _sorted(lines: Iterable[GroupLine]) -> list[GroupLine]:
    return sorted(lines, key=lambda line: (-line.n, line.name, line.channel or 0))
