"""Geometry intake: what comes in is valid, in range, and every repair is told."""

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from geofence import area as areas
from geofence.area import Area, Limits, area_of, from_geojson, to_geojson, unite
from geofence.errors import (
    AreaSyntaxError,
    AreaTooLargeError,
    EmptyGeometryError,
    GeofenceError,
    InvalidCoordinateError,
    SwappedAxesError,
    UnsupportedGeometryError,
)

SQUARE = [[104, 11], [105, 11], [105, 12], [104, 12], [104, 11]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def codes(area):
    return [repair.code for repair in area.repairs]


def test_a_clean_polygon_comes_through_untouched():
    """A valid polygon in range is returned without repairs."""
    area = from_geojson(json.dumps(polygon(SQUARE)))
    assert area.geometry.equals(box(104, 11, 105, 12))
    assert area.repairs == ()
    assert area.n_vertices == 5
    assert area.area_km2 == pytest.approx(12_100, rel=0.01)


def test_features_and_collections_mean_the_union():
    """Every polygon of nested collections belongs to the one area."""
    other = polygon([[110, 1], [111, 1], [111, 2]])
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": None, "geometry": polygon(SQUARE)},
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "GeometryCollection", "geometries": [other]},
            },
            {"type": "Feature", "properties": {}, "geometry": None},
        ],
    }
    area = from_geojson(json.dumps(document).encode())
    assert isinstance(area.geometry, MultiPolygon)
    assert area.geometry.covers(Point(104.5, 11.5))
    assert area.geometry.covers(Point(110.9, 1.1))
    assert codes(area) == ["ring-closed"]


def test_parts_that_overlap_keep_their_overlap():
    """Somebody inside two parts is inside, and the repair is told."""
    document = {
        "type": "MultiPolygon",
        "coordinates": [[SQUARE], [[[104.5, 11], [106, 11], [106, 12], [104.5, 12]]]],
    }
    area = from_geojson(document)
    assert area.geometry.covers(Point(104.75, 11.5))
    assert "made-valid" in codes(area)


def test_a_self_crossing_outline_keeps_both_lobes():
    """A bow tie is repaired so that both of its halves are warned."""
    area = from_geojson(polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]))
    assert area.geometry.is_valid
    assert area.geometry.covers(Point(0.1, 0.5))
    assert area.geometry.covers(Point(0.9, 0.5))
    assert "Self-intersection" in area.repairs[0].sentence


def test_heights_and_repeated_points_are_dropped_and_told():
    """Heights and repeated points go, and the operator is told."""
    ring = [[0, 0, 5], [1, 0, 5], [1, 0, 5], [1, 1, 5], [0, 0, 5]]
    area = from_geojson(polygon(ring))
    assert codes(area) == ["height-dropped", "repeated-point"]
    assert not area.geometry.has_z
    mixed = from_geojson(polygon([[0, 0], [1, 0, 7], [1, 1], [0, 0]]))
    assert mixed.geometry.area == pytest.approx(0.5)


def test_holes_stay_holes_and_holes_without_size_go():
    """A hole is not warned; a hole of two points is dropped and told."""
    hole = [[104.4, 11.4], [104.6, 11.4], [104.6, 11.6], [104.4, 11.4]]
    area = from_geojson(polygon(SQUARE, hole, [[104.1, 11.1], [104.2, 11.1]]))
    assert not area.geometry.covers(Point(104.55, 11.45))
    assert "hole-dropped" in codes(area)


@pytest.mark.parametrize(
    "ring",
    [
        [[170, 0], [190, 0], [190, 10], [170, 10]],
        [[170, 0], [-170, 0], [-170, 10], [170, 10]],
        [[-190, 0], [-170, 0], [-170, 10], [-190, 10]],
    ],
)
def test_an_area_across_the_antimeridian_is_cut_there(ring):
    """Beyond 180, or jumping over it: the same two halves, in range."""
    area = from_geojson(polygon(ring))
    expected = MultiPolygon([box(170, 0, 180, 10), box(-180, 0, -170, 10)])
    assert area.geometry.equals(expected)
    assert "antimeridian-split" in codes(area)


def test_holes_follow_their_shell_over_the_antimeridian():
    """A hole drawn on the other side of 180 stays in its shell."""
    shell = [[170, 0], [-170, 0], [-170, 10], [170, 10]]
    hole = [[-176, 4], [-174, 4], [-174, 6], [-176, 6]]
    area = from_geojson(polygon(shell, hole))
    assert not area.geometry.covers(Point(-175, 5))
    assert area.geometry.covers(Point(-172, 5))


def test_the_whole_world_is_drawn_from_180_to_180():
    """An edge of a whole turn is no jump."""
    ring = [[-180, -90], [180, -90], [180, 90], [-180, 90]]
    assert from_geojson(polygon(ring)).geometry.equals(box(-180, -90, 180, 90))


def test_a_ring_round_the_pole_is_refused():
    """Which side of such a ring is meant cannot be known."""
    ring = [[0, 80], [90, 80], [179, 80], [-91, 80]]
    with pytest.raises(UnsupportedGeometryError, match="pole"):
        from_geojson(polygon(ring))


def test_swapped_axes_are_recognised_and_the_other_reading_offered():
    """Latitude beyond 90 with a plausible other reading is named as a swap."""
    with pytest.raises(SwappedAxesError, match="exchanged") as caught:
        from_geojson(polygon([[11, 104], [11, 105], [12, 105], [11, 104]]))
    assert from_geojson(caught.value.swapped).geometry.covers(Point(104.6, 11.2))
    with pytest.raises(SwappedAxesError) as caught:
        area_of(Polygon([(11, 104), (11, 105), (12, 105)]))
    assert caught.value.swapped.bounds == (104, 11, 105, 12)


