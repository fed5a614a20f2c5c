"""What a statement changes in the counts of deliveries, written right behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from store.sql.bulk import execute_many
from store.sql.chunks import in_chunks
from store.sql.locking import locked
from store.tables.deliveries import deliveries
from store.tables.tallies import delivery_steps, delivery_tallies
from telephony.delivery import DeliveryState
from warning.alert import OWNER_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from sqlalchemy import Connection

    from store.dispatch.owners import Owners

    #: Owner, channel, ``DeliveryState`` as its rank, code: what is counted by.
    Cell: TypeAlias = tuple[int, int, int, str | None]
    #: State and code.
    Standing: TypeAlias = tuple[int, str | None]
    #: Owner, channel, where a delivery stood, and where it stands.
    Move: TypeAlias = tuple[int, int, Standing, Standing]
    #: Owner, recipient, code, and how many tries with the one that begins.
    Claimed: TypeAlias = tuple[int, int, str | None, int]

_ADD = insert(delivery_tallies)
_QUEUED = int(DeliveryState.QUEUED)
_SENDING = int(DeliveryState.SENDING)


class DeliveryChanges:
    """Collects what one statement changed; ``write`` adds it to the tallies.

    Of alerts alone: the owner of an answer, or of what a volunteer is told, has a
    delivery or two and is asked for no figures.
    """

    def __init__(self, connection: Connection, owners: Owners) -> None:
        self._connection = connection
        self._owners = owners
        self._n: Counter[Cell] = Counter()
        self._n_tried: Counter[Cell] = Counter()
        self._n_people: Counter[Cell] = Counter()

    def add(self, cell: Cell, n: int) -> None:
        """Note that so many more, or fewer, stand in a cell."""
        self._n[cell] += n

    def move(self, moves: Iterable[Move]) -> None:
        """Note that deliveries went from a state and code to others."""
        for (owner_id, channel, before, after), n in Counter(moves).items():
            self._n[owner_id, channel, before[0], before[1]] -= n
            self._n[owner_id, channel, after[0], after[1]] += n

    def claimed(self, channel: int, rows: Sequence[Claimed]) -> None:
        """Note that queued deliveries were taken to be sent.

        Parameters
        ----------
        channel : int
        rows : sequence of Claimed
        """
        by_owner = Counter(map(itemgetter(0, 2), rows))
        for (owner_id, code), n in by_owner.items():
            self._n[owner_id, channel, _QUEUED, code] -= n
            self._n[owner_id, channel, _SENDING, code] += n
        first: dict[int, list[int]] = defaultdict(list)
        for owner_id, person, _, n_attempts in rows:
            if n_attempts == 1:
                first[owner_id].append(person)
        counted = self._counted(first)
        # Everybody in the same order, so that nobody waits for each other in a ring.
        for owner_id in sorted(counted):
            cell = (owner_id, channel, _SENDING, None)
            self._n_tried[cell] += len(first[owner_id])
            self._n_people[cell] += self._n_new(owner_id, first[owner_id])

    def write(self) -> None:
        """Add what was noted, in one statement."""
        cells = self._n.keys() | self._n_tried.keys()
        counted = self._counted({cell[0] for cell in cells})
        rows = [
            {
                "owner_id": cell[0],
                "channel": cell[1],
                "state": cell[2],
                "code": cell[3],
                "n": self._n[cell],
                "n_tried": self._n_tried[cell],
                "n_people": self._n_people[cell],
            }
            for cell in cells
            if cell[0] in counted and (self._n[cell] or self._n_tried[cell])
        ]
        if rows:
            execute_many(self._connection, _ADD, rows)

    def _counted(self, owner_ids: Iterable[int]) -> set[int]:
        return counted(self._owners, owner_ids)

    def _n_new(self, owner_id: int, people: Sequence[int]) -> int:
        """How many of those tried for the first time on a channel never were before."""
        if self._n_steps(owner_id) <= 1:
            return len(people)  # nobody has two deliveries of one step
        # Another worker may be trying the same people on another channel at this very
        # moment: one after the other, or both would count them.
        of_owner = select(delivery_steps).where(delivery_steps.c.owner_id == owner_id)
        self._connection.execute(locked(self._connection, of_owner)).all()
        here = Counter(people)
        return sum(
            n == here[person]
            for chunk in in_chunks(here)
            for person, n in self._connection.execute(
                select(deliveries.c.recipient_id, func.count())
                .where(
                    deliveries.c.recipient_id.in_(chunk),
                    deliveries.c.owner_id == owner_id,
                    deliveries.c.n_attempts > 0,
                )
                .group_by(deliveries.c.recipient_id)
            )
        )

    def _n_steps(self, owner_id: int) -> int:
        wanted = select(func.count()).where(delivery_steps.c.owner_id == owner_id)
        return self._connection.scalar(wanted) or 0


def counted(owners: Owners, owner_ids: Iterable[int]) -> set[int]:
    """Those of these owners of whom tallies are kept."""
    wanted = set(owner_ids)
    refs = owners.refs(wanted)
    return {one for one in wanted if refs[one].startswith(OWNER_PREFIX)}
