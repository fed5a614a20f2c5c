"""What CAP asks of whoever reads and writes it: a row for each rule of the standard.

Each row spoils the proper document in one way and says all that must come of it: every
code that is found, whether the schema and we accept it, where it aims, and what is read
(a path into the verdict: ``alert.info.0.language``). ``by`` tells whether the schema
enforces the rule or only the text of the standard does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tests.unit.warning.cap_cases import referring
from tests.unit.warning.cap_samples import (
    EARLIER,
    OWN,
    spoil,
    without,
)

SCHEMA, TEXT = "schema", "text"
_SCOPE = "<scope>Public</scope>"
_SENT = "<sent>2026-10-01T06:00:00+07:00"


_SIGNS = (("blank", " "), ("comma", ","), ("<", "&lt;"), ("&", "&amp;"))


class Row(NamedTuple):
    """One rule, one document, and everything that must come of it."""

    rule: str
    by: str
    document: bytes
    codes: frozenset[str] = frozenset()
    usable: bool = True
    targeting: str = "polygon"
    reads: Mapping[str, object] = {}


def row(
    rule: str,
    by: str,
    document: bytes,
    *codes: str,
    usable: bool = True,
    targeting: str = "polygon",
    reads: Mapping[str, object] | None = None,
) -> Row:
    """Write a row with its codes in a line."""
    return Row(rule, by, document, frozenset(codes), usable, targeting, reads or {})


def sent(text: str) -> bytes:
    """Return the proper document with another time of sending."""
    return spoil((_SENT, f"<sent>{text}"))


def alert_with(*after_scope: str) -> bytes:
    """Return the proper document with those elements after its scope."""
    return spoil((_SCOPE, _SCOPE + "".join(after_scope)))


def info_with(before_web: str) -> bytes:
    """Return the proper document with those elements after its contact."""
    return spoil(("<area>", f"{before_web}<area>"))


def pair(name: str, key: str, value: str) -> str:
    """Write a named value."""
    return f"<{name}><valueName>{key}</valueName><value>{value}</value></{name}>"


IDENTITY = (
    row(
        "an identifier is not empty",
        TEXT,
        spoil(("KHM-1", "")),
        "empty_element",
        usable=False,
        reads={"valid_xsd": True},
    ),
    row(
        "a sender is not empty",
        TEXT,
        spoil(("office@example.org<", "<")),
        "empty_element",
        usable=False,
        reads={"valid_xsd": True},
    ),
    *(
        row(
            f"an identifier holds no {name}",
            TEXT,
            spoil(("KHM-1", f"KHM{sign}1")),
            "identifier_characters",
        )
        for name, sign in _SIGNS
    ),
    *(
        row(
            f"a sender holds no {name}",
            TEXT,
            spoil(("office@example.org<", f"office{sign}org<")),
            "sender_characters",
        )
        for name, sign in _SIGNS
    ),
)

TIMES = (
    row(
        "a time has date, time and offset",
        SCHEMA,
        sent("2026-10-01T06:00:00"),
        "date_no_offset",
        usable=False,
    ),
    row(
        "a letter is no offset",
        SCHEMA,
        sent("2026-09-30T23:00:00Z"),
        "date_letter",
        reads={"alert.sent": "2026-09-30T23:00:00-00:00", "valid_xsd": False},
    ),
    row(
        "seconds have no fraction",
        SCHEMA,
        sent("2026-10-01T06:00:00.5+07:00"),
        "date_fraction",
        reads={"valid_xsd": False},
    ),
    row(
        "UTC is -00:00",
        TEXT,
        sent("2026-09-30T23:00:00-00:00"),
        reads={"alert.sent": "2026-09-30T23:00:00-00:00"},
    ),
    row(
        "+00:00 is read as UTC too",
        TEXT,
        sent("2026-09-30T23:00:00+00:00"),
        reads={"alert.sent": "2026-09-30T23:00:00-00:00"},
    ),
    row(
        "the comma that the pattern lets pass is none",
        SCHEMA,
        sent("2026-10-01T06:00:00,07:00"),
        "date_unreadable",
        usable=False,
        reads={"valid_xsd": False},
    ),
    row(
        "effective is the time of sending unless said",
        TEXT,
        without("effective"),
        reads={"alert.info.0.effective": None},
    ),
    row(
        "onset is when the event is expected",
        TEXT,
        without("onset"),
        reads={"alert.info.0.onset": None},
    ),
    row(
        "an alert without expires is the reader's to end",
        TEXT,
        without("expires"),
        "expires_missing",
        reads={"alert.info.0.expires": None},
    ),
    row(
        "expires is the end of the message, not of the event",
        TEXT,
        spoil(("<onset>2026-10-01", "<onset>2026-10-03")),
        "expires_before_onset",
    ),
    row(
        "an alert that is over when it is sent says nothing",
        TEXT,
        spoil(("2026-10-02T06", "2026-10-01T05")),
        "expires_before_effective",
        "expires_before_onset",
        "expires_before_sent",
        usable=False,
    ),
)

KINDS = (
    *(
        row(
            f"status {word}",
            SCHEMA,
            spoil(("Actual", word)),
            "not_for_public",
            reads={"alert.status": word, "valid_xsd": True},
        )
        for word in ("System", "Test", "Draft")
    ),
    row(
        "an Exercise names itself in its note",
        TEXT,
        spoil(("Actual", "Exercise")),
        "not_for_public",
        "exercise_unnamed",
    ),
    row(
        "a named Exercise",
        TEXT,
        spoil(("Actual", "Exercise"), (_SCOPE, f"{_SCOPE}<note>Mekong 26</note>")),
        "not_for_public",
        reads={"alert.note": "Mekong 26"},
    ),
    row(
        "no other status",
        SCHEMA,
        spoil(("Actual", "Live")),
        "bad_value",
        "not_for_public",
        usable=False,
    ),
    *(
        row(
            f"{word} refers to another message",
            TEXT,
            referring(EARLIER, word),
            reads={"alert.msg_type": word, "alert.references.0.identifier": "KHM-0"},
        )
        for word in ("Update", "Cancel")
    ),
    *(
        row(
            f"{word} without references passes the schema alone",
            TEXT,
            spoil((">Alert<", f">{word}<")),
            "references_missing",
            *more,
            usable=False,
            reads={"valid_xsd": True},
        )
        for word, more in (
            ("Update", ()),
            ("Cancel", ()),
            ("Ack", ("not_for_public",)),
            ("Error", ("not_for_public", "error_unexplained")),
        )
    ),
    row("an Ack is not for people", TEXT, referring(EARLIER, "Ack"), "not_for_public"),
    row(
        "an Error explains itself in its note",
        TEXT,
        referring(EARLIER, "Error"),
        "not_for_public",
        "error_unexplained",
    ),
    row(
        "no other type",
        SCHEMA,
        spoil((">Alert<", ">Repeat<")),
        "bad_value",
        "not_for_public",
        usable=False,
    ),
    row(
        "references are triples between blanks",
        TEXT,
        referring(f"{EARLIER}\n  office@example.org,KHM-9,2026-10-01T04:00:00+07:00"),
        reads={"alert.references.1.identifier": "KHM-9"},
    ),
    row(
        "what is no triple is no reference",
        TEXT,
        referring(f"KHM-0 {EARLIER}"),
        "reference_format",
        reads={"alert.references.0.identifier": "KHM-0"},
    ),
    row(
        "an alert does not refer to itself",
        TEXT,
        referring(f"{EARLIER} {OWN}"),
        "reference_self",
    ),
)

SCOPES = (
    row(
        "a restriction goes with Restricted",
        TEXT,
        spoil((_SCOPE, "<scope>Restricted</scope><restriction>us</restriction>")),
        "not_for_public",
        reads={"alert.restriction": "us"},
    ),
    row(
        "Restricted goes with a restriction",
        TEXT,
        spoil(("Public", "Restricted")),
        "not_for_public",
        "restriction_missing",
    ),
    row(
        "a restriction goes with nothing else",
        TEXT,
        alert_with("<restriction>us</restriction>"),
        "restriction_without_scope",
    ),
    row(
        "Private needs addresses",
        TEXT,
        spoil(("Public", "Private")),
        "addresses_missing",
        "not_for_public",
        usable=False,
        reads={"valid_xsd": True},
    ),
    row(
        "Private with addresses",
        TEXT,
        spoil((_SCOPE, '<scope>Private</scope><addresses>a "b c"</addresses>')),
        "not_for_public",
        reads={"alert.addresses": ["a", "b c"]},
    ),
    row(
        "no other scope",
        SCHEMA,
        spoil(("Public", "World")),
        "bad_value",
        "not_for_public",
        usable=False,
    ),
)

MESSAGES = (*IDENTITY, *TIMES, *KINDS, *SCOPES)
