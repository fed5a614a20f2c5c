"""Ways: great circles, detours, speeds, stale positions."""

import numpy as np
import pytest

from geofence.metric import distance_m
from responders.deciding.travel import (
    STALE_AFTER_S,
    Mode,
    expected_distance_m,
    great_circle_m,
    travel_s,
)


def test_great_circle_is_close_to_the_geodesic() -> None:
    """The sphere errs by less than 0.6 % of the geodesic, also across the date line."""
    lon_a, lat_a = np.array([4.9, 179.999, 104.9]), np.array([52.4, 10.0, 11.5])
    lon_b, lat_b = np.array([4.91, -179.999, 104.95]), np.array([52.405, 10.001, 11.45])
    sphere = great_circle_m(lon_a, lat_a, lon_b, lat_b)
    assert sphere == pytest.approx(distance_m(lon_a, lat_a, lon_b, lat_b), rel=0.006)


@pytest.mark.parametrize(
    ("mode", "seconds"),
    [(Mode.DENSE, 722.2), (Mode.DEFAULT, 565.2), (Mode.SPARSE, 419.4)],
)
def test_a_kilometre_takes_its_time_by_density(mode: Mode, seconds: float) -> None:
    """``1.3 d / v`` with 1.8, 2.3 and 3.1 m/s."""
    assert travel_s(1000.0, mode) == pytest.approx(seconds, abs=0.1)


def test_an_old_position_makes_the_near_farther_and_never_worse_than_300_m() -> None:
    """After 12 h a position is 300 m off, however much older it is."""
    assert expected_distance_m(0.0, STALE_AFTER_S) == pytest.approx(300.0)
    assert expected_distance_m(400.0, 10 * STALE_AFTER_S) == pytest.approx(500.0)
    assert expected_distance_m(400.0, 0.0) == 400.0
