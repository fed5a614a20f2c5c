"""Tells other systems what is queued for them: claimed, told, recorded.

No transaction is open while the network is asked. A crash in between tells once more,
with the same event id; a receiver that is down is tried for a day, with longer and
longer pauses, and holds up nobody else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from warning.errors import FeedError
from warning.publishing.webhooks import (
    EVENT_HEADER,
    GIVE_UP_AFTER,
    ID_HEADER,
    SIGNATURE_HEADER,
    Message,
    MessageState,
    Webhook,
    pause_after,
    signature,
)

if TYPE_CHECKING:
    from warning.publishing.webhook_ports import UnitOfWork

log = logging.getLogger(__name__)

#: Seconds a receiver has for its answer.
TIMEOUT_S = 10.0
#: Messages told in one run, and of one system.
_LIMIT, _EACH = 16, 4
#: A worker that died lets its messages go after this.
_LEASE = timedelta(seconds=60)
#: Messages that are done with are kept for a look.
_MEMORY = timedelta(days=7)


class Poster(Protocol):
    """Tells another system over HTTP."""

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str], timeout_s: float
    ) -> int:
        """Return the status it answers, or raise ``FeedError``."""
        ...


class WebhookSender:
    """Works off the queue of messages to other systems.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    read_uow : callable
        Opens one that only reads.
    poster : Poster
    now : callable
        Aware UTC.
    timeout_s : float
        For one answer.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        poster: Poster,
        now: Callable[[], datetime],
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._poster = poster
        self._now = now
        self._timeout_s = timeout_s

    def run_once(self) -> int:
        """Tell what is due; return how many messages were tried."""
        with self._read_uow() as uow:
            if not uow.webhooks.n_queued():
                return 0
        with self._new_uow() as uow:
            now = self._now()
            claimed = uow.webhooks.claim(
                now=now, until=now + _LEASE, limit=_LIMIT, each=_EACH
            )
            uow.commit()
        if not claimed:
            return 0
        with ThreadPoolExecutor(len(claimed), thread_name_prefix="webhook") as pool:
            errors = list(pool.map(lambda pair: self._tell(*pair), claimed))
        with self._new_uow() as uow:
            for (message, _), error in zip(claimed, errors, strict=True):
                self._record(uow, message, error)
            uow.commit()
        return len(claimed)

    def forget(self) -> int:
        """Remove messages that are long done with; return how many."""
        with self._new_uow() as uow:
            n = uow.webhooks.forget(before=self._now() - _MEMORY)
            uow.commit()
        return n

    def _tell(self, message: Message, webhook: Webhook) -> str | None:
        """Tell one message; return what went wrong, None if it was taken."""
        body = message.body.encode()
        headers = {
            "Content-Type": "application/json",
            EVENT_HEADER: message.event,
            ID_HEADER: str(message.seq),
            SIGNATURE_HEADER: signature(webhook.secret, body, self._now()),
        }
        try:
            status = self._poster.post(
                webhook.url, body, headers=headers, timeout_s=self._timeout_s
            )
        except FeedError as error:
            return str(error)
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return None
        return f"It answers {status}; 2xx is wanted."

    def _record(self, uow: UnitOfWork, message: Message, error: str | None) -> None:
        now = self._now()
        if error is None:
            state = MessageState.DONE
        elif now - message.created_at >= GIVE_UP_AFTER:
            state = MessageState.GIVEN_UP
            log.error("system not told", extra={"webhook": message.webhook_id})
            uow.audit.append(
                at=now,
                actor="system",
                action="webhook.give_up",
                subject=f"webhook:{message.webhook_id}",
                details={"seq": message.seq, "tries": message.n_tries, "why": error},
            )
        else:
            state = MessageState.QUEUED
        uow.webhooks.record(
            message,
            state,
            now=now,
            next_at=now + pause_after(message.n_tries),
            error=error,
        )
