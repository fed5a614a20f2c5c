"""Figures of an alert that are kept beside what they count, and whether they are true.

Whatever moves a delivery or a person writes down in the same transaction what that
changes in the figures, so that a screen need not count a million of them each second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from telephony.delivery import Channel
from warning import ports
from warning.alert import AlertId
from warning.progress import DeliveryCounts
from warning.recipients import RecipientCounts


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How the deliveries and the people of an alert stand; nothing that is zero."""

    deliveries: DeliveryCounts
    #: Deliveries with at least one attempt.
    attempted: Mapping[Channel, int]
    #: People with at least one attempt on any channel.
    people_attempted: int
    people: RecipientCounts
    #: As long as it is the same, nothing was added. No part of what is compared.
    version: tuple[int, ...] = field(default=(), compare=False)


class TallyRepository(Protocol):
    """Figures that are kept."""

    def kept(self, alert_id: AlertId, *, known: Tally | None = None) -> Tally:
        """The figures as they were added up; what is known, if nothing was added."""
        ...

    def recounted(self, alert_id: AlertId) -> Tally:
        """The same, counted anew: reads every delivery and everybody."""
        ...

    def mend(self, alert_id: AlertId) -> None:
        """Replace what is kept by what is counted; others wait until the end."""
        ...


class UnitOfWork(ports.UnitOfWork, Protocol):
    """A transaction in which figures are read."""

    @property
    def tallies(self) -> TallyRepository:
        """Figures that are kept."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """An alert of which something else is kept than there is."""

    alert_id: AlertId
    kept: Tally
    counted: Tally


class TallyCheck:
    """Count anew and compare.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow

    def differences(self) -> Sequence[Difference]:
        """Every alert whose kept figures are not those that are counted.

        Of each alert all figures are of one moment; there should be no difference.
        """
        with self._read_uow() as uow:
            ids = [case.alert_id for case in uow.alerts.all()]
        found = []
        for alert_id in ids:
            with self._read_uow() as uow:
                kept = uow.tallies.kept(alert_id)
                counted = uow.tallies.recounted(alert_id)
            if kept != counted:
                found.append(Difference(alert_id=alert_id, kept=kept, counted=counted))
        return found

    def mend(self, differences: Sequence[Difference]) -> None:
        """Let the figures of these alerts be counted anew and kept."""
        for one in differences:
            with self._new_uow() as uow:
                uow.tallies.mend(one.alert_id)
                uow.commit()
