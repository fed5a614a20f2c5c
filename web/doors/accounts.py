"""What the views need to know who is asking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from accounts.operators import Operator, Role
    from accounts.second_factor import Enrolment


class AccountService(Protocol):
    """Who is asking."""

    def by_token(self, token: str) -> Operator | None:
        """Return the active operator of a token, with the token's role."""
        ...

    def by_name(self, name: str) -> Operator | None:
        """Return the active operator of this name: asked at every page of a session."""
        ...

    def sign_in(self, name: str, password: str) -> Operator:
        """Return the operator, or raise ``SignInError`` after the same time."""
        ...

    def add(self, name: str, *, role: Role, password: str | None, by: str) -> Operator:
        """Add an operator; without a password one that only calls by token."""
        ...

    def change_password(self, name: str, *, old: str, new: str) -> None:
        """Let an operator choose another password, or raise ``SignInError``."""
        ...

    def reset_password(self, name: str, *, by: str) -> str:
        """Give an operator a password of chance; it is shown this once."""
        ...

    def create_token(
        self, name: str, *, role: Role | None, lasts: timedelta | None, by: str
    ) -> str:
        """Make a token of an operator; it is shown this once."""
        ...


class SecondFactors(Protocol):
    """Six digits, after the password."""

    def is_enrolled(self, operator: str) -> bool:
        """Whether a code is asked of this operator."""
        ...

    def enrol(self, operator: str) -> Enrolment:
        """Return what to put into a telephone."""
        ...

    def confirm(self, operator: str, code: str) -> Sequence[str]:
        """Take the first code; return recovery codes, or raise ``SignInError``."""
        ...

    def check(self, operator: str, code: str) -> None:
        """Let an operator in, or raise ``SignInError``."""
        ...

    def reset(self, operator: str, *, by: str) -> bool:
        """Take the factor away; False if there was none."""
        ...
