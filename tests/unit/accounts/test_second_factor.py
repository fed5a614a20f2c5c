"""Six digits after the password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from accounts.errors import SignInError
from accounts.second_factor import N_RECOVERY_CODES, SecondFactors
from tests.unit.accounts.fake_factors import FactorStore

START = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)


class Desk:
    """Second factors, the telephone of ``dara``, and a clock that is told."""

    def __init__(self) -> None:
        self.at = START
        self.key = "k" * 32
        self.store = FactorStore()
        self.factors = SecondFactors(
            new_uow=self.store.unit_of_work,
            read_uow=self.store.unit_of_work,
            key=lambda: self.key,
            issuer="tocsin.example",
            now=lambda: self.at,
        )

    def code(self, *, late_s: float = 0.0) -> str:
        """What the telephone shows, or showed a while ago."""
        secret = self.store_secret()
        return pyotp.TOTP(secret).at(self.at - timedelta(seconds=late_s))

    def store_secret(self) -> str:
        factor = self.store.factors.known["dara"]
        return self.factors._fernet().decrypt(factor.sealed_secret).decode()

    def enrolled(self) -> list[str]:
        """Enrol ``dara``; return the recovery codes."""
        self.factors.enrol("dara")
        codes = list(self.factors.confirm("dara", self.code()))
        self.at += timedelta(minutes=1)
        return codes


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_code_lets_in(desk: Desk) -> None:
    """After enrolment every new code is good."""
    desk.enrolled()

    desk.factors.check("dara", desk.code())

    assert desk.factors.is_enrolled("dara")


def test_a_code_counts_once(desk: Desk) -> None:
    """Whoever saw it cannot use it, not even at once."""
    desk.enrolled()
    code = desk.code()
    desk.factors.check("dara", code)

    with pytest.raises(SignInError, match="used before"):
        desk.factors.check("dara", code)


def test_the_first_code_counts_once_too(desk: Desk) -> None:
    """The code that confirmed the enrolment does not let in again."""
    desk.factors.enrol("dara")
    code = desk.code()
    desk.factors.confirm("dara", code)

    with pytest.raises(SignInError):
        desk.factors.check("dara", code)


@pytest.mark.parametrize(("late_s", "is_good"), [(30, True), (-30, True), (90, False)])
def test_clocks_may_differ_by_half_a_minute(
    desk: Desk, late_s: float, *, is_good: bool
) -> None:
    """One step before and after counts; older codes do not."""
    desk.enrolled()
    desk.at += timedelta(minutes=5)
    code = desk.code(late_s=late_s)

    if is_good:
        desk.factors.check("dara", code)
    else:
        with pytest.raises(SignInError):
            desk.factors.check("dara", code)


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "١٢٣٤٥٦", "0" * 40])
def test_anything_else_is_wrong(desk: Desk, code: str) -> None:
    """No input but the code opens the door, and none breaks it."""
    desk.enrolled()

    with pytest.raises(SignInError):
        desk.factors.check("dara", code)


def test_blanks_do_not_matter(desk: Desk) -> None:
    """Telephones show two groups of three."""
    desk.enrolled()
    code = desk.code()

    desk.factors.check("dara", f" {code[:3]} {code[3:]} ")


def test_a_recovery_code_lets_in_once(desk: Desk) -> None:
    """In any case, with or without its dashes; then it is used up."""
    first, second, *_ = desk.enrolled()

    desk.factors.check("dara", first.lower())
    desk.factors.check("dara", second.replace("-", " "))

    with pytest.raises(SignInError, match="was used"):
        desk.factors.check("dara", first)


def test_recovery_codes_are_many_and_kept_nowhere(desk: Desk) -> None:
    """Ten different ones; only their digests are stored."""
    codes = desk.enrolled()
    kept = set(desk.store.factors.recovery["dara"])

    assert len(set(codes)) == N_RECOVERY_CODES
    assert not kept & set(codes)


def test_enrolling_shows_the_same_until_confirmed(desk: Desk) -> None:
    """Loading the page again does not make the picture on the telephone useless."""
    first = desk.factors.enrol("dara")
    second = desk.factors.enrol("dara")

    assert first == second
    assert first.uri.startswith("otpauth://totp/tocsin.example:dara?secret=")
    assert not desk.factors.is_enrolled("dara")


def test_a_wrong_first_code_confirms_nothing(desk: Desk) -> None:
    """Without a code that was right nobody is asked for one later."""
    desk.factors.enrol("dara")

    with pytest.raises(SignInError):
        desk.factors.confirm("dara", "000000")

    assert not desk.factors.is_enrolled("dara")


def test_nobody_enrols_over_a_factor(desk: Desk) -> None:
    """Who knows the password alone cannot put their own telephone in its place."""
    desk.enrolled()

    with pytest.raises(SignInError):
        desk.factors.enrol("dara")
    with pytest.raises(SignInError):
        desk.factors.confirm("dara", desk.code())


def test_a_reset_starts_over(desk: Desk) -> None:
    """An administrator takes the factor away; old codes of any kind are dead."""
    codes = desk.enrolled()

    assert desk.factors.reset("dara", by="admin")
    assert not desk.factors.reset("dara", by="admin")
    assert not desk.factors.is_enrolled("dara")
    with pytest.raises(SignInError):
        desk.factors.check("dara", codes[0])


def test_another_key_opens_nothing_and_says_so(desk: Desk) -> None:
    """A restored database without its key: the sentence names the way out."""
    desk.enrolled()
    code = desk.code()
    desk.key = "another" * 8

    with pytest.raises(SignInError, match="reset-factor dara"):
        desk.factors.check("dara", code)


def test_the_secret_is_sealed(desk: Desk) -> None:
    """Whoever reads the database alone cannot make codes."""
    secret = desk.factors.enrol("dara").secret

    assert secret.encode() not in desk.store.factors.known["dara"].sealed_secret


def test_what_was_done_is_on_record(desk: Desk) -> None:
    """Enrolling, recovering and resetting; never a code."""
    codes = desk.enrolled()
    desk.factors.check("dara", codes[0])
    desk.factors.reset("dara", by="admin")

    told = [(e.action, e.actor, e.subject) for e in desk.store.audit.entries()]
    assert told == [
        ("factor.enrol", "dara", "operator:dara"),
        ("factor.recover", "dara", "operator:dara"),
        ("factor.reset", "admin", "operator:dara"),
    ]
