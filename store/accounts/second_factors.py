"""Second factors of operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from accounts.second_factor import Factor
from store.sql.conflicts import upsert
from store.tables.second_factors import recovery_codes, second_factors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

_VALUES = ("sealed_secret", "created_at", "confirmed_at")


class SqlSecondFactors:
    """``accounts.second_factor.FactorRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, operator: str) -> Factor | None:
        """Return the factor of an operator."""
        row = self._connection.execute(
            select(second_factors).where(second_factors.c.operator == operator)
        ).one_or_none()
        if row is None:
            return None
        return Factor(
            operator=row.operator,
            sealed_secret=bytes(row.sealed_secret),
            created_at=row.created_at,
            confirmed_at=row.confirmed_at,
        )

    def put(self, factor: Factor) -> None:
        """Write a factor over the one there was; which codes were used is kept."""
        self._connection.execute(
            upsert(self._connection, second_factors, key=["operator"], replace=_VALUES),
            [
                {
                    "operator": factor.operator,
                    "sealed_secret": factor.sealed_secret,
                    "created_at": factor.created_at,
                    "confirmed_at": factor.confirmed_at,
                    "last_step": 0,
                }
            ],
        )

    def use_step(self, operator: str, step: int) -> bool:
        """Note the step of a code; False if this or a later one was used before."""
        used = self._connection.execute(
            update(second_factors)
            .where(
                second_factors.c.operator == operator,
                second_factors.c.last_step < step,
            )
            .values(last_step=step)
        )
        return used.rowcount == 1

    def remove(self, operator: str) -> bool:
        """Remove factor and recovery codes; False if there was no factor."""
        self._connection.execute(
            delete(recovery_codes).where(recovery_codes.c.operator == operator)
        )
        removed = self._connection.execute(
            delete(second_factors).where(second_factors.c.operator == operator)
        )
        return removed.rowcount == 1

    def put_recovery(self, operator: str, digests: Sequence[str]) -> None:
        """Write recovery codes over those there were."""
        self._connection.execute(
            delete(recovery_codes).where(recovery_codes.c.operator == operator)
        )
        self._connection.execute(
            insert(recovery_codes),
            [{"operator": operator, "digest": digest} for digest in digests],
        )

    def use_recovery(self, operator: str, digest: str, *, at: datetime) -> bool:
        """Use a recovery code up; False if it is not one, or was used."""
        used = self._connection.execute(
            update(recovery_codes)
            .where(
                recovery_codes.c.operator == operator,
                recovery_codes.c.digest == digest,
                recovery_codes.c.used_at.is_(None),
            )
            .values(used_at=at)
        )
        return used.rowcount == 1
