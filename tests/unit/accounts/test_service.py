"""Adding operators, giving tokens, letting people in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from accounts.audit import first_break
from accounts.errors import (
    OperatorExistsError,
    OperatorNameError,
    SignInError,
    UnknownOperatorError,
    WeakPasswordError,
)
from accounts.operators import Role
from accounts.service import AccountService
from tests.unit.accounts.fake_accounts import FakeAccounts

NOW = datetime(2026, 9, 1, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def store() -> FakeAccounts:
    return FakeAccounts()


@pytest.fixture
def service(store: FakeAccounts) -> AccountService:
    return AccountService(
        new_uow=store.unit_of_work, read_uow=store.unit_of_work, now=lambda: NOW
    )


def test_sign_in(service: AccountService) -> None:
    """Name and password of an operator let them in."""
    service.add("sokha", role=Role.OPERATOR, password=PASSWORD)

    assert service.sign_in("sokha", PASSWORD).role is Role.OPERATOR


@pytest.mark.parametrize(
    ("name", "password"),
    [("sokha", "wrong"), ("nobody", PASSWORD), ("sokha", ""), ("machine", "")],
)
def test_sign_in_refused(service: AccountService, name: str, password: str) -> None:
    """One sentence, whichever of the two is wrong; a machine has no password."""
    service.add("sokha", role=Role.OPERATOR, password=PASSWORD)
    service.add("machine", role=Role.OPERATOR, password=None)

    with pytest.raises(SignInError, match=r"^Name or password is wrong\.$"):
        service.sign_in(name, password)


def test_unknown_name_costs_as_much(
    service: AccountService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash is checked for an unknown name, too: time tells nobody who works here."""
    checked: list[str] = []

    def matches(password_hash: str, password: str) -> bool:
        checked.append(password_hash)
        return bool(password == "never")

    monkeypatch.setattr("accounts.service.password_matches", matches)

    with pytest.raises(SignInError):
        service.sign_in("nobody", PASSWORD)

    assert len(checked) == 1
    assert checked[0].startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_operator_who_left_is_kept_out(
    service: AccountService, store: FakeAccounts
) -> None:
    """Neither password nor token of an inactive operator opens anything."""
    operator = service.add("sokha", role=Role.ADMIN, password=PASSWORD)
    token = service.create_token("sokha")
    store.operators.by_name["sokha"] = replace(operator, is_active=False)

    assert service.by_token(token) is None
    assert service.by_name("sokha") is None
    with pytest.raises(SignInError):
        service.sign_in("sokha", PASSWORD)


def test_name_is_taken_once(service: AccountService, store: FakeAccounts) -> None:
    """A second operator of the name is refused and leaves no trace."""
    service.add("sokha", role=Role.VIEWER, password=None)

    with pytest.raises(OperatorExistsError):
        service.add("sokha", role=Role.ADMIN, password=None)

    assert store.operators.by_name["sokha"].role is Role.VIEWER
    assert len(store.audit.chain) == 1


def test_weak_password_adds_nobody(
    service: AccountService, store: FakeAccounts
) -> None:
    """A short password is refused before anything is written."""
    with pytest.raises(WeakPasswordError):
        service.add("sokha", role=Role.VIEWER, password="short")

    assert not store.operators.by_name


def test_token_stands_for_its_operator(service: AccountService) -> None:
    """A token is its operator; any other text is nobody."""
    service.add("gauge", role=Role.OPERATOR, password=None)
    token = service.create_token("gauge")

    found = service.by_token(token)
    assert found is not None
    assert (found.name, found.role) == ("gauge", Role.OPERATOR)
    assert service.by_token(token + "x") is None
    assert service.by_token("") is None


def test_token_may_do_less_than_its_operator(service: AccountService) -> None:
    """A token made for less stays at less."""
    service.add("sokha", role=Role.ADMIN, password=None)
    token = service.create_token("sokha", role=Role.VIEWER)

    found = service.by_token(token)
    assert found is not None
    assert found.role is Role.VIEWER


def test_token_itself_is_not_kept(service: AccountService, store: FakeAccounts) -> None:
    """Neither the store nor the audit holds the token."""
    service.add("gauge", role=Role.OPERATOR, password=None)
    token = service.create_token("gauge")

    assert token not in str(store.operators.known)
    assert token not in str(store.audit.chain)


def test_token_of_nobody(service: AccountService) -> None:
    """Asking for a token of an unknown name says how to add it."""
    with pytest.raises(UnknownOperatorError, match="tocsin operator add gauge"):
        service.create_token("gauge")


def test_what_was_done_is_in_the_chain(
    service: AccountService, store: FakeAccounts
) -> None:
    """Adding and token-making are audited with who did it."""
    service.add("sokha", role=Role.ADMIN, password=None, by="dara")
    service.create_token("sokha", role=Role.VIEWER, by="dara")

    entries = store.audit.chain
    assert [(e.actor, e.action, e.subject) for e in entries] == [
        ("dara", "operator.add", "operator:sokha"),
        ("dara", "token.create", "operator:sokha"),
    ]
    assert entries[1].details["role"] == "viewer"
    assert entries[1].details["expires_at"] is None
    assert first_break(entries) is None


@pytest.mark.parametrize("name", ["", "  ", "System", "a\nb", "a\u200bb", "x" * 65])
def test_names_that_mislead_are_refused(service: AccountService, name: str) -> None:
    """In the record nobody can pass for the system, or for nobody."""
    with pytest.raises(OperatorNameError, match="cannot be the name"):
        service.add(name, role=Role.OPERATOR, password=None)


def test_one_name_is_one_person(service: AccountService) -> None:
    """Capitals and blanks around it do not make a second one who could approve."""
    assert service.add(" Sok ", role=Role.OPERATOR, password=None).name == "Sok"
    for same in ("Sok", "sok", "SOK "):
        with pytest.raises(OperatorExistsError, match="'Sok'"):
            service.add(same, role=Role.APPROVER, password=None)


def test_a_password_is_changed_by_who_knows_it(service: AccountService) -> None:
    """The old one is asked for, and lets nobody in afterwards; a short one is none."""
    service.add("sokha", role=Role.OPERATOR, password=PASSWORD)
    with pytest.raises(SignInError):
        service.change_password("sokha", old="wrong", new="quiet river at night")
    with pytest.raises(WeakPasswordError):
        service.change_password("sokha", old=PASSWORD, new="short")

    service.change_password("sokha", old=PASSWORD, new="quiet river at night")

    assert service.sign_in("sokha", "quiet river at night").name == "sokha"
    with pytest.raises(SignInError):
        service.sign_in("sokha", PASSWORD)


def test_a_forgotten_password_is_replaced(
    service: AccountService, store: FakeAccounts
) -> None:
    """By one of chance; the record says who did it and not what it is."""
    service.add("sokha", role=Role.OPERATOR, password=PASSWORD)

    password = service.reset_password("sokha", by="root")

    assert service.sign_in("sokha", password).name == "sokha"
    entry = store.audit.chain[-1]
    assert (entry.actor, entry.action) == ("root", "operator.reset-password")
    assert password not in str(entry)
    with pytest.raises(UnknownOperatorError):
        service.reset_password("nobody", by="root")
