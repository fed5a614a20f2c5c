"""Operators and tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select, update

from accounts.errors import OperatorExistsError
from accounts.operators import TOKEN_ID_LENGTH, Operator, Role, Token, lesser
from store.sql.conflicts import insert_new
from store.tables.accounts import operators, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row


class SqlOperators:
    """``accounts.ports.OperatorRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, operator: Operator) -> None:
        """Store a new operator.

        Raises
        ------
        OperatorExistsError
            If the name is taken.
        """
        added = self._connection.execute(
            insert_new(self._connection, operators).values(
                name=operator.name,
                role=operator.role.value,
                created_at=operator.created_at,
                password_hash=operator.password_hash,
                is_active=operator.is_active,
            )
        )
        if added.rowcount == 0:
            raise OperatorExistsError(
                f"There is an operator called {operator.name}; choose another name."
            )

    def find(self, name: str) -> Operator | None:
        """Return the operator of this name."""
        row = self._connection.execute(
            select(operators).where(operators.c.name == name)
        ).one_or_none()
        return None if row is None else _operator(row)

    def all(self) -> Sequence[Operator]:
        """Every operator, by name."""
        rows = self._connection.execute(select(operators).order_by(operators.c.name))
        return [_operator(row) for row in rows]

    def save(self, operator: Operator) -> None:
        """Write an operator's role, password and whether they work here."""
        self._connection.execute(
            update(operators)
            .where(operators.c.name == operator.name)
            .values(
                role=operator.role.value,
                password_hash=operator.password_hash,
                is_active=operator.is_active,
            )
        )

    def add_token(
        self,
        digest: str,
        *,
        operator: str,
        role: Role,
        at: datetime,
        expires_at: datetime | None = None,
    ) -> None:
        """Store a token of an operator; it may do no more than ``role``."""
        self._connection.execute(
            insert(tokens).values(
                digest=digest,
                operator=operator,
                role=role.value,
                created_at=at,
                expires_at=expires_at,
            )
        )

    def find_by_token(self, digest: str, *, at: datetime) -> Operator | None:
        """Return the active operator of a token that is good, the lesser role of both.

        A token that was revoked or has expired is nobody's.
        """
        row = self._connection.execute(
            select(operators, tokens.c.role.label("token_role"))
            .join(tokens, tokens.c.operator == operators.c.name)
            .where(
                tokens.c.digest == digest,
                tokens.c.revoked_at.is_(None),
                or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > at),
                operators.c.is_active,
            )
        ).one_or_none()
        if row is None:
            return None
        operator = _operator(row)
        return replace(operator, role=lesser(operator.role, Role(row.token_role)))

    def tokens(self) -> Sequence[Token]:
        """Every token, the oldest first."""
        rows = self._connection.execute(
            select(tokens).order_by(tokens.c.created_at, tokens.c.digest)
        )
        return [_token(row) for row in rows]

    def revoke_tokens(self, digest_prefix: str, *, at: datetime) -> Sequence[Token]:
        """Let tokens with this beginning of a digest in no more; return them."""
        wanted = tokens.c.digest.startswith(digest_prefix, autoescape=True)
        self._connection.execute(
            update(tokens)
            .where(wanted, tokens.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )
        return [
            _token(r) for r in self._connection.execute(select(tokens).where(wanted))
        ]


def _operator(row: Row[*tuple[object, ...]]) -> Operator:
    return Operator(
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        password_hash=row.password_hash,
        is_active=row.is_active,
    )


def _token(row: Row[*tuple[object, ...]]) -> Token:
    return Token(
        token_id=row.digest[:TOKEN_ID_LENGTH],
        operator=row.operator,
        role=Role(row.role),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
