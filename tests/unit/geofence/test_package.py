"""What the package offers is few, named and sorted."""

import subprocess
import sys

import geofence


def test_the_package_offers_at_most_twelve_names_in_order():
    """``__all__`` is pinned: a new name is a decision."""
    assert geofence.__all__ == sorted(geofence.__all__)
    assert geofence.__all__ == [
        "Area",
        "Circle",
        "Field",
        "GeofenceError",
        "Mask",
        "PointIndex",
        "area_of",
        "from_geojson",
        "to_geojson",
        "unite",
    ]


def test_importing_the_package_loads_no_compiler():
    """numba, PROJ and geopandas are loaded when first needed."""
    names = ["numba", "geopandas", "pyproj"]
    code = f"import sys, geofence; print([m in sys.modules for m in {names}])"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[False, False, False]"
