"""Odd contents of CAP: shapes, codes, words and infos; see ``odd_documents``."""

from __future__ import annotations

from tests.unit.warning.cap_samples import spoil, with_area, with_circle, with_polygon
from tests.unit.warning.odd_documents import INFO, POLYGON, SCOPE, Odd


def circle_and(shape: str) -> bytes:
    """Return the proper document with two shapes instead of its polygon."""
    return with_area(f"{shape}<circle>11.5,104.5 9</circle>")


def infos(*edits: tuple[str, str]) -> bytes:
    """Return the proper document with its info again, spoilt."""
    again = INFO
    for old, new in edits:
        assert old in again
        again = again.replace(old, new)
    return spoil(("</alert>", f"{again}</alert>"))


CONTENTS = (
    # Polygons.
    Odd(
        "line breaks in a polygon",
        with_polygon("11,104\n  11,105\n\t12,105\r\n12,104 11,104\n"),
        True,
        "polygon",
    ),
    Odd(
        "commas between pairs",
        with_polygon("11,104, 11,105, 12,105, 12,104, 11,104"),
        False,
        "unreadable_shape",
        ("polygon_unreadable",),
    ),
    Odd(
        "blanks after commas",
        with_polygon("11, 104 11, 105 12, 105 12, 104 11, 104"),
        True,
        "polygon",
        ("polygon_brackets",),
    ),
    Odd(
        "brackets around pairs",
        with_polygon("(11,104) (11,105) (12,105) (11,104)"),
        True,
        "polygon",
        ("polygon_brackets",),
    ),
    Odd(
        "numbers with commas alone",
        with_polygon("11,104,11,105,12,105,12,104,11,104"),
        False,
        "unreadable_shape",
        ("polygon_unreadable",),
    ),
    Odd("decimal commas", with_polygon("11,5 104,5 11,5 105,5"), False, "swapped_axes"),
    Odd(
        "exponents", with_polygon("1.1e1,1.04e2 11,105 12,105 11,104"), True, "polygon"
    ),
    Odd(
        "an open ring",
        with_polygon("11,104 11,105 12,105 12,104"),
        True,
        "polygon",
        ("polygon_open",),
    ),
    Odd(
        "longitude first",
        with_polygon("104,11 105,11 105,12 104,12 104,11"),
        False,
        "swapped_axes",
        ("swapped_axes",),
    ),
    Odd(
        "a line",
        with_polygon("11,104 11,105 11,104 11,104"),
        False,
        "unreadable_shape",
        ("polygon_too_few_points",),
    ),
    Odd(
        "one point, four times",
        with_polygon("11,104 11,104 11,104 11,104"),
        False,
        "unreadable_shape",
        ("polygon_too_few_points",),
    ),
    Odd(
        "a crossing",
        with_polygon("11,104 12,105 11,105 12,104 11,104"),
        True,
        "polygon",
        ("polygon_crossing",),
    ),
    Odd(
        "beyond the pole",
        with_polygon("89,104 91,200 88,105 89,104"),
        False,
        "unreadable_shape",
        ("polygon_out_of_range",),
    ),
    Odd(
        "beyond 180",
        with_polygon("11,179 11,181 12,181 12,179 11,179"),
        True,
        "polygon",
        ("polygon_antimeridian",),
    ),
    Odd(
        "not a number",
        with_polygon("11,104 NaN,105 12,105 11,104"),
        False,
        "unreadable_shape",
    ),
    Odd(
        "infinite",
        with_polygon("11,104 inf,105 12,105 11,104"),
        False,
        "unreadable_shape",
    ),
    Odd(
        "an empty polygon",
        with_area("<polygon/>"),
        True,
        "empty_polygon",
        ("polygon_empty",),
    ),
    Odd(
        "an empty polygon beside a circle",
        circle_and("<polygon/>"),
        True,
        "circle",
        ("polygon_empty",),
    ),
    Odd(
        "a word beside a circle",
        circle_and("<polygon>here</polygon>"),
        False,
        "partial",
        ("polygon_unreadable",),
    ),
    Odd("the same polygon twice", with_area(POLYGON * 2), True, "polygon"),
    Odd(
        "two polygons apart",
        with_area(f"{POLYGON}<polygon>1,104 1,105 2,105 1,104</polygon>"),
        True,
        "polygon",
    ),
    # Circles and codes.
    Odd(
        "a radius of 0",
        with_circle("11,104 0"),
        True,
        "epicentre_only",
        ("circle_radius_zero",),
    ),
    Odd(
        "a radius of 0.0",
        with_circle("11,104 0.0"),
        True,
        "epicentre_only",
        ("circle_radius_zero",),
    ),
    Odd(
        "no radius",
        with_circle("11,104"),
        False,
        "unreadable_shape",
        ("circle_unreadable",),
    ),
    Odd(
        "a radius below 0",
        with_circle("11,104 -5"),
        False,
        "unreadable_shape",
        ("circle_unreadable",),
    ),
    Odd(
        "a radius around the earth",
        with_circle("11,104 99999"),
        False,
        "unreadable_shape",
    ),
    Odd("a circle over the pole", with_circle("89.9,0 100"), True, "circle"),
    Odd(
        "a code alone",
        with_area(
            "<geocode><valueName>EMMA_ID</valueName><value>KH001</value></geocode>"
        ),
        True,
        "geocode_unknown",
        ("geocode_unknown", "area_geocode_only"),
    ),
    Odd(
        "a code without a name",
        with_area("<geocode><value>KH001</value></geocode>"),
        True,
        "geocode_unknown",
        ("missing_element", "geocode_name_missing"),
    ),
    Odd("a name alone", with_area(""), True, "text_only", ("area_text_only",)),
    Odd(
        "no area",
        spoil((INFO[INFO.index("<area>") : INFO.index("</info>")], "")),
        True,
        "no_area",
        ("area_missing",),
    ),
    # Words.
    Odd(
        "small letters",
        spoil(("Actual", "actual"), ("Immediate", "IMMEDIATE")),
        True,
        "polygon",
        ("spelling",),
    ),
    Odd(
        "an unknown severity",
        spoil(("Severe", "Catastrophic")),
        False,
        "polygon",
        ("bad_value",),
    ),
    Odd(
        "an unknown category",
        spoil((">Met<", ">Weather<")),
        True,
        "polygon",
        ("bad_value",),
    ),
    Odd(
        "an unknown response",
        spoil(("Evacuate", "Run")),
        True,
        "polygon",
        ("bad_value",),
    ),
    Odd(
        "an unknown status", spoil(("Actual", "Live")), False, "polygon", ("bad_value",)
    ),
    Odd(
        "an empty identifier",
        spoil(("KHM-1", "")),
        False,
        "polygon",
        ("empty_element",),
    ),
    Odd(
        "blanks in the identifier",
        spoil(("KHM-1", "KHM 1")),
        True,
        "polygon",
        ("identifier_characters",),
    ),
    Odd(
        "an empty restriction",
        spoil((SCOPE, f"{SCOPE}<restriction/>")),
        True,
        "polygon",
    ),
    Odd(
        "an underscore in the language",
        spoil((">en<", ">en_US<")),
        True,
        "polygon",
        ("bad_value",),
    ),
    Odd("no language", spoil(("<language>en</language>\n", "")), True, "polygon"),
    Odd(
        "HTML in the description",
        spoil(("rising.", "rising.&lt;br/&gt;&lt;b&gt;Run&lt;/b&gt;")),
        True,
        "polygon",
        ("markup",),
    ),
    Odd(
        "elements in the description",
        spoil(("rising.", "rising.<br/>Run")),
        True,
        "polygon",
        ("unknown_element",),
    ),
    Odd(
        "CDATA",
        spoil(("The river is rising.", "<![CDATA[The <river> & more]]>")),
        True,
        "polygon",
    ),
    Odd(
        "an endless text",
        spoil(("The river is rising.", "Up. " * 50_000)),
        True,
        "polygon",
    ),
    Odd(
        "a control character",
        spoil(("rising.", "rising&#7;.")),
        False,
        "no_area",
        ("not_well_formed",),
    ),
    # Infos.
    Odd("no info", spoil((INFO, "")), False, "no_area", ("info_missing",)),
    Odd("the same info twice", infos(), True, "polygon"),
    Odd(
        "two infos of one language",
        infos(("Flood tonight", "Flood tomorrow")),
        True,
        "polygon",
    ),
    Odd(
        "the same text in two languages",
        infos((">en<", ">km<")),
        True,
        "polygon",
        ("repeated_in_two_languages",),
    ),
    Odd(
        "no end",
        spoil(("<expires>2026-10-02T06:00:00+07:00</expires>\n", "")),
        True,
        "polygon",
        ("expires_missing",),
    ),
    Odd(
        "over before it began",
        spoil(("2026-10-02", "2026-09-02")),
        False,
        "polygon",
        ("expires_before_sent",),
    ),
    Odd(
        "elements out of order",
        spoil(
            ("<msgType>Alert</msgType>\n", ""),
            (SCOPE, f"{SCOPE}<msgType>Alert</msgType>"),
        ),
        True,
        "polygon",
        ("out_of_order",),
    ),
    Odd(
        "an element twice",
        spoil(
            (
                "Flood tonight</headline>",
                "Flood tonight</headline><headline>No</headline>",
            )
        ),
        True,
        "polygon",
        ("duplicate_element",),
    ),
    Odd(
        "an element of nobody's",
        spoil(("<area>", "<colour>red</colour><area>")),
        True,
        "polygon",
        ("unknown_element",),
    ),
    Odd(
        "an element of somebody else's",
        spoil(("<area>", "<x:colour xmlns:x='urn:x'>red</x:colour><area>")),
        True,
        "polygon",
        ("unknown_element",),
    ),
)
