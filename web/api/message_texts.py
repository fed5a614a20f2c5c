"""Our own texts over the API: read, written anew, read over by a speaker."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from accounts.operators import Operator, Role
from warning.texts.text_lines import TextLine
from web.api.declaration import Api
from web.models.message_texts import (
    ChangedTextsOut,
    MessageTextList,
    MessageTextNamesIn,
    MessageTextOut,
    MessageTextsIn,
    TextLanguageList,
    TextLanguageOut,
)
from web.services import services

api = Api("texts")

_CHANGES = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


@api.operation(
    "GET",
    "/message-texts",
    role=Role.VIEWER,
    summary="List the languages that we have texts in",
    answer=TextLanguageList,
)
def list_text_languages(*, by: Operator) -> TextLanguageList:
    """What is said where a warning does not say it itself."""
    del by
    known = services().texts.desk.languages()
    return TextLanguageList(
        revision=known[0].revision,
        items=[
            TextLanguageOut(
                language=one.language,
                texts=len(one.lines),
                own=one.n_own,
                unreviewed=one.n_unreviewed,
            )
            for one in known
        ],
    )


@api.operation(
    "GET",
    "/message-texts/<language>",
    role=Role.VIEWER,
    summary="Show the texts of a language",
    answer=MessageTextList,
    problems=(HTTPStatus.NOT_FOUND,),
)
def get_message_texts(language: str, *, by: Operator) -> MessageTextList:
    """With what comes with the release, and who changed and read them."""
    del by
    known = services().texts.desk.language(language)
    return MessageTextList(
        language=known.language,
        revision=known.revision,
        items=[_out(line) for line in known.lines],
    )


@api.operation(
    "PATCH",
    "/message-texts/<language>",
    role=Role.ADMIN,
    summary="Let texts say something else",
    body=MessageTextsIn,
    answer=ChangedTextsOut,
    problems=_CHANGES,
)
def change_message_texts(
    language: str, *, by: Operator, body: MessageTextsIn
) -> ChangedTextsOut:
    """All of them or none. Warnings that are submitted keep the words they have."""
    desk = services().texts.desk
    changed = desk.save(language, body.texts, seen=body.seen, by=by.name)
    return _changed(language, changed, seen=body.seen, by=by)


@api.operation(
    "POST",
    "/message-texts/<language>/bring-back",
    role=Role.ADMIN,
    summary="Go back to the texts of the release",
    body=MessageTextNamesIn,
    answer=ChangedTextsOut,
    problems=_CHANGES,
)
def bring_back_message_texts(
    language: str, *, by: Operator, body: MessageTextNamesIn
) -> ChangedTextsOut:
    """What was written in their place stays in the record."""
    desk = services().texts.desk
    changed = desk.bring_back(language, body.paths, seen=body.seen, by=by.name)
    return _changed(language, changed, seen=body.seen, by=by)


@api.operation(
    "POST",
    "/message-texts/<language>/review",
    role=Role.ADMIN,
    summary="Note that a speaker has read texts",
    body=MessageTextNamesIn,
    answer=ChangedTextsOut,
    problems=(*_CHANGES, HTTPStatus.FORBIDDEN),
)
def review_message_texts(
    language: str, *, by: Operator, body: MessageTextNamesIn
) -> ChangedTextsOut:
    """By somebody other than their author; it holds for these words."""
    desk = services().texts.desk
    changed = desk.review(language, body.paths, seen=body.seen, by=by.name)
    return _changed(language, changed, seen=body.seen, by=by)


@api.operation(
    "POST",
    "/message-texts/<language>/doubt",
    role=Role.ADMIN,
    summary="Take back that texts were read over",
    body=MessageTextNamesIn,
    answer=ChangedTextsOut,
    problems=_CHANGES,
)
def doubt_message_texts(
    language: str, *, by: Operator, body: MessageTextNamesIn
) -> ChangedTextsOut:
    """What came read with the release stays read."""
    desk = services().texts.desk
    changed = desk.doubt(language, body.paths, seen=body.seen, by=by.name)
    return _changed(language, changed, seen=body.seen, by=by)


def _changed(
    language: str, changed: Sequence[str], *, seen: int, by: Operator
) -> ChangedTextsOut:
    desk = services().texts.desk
    revision = desk.seen_after(language, seen=seen, by=by.name)
    return ChangedTextsOut(changed=list(changed), revision=revision)


def _out(line: TextLine) -> MessageTextOut:
    read, changed = line.read, line.changed
    return MessageTextOut(
        path=line.path,
        text=line.words,
        brought=line.brought,
        longest=line.slot.longest,
        placeholders=sorted(line.slot.placeholders),
        reviewed=line.is_reviewed,
        reviewed_by=None if read is None else read.by,
        reviewed_at=None if read is None else read.at,
        changed_by=None if changed is None else changed.by,
        changed_at=None if changed is None else changed.at,
    )
