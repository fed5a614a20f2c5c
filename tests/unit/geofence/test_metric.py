"""Circles and buffers lose nobody within their distance."""

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

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
