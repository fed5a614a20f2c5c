"""Whoever is within the distance is inside the circle or the buffer, anywhere."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from geofence.area import Circle
from geofence.metric import WGS84, buffer_m, circle_polygon


def around(lon, lat, metres, n=360):
    """Points at a geodesic distance, longitudes in range."""
    azimuth = np.linspace(0, 360, n)
    lons, lats, _ = WGS84.fwd(
        np.full(n, lon), np.full(n, lat), azimuth, np.full(n, metres)
    )
    return np.asarray(lons), np.asarray(lats)


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
