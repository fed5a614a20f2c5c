"""Feeds, other systems that listen, and the record of what was done, over the API."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response

from accounts.audit import AuditEntry
from accounts.operators import Operator, Role
from warning.publishing.webhooks import Webhook
from warning.sources.feed_board import FeedLine
from web.api.answering import Answer, created
from web.api.cursors import decode_number, page
from web.api.declaration import Api
from web.models.schemas import Page
from web.models.sources import (
    AuditEntryOut,
    AuditList,
    FeedList,
    FeedOut,
    WebhookCreated,
    WebhookIn,
    WebhookList,
    WebhookOut,
)
from web.services import services

feeds = Api("feeds")
webhooks = Api("webhooks")
audit = Api("audit")


@feeds.operation(
    "GET",
    "/feeds",
    role=Role.VIEWER,
    summary="Show how the feeds are",
    answer=FeedList,
)
def list_feeds(*, by: Operator) -> FeedList:
    """Every configured feed, when it was read, and what is wrong with it."""
    del by
    lines = services().sources.feeds.lines()
    return FeedList(items=[_feed_out(line) for line in lines])


@webhooks.operation(
    "POST",
    "/webhooks",
    role=Role.ADMIN,
    summary="Tell another system what becomes of alerts",
    body=WebhookIn,
    answer=WebhookCreated,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def add_webhook(*, by: Operator, body: WebhookIn) -> Answer[WebhookCreated]:
    """Signed with a secret that is shown this once; each event at least once."""
    webhook = services().sources.webhooks.register(body.url, body.events, by=by.name)
    answer = WebhookCreated(**_webhook_out(webhook).model_dump(), secret=webhook.secret)
    return created(answer, at=f"webhooks/{webhook.webhook_id}")


@webhooks.operation(
    "GET",
    "/webhooks",
    role=Role.ADMIN,
    summary="List the systems that are told",
    answer=WebhookList,
)
def list_webhooks(*, by: Operator) -> WebhookList:
    """And whether they hear us."""
    del by
    known = services().sources.webhooks.list()
    return WebhookList(items=[_webhook_out(webhook) for webhook in known])


@webhooks.operation(
    "DELETE",
    "/webhooks/<webhook_id>",
    role=Role.ADMIN,
    summary="Tell a system no more",
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND,),
)
def remove_webhook(webhook_id: str, *, by: Operator) -> Response:
    """Also not what waits for it."""
    services().sources.webhooks.remove(webhook_id, by=by.name)
    return Response(status=HTTPStatus.NO_CONTENT)


@audit.operation(
    "GET",
    "/audit",
    role=Role.ADMIN,
    summary="Show the record of what was done",
    query=Page,
    answer=AuditList,
)
def list_audit(*, by: Operator, query: Page) -> AuditList:
    """Newest first; `tocsin audit verify` says whether it is whole."""
    del by
    before = decode_number(query.cursor) or None
    entries = services().sources.administration.newest_before(
        before, limit=query.limit + 1
    )
    shown, cursor = page(entries, query.limit, lambda entry: str(entry.seq))
    return AuditList(items=[_entry_out(entry) for entry in shown], next_cursor=cursor)


def _feed_out(line: FeedLine) -> FeedOut:
    feed, state = line.feed, line.state
    policy = feed.policy
    return FeedOut(
        name=feed.name,
        ok=line.is_ok,
        sentence=line.sentence,
        every_s=feed.every.total_seconds(),
        policy="live" if policy.live else "submitted" if policy.submits else "draft",
        entries=state.n_entries if state else 0,
        failures=state.n_failures if state else 0,
        polled_at=state.polled_at if state else None,
        ok_at=state.ok_at if state else None,
        next_at=state.next_at if state else None,
    )


def _webhook_out(webhook: Webhook) -> WebhookOut:
    return WebhookOut(
        id=webhook.webhook_id,
        url=webhook.url,
        events=list(webhook.events),
        created_by=webhook.created_by,
        created_at=webhook.created_at,
        failures=webhook.n_failures,
        ok_at=webhook.ok_at,
        error=webhook.error,
    )


def _entry_out(entry: AuditEntry) -> AuditEntryOut:
    return AuditEntryOut(
        seq=entry.seq,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        details=dict(entry.details),
        previous_hash=entry.previous_hash,
        hash=entry.hash,
    )
