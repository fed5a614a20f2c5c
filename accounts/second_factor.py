"""The second factor of a sign-in: six digits from a telephone or a key (RFC 6238).

A code counts once: whoever looked over a shoulder cannot use it again. Secrets are kept
sealed with the key of the installation, recovery codes as SHA-256 (they are random).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyotp
from cryptography.fernet import Fernet, InvalidToken

from accounts.errors import SignInError
from accounts.ports import AuditLog, Transaction

STEP_S = 30
#: Steps before and after this one that count: clocks of telephones differ.
SLACK_STEPS = 1
N_RECOVERY_CODES = 10
#: RFC 4648 letters of a recovery code: 80 random bits.
_RECOVERY_LETTERS = 16
_GROUP = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """The second factor of one operator."""

    operator: str
    #: Not to be read without the key of the installation.
    sealed_secret: bytes
    created_at: datetime
    #: None until a first code was right.
    confirmed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrolment:
    """What an operator puts into their telephone."""

    #: Base32, for typing.
    secret: str
    #: ``otpauth://…``, for a QR code.
    uri: str


class FactorRepository(Protocol):
    """Second factors and recovery codes by operator."""

    def find(self, operator: str) -> Factor | None:
        """Return the factor of an operator."""
        ...

    def put(self, factor: Factor) -> None:
        """Write a factor over the one there was."""
        ...

    def use_step(self, operator: str, step: int) -> bool:
        """Note the step of a code; False if this or a later one was used before."""
        ...

    def remove(self, operator: str) -> bool:
        """Remove factor and recovery codes; False if there was no factor."""
        ...

    def put_recovery(self, operator: str, digests: Sequence[str]) -> None:
        """Write recovery codes over those there were."""
        ...

    def use_recovery(self, operator: str, digest: str, *, at: datetime) -> bool:
        """Use a recovery code up; False if it is not one, or was used."""
        ...


class UnitOfWork(Transaction, Protocol):
    """One transaction over second factors."""

    @property
    def factors(self) -> FactorRepository:
        """Second factors."""
        ...

    @property
    def audit(self) -> AuditLog:
        """What was done."""
        ...


class SecondFactors:
    """Enrol operators and check their codes.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    key : callable
        Returns the secret of the installation; another one makes every factor useless.
    issuer : str
        What telephones show beside the name.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        key: Callable[[], str],
        issuer: str,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._key = key
        self._issuer = issuer
        self._now = now

    def is_enrolled(self, operator: str) -> bool:
        """Whether a code is asked of this operator."""
        with self._read_uow() as uow:
            factor = uow.factors.find(operator)
        return factor is not None and factor.confirmed_at is not None

    def enrol(self, operator: str) -> Enrolment:
        """Return what to put into a telephone; the same until it was confirmed.

        Raises
        ------
        SignInError
            If there is a confirmed factor: only an administrator may take it away.
        """
        with self._new_uow() as uow:
            factor = uow.factors.find(operator)
            if factor is not None and factor.confirmed_at is not None:
                raise SignInError("This operator has a second factor already.")
            secret = self._opened(factor) if factor is not None else None
            if secret is None:
                secret = pyotp.random_base32()
                sealed = self._fernet().encrypt(secret.encode())
                uow.factors.put(
                    Factor(
                        operator=operator,
                        sealed_secret=sealed,
                        created_at=self._now(),
                    )
                )
                uow.commit()
        totp = pyotp.TOTP(secret)
        uri = totp.provisioning_uri(name=operator, issuer_name=self._issuer)
        return Enrolment(secret=secret, uri=uri)

    def confirm(self, operator: str, code: str) -> Sequence[str]:
        """Take the first code; return recovery codes, which are shown this once.

        Raises
        ------
        SignInError
            If the code is wrong or nothing is enrolled.
        """
        codes = [_new_recovery_code() for _ in range(N_RECOVERY_CODES)]
        with self._new_uow() as uow:
            factor = uow.factors.find(operator)
            if factor is None or factor.confirmed_at is not None:
                raise SignInError("Nothing waits to be confirmed. Sign in again.")
            self._require_code(uow, factor, code)
            uow.factors.put(
                Factor(
                    operator=operator,
                    sealed_secret=factor.sealed_secret,
                    created_at=factor.created_at,
                    confirmed_at=self._now(),
                )
            )
            uow.factors.put_recovery(operator, [_digest(one) for one in codes])
            self._note(uow, "factor.enrol", operator, operator)
            uow.commit()
        return codes

    def check(self, operator: str, code: str) -> None:
        """Let an operator in by a code, or by a recovery code that is used up by it.

        Raises
        ------
        SignInError
            If it is neither, or was used before.
        """
        with self._new_uow() as uow:
            factor = uow.factors.find(operator)
            if factor is None or factor.confirmed_at is None:
                raise SignInError("This operator has no second factor.")
            if _is_recovery(code):
                digest = _digest(code)
                if not uow.factors.use_recovery(operator, digest, at=self._now()):
                    raise SignInError("This recovery code is wrong or was used.")
                self._note(uow, "factor.recover", operator, operator)
            else:
                self._require_code(uow, factor, code)
            uow.commit()

    def reset(self, operator: str, *, by: str) -> bool:
        """Take the factor away: at the next sign-in a new one is enrolled."""
        with self._new_uow() as uow:
            was_there = uow.factors.remove(operator)
            if was_there:
                self._note(uow, "factor.reset", operator, by)
                uow.commit()
        return was_there

    def _require_code(self, uow: UnitOfWork, factor: Factor, code: str) -> None:
        secret = self._opened(factor)
        if secret is None:
            raise SignInError(
                "The second factor was sealed with another secret key. Restore "
                f"the key, or run: tocsin operator reset-factor {factor.operator}"
            )
        step = _step_of(secret, "".join(code.split()), self._now())
        if step is None or not uow.factors.use_step(factor.operator, step):
            raise SignInError("The code is wrong, late, or was used before.")

    def _opened(self, factor: Factor) -> str | None:
        try:
            return self._fernet().decrypt(factor.sealed_secret).decode()
        except InvalidToken:
            return None

    def _fernet(self) -> Fernet:
        key = hmac.digest(self._key().encode(), b"tocsin second factor", "sha256")
        return Fernet(base64.urlsafe_b64encode(key))

    def _note(self, uow: UnitOfWork, action: str, operator: str, by: str) -> None:
        uow.audit.append(
            at=self._now(),
            actor=by,
            action=action,
            subject=f"operator:{operator}",
            details={},
        )


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step a code belongs to, near now; None if it is no code of this secret."""
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_S
    for step in range(current - SLACK_STEPS, current + SLACK_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


def _new_recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(10)).decode()
    groups = (letters[n : n + _GROUP] for n in range(0, _RECOVERY_LETTERS, _GROUP))
    return "-".join(groups)


def _is_recovery(code: str) -> bool:
    return len(_letters(code)) == _RECOVERY_LETTERS


def _letters(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()


def _digest(code: str) -> str:
    return hashlib.sha256(_letters(code).encode()).hexdigest()
