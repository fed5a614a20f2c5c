"""Operators, their roles, their passwords and their API tokens.

Passwords are kept as argon2id hashes, tokens as SHA-256: a token is 256 random bits, so
a slow hash would only slow the API down. Neither can be read back.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from accounts.errors import OperatorNameError, WeakPasswordError

#: NIST SP 800-63B asks for at least 8 and counsels 15 without a second factor.
MIN_PASSWORD_LENGTH = 12
#: Who the clock is in the record of what was done; nobody else may be called so.
SYSTEM = "system"
MAX_NAME_LENGTH = 64
#: Marks our tokens, so that secret scanners find one that leaked.
TOKEN_PREFIX = "tocsin_"  # noqa: S105 - a prefix, not a secret
#: Digits of a token's digest that are its id.
TOKEN_ID_LENGTH = 12


class Role(StrEnum):
    """What somebody may do. ``admin`` may do everything but approve their own."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    DISPATCHER = "dispatcher"
    ADMIN = "admin"


#: What each role includes.
GRANTS: dict[Role, frozenset[Role]] = {
    Role.VIEWER: frozenset({Role.VIEWER}),
    Role.OPERATOR: frozenset({Role.VIEWER, Role.OPERATOR}),
    Role.APPROVER: frozenset({Role.VIEWER, Role.OPERATOR, Role.APPROVER}),
    Role.DISPATCHER: frozenset({Role.VIEWER, Role.DISPATCHER}),
    Role.ADMIN: frozenset(Role),
}


def lesser(one: Role, other: Role) -> Role:
    """What both may do: a token may do no more than its operator may today.

    Examples
    --------
    >>> lesser(Role.ADMIN, Role.APPROVER).value
    'approver'
    >>> lesser(Role.OPERATOR, Role.DISPATCHER).value
    'viewer'
    """
    if other in GRANTS[one]:
        return other
    return one if one in GRANTS[other] else Role.VIEWER


@dataclass(frozen=True, kw_only=True, slots=True)
class Operator:
    """Somebody who may sign in, or a machine that may call."""

    name: str
    role: Role
    created_at: datetime
    #: argon2id; None for one that only calls by token.
    password_hash: str | None = None
    is_active: bool = True

    def may(self, role: Role) -> bool:
        """Whether this operator may do what ``role`` may do."""
        return self.is_active and role in GRANTS[self.role]


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What is known of an API token; the token itself is nowhere."""

    #: The first digits of its digest: enough to tell it from others.
    token_id: str
    operator: str
    #: It may do no more than this.
    role: Role
    created_at: datetime
    #: None: until it is revoked.
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_good(self, at: datetime) -> bool:
        """Whether it lets anybody in at a time."""
        is_over = self.expires_at is not None and self.expires_at <= at
        return self.revoked_at is None and not is_over


def proper_name(name: str) -> str:
    """Return a name as it is kept: the same letters whoever typed it.

    Raises
    ------
    OperatorNameError
        If it is empty, too long, holds what cannot be seen, or is the system's own.
    """
    kept = unicodedata.normalize("NFC", name.strip())
    is_fit = 0 < len(kept) <= MAX_NAME_LENGTH and kept.isprintable()
    if not is_fit or kept.casefold() == SYSTEM:
        raise OperatorNameError(
            f"{kept[:MAX_NAME_LENGTH]!r} cannot be the name of an operator: take 1 to "
            f"{MAX_NAME_LENGTH} visible letters, and not {SYSTEM!r}."
        )
    return kept


def hash_password(password: str) -> str:
    """Hash a new password with argon2id.

    Raises
    ------
    WeakPasswordError
        If it is shorter than ``MIN_PASSWORD_LENGTH`` characters.
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        raise WeakPasswordError(
            f"The password needs at least {MIN_PASSWORD_LENGTH} characters."
        )
    return PasswordHasher().hash(password)


def chance_password() -> str:
    """Make a first password: easy to read out over a telephone, 80 bits of chance."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def password_matches(password_hash: str, password: str) -> bool:
    """Whether a password fits its hash; a damaged hash fits nothing."""
    try:
        return PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """Make an API token; show it once, keep only ``token_digest`` of it."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what is kept of a token: SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
