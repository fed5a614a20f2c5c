"""What running the product needs of a database; ``store.Database`` fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from accounts import second_factor
from responders import ports as responder_ports
from telephony.callbacks.tallies import AttemptTallies
from telephony.delivery import CarrierEvent
from telephony.precedence import Precedence
from telephony.sound.recording_calls import RecordingCallRepository
from telephony.sound.recordings import RecordingRepository
from warning.citizens import citizen_ports
from warning.figures import groups, tallies, watch
from warning.intake import drafts
from warning.people import import_book, people_board
from warning.publishing import webhook_ports
from warning.sources import source_ports


class Heartbeats(Protocol):
    """Signs of life of the processes that work here."""

    def beat(self, name: str, *, now: datetime, facts: Mapping[str, str]) -> None:
        """Note that a process lives, and what it has to say."""
        ...

    def last(self, name: str) -> tuple[datetime, Mapping[str, str]] | None:
        """Return the last sign of life and its facts; None if there was none."""
        ...

    def since(
        self, then: datetime, *, prefix: str
    ) -> Mapping[str, tuple[datetime, Mapping[str, str]]]:
        """Processes of a kind that gave a sign of life at or after a time, by name."""
        ...

    def forget(self, *, prefix: str, before: datetime) -> None:
        """Drop processes of a kind that gave no sign of life since a time."""
        ...

    def gone(self, name: str) -> None:
        """Note that a process has ended in order."""
        ...

    def new_number(self) -> int:
        """A number that no process of this installation had before."""
        ...


class CarrierResumes(Protocol):
    """What operators said about carriers that are stopped."""

    def say(self, carrier: str, *, now: datetime) -> None:
        """Note that a carrier is mended."""
        ...

    def since(self, then: datetime) -> Sequence[str]:
        """Carriers of which that was said after a time."""
        ...


class UnitOfWork(
    webhook_ports.UnitOfWork,
    source_ports.UnitOfWork,
    citizen_ports.UnitOfWork,
    watch.UnitOfWork,
    groups.UnitOfWork,
    tallies.UnitOfWork,
    drafts.UnitOfWork,
    people_board.UnitOfWork,
    import_book.UnitOfWork,
    responder_ports.UnitOfWork,
    second_factor.UnitOfWork,
    Protocol,
):
    """One transaction over everything."""

    @property
    def attempt_tallies(self) -> AttemptTallies:
        """The newest tries, counted."""
        ...

    @property
    def heartbeats(self) -> Heartbeats:
        """Signs of life."""
        ...

    @property
    def prompt_recordings(self) -> RecordingRepository:
        """Recordings of what calls say."""
        ...

    @property
    def recording_calls(self) -> RecordingCallRepository:
        """Calls in which somebody speaks a text."""
        ...

    @property
    def carrier_resumes(self) -> CarrierResumes:
        """What operators said about carriers that are stopped."""
        ...


class Database(Protocol):
    """Opens transactions, and keeps the tables those of this release."""

    def unit_of_work(self, precedence: Precedence = Precedence.ORDINARY) -> UnitOfWork:
        """Open a transaction that may write, in its turn."""
        ...

    def read_only(self) -> UnitOfWork:
        """Open a transaction that only reads."""
        ...

    def keep_callbacks(self, events: Sequence[CarrierEvent]) -> None:
        """Keep what carriers report; durable when this returns."""
        ...

    def collect_callbacks(self) -> int:
        """Move kept callbacks to where they are folded; return how many."""
        ...

    def fold_tallies(self) -> int:
        """Put the rows of kept figures together where many have come."""
        ...

    def carry_over(self) -> int:
        """Carry what was committed from the log into the file, where there is one."""
        ...

    def n_callbacks_waiting(self) -> int:
        """How many kept callbacks nobody has thought about yet."""
        ...

    def callbacks_wait_since(self) -> datetime | None:
        """When the oldest of them came; None if none waits."""
        ...

    def upgrade(self) -> None:
        """Bring the tables to this release."""
        ...

    def identity(self) -> str:
        """A text that changes when a backup is put in the place of the rows."""
        ...

    def clock(self) -> datetime | None:
        """What the database's machine takes for the time; None if it is this one."""
        ...

    def is_current(self) -> bool:
        """Whether the tables are those of this release."""
        ...

    def ping(self) -> bool:
        """Whether the database answers now."""
        ...

    def dispose(self) -> None:
        """Close every idle connection."""
        ...
