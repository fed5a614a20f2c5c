"""Rows for areas, resources and the order of elements."""

from __future__ import annotations

from tests.unit.warning.cap_cases import with_resource
from tests.unit.warning.cap_samples import (
    spoil,
    with_area,
    with_circle,
    with_polygon,
    without,
)
from tests.unit.warning.section_two import SCHEMA, TEXT, pair, row

_1_1 = "urn:oasis:names:tc:emergency:cap:1.1"
_1_2 = "urn:oasis:names:tc:emergency:cap:1.2"
_SQUARE = "11,104 11,105 12,105 12,104 11,104"
_OTHER = "13,104 13,105 14,105 14,104 13,104"
_UNKNOWN_CODE = pair("geocode", "EMMA_ID", "XX001")
_KNOWN_CODE = pair("geocode", "ISO", "KNOWN")


def version(name: str, *edits: tuple[str, str]) -> bytes:
    """Return the proper document in another version of CAP."""
    return spoil((_1_2, name), *edits)


SHAPES = (
    row(
        "a polygon is lat,lon pairs between blanks",
        TEXT,
        with_polygon(_SQUARE),
        reads={"area.coordinates.0.0": [104.0, 11.0]},
    ),
    row(
        "any white space parts pairs",
        TEXT,
        with_polygon("11,104\t11,105\n12,105   12,104\r\n11,104"),
    ),
    row(
        "a polygon has four pairs or more",
        TEXT,
        with_polygon("11,104 11,105 11,104"),
        "polygon_too_few_points",
        usable=False,
        targeting="unreadable_shape",
    ),
    row(
        "the last pair is the first",
        TEXT,
        with_polygon("11,104 11,105 12,105 12,104"),
        "polygon_open",
        reads={"area.coordinates.0.4": [104.0, 11.0]},
    ),
    row(
        "a radius is in kilometres",
        TEXT,
        with_circle("11,104 5"),
        targeting="circle",
        reads={"targetable": True},
    ),
    row(
        "a circle has a radius",
        TEXT,
        with_circle("11,104"),
        "circle_unreadable",
        usable=False,
        targeting="unreadable_shape",
    ),
    row(
        "a radius of 0 is a place, no target",
        TEXT,
        with_circle("11,104 0"),
        "circle_radius_zero",
        targeting="epicentre_only",
        reads={"area": None, "targetable": False},
    ),
    row(
        "all shapes together are the target",
        TEXT,
        with_area(f"<polygon>{_SQUARE}</polygon><polygon>{_OTHER}</polygon>"),
        reads={"area.type": "MultiPolygon"},
    ),
    row(
        "polygons and circles together are the target",
        TEXT,
        with_area(f"<polygon>{_SQUARE}</polygon><circle>30,104 5</circle>"),
        reads={"area.type": "MultiPolygon"},
    ),
    row(
        "a shape is truer than the code beside it",
        TEXT,
        with_area(f"<polygon>{_SQUARE}</polygon>{_KNOWN_CODE}"),
        reads={"area.coordinates.0.0": [104.0, 11.0]},
    ),
    row(
        "a code alone is looked up",
        TEXT,
        with_area(_KNOWN_CODE),
        "area_geocode_only",
        targeting="geocode",
        reads={"targetable": True},
    ),
    row(
        "repeated codes are a list",
        TEXT,
        with_area(_KNOWN_CODE + _UNKNOWN_CODE),
        "area_geocode_only",
        "geocode_unknown",
        targeting="partial",
        reads={
            "alert.info.0.area.0.geocode": [
                {"value_name": "ISO", "value": "KNOWN"},
                {"value_name": "EMMA_ID", "value": "XX001"},
            ]
        },
    ),
    row("an area has a name", SCHEMA, without("areaDesc"), "missing_element"),
    row(
        "altitude and ceiling are feet",
        TEXT,
        spoil(("</area>", "<altitude>8</altitude><ceiling>9</ceiling></area>")),
        reads={
            "alert.info.0.area.0.altitude_ft": 8.0,
            "alert.info.0.area.0.ceiling_ft": 9.0,
        },
    ),
    row(
        "a ceiling stands only with an altitude",
        TEXT,
        spoil(("</area>", "<ceiling>9</ceiling></area>")),
        "ceiling_without_altitude",
    ),
    row(
        "a ceiling is not below the altitude",
        TEXT,
        spoil(("</area>", "<altitude>9</altitude><ceiling>8</ceiling></area>")),
        "ceiling_below_altitude",
    ),
)

RESOURCES = (
    row(
        "a resource says what it is",
        SCHEMA,
        with_resource("").replace(b"<mimeType>image/png</mimeType>", b""),
        "missing_element",
        "mime_type",
        reads={"alert.info.0.resource.0.mime_type": "application/octet-stream"},
    ),
    row(
        "mimeType was optional in 1.1",
        SCHEMA,
        with_resource("")
        .replace(b"<mimeType>image/png</mimeType>", b"")
        .replace(_1_2.encode(), _1_1.encode()),
        "mime_type",
        reads={"valid_xsd": True},
    ),
    row(
        "derefUri is base64 of the content",
        TEXT,
        with_resource("<derefUri>AAEC</derefUri>"),
        reads={"alert.info.0.resource.0.n_embedded_bytes": 3},
    ),
    row(
        "what is not base64 is no content",
        TEXT,
        with_resource("<derefUri>%%</derefUri>"),
        "deref_not_base64",
        reads={"alert.info.0.resource.0.n_embedded_bytes": None},
    ),
    row(
        "digest is the SHA-1 of the content",
        TEXT,
        with_resource(
            "<derefUri>AAEC</derefUri>"
            "<digest>0c7a623fd2bbc05b06423be359e4021d36e721ad</digest>"
        ),
    ),
    row(
        "another digest is another content",
        TEXT,
        with_resource(f"<derefUri>AAEC</derefUri><digest>{'0' * 40}</digest>"),
        "digest_differs",
    ),
    row(
        "size is in bytes",
        TEXT,
        with_resource("<size>4</size><derefUri>AAEC</derefUri>"),
        "size",
    ),
)

ORDER = (
    row(
        "elements have one order",
        SCHEMA,
        spoil(
            (
                "<status>Actual</status>\n<msgType>Alert</msgType>",
                "<msgType>Alert</msgType>\n<status>Actual</status>",
            )
        ),
        "out_of_order",
        reads={"valid_xsd": False, "alert.status": "Actual"},
    ),
    row(
        "category and event have their places",
        SCHEMA,
        spoil(
            (
                "<category>Met</category>\n<event>Flood</event>",
                "<event>Flood</event>\n<category>Met</category>",
            )
        ),
        "out_of_order",
        reads={"valid_xsd": False, "alert.info.0.event": "Flood"},
    ),
    row(
        "what may stand once stands once",
        SCHEMA,
        spoil(("<event>Flood</event>", "<event>Flood</event><event>Fire</event>")),
        "duplicate_element",
        usable=False,
    ),
    row(
        "nothing else stands in an alert",
        SCHEMA,
        spoil(("<event>", "<level>3</level><event>")),
        "unknown_element",
        reads={"valid_xsd": False},
    ),
    row(
        "a signature comes last and need not verify",
        TEXT,
        spoil(
            (
                "</alert>",
                "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/></alert>",
            )
        ),
    ),
)

AREAS = (*SHAPES, *RESOURCES, *ORDER)
