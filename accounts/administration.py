"""Who may do what, changed: roles, leaving, coming back, tokens that end.

Nobody is ever removed: their names stand in the record of what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.audit_check import Anchor, AuditVerdict, verify
from accounts.errors import LastAdminError, UnknownOperatorError, UnknownTokenError
from accounts.operators import TOKEN_ID_LENGTH, Operator, Role, Token

if TYPE_CHECKING:
    from accounts.audit import AuditEntry
    from accounts.service import UnitOfWork


class Administration:
    """Change accounts, and look at the record of what was done.

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

    def operators(self) -> Sequence[Operator]:
        """Everybody who works or worked here, by name."""
        with self._read_uow() as uow:
            return uow.operators.all()

    def set_role(self, name: str, role: Role, *, by: str) -> Operator:
        """Let an operator do more, or less, from the next request on.

        Raises
        ------
        UnknownOperatorError
            If there is no operator of this name.
        LastAdminError
            If nobody would be left who may change accounts.
        """
        return self._change(name, "operator.role", by, lambda o: replace(o, role=role))

    def disable(self, name: str, *, by: str) -> Operator:
        """Let an operator in no more, neither by password nor by token.

        Raises
        ------
        UnknownOperatorError
            If there is no operator of this name.
        LastAdminError
            If nobody would be left who may change accounts.
        """
        return self._change(
            name, "operator.disable", by, lambda o: replace(o, is_active=False)
        )

    def enable(self, name: str, *, by: str) -> Operator:
        """Let an operator in again; their tokens that are good hold again.

        Raises
        ------
        UnknownOperatorError
            If there is no operator of this name.
        """
        return self._change(
            name, "operator.enable", by, lambda o: replace(o, is_active=True)
        )

    def tokens(self) -> Sequence[Token]:
        """Every token, the oldest first."""
        with self._read_uow() as uow:
            return uow.operators.tokens()

    def revoke(self, token_id: str, *, by: str) -> Token:
        """Let a token in no more, from the next request on.

        Raises
        ------
        UnknownTokenError
            If no token has this id.
        """
        with self._new_uow() as uow:
            is_id = len(token_id) == TOKEN_ID_LENGTH
            found = uow.operators.revoke_tokens(token_id, at=self._now())
            if not is_id or len(found) != 1:
                raise UnknownTokenError(
                    f"No token has the id {token_id[:40]!r}; see: tocsin token list"
                )
            token = found[0]
            uow.audit.append(
                at=self._now(),
                actor=by,
                action="token.revoke",
                subject=f"operator:{token.operator}",
                details={"token": token_id, "role": token.role.value},
            )
            uow.commit()
        return token

    def verify(self, anchors: Sequence[Anchor] = ()) -> AuditVerdict:
        """Look at the whole record of what was done."""
        with self._read_uow() as uow:
            return verify(
                uow.audit.kept(), n_counted=uow.audit.n_counted(), anchors=anchors
            )

    def entries(self) -> Iterator[tuple[AuditEntry, str]]:
        """Every entry of the record with the hash kept of it, in order."""
        with self._read_uow() as uow:
            yield from uow.audit.kept()

    def newest_before(self, seq: int | None, *, limit: int) -> Sequence[AuditEntry]:
        """Entries of the record below a number, or the newest, descending."""
        with self._read_uow() as uow:
            return uow.audit.newest_before(seq, limit=limit)

    def _change(
        self, name: str, action: str, by: str, step: Callable[[Operator], Operator]
    ) -> Operator:
        with self._new_uow() as uow:
            known = uow.operators.find(name)
            if known is None:
                raise UnknownOperatorError(f"There is no operator {name[:64]!r}.")
            changed = step(known)
            uow.operators.save(changed)
            _require_admin(uow, known)
            uow.audit.append(
                at=self._now(),
                actor=by,
                action=action,
                subject=f"operator:{name}",
                details={"before": _facts(known), "after": _facts(changed)},
            )
            uow.commit()
        return changed


def _require_admin(uow: UnitOfWork, known: Operator) -> None:
    """See that somebody is left who may change accounts, if somebody was there.

    Raises
    ------
    LastAdminError
        If nobody is.
    """
    if known.may(Role.ADMIN) and not any(
        one.may(Role.ADMIN) for one in uow.operators.all()
    ):
        raise LastAdminError(
            f"{known.name} is the last active admin; make another one first."
        )


def _facts(operator: Operator) -> dict[str, object]:
    return {"role": operator.role.value, "is_active": operator.is_active}
