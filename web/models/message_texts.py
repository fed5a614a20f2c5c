"""What the API reads and answers about our own texts."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from web.models.answers import Out
from web.models.schemas import In

_MAX_TEXTS = 200


class TextLanguageOut(Out):
    """A language that has texts."""

    language: str
    texts: int
    own: int = Field(description="Texts that say other words than the release.")
    unreviewed: int = Field(description="Texts that no speaker has read.")


class TextLanguageList(Out):
    """Every language that has texts."""

    revision: int = Field(description="Grows with every change of any text.")
    items: list[TextLanguageOut]


class MessageTextOut(Out):
    """One text."""

    path: str = Field(description="Its name, such as hazards.flood.act.")
    text: str = Field(description="Lists of words have commas between them.")
    brought: str | None = Field(description="What comes with the release.")
    longest: int = Field(description="16-bit units it may have.")
    placeholders: list[str] = Field(description="What has to stand in it in braces.")
    reviewed: bool = Field(description="Whether a speaker has read these words.")
    reviewed_by: str | None = Field(description="Null: nobody, or before the release.")
    reviewed_at: datetime | None
    changed_by: str | None = Field(description="Null: it is as it came.")
    changed_at: datetime | None


class MessageTextList(Out):
    """All texts of a language."""

    language: str
    revision: int = Field(description="Give it back as ``seen`` with what you change.")
    items: list[MessageTextOut]


class _Seen(In):
    seen: int = Field(
        ge=0,
        description="The revision you have read. What was changed since is not "
        "overwritten: 409.",
    )


class MessageTextsIn(_Seen):
    """Texts that are to say something else."""

    texts: dict[str, str] = Field(
        min_length=1, max_length=_MAX_TEXTS, description="Name to words."
    )


class MessageTextNamesIn(_Seen):
    """Names of texts."""

    paths: list[str] = Field(min_length=1, max_length=_MAX_TEXTS)


class ChangedTextsOut(Out):
    """What came of it."""

    changed: list[str] = Field(description="Names of the texts that are changed now.")
    revision: int = Field(
        description="To go on with as ``seen``. If somebody else has changed texts of "
        "the language since you read them, it is what you gave: read them again."
    )