@pytest.mark.parametrize(
    ("document", "error", "says"),
    [
        ("{", AreaSyntaxError, "not JSON"),
        ("[1]", AreaSyntaxError, "object"),
        ({"type": "Circle"}, AreaSyntaxError, "Circle"),
        ({"type": "Point", "coordinates": [1, 2]}, UnsupportedGeometryError, "Point"),
        (
            {"type": "LineString", "coordinates": [[1, 2], [2, 3]]},
            UnsupportedGeometryError,
            "LineString",
        ),
        ({"type": "FeatureCollection", "features": []}, EmptyGeometryError, "empty"),
        ({"type": "FeatureCollection"}, AreaSyntaxError, "features"),
        ({"type": "FeatureCollection", "features": [3]}, AreaSyntaxError, r"\[0\]"),
        ({"type": "Polygon"}, AreaSyntaxError, "coordinates"),
        (polygon([]), EmptyGeometryError, "ring 1"),
        (polygon([[0, 0], [1, 1]]), EmptyGeometryError, "three"),
        (polygon([[0, 0], [1, 1], [2, 2], [0, 0]]), EmptyGeometryError, "size"),
        (polygon([["0", "0"], [1, 1], [2, 3]]), AreaSyntaxError, "point 0"),
        (polygon([[0, 0], [1], [2, 3]]), AreaSyntaxError, "point 1"),
        (polygon([[0, 0], [1, 2], [10**400, 3]]), InvalidCoordinateError, "point 2"),
        (
            '{"type":"Polygon","coordinates":[[[0,0],[NaN,1],[1,1]]]}',
            InvalidCoordinateError,
            "point 1",
        ),
        (polygon([[0, 0], [541, 0], [0, 95]]), InvalidCoordinateError, "point 1"),
    ],
)
def test_what_cannot_be_an_area_is_refused_with_place_and_reason(document, error, says):
    """Each refusal has its class and names what and where."""
    with pytest.raises(error, match=says):
        from_geojson(document)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(max_bytes=10), "bytes"),
        (Limits(max_parts=1), "parts"),
        (Limits(max_vertices=6), "points"),
        (Limits(max_nesting=0), "nested"),
    ],
)
def test_larger_than_allowed_is_refused(limits, says):
    """Bytes, parts, vertices and nesting each have a limit."""
    several = {"type": "GeometryCollection", "geometries": [polygon(SQUARE)] * 2}
    with pytest.raises(AreaTooLargeError, match=says):
        from_geojson(json.dumps(several), limits=limits)


def test_a_million_points_are_refused_before_they_are_parsed():
    """Text is cheap to count and costs a list for each point to read."""
    with pytest.raises(AreaTooLargeError, match="10 points"):
        from_geojson(b"[" * 21, limits=Limits(max_vertices=10))
    with pytest.raises(AreaSyntaxError):
        from_geojson("[" * 20, limits=Limits(max_vertices=10))


def test_nesting_without_end_is_refused_not_a_crash():
    """Text nested deeper than the parser can go is an area too large."""
    with pytest.raises(AreaTooLargeError):
        from_geojson('{"a":' * 200_000)


def test_points_and_lines_from_shapely_are_refused():
    """Only areas enclose people."""
    with pytest.raises(UnsupportedGeometryError, match="Point"):
        area_of(Point(1, 2))
    with pytest.raises(EmptyGeometryError):
        area_of(Polygon())


def test_union_holds_everybody_of_every_area():
    """The union has the parts of all and the repairs of all."""
    one = area_of(box(0, 0, 2, 2))
    two = area_of(Polygon([(1, 1), (3, 3), (3, 1), (1, 3)]))
    both = unite([one, two])
    assert both.geometry.covers(one.geometry)
    assert both.geometry.covers(two.geometry)
    assert both.repairs == two.repairs
    assert unite([one]) is one
    with pytest.raises(EmptyGeometryError):
        unite([])


def test_an_area_is_a_frozen_value():
    """Nobody changes an area that was approved."""
    area = Area(box(0, 0, 1, 1))
    with pytest.raises(AttributeError):
        area.geometry = box(0, 0, 2, 2)


coordinate = st.integers(-1_790_000_000, 1_790_000_000).map(lambda n: n / 1e7)
latitude = st.integers(-890_000_000, 890_000_000).map(lambda n: n / 1e7)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(coordinate, latitude), min_size=3, max_size=12))
def test_whatever_is_drawn_is_valid_or_refused(ring):
    """Any ring ends as a valid area in range, or as a refusal of this package."""
    try:
        area = from_geojson(polygon([list(pair) for pair in ring]))
    except GeofenceError:
        return
    assert area.geometry.is_valid
    west, south, east, north = area.geometry.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90


@settings(deadline=None, max_examples=25)
@given(st.integers(-170, 170), st.integers(-80, 80), st.integers(3, 40), st.booleans())
def test_geojson_out_and_in_is_the_same_area(lon, lat, corners, with_hole):
    """Writing and reading an area on the grid changes nothing."""
    shape = Point(lon, lat).buffer(2.0, quad_segs=corners)
    if with_hole:
        shape -= Point(lon, lat).buffer(1.0)
    shape = shapely.transform(shape, lambda xy: xy.round(7))
    area = from_geojson(json.dumps(to_geojson(shape)))
    assert area.geometry.equals(shape)
    assert area.repairs == ()


def test_the_package_keeps_the_cap_names_in_one_place():
    """CAP text is reached through the same module as GeoJSON."""
    assert {"parse_polygon", "parse_circle", "format_polygon"} <= set(areas.__all__)
