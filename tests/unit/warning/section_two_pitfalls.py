"""Rows for older versions of CAP, and for what feeds really hold."""

from __future__ import annotations

import base64

from tests.fakes.sounds import sound_file, tone
from tests.unit.warning.cap_cases import referring, with_resource
from tests.unit.warning.cap_samples import (
    EARLIER,
    OWN,
    PROPER,
    spoil,
    with_area,
    with_polygon,
    without,
)
from tests.unit.warning.section_two import SCHEMA, TEXT, alert_with, pair, row, sent

_1_0 = "http://www.incident.com/cap/1.0"
_1_1 = "urn:oasis:names:tc:emergency:cap:1.1"
_1_2 = "urn:oasis:names:tc:emergency:cap:1.2"
#: A tenth of a second of sound, as base64.
_TONE = base64.b64encode(sound_file(tone(0.05))).decode()
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_INFO = PROPER[PROPER.index("<info>") : PROPER.index("</alert>")]


def version(name: str, *edits: tuple[str, str]) -> bytes:
    """Return the proper document in another version of CAP."""
    return spoil((_1_2, name), *edits)


def prefixed() -> bytes:
    """Return the proper document with a prefix at every element."""
    body = PROPER.partition("?>\n")[2].replace("</", "<~").replace("<", "<cap:")
    return body.replace("<cap:~", "</cap:").replace("xmlns=", "xmlns:cap=").encode()


VERSIONS = (
    row(
        "1.0 is read",
        SCHEMA,
        version(_1_0),
        "unknown_element",
        reads={"version": "1.0"},
    ),
    row(
        "1.0 has a password, which nobody is told",
        SCHEMA,
        version(_1_0, ("<info>", "<password>x</password><info>")),
        "password",
        "out_of_order",
        "unknown_element",
    ),
    row(
        "Very Likely of 1.0 is Likely",
        SCHEMA,
        version(_1_0, (">Likely<", ">Very Likely<")),
        "very_likely",
        "unknown_element",
        reads={"alert.info.0.certainty": "Likely"},
    ),
    row(
        "1.1 is read",
        SCHEMA,
        version(_1_1),
        reads={"version": "1.1", "valid_xsd": True},
    ),
    *(
        row(
            f"1.1 has no {word}",
            SCHEMA,
            version(_1_1, (">Evacuate<", f">{word}<")),
            "bad_value",
            reads={"valid_xsd": False},
        )
        for word in ("Avoid", "AllClear")
    ),
    row(
        "Very Likely is not of 1.2",
        SCHEMA,
        spoil((">Likely<", ">Very Likely<")),
        "very_likely",
        reads={"valid_xsd": False, "alert.info.0.certainty": "Likely"},
    ),
)

