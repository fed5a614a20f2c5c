"""What issuers really send, and what nobody should: one oddity each, and its verdict.

``usable`` is whether it may become a draft, ``targeting`` where it aims, and ``codes``
are among what is found. ``docs/cap.md`` says the same in words.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.unit.warning.cap_samples import (
    EARLIER,
    PROPER,
    spoil,
)

CAP_1_0 = "http://www.incident.com/cap/1.0"
CAP_1_1 = "urn:oasis:names:tc:emergency:cap:1.1"
CAP_1_2 = "urn:oasis:names:tc:emergency:cap:1.2"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_BODY = PROPER.partition("?>\n")[2]
INFO = PROPER[PROPER.index("<info>") : PROPER.index("</alert>")]
SCOPE = "<scope>Public</scope>"
_SENT = "<sent>2026-10-01T06:00:00+07:00</sent>"
POLYGON = "<polygon>11,104 11,105 12,105 12,104 11,104</polygon>"
_HEAD = '<?xml version="1.0" encoding="{}"?>\n'


class Odd(NamedTuple):
    """One document and what must be said of it."""

    name: str
    document: bytes
    usable: bool
    targeting: str
    codes: tuple[str, ...] = ()


def sent(text: str) -> bytes:
    """Return the proper document with another time of sending."""
    return spoil((_SENT, f"<sent>{text}</sent>"))


def prefixed() -> bytes:
    """Return the proper document with a prefix at every element."""
    text = (
        _BODY.replace("</", "</cap:")
        .replace("<", "<cap:")
        .replace("<cap:/cap:", "</cap:")
    )
    return text.replace("xmlns=", "xmlns:cap=").encode()


def references(text: str) -> bytes:
    """Return an Update with those references."""
    return spoil(
        (">Alert<", ">Update<"),
        (SCOPE, f"{SCOPE}<references>{text}</references>"),
    )


FORMS = (
    # Encodings.
    Odd("byte order mark", b"\xef\xbb\xbf" + PROPER.encode(), True, "polygon"),
    Odd("UTF-16", PROPER.replace("UTF-8", "UTF-16").encode("utf-16"), True, "polygon"),
    Odd(
        "declared UTF-16, saved as UTF-8",
        PROPER.replace("UTF-8", "UTF-16").encode(),
        True,
        "polygon",
    ),
    Odd(
        "latin-1, declared",
        (_HEAD.format("ISO-8859-1") + _BODY.replace("River", "Rivière")).encode(
            "latin-1"
        ),
        True,
        "polygon",
    ),
    Odd(
        "latin-1 bytes in UTF-8",
        PROPER.replace("River", "Rivière").encode("latin-1"),
        False,
        "no_area",
        ("encoding",),
    ),
    Odd("no declaration", _BODY.encode(), True, "polygon"),
    Odd(
        "blanks before the declaration",
        b"\n  " + PROPER.encode(),
        True,
        "polygon",
        (),
    ),
    Odd(
        "windows-1252, declared",
        (
            _HEAD.format("windows-1252") + _BODY.replace("rising.", "rising\u2014fast.")
        ).encode("cp1252"),
        True,
        "polygon",
    ),
    Odd(
        "UTF-7",
        PROPER.replace("UTF-8", "UTF-7").encode(),
        False,
        "no_area",
        ("encoding",),
    ),
    Odd("carriage returns", PROPER.replace("\n", "\r\n").encode(), True, "polygon"),
    # Namespaces and prefixes.
    Odd("prefix everywhere", prefixed(), True, "polygon"),
    Odd("CAP 1.1", PROPER.replace(CAP_1_2, CAP_1_1).encode(), True, "polygon"),
    Odd(
        "CAP 1.0",
        PROPER.replace(CAP_1_2, CAP_1_0).encode(),
        True,
        "polygon",
        ("unknown_element",),
    ),
    Odd(
        "CAP 1.0, Very Likely",
        PROPER.replace(CAP_1_2, CAP_1_0).replace(">Likely", ">Very Likely").encode(),
        True,
        "polygon",
        ("very_likely",),
    ),
    Odd(
        "no namespace",
        PROPER.replace(f' xmlns="{CAP_1_2}"', "").encode(),
        False,
        "polygon",
        ("namespace",),
    ),
    Odd(
        "a namespace of its own",
        PROPER.replace(CAP_1_2, "urn:mine").encode(),
        False,
        "polygon",
        ("namespace",),
    ),
    Odd(
        "a stylesheet",
        PROPER.replace(
            "?>\n", "?>\n<?xml-stylesheet href='http://a/b.xsl'?>\n", 1
        ).encode(),
        True,
        "polygon",
    ),
    Odd(
        "comments everywhere",
        PROPER.replace("\n<", "\n<!-- hm --><").encode(),
        True,
        "polygon",
    ),
    Odd(
        "a location of the schema",
        PROPER.replace(
            'cap:1.2">',
            f'cap:1.2" xmlns:i="{_XSI}" i:schemaLocation="a http://a/b.xsd">',
            1,
        ).encode(),
        True,
        "polygon",
    ),
    # Times.
    Odd("Z", sent("2026-09-30T23:00:00Z"), True, "polygon", ("date_letter",)),
    Odd(
        "fractions of a second",
        sent("2026-10-01T06:00:00.123+07:00"),
        True,
        "polygon",
        ("date_fraction",),
    ),
    Odd(
        "a blank for the T",
        sent("2026-10-01 06:00:00+07:00"),
        True,
        "polygon",
        ("date_format",),
    ),
    Odd(
        "no seconds", sent("2026-10-01T06:00+07:00"), True, "polygon", ("date_format",)
    ),
    Odd(
        "no offset", sent("2026-10-01T06:00:00"), False, "polygon", ("date_no_offset",)
    ),
    Odd(
        "a Buddhist year",
        sent("2569-10-01T06:00:00+07:00"),
        False,
        "polygon",
        ("date_buddhist_year",),
    ),
    Odd(
        "a day that is none",
        sent("2026-02-30T06:00:00+07:00"),
        False,
        "polygon",
        ("date_unreadable",),
    ),
    Odd("words for a time", sent("yesterday"), False, "polygon", ("date_unreadable",)),
    Odd("midnight as 24:00", sent("2026-09-30T24:00:00+07:00"), True, "polygon"),
    Odd("UTC as -00:00", sent("2026-09-30T23:00:00-00:00"), True, "polygon"),
    Odd(
        "white space around a time",
        sent("\n  2026-10-01T06:00:00+07:00\n"),
        True,
        "polygon",
    ),
    # References.
    Odd(
        "an update of nothing",
        references(""),
        False,
        "polygon",
        ("references_missing",),
    ),
    Odd(
        "references with line breaks",
        references(f"\n {EARLIER}\n {EARLIER}\n"),
        True,
        "polygon",
    ),
    Odd(
        "a reference without a time",
        references("office@example.org,KHM-0"),
        False,
        "polygon",
        ("reference_format", "references_missing"),
    ),
    Odd(
        "a reference that is no sentence",
        references(f"see the first one {EARLIER}"),
        True,
        "polygon",
        ("reference_format",),
    ),
    # Not CAP at all.
    Odd("nothing", b"", False, "no_area", ("not_well_formed",)),
    Odd("JSON", b'{"alert": 1}', False, "no_area", ("not_well_formed",)),
    Odd("HTML", b"<html><body>404</body></html>", False, "no_area", ("not_cap",)),
    Odd(
        "a feed", b"<rss version='2.0'><channel/></rss>", False, "no_area", ("not_cap",)
    ),
    Odd("cut off", PROPER.encode()[:-30], False, "no_area", ("not_well_formed",)),
    Odd(
        "a DOCTYPE",
        PROPER.replace("?>\n", "?>\n<!DOCTYPE alert>\n", 1).encode(),
        False,
        "no_area",
        ("doctype",),
    ),
    Odd(
        "an entity",
        PROPER.replace("?>\n", "?>\n<!DOCTYPE a [<!ENTITY x 'y'>]>\n", 1)
        .replace("rising", "&x;")
        .encode(),
        False,
        "no_area",
        ("doctype",),
    ),
    Odd(
        "an inclusion",
        spoil(
            (
                "<area>",
                f"<x:include xmlns:x='{_XINCLUDE}' href='/etc/passwd'/><area>",
            )
        ),
        False,
        "no_area",
        ("xinclude",),
    ),
)
