"""Texts that have one reader each, written many at once: answers to citizens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from store.dispatch.delivery_rows import row_of
from store.dispatch.new_deliveries import write_new
from store.sql.bulk import execute_many
from store.sql.chunks import in_chunks
from store.sql.conflicts import insert_new
from store.tables.deliveries import contents, owners
from telephony.delivery import ContentId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from store.dispatch.owners import Owners
    from telephony.delivery import Content, NewDelivery


def write_posted(
    connection: Connection,
    known: Owners,
    posted: Sequence[tuple[Content, NewDelivery]],
) -> None:
    """Write texts and their deliveries; what exists already is left alone."""
    refs = list(dict.fromkeys(content.owner_ref for content, _ in posted))
    new = insert_new(connection, owners)
    execute_many(connection, new, [{"owner_ref": ref} for ref in refs])
    ids = {
        row.owner_ref: row.id
        for chunk in in_chunks(refs)
        for row in connection.execute(
            select(owners).where(owners.c.owner_ref.in_(chunk))
        )
    }
    known.learn(ids)
    texts = _write_contents(connection, ids, [content for content, _ in posted])
    rows = [
        row_of(
            ids[content.owner_ref],
            delivery._replace(content_id=texts[_key(ids, content)]),
        )
        for content, delivery in posted
    ]
    write_new(connection, known, rows)


def _write_contents(
    connection: Connection, ids: Mapping[str, int], texts: Sequence[Content]
) -> dict[tuple[int, str, str], ContentId]:
    """Write texts; return the ids of all of them."""
    rows = [
        {
            "owner_id": ids[text.owner_ref],
            "variant": text.variant,
            "language": text.language,
            "sms_text": text.sms_text,
            "script": text.script,
            "variables": dict(text.variables),
        }
        for text in texts
    ]
    execute_many(connection, insert_new(connection, contents), rows)
    key = (contents.c.owner_id, contents.c.variant, contents.c.language)
    return {
        (row.owner_id, row.variant, row.language): ContentId(row.id)
        for chunk in in_chunks(sorted(set(ids.values())))
        for row in connection.execute(
            select(contents.c.id, *key).where(contents.c.owner_id.in_(chunk))
        )
    }


def _key(ids: Mapping[str, int], text: Content) -> tuple[int, str, str]:
    return ids[text.owner_ref], text.variant, text.language
