"""Rules about an area: its shapes, its codes, its heights."""

from collections.abc import Iterator
from decimal import Decimal

from warning.cap_documents.datatypes import is_decimal
from warning.cap_documents.defects import DefectSeverity
from warning.cap_documents.node import Node
from warning.cap_documents.rule import BLOCKS, WARNS, Context, Finder, Finding, Rule
from warning.cap_documents.rules_info import nameless

# Longer numbers are no heights on this earth.
_MAX_DIGITS = 20


def _noted(code: str) -> Finder:
    """Return a finder for one of the remarks the reading of a shape leaves."""

    def find(shape: Node, context: Context) -> Iterator[Finding]:
        read = getattr(context.shapes, shape.name)
        for note in read(shape.text).notes:
            if note.code == code:
                yield shape, note.message

    return find


def _shape_rule(code: str, severity: DefectSeverity, element: str, says: str) -> Rule:
    return Rule(code, severity, element, says, _noted(code))


def _text_only(area: Node, _: Context) -> Iterator[Finding]:
    if not any(area.first(name) for name in ("polygon", "circle", "geocode")):
        message = (
            "The area is only a name, nothing a map knows. Draw it before sending."
        )
        yield area, message


def _geocode_only(area: Node, _: Context) -> Iterator[Finding]:
    has_shape = area.texts_of("polygon") or area.texts_of("circle")
    if area.first("geocode") is not None and not has_shape:
        yield area, "The area is only codes; a table must know them to find anybody."


def _geocode_unknown(area: Node, context: Context) -> Iterator[Finding]:
    has_shape = area.texts_of("polygon") or area.texts_of("circle")
    if context.lookup is None or has_shape:
        return
    for code in area.all("geocode"):
        value_name, value = code.text_of("valueName"), code.text_of("value")
        if not code.children:
            value_name, _, value = code.text.partition("=")
        if context.lookup(value_name, value) is None:
            message = f"No table knows the code {value_name[:60]} {value[:40]}."
            yield code, f"{message} Import its area or draw it; nobody is found by it."


def _geocode_nameless(area: Node, _: Context) -> Iterator[Finding]:
    yield from nameless(area, "geocode")


def _height(area: Node, name: str) -> Decimal | None:
    text = area.text_of(name)
    return Decimal(text) if is_decimal(text) and len(text) <= _MAX_DIGITS else None


def _ceiling_alone(area: Node, _: Context) -> Iterator[Finding]:
    node = area.first("ceiling")
    if node is not None and node.text and not area.text_of("altitude"):
        yield node, "<ceiling> stands without <altitude>; it has no meaning alone."


def _ceiling_below(area: Node, _: Context) -> Iterator[Finding]:
    altitude, ceiling = _height(area, "altitude"), _height(area, "ceiling")
    if altitude is not None and ceiling is not None and ceiling < altitude:
        node = area.first("ceiling") or area
        yield node, f"<ceiling> {ceiling} ft is below <altitude> {altitude} ft."


AREA_RULES = (
    _shape_rule("polygon_empty", WARNS, "polygon", "A polygon has points."),
    _shape_rule(
        "polygon_brackets", WARNS, "polygon", "A polygon is pairs and blanks only."
    ),
    _shape_rule("polygon_open", WARNS, "polygon", "A polygon ends where it began."),
    _shape_rule("polygon_crossing", WARNS, "polygon", "A polygon has no crossing."),
    _shape_rule("polygon_longitude", WARNS, "polygon", "Longitudes are -180 to 180."),
    _shape_rule(
        "polygon_antimeridian",
        WARNS,
        "polygon",
        "A polygon across the 180th meridian is split there.",
    ),
    _shape_rule("polygon_unreadable", BLOCKS, "polygon", "A polygon is lat,lon pairs."),
    _shape_rule(
        "polygon_too_few_points",
        BLOCKS,
        "polygon",
        "A polygon has at least four pairs and encloses something.",
    ),
    _shape_rule(
        "polygon_out_of_range", BLOCKS, "polygon", "A polygon's pairs are on the earth."
    ),
    _shape_rule(
        "swapped_axes", BLOCKS, "polygon", "A polygon's pairs are lat,lon, not lon,lat."
    ),
    _shape_rule(
        "shapes_tangled", BLOCKS, "polygon", "Shapes do not cross thousands of times."
    ),
    _shape_rule(
        "shapes_tangled", BLOCKS, "circle", "Shapes do not cross thousands of times."
    ),
    _shape_rule("circle_empty", WARNS, "circle", "A circle has a centre and a radius."),
    _shape_rule(
        "circle_brackets", WARNS, "circle", "A circle is a pair, a blank, a radius."
    ),
    _shape_rule("circle_radius_zero", WARNS, "circle", "A circle's radius is above 0."),
    _shape_rule(
        "circle_unreadable", BLOCKS, "circle", "A circle is 'lat,lon radius' in km."
    ),
    _shape_rule("circle_out_of_range", BLOCKS, "circle", "A circle is on the earth."),
    _shape_rule(
        "swapped_axes", BLOCKS, "circle", "A circle's pair is lat,lon, not lon,lat."
    ),
    Rule(
        "area_text_only",
        WARNS,
        "area",
        "An area has a polygon, circle or geocode.",
        _text_only,
    ),
    Rule(
        "area_geocode_only",
        WARNS,
        "area",
        "An area has a shape, not geocodes alone.",
        _geocode_only,
    ),
    Rule(
        "geocode_unknown",
        WARNS,
        "area",
        "A geocode that stands for a shape is in our tables.",
        _geocode_unknown,
    ),
    Rule(
        "geocode_name_missing",
        WARNS,
        "area",
        "A geocode has a name.",
        _geocode_nameless,
    ),
    Rule(
        "ceiling_without_altitude",
        WARNS,
        "area",
        "ceiling stands only with altitude.",
        _ceiling_alone,
    ),
    Rule(
        "ceiling_below_altitude",
        WARNS,
        "area",
        "ceiling is not below altitude.",
        _ceiling_below,
    ),
)
