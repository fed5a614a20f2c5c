"""What an operator orders of carriers; the workers read it with their signs of life."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING

from telephony.errors import CarrierConfigError

if TYPE_CHECKING:
    from ops.ports import UnitOfWork


class CarrierOrders:
    """Orders about carriers.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    names : collection of str
        Carriers of the settings.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        names: Collection[str],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._names = names
        self._now = now

    def resume(self, name: str, *, by: str) -> None:
        """Let every worker send by a carrier again.

        Raises
        ------
        CarrierConfigError
            If no carrier has this name.
        """
        if name not in self._names:
            known = ", ".join(sorted(self._names)) or "none"
            raise CarrierConfigError(
                f"There is no carrier {name!r} in the settings; there are: {known}."
            )
        now = self._now()
        with self._new_uow() as uow:
            uow.carrier_resumes.say(name, now=now)
            uow.audit.append(
                at=now,
                actor=by,
                action="carrier.resume",
                subject=f"carrier:{name}",
                details={},
            )
            uow.commit()
