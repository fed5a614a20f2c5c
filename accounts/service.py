"""Who may come in: operators and their tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from accounts.errors import (
    OperatorExistsError,
    SignInError,
    UnknownOperatorError,
)
from accounts.operators import (
    TOKEN_ID_LENGTH,
    Operator,
    Role,
    chance_password,
    hash_password,
    new_token,
    password_matches,
    proper_name,
    token_digest,
)
from accounts.ports import AuditLog, OperatorRepository, Transaction

#: A hash that no password fits: an unknown name takes as long as a wrong password.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5bm9ib2R5"
    "$bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm8"
)


class UnitOfWork(Transaction, Protocol):
    """One transaction over accounts."""

    @property
    def operators(self) -> OperatorRepository:
        """Who works here."""
        ...

    @property
    def audit(self) -> AuditLog:
        """What was done."""
        ...


class AccountService:
    """Add operators, give them tokens, let them in.

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

    def add(
        self, name: str, *, role: Role, password: str | None, by: str = "system"
    ) -> Operator:
        """Add an operator; without a password one that only calls by token.

        Raises
        ------
        OperatorNameError
            If nobody may have this name.
        OperatorExistsError
            If the name is taken, in capitals or not: two people approve an alert, and
            the record must tell them apart.
        WeakPasswordError
            If the password is too short.
        """
        name = proper_name(name)
        operator = Operator(
            name=name,
            role=role,
            created_at=self._now(),
            password_hash=hash_password(password) if password is not None else None,
        )
        with self._new_uow() as uow:
            for known in uow.operators.all():
                if known.name.casefold() == name.casefold():
                    raise OperatorExistsError(f"There is an operator {known.name!r}.")
            uow.operators.add(operator)
            self._note(uow, "operator.add", name, by=by, role=role.value)
            uow.commit()
        return operator

    def create_token(
        self,
        name: str,
        *,
        role: Role | None = None,
        lasts: timedelta | None = None,
        by: str = "system",
    ) -> str:
        """Make a token of an operator; it is shown this once.

        Parameters
        ----------
        role : Role, optional
            The token may do no more than this; by default all its operator may.
        lasts : timedelta, optional
            After this it lets nobody in; by default until it is revoked.

        Raises
        ------
        UnknownOperatorError
            If there is no operator of this name.
        """
        token = new_token()
        with self._new_uow() as uow:
            operator = uow.operators.find(name)
            if operator is None:
                raise UnknownOperatorError(
                    f"There is no operator {name!r}; add one with: "
                    f"tocsin operator add {name}"
                )
            limit = role or operator.role
            expires_at = None if lasts is None else self._now() + lasts
            digest = token_digest(token)
            uow.operators.add_token(
                digest,
                operator=name,
                role=limit,
                at=self._now(),
                expires_at=expires_at,
            )
            self._note(
                uow,
                "token.create",
                name,
                by=by,
                role=limit.value,
                token=digest[:TOKEN_ID_LENGTH],
                expires_at=expires_at and expires_at.isoformat(),
            )
            uow.commit()
        return token

    def by_token(self, token: str) -> Operator | None:
        """Return the active operator of a token, with no more than its role."""
        with self._read_uow() as uow:
            digest = token_digest(token)
            return uow.operators.find_by_token(digest, at=self._now())

    def by_name(self, name: str) -> Operator | None:
        """Return the active operator of this name."""
        with self._read_uow() as uow:
            operator = uow.operators.find(name)
        return operator if operator is not None and operator.is_active else None

    def sign_in(self, name: str, password: str) -> Operator:
        """Return the operator whose name and password these are.

        Raises
        ------
        SignInError
            If they are not; after the same time whichever is wrong.
        """
        operator = self.by_name(name)
        known_hash = operator.password_hash if operator is not None else None
        fits = password_matches(known_hash or _NOBODY, password)
        if operator is None or known_hash is None or not fits:
            raise SignInError("Name or password is wrong.")
        return operator

    def change_password(self, name: str, *, old: str, new: str) -> None:
        """Let an operator choose another password.

        Raises
        ------
        SignInError
            If the old one is wrong.
        WeakPasswordError
            If the new one is too short.
        """
        self.sign_in(name, old)
        self._keep_password(name, new, by=name, action="operator.password")

    def reset_password(self, name: str, *, by: str) -> str:
        """Give an operator a password of chance; it is shown this once.

        Raises
        ------
        UnknownOperatorError
            If there is no operator of this name.
        """
        password = chance_password()
        self._keep_password(name, password, by=by, action="operator.reset-password")
        return password

    def _keep_password(self, name: str, password: str, *, by: str, action: str) -> None:
        hashed = hash_password(password)
        with self._new_uow() as uow:
            operator = uow.operators.find(name)
            if operator is None:
                raise UnknownOperatorError(f"There is no operator {name[:64]!r}.")
            uow.operators.save(replace(operator, password_hash=hashed))
            self._note(uow, action, name, by=by)
            uow.commit()

    def _note(
        self, uow: UnitOfWork, action: str, name: str, *, by: str, **about: object
    ) -> None:
        uow.audit.append(
            at=self._now(),
            actor=by,
            action=action,
            subject=f"operator:{name}",
            details=about,
        )
