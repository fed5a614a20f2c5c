"""Registering other systems, and drawing what they are told from the audit."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from warning.errors import AlertNotFoundError, WebhookNotFoundError
from warning.publishing.webhooks import (
    FAMILIES,
    Webhook,
    alert_of,
    body_of,
    require_usable,
)

if TYPE_CHECKING:
    from accounts.audit import AuditEntry
    from warning.publishing.webhook_ports import UnitOfWork

#: Entries of the audit worked through in one transaction.
_PORTION = 200


class WebhookService:
    """The use cases of other systems that listen.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    base_url : str
        Where they reach us, no slash at the end.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        base_url: str,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._base_url = base_url
        self._now = now

    def register(self, url: str, events: Sequence[str], *, by: str) -> Webhook:
        """Tell another system from now on; its secret is shown this once.

        Raises
        ------
        InvalidWebhookError
            If the address or an event cannot be.
        """
        require_usable(url, events)
        with self._new_uow() as uow:
            webhook_id = secrets.token_hex(8)
            entry = uow.audit.append(
                at=self._now(),
                actor=by,
                action="webhook.add",
                subject=f"webhook:{webhook_id}",
                details={"before": None, "after": {"url": url, "events": list(events)}},
            )
            webhook = Webhook(
                webhook_id=webhook_id,
                url=url,
                secret=secrets.token_urlsafe(32),
                events=tuple(events),
                since_seq=entry.seq,
                created_by=by,
                created_at=self._now(),
            )
            uow.webhooks.add(webhook)
            uow.commit()
        return webhook

    def list(self) -> Sequence[Webhook]:
        """Every other system that is told, the oldest first."""
        with self._read_uow() as uow:
            return uow.webhooks.all()

    def n_queued(self) -> int:
        """How many messages wait."""
        with self._read_uow() as uow:
            return uow.webhooks.n_queued()

    def remove(self, webhook_id: str, *, by: str) -> None:
        """Tell a system no more, also not what waits.

        Raises
        ------
        WebhookNotFoundError
            If there is none of this id.
        """
        with self._new_uow() as uow:
            known = uow.webhooks.find(webhook_id)
            if known is None:
                raise WebhookNotFoundError(
                    f"There is no webhook {webhook_id[:40]!r}; list them first."
                )
            uow.webhooks.remove(webhook_id)
            before = {"url": known.url, "events": list(known.events)}
            uow.audit.append(
                at=self._now(),
                actor=by,
                action="webhook.remove",
                subject=f"webhook:{webhook_id}",
                details={"before": before, "after": None},
            )
            uow.commit()

    def fan_out(self) -> int:
        """Queue what is new in the audit for whoever wants it; return how many entries.

        The queue and the mark of how far it goes are written together: a kill loses
        nothing and doubles nothing.
        """
        with self._read_uow() as uow:
            if not uow.audit.page(after=uow.webhooks.told, limit=1):
                return 0
        with self._new_uow() as uow:
            entries = uow.audit.page(after=uow.webhooks.told, limit=_PORTION)
            listeners = uow.webhooks.all()
            for entry in entries:
                wanting = [one for one in listeners if one.wants(entry)]
                if wanting:
                    self._queue(uow, entry, wanting)
            if entries:
                uow.webhooks.told = entries[-1].seq
            uow.commit()
        return len(entries)

    def _queue(
        self, uow: UnitOfWork, entry: AuditEntry, wanting: Sequence[Webhook]
    ) -> None:
        assert entry.action.partition(".")[0] in FAMILIES
        alert_id = alert_of(entry)
        try:
            case = None if alert_id is None else uow.alerts.get(alert_id)
        except AlertNotFoundError:
            case = None
        body = body_of(entry, case, base_url=self._base_url)
        for webhook in wanting:
            uow.webhooks.put(
                webhook.webhook_id,
                seq=entry.seq,
                event=entry.action,
                body=body,
                now=self._now(),
            )
