"""What operators do about those who need help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.help_requests import HelpRequest, HelpState, ranked
from warning.errors import HelpRequestNotFoundError

_PENDING = (HelpState.OPEN.value, HelpState.TAKEN.value)
#: More than anybody works off; the rest shows as these are closed.
MAX_SHOWN = 2_000


class HelpDesk:
    """The operator's list of those who need help.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._now = now

    def pending(self, *, owner_ref: str = "") -> Sequence[HelpRequest]:
        """Requests that are not closed, the most pressing first.

        Parameters
        ----------
        owner_ref : str, optional
            Only those of an alert: made in answer to it, or after it.
        """
        with self._read_uow() as uow:
            found = uow.help_requests.all(
                states=_PENDING, limit=MAX_SHOWN, owner_ref=owner_ref
            )
        return ranked([one.at(self._now()) for one in found])

    def take(self, number: int, *, by: str) -> HelpRequest:
        """Care for a request from now on.

        Raises
        ------
        HelpRequestNotFoundError
            If there is none of this number.
        HelpRequestError
            If it is closed.
        """
        return self._change(
            number, "help.take", by, lambda one: one.take(by, self._now())
        )

    def close(self, number: int, outcome: str, *, by: str) -> HelpRequest:
        """Say what became of a request; raises as ``take``."""
        return self._change(
            number, "help.close", by, lambda one: one.close(by, outcome, self._now())
        )

    def _change(
        self,
        number: int,
        action: str,
        by: str,
        step: Callable[[HelpRequest], HelpRequest],
    ) -> HelpRequest:
        with self._new_uow() as uow:
            found = uow.help_requests.get(number)
            if found is None:
                raise HelpRequestNotFoundError(
                    f"There is no request for help of the number {number}."
                )
            changed = step(found)
            uow.help_requests.save(changed)
            uow.audit.append(
                at=self._now(),
                actor=by,
                action=action,
                subject=f"help:{number}",
                details={"before": found.state.value},
            )
            uow.commit()
        return changed
