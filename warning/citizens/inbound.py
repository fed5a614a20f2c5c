"""Texts that answer no message of ours: STOP and START hold all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from warning.escalation.listener import STATUS_OF_ANSWER, grant_wish
from warning.ports import UnitOfWork


class InboundTexts:
    """Take note of what people write on their own.

    Parameters
    ----------
    now : callable
        Aware UTC.
    """

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now

    def on_text(self, uow: UnitOfWork, phone: str, answer: str | None) -> None:
        """Do what a text asks for; one that is unclear, or of a stranger, does nothing.

        It is kept with its event in any case.
        """
        status = STATUS_OF_ANSWER.get(answer or "")
        person = uow.subscribers.find_by_phone(phone)
        if status is None or person is None:
            return
        grant_wish(uow, [person.subscriber_id], status, now=self._now())
