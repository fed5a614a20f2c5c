"""Circles and buffers lose nobody within their distance."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from geofence.area import Circle
from geofence.errors import InvalidCircleError
from geofence.metric import (
    WGS84,
    area_km2,
    buffer_m,
    circle_polygon,
    distance_m,
)


def around(lon, lat, metres, n=360):
    """Points at a geodesic distance, longitudes in range."""
    azimuth = np.linspace(0, 360, n)
    lons, lats, _ = WGS84.fwd(
        np.full(n, lon), np.full(n, lat), azimuth, np.full(n, metres)
    )
    return np.asarray(lons), np.asarray(lats)


def test_distance_is_geodesic_and_broadcasts():
    """One degree along the equator is 111,319.49 m; arrays broadcast."""
    metres = distance_m(0, 0, [1, 0], [0, 1])
    assert metres == pytest.approx([111_319.491, 110_574.389], abs=0.001)


@settings(deadline=None, max_examples=60)
@given(
    st.floats(-180, 180),
    st.floats(-90, 90),
    st.floats(0.001, 2_000),
)
def test_nobody_within_the_radius_is_outside_the_circle(lon, lat, radius_km):
    """The polygon of a circle holds everything at 99.9999 % of its radius."""
    area = circle_polygon(Circle(lon, lat, radius_km))
    assert area.is_valid
    lons, lats = around(lon, lat, radius_km * 999.999)
    assert shapely.intersects_xy(area, lons, lats).all()
    assert shapely.intersects_xy(area, lon, lat)


@pytest.mark.parametrize("lat", [-60.0, 0.0, 11.5, 70.0])
def test_a_circle_hardly_holds_more_than_its_radius(lat):
    """Nobody beyond 100.2 % of the radius is in the polygon."""
    area = circle_polygon(Circle(104.9, lat, 50))
    lons, lats = around(104.9, lat, 50_100)
    assert not shapely.intersects_xy(area, lons, lats).any()


@pytest.mark.parametrize("radius_km", [0.0, -1.0, float("nan"), 9_999.0])
def test_circles_without_size_or_without_bounds_are_refused(radius_km):
    """A radius of 0 marks a place, and half the world is no local hazard."""
    with pytest.raises(InvalidCircleError):
        circle_polygon(Circle(0, 0, radius_km))


def test_a_circle_over_the_antimeridian_has_two_halves():
    """Cut at 180, both halves in range."""
    area = circle_polygon(Circle(179.9, -17, 50))
    assert isinstance(area, MultiPolygon)
    assert shapely.intersects_xy(area, -179.9, -17)


@settings(deadline=None, max_examples=25)
@given(
    st.floats(-170, 170),
    st.floats(-75, 75),
    st.floats(0.01, 3),
    st.floats(1, 200_000),
    st.integers(3, 9),
)
def test_nobody_within_the_distance_is_outside_the_buffer(lon, lat, size, metres, n):
    """Everything within the distance of a corner or an edge is in the buffer."""
    area = Point(lon, lat).buffer(size, quad_segs=n)
    grown = buffer_m(area, metres)
    assert grown.is_valid
    corners = shapely.get_coordinates(area)
    on_edge = np.vstack([corners, (corners[:-1] + corners[1:]) / 2])
    for x, y in on_edge[:: max(1, len(on_edge) // 12)]:
        lons, lats = around(x, y, metres * 0.999999, n=24)
        inside = np.abs(lats) < 89.9
        assert shapely.intersects_xy(grown, lons, lats)[inside].all()


def test_a_buffer_hardly_holds_more_than_its_distance():
    """Nobody beyond the distance plus 0.6 m plus 0.3 % is in the buffer."""
    grown = buffer_m(box(104, 11, 105, 12), 1_000)
    assert not shapely.intersects_xy(grown, *around(104, 11, 1_004))[180:270].any()


def test_a_buffer_keeps_large_holes_and_refuses_bad_distances():
    """Holes shrink by the distance; negative distances are no buffer."""
    shape = Polygon(
        box(104, 11, 106, 13).exterior, [box(104.5, 11.5, 105.5, 12.5).exterior]
    )
    grown = buffer_m(shape, 5_000)
    assert not shapely.intersects_xy(grown, 105, 12)
    assert shapely.intersects_xy(grown, 104.52, 12)
    assert buffer_m(shape, 0) is shape
    for metres in (-1.0, float("nan"), 1e9):
        with pytest.raises(InvalidCircleError):
            buffer_m(shape, metres)


def test_area_subtracts_holes():
    """A hole takes its own size away, whatever the direction of its ring."""
    shell, hole = box(0, 0, 2, 2), box(0.5, 0.5, 1.5, 1.5)
    both = Polygon(shell.exterior, [hole.exterior])
    assert area_km2(both) == pytest.approx(area_km2(shell) - area_km2(hole))
