"""Boundary files of every kind, as they are handed over."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas
from shapely import Polygon, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

EAST = box(104.0, 11.0, 105.0, 12.0)
WEST = translate(EAST, xoff=-1.0)
BOW_TIE = Polygon([(104, 11), (105, 12), (105, 11), (104, 12)])


def make_frame(
    columns: Mapping[str, Sequence[object]],
    geometry: Sequence[BaseGeometry] = (EAST, WEST),
    crs: str | None = "EPSG:4326",
) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(dict(columns), geometry=list(geometry), crs=crs)


CODED = {"code": ["KH-8", "KH-12"], "name": ["Kandal", "Phnom Penh"]}


def zip_shapefile(
    frame: geopandas.GeoDataFrame, path: Path, *, leave_out: str = ""
) -> Path:
    """Write a frame as a zipped shapefile in a folder of the archive."""
    folder = path.parent / "parts"
    folder.mkdir()
    frame.to_file(folder / "areas.shp")
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            if part.suffix != leave_out:
                archive.write(part, f"khm/{part.name}")
    return path


def write_geojson(path: Path, *features: dict[str, object]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def feature(geometry: BaseGeometry | None, **properties: object) -> dict[str, object]:
    shape = None if geometry is None else geometry.__geo_interface__
    return {"type": "Feature", "properties": properties, "geometry": shape}
