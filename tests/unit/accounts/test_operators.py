"""Roles, passwords, tokens."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.errors import WeakPasswordError
from accounts.operators import (
    GRANTS,
    MIN_PASSWORD_LENGTH,
    TOKEN_PREFIX,
    Operator,
    Role,
    hash_password,
    new_token,
    password_matches,
    token_digest,
)

NOW = datetime(2026, 9, 1, tzinfo=UTC)
PASSWORD = "correct horse battery"


def make_operator(role: Role, *, is_active: bool = True) -> Operator:
    return Operator(name="sokha", role=role, created_at=NOW, is_active=is_active)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.VIEWER, {Role.VIEWER}),
        (Role.OPERATOR, {Role.VIEWER, Role.OPERATOR}),
        (Role.APPROVER, {Role.VIEWER, Role.OPERATOR, Role.APPROVER}),
        (Role.DISPATCHER, {Role.VIEWER, Role.DISPATCHER}),
        (Role.ADMIN, set(Role)),
    ],
)
def test_what_each_role_may(role: Role, may: set[Role]) -> None:
    """A role includes itself, looking, and what the table says; nothing else."""
    operator = make_operator(role)

    assert {asked for asked in Role if operator.may(asked)} == may
    assert role in GRANTS[role]


@pytest.mark.parametrize("role", list(Role))
def test_who_left_may_nothing(role: Role) -> None:
    """An inactive operator may nothing at all, not even look."""
    operator = make_operator(role, is_active=False)

    assert not any(operator.may(asked) for asked in Role)


def test_password_fits_its_own_hash_alone() -> None:
    """The hash tells right from wrong and is different each time."""
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)

    assert first != second
    assert password_matches(first, PASSWORD)
    assert not password_matches(first, PASSWORD + " ")
    assert not password_matches(first, "")


def test_hash_is_argon2id_and_not_the_password() -> None:
    """What is kept is argon2id."""
    assert hash_password(PASSWORD).startswith("$argon2id$")
    assert PASSWORD not in hash_password(PASSWORD)


@pytest.mark.parametrize("damaged", ["", "x", "$argon2id$v=19$m=1", "$2b$12$abc"])
def test_damaged_hash_fits_nothing(damaged: str) -> None:
    """A hash that cannot be read lets nobody in and breaks nothing."""
    assert not password_matches(damaged, PASSWORD)


def test_short_password_is_refused() -> None:
    """A password of eleven characters is refused, one of twelve taken."""
    with pytest.raises(WeakPasswordError, match=str(MIN_PASSWORD_LENGTH)):
        hash_password("x" * (MIN_PASSWORD_LENGTH - 1))
    assert hash_password("x" * MIN_PASSWORD_LENGTH)


def test_long_and_foreign_passwords_are_taken() -> None:
    """Any letters, any length."""
    password = "ពាក្យសម្ងាត់វែងមួយ" * 40

    assert password_matches(hash_password(password), password)


def test_tokens_cannot_be_guessed_or_read_back() -> None:
    """A token is recognisable, has 256 bits, and only its digest is kept."""
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    for token in tokens:
        assert token.startswith(TOKEN_PREFIX)
        assert len(token) >= len(TOKEN_PREFIX) + 43
        assert len(token_digest(token)) == 64
        assert token not in token_digest(token)


def test_digest_is_stable() -> None:
    """The same token gives the same digest for ever: it is looked up by it."""
    assert token_digest("tocsin_x") == (
        "e58567ad84ad86f6f112c097946f5fdd60aa800ffe03f5f7cbf6f5ffbc05875f"
    )
