"""What is asked of a request before it is accepted, in the order of the telcos."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, TypeVar

from simulator.errors import SimulatorError
from simulator.pace import Pace
from simulator.refusals import Reason, Refusal
from simulator.twiml import is_absolute_url

T = TypeVar("T")

Answer = tuple[int, dict[str, Any]]

OK = HTTPStatus.OK.value
CREATED = HTTPStatus.CREATED.value


class RefusedError(SimulatorError):
    """A request is refused; caught where the answer is made."""

    def __init__(
        self,
        reason: Reason,
        *,
        code: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(reason.text)
        self.refusal = Refusal(reason, code)
        #: Becomes the header ``Retry-After``.
        self.retry_after_s = retry_after_s


def admit(pace: Pace) -> None:
    """Let a request pass that keeps to the pace.

    Raises
    ------
    RefusedError
        If it does not.
    """
    wait_s = pace.admit()
    if wait_s is not None:
        raise RefusedError(Reason.TOO_MANY, retry_after_s=wait_s)


def found(record: T | None) -> T:
    """Pass on what a request names.

    Raises
    ------
    RefusedError
        If there is no such thing.
    """
    if record is None:
        raise RefusedError(Reason.NOT_FOUND)
    return record


def require_url(url: str | None, reason: Reason) -> str | None:
    """Pass an absolute URL or nothing on.

    Raises
    ------
    RefusedError
        If it is something else.
    """
    if url and not is_absolute_url(url):
        raise RefusedError(reason)
    return url or None


def integer(text: str | None, *, low: int, high: int, reason: Reason) -> int | None:
    """Whole number within bounds, or None if there is none.

    Raises
    ------
    RefusedError
        If it is no number or out of bounds.
    """
    if not text:
        return None
    if not text.isdecimal() or not low <= int(text) <= high:
        raise RefusedError(reason)
    return int(text)