PITFALLS = (
    row(
        "longitude first",
        TEXT,
        with_polygon("104,11 105,11 105,12 104,12 104,11"),
        "swapped_axes",
        usable=False,
        targeting="swapped_axes",
        reads={"area": None, "swapped_area.coordinates.0.0": [104.0, 11.0]},
    ),
    row(
        "a Buddhist year",
        TEXT,
        sent("2569-10-01T06:00:00+07:00"),
        "date_buddhist_year",
        "expires_before_sent",
        usable=False,
    ),
    row(
        "a time nobody can read",
        TEXT,
        sent("1 October, six"),
        "date_unreadable",
        usable=False,
    ),
    row(
        "brackets around pairs",
        TEXT,
        with_polygon("(11,104) (11,105) (12,105) (12,104) (11,104)"),
        "polygon_brackets",
        reads={"area.type": "Polygon"},
    ),
    row(
        "an outline that crosses itself",
        TEXT,
        with_polygon("11,104 12,105 11,105 12,104 11,104"),
        "polygon_crossing",
        reads={"targetable": True},
    ),
    row(
        "beyond 180",
        TEXT,
        with_polygon("11,181 11,182 12,182 12,181 11,181"),
        "polygon_longitude",
        reads={"area.coordinates.0.0.0": -179.0},
    ),
    row(
        "below -180",
        TEXT,
        with_polygon("11,-181 11,-182 12,-182 12,-181 11,-181"),
        "polygon_longitude",
        reads={"targetable": True},
    ),
    row(
        "across the 180th meridian",
        TEXT,
        with_polygon("11,179 11,181 12,181 12,179 11,179"),
        "polygon_antimeridian",
        "polygon_longitude",
        reads={"area.type": "MultiPolygon"},
    ),
    row(
        "an empty polygon",
        TEXT,
        with_polygon(""),
        "polygon_empty",
        targeting="empty_polygon",
        reads={"area": None, "targetable": False},
    ),
    row(
        "an empty restriction",
        TEXT,
        alert_with("<restriction/>"),
        reads={"alert.restriction": None},
    ),
    row(
        "empty references",
        TEXT,
        alert_with("<references/>"),
        reads={"alert.references": []},
    ),
    *(
        row(
            f"only a code of {system}",
            TEXT,
            with_area(pair("geocode", system, code)),
            "area_geocode_only",
            "geocode_unknown",
            targeting="geocode_unknown",
            reads={"area": None, "targetable": False},
        )
        for system, code in (
            ("EMMA_ID", "DE001"),
            ("SAME", "006109"),
            ("UGC", "TXZ123"),
            ("profile:CAP-CP:Location:0.3", "4806"),
            ("CPEAS", "310101"),
            ("LGD", "584"),
            ("WARNCELLID", "109573000"),
        )
    ),
    row(
        "a polygon behind an address",
        TEXT,
        with_area("").replace(
            b"<area>",
            pair("parameter", "polygonUrl", "https://example.org/p.json").encode()
            + b"<area>",
        ),
        "area_text_only",
        targeting="text_only",
        reads={"area": None},
    ),
    row(
        "a polygon of nobody's namespace",
        SCHEMA,
        with_area("<polygon xmlns=''>11,104</polygon>"),
        "unknown_element",
        "area_text_only",
        targeting="text_only",
    ),
    row(
        "no area at all",
        TEXT,
        without("area"),
        "area_missing",
        targeting="no_area",
        reads={"area": None, "targetable": False},
    ),
    row(
        "a prefix everywhere",
        TEXT,
        prefixed(),
        reads={"alert.info.0.area.0.area_desc": "River bank", "valid_xsd": True},
    ),
    row(
        "a reference with its own time",
        TEXT,
        referring(OWN.replace("KHM-1", "KHM-0")),
        "reference_own_sent",
        reads={"alert.references.0.identifier": "KHM-0"},
    ),
    row(
        "a Cancel without a word",
        TEXT,
        referring(EARLIER, "Cancel").replace(_INFO.encode(), b""),
        "cancel_without_text",
        targeting="no_area",
    ),
    row(
        "latin-1 bytes in UTF-8",
        TEXT,
        PROPER.replace("River", "Rivière").encode("latin-1"),
        "encoding",
        usable=False,
        targeting="no_area",
        reads={"defects.0.line": 27, "alert": None},
    ),
    row(
        "a DOCTYPE",
        TEXT,
        PROPER.replace(
            "?>\n", "?>\n<!DOCTYPE alert SYSTEM 'http://a/b.dtd'>\n"
        ).encode(),
        "doctype",
        usable=False,
        targeting="no_area",
        reads={"alert": None},
    ),
    row(
        "an entity",
        TEXT,
        PROPER.replace("?>\n", "?>\n<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc'>]>\n")
        .replace("rising", "&x;")
        .encode(),
        "doctype",
        usable=False,
        targeting="no_area",
        reads={"alert": None},
    ),
    row(
        "an inclusion",
        TEXT,
        spoil(
            (
                "<area>",
                f"<x:include xmlns:x='{_XINCLUDE}' href='/etc/hosts'/><area>",
            )
        ),
        "xinclude",
        usable=False,
        targeting="no_area",
        reads={"alert": None},
    ),
    row(
        "a stylesheet is left alone",
        TEXT,
        PROPER.replace(
            "?>\n", "?>\n<?xml-stylesheet href='http://a/b'?>\n", 1
        ).encode(),
        reads={"valid_xsd": True},
    ),
    row(
        "a text made for phones",
        TEXT,
        spoil(("<area>", pair("parameter", "CMAMtext", "GO UP.") + "<area>")),
        reads={
            "alert.info.0.parameter": [{"value_name": "CMAMtext", "value": "GO UP."}]
        },
    ),
    row(
        "a recording that came along",
        TEXT,
        with_resource(f"<derefUri>{_TONE}</derefUri>").replace(
            b"image/png", b"audio/x-wav"
        ),
        reads={"alert.info.0.resource.0.n_embedded_bytes": 844},
    ),
    row(
        "a recording that is none",
        TEXT,
        with_resource("<derefUri>AAEC</derefUri>").replace(b"image/png", b"audio/mpeg"),
        "sound_unplayable",
        reads={"alert.info.0.resource.0.n_embedded_bytes": 3},
    ),
)
