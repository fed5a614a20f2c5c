"""CAP shapes: latitude first outside, longitude first inside."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from geofence.area import (
    Circle,
    format_circle,
    format_polygon,
    parse_circle,
    parse_polygon,
)
from geofence.errors import (
    AreaSyntaxError,
    EmptyGeometryError,
    GeofenceError,
    InvalidCircleError,
    InvalidCoordinateError,
    SwappedAxesError,
)


def test_polygon_text_is_latitude_first_and_any_white_space_separates():
    """Blanks, tabs and line ends all separate pairs."""
    shape = parse_polygon(" 11,104\n11,105\t12,105  11,104 ")
    assert list(shape.exterior.coords)[1] == (105, 11)


def test_an_open_ring_is_closed():
    """The last pair may be missing."""
    assert parse_polygon("11,104 11,105 12,105").is_closed is not None
    coords = parse_polygon("11,104 11,105 12,105").exterior.coords
    assert coords[0] == coords[-1]


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("", EmptyGeometryError, "0 points"),
        ("1,2 3,4", EmptyGeometryError, "2 points"),
        ("1,2 3;4 5,6", AreaSyntaxError, "Point 2"),
        ("1,2 (3,4) 5,6", AreaSyntaxError, "Point 2"),
        ("1,2 3,4,5 5,6", AreaSyntaxError, "Point 2"),
        ("1,2 nan,4 5,6", InvalidCoordinateError, "Point 2"),
        ("1,2 3,541 95,6", InvalidCoordinateError, "Point 2"),
    ],
)
def test_unreadable_polygons_name_the_point(text, error, says):
    """The refusal names the pair that is wrong."""
    with pytest.raises(error, match=says):
        parse_polygon(text)


def test_longitude_first_is_recognised_and_turned_round():
    """Text in the order of GeoJSON is refused, with the text CAP wants."""
    with pytest.raises(SwappedAxesError) as caught:
        parse_polygon("104,11 105,11 105,12")
    assert caught.value.swapped == "11,104 11,105 12,105"
    with pytest.raises(SwappedAxesError) as caught:
        parse_circle("104.9,11.5 3")
    assert parse_circle(caught.value.swapped) == Circle(104.9, 11.5, 3)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1,2", AreaSyntaxError),
        ("1,2 x", AreaSyntaxError),
        ("1,2 -1", InvalidCircleError),
        ("1,2 inf", InvalidCircleError),
        ("1 2 3", AreaSyntaxError),
        ("95,200 3", InvalidCoordinateError),
    ],
)
def test_unreadable_circles_are_refused(text, error):
    """A circle is a pair and a radius of 0 km or more."""
    with pytest.raises(error):
        parse_circle(text)


def test_a_circle_of_no_size_is_kept_for_the_caller_to_judge():
    """Radius zero marks an epicentre; it is not silently a target."""
    assert parse_circle("35.1,139.5 0").radius_km == 0


lon_grid = st.integers(-1_800_000_000, 1_800_000_000).map(lambda n: n / 1e7)
lat_grid = st.integers(-900_000_000, 900_000_000).map(lambda n: n / 1e7)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(lon_grid, lat_grid), min_size=3, max_size=8))
def test_polygon_text_round_trips_on_the_grid(corners):
    """Writing and reading a polygon gives the same coordinates."""
    shape = Polygon(corners)
    again = parse_polygon(format_polygon(shape))
    assert again.exterior.coords[:] == shape.exterior.coords[:]


@settings(deadline=None, max_examples=25)
@given(lon_grid, lat_grid, st.integers(0, 10**9).map(lambda n: n / 1e6))
def test_circle_text_round_trips(lon, lat, radius_km):
    """Writing and reading a circle gives the same circle."""
    circle = Circle(lon, lat, radius_km)
    assert parse_circle(format_circle(circle)) == circle


@pytest.mark.parametrize("flaw", ["1,2,3 4", "nan,1", "91,1", "1;2", "1,", "inf,0"])
def test_one_flaw_among_many_pairs_is_still_named(flaw):
    """Many proper pairs are read at once; a flawed one is looked for one by one."""
    proper = " ".join(f"{n / 100},{n % 7}" for n in range(300))
    assert len(parse_polygon(proper).exterior.coords) == 301
    with pytest.raises(GeofenceError, match="301"):
        parse_polygon(f"{proper} {flaw}")
