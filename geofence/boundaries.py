"""Read administrative areas and other named zones from boundary files.

GeoJSON, TopoJSON, GeoPackage and shapefile (bare or zipped) in any coordinate system
come out as WGS 84 polygons with a code and names. The one importer of geopandas, which
takes a second to load and is therefore loaded when the first file is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from geofence.boundary_errors import BoundaryFileError
from geofence.boundary_fields import Column, Fields, choose_fields
from geofence.boundary_source import JSON_SUFFIXES, READABLE, vetted_source
from geofence.errors import GeofenceError
from geofence.repair import AreaGeometry, Repair, repaired

if TYPE_CHECKING:
    import geopandas

WGS84 = "EPSG:4326"
_MAX_LON = 180.0
_MAX_LAT = 90.0


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaRecord:
    """One area of a boundary file."""

    code: str
    #: The name in the file's main language.
    name: str
    #: BCP 47 language → name, for files that name theirs.
    names: Mapping[str, str]
    #: Administrative level, 0 the country; None if unknown.
    level: int | None
    #: Code of the area this one lies in, if the file says.
    parent: str | None
    #: Valid, WGS 84, degrees, x (longitude) before y.
    geometry: AreaGeometry
    #: What was done to the published outline; empty if nothing was wrong with it.
    repairs: tuple[Repair, ...] = ()


def read_areas(
    path: Path,
    *,
    level: int | None = None,
    code_field: str | None = None,
    name_field: str | None = None,
    parent_field: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
) -> list[AreaRecord]:
    """Read the areas of a boundary file.

    Parameters
    ----------
    path : Path
        A file of one of the formats above; the content must match the suffix.
    level : int, optional
        Administrative level of the areas; None takes what the columns suggest.
    code_field, name_field, parent_field : str, optional
        Columns to use where the usual names do not fit.
    layer : str, optional
        Layer of the file (in TopoJSON: object); needed if it has several with areas.
    crs : str, optional
        Coordinate system, such as ``"EPSG:32648"``, for files that do not state theirs.
        JSON files that state none are WGS 84 by their standard.

    Returns
    -------
    list of AreaRecord
        In file order. Outlines that were not valid have been repaired, and
        ``AreaRecord.repairs`` says what was wrong.

    Raises
    ------
    BoundaryFileError
        If the file cannot be read, states no coordinate system, has a row that is not
        an area, or columns do not give every row a code of its own.
    """
    source = vetted_source(path)
    frame = _read_layer(path, source, _choose_layer(path, source, layer))
    frame = _to_wgs84(path, frame, crs)
    columns = {
        str(name): _texts(frame[name].tolist())
        for name in frame.columns
        if name != frame.geometry.name
    }
    fields = choose_fields(
        columns,
        level=level,
        code_field=code_field,
        name_field=name_field,
        parent_field=parent_field,
    )
    return [
        _area(path, row, geometry, columns, fields)
        for row, geometry in enumerate(frame.geometry.tolist())
    ]


def read_outlines(path: Path) -> list[AreaGeometry]:
    """Read the outlines of a boundary file alone, whatever columns it has.

    Parameters
    ----------
    path : Path
        As for ``read_areas``.

    Returns
    -------
    list of Polygon or MultiPolygon
        Valid, WGS 84, degrees, x (longitude) before y; in file order.

    Raises
    ------
    BoundaryFileError
        If the file cannot be read, states no coordinate system, or has a row that is
        not an area.
    """
    source = vetted_source(path)
    frame = _read_layer(path, source, _choose_layer(path, source, None))
    frame = _to_wgs84(path, frame, None)
    return [
        _valid_outline(path, row, "outline", geometry)[0]
        for row, geometry in enumerate(frame.geometry.tolist())
    ]


def _choose_layer(path: Path, source: str, wanted: str | None) -> str:
    """Return the layer to read: the one asked for, or the only one with geometry.

    Raises
    ------
    BoundaryFileError
        If the file is damaged, or it is not clear which layer is meant.
    """
    import geopandas  # noqa: PLC0415 - takes a second; see the module docstring
    from pyogrio.errors import DataSourceError  # noqa: PLC0415 - with it

    try:
        layers = geopandas.list_layers(source)
    except DataSourceError as error:
        raise BoundaryFileError(
            f"{path.name} cannot be read; it is damaged or incomplete. Readable are "
            f"{READABLE}."
        ) from error
    spatial = layers[layers["geometry_type"].notna()]
    lines_or_points = spatial["geometry_type"].str.contains("Point|Line")
    if not lines_or_points.all():
        spatial = spatial[~lines_or_points]
    names = [str(name) for name in spatial["name"]]
    if wanted is not None and wanted in names:
        return wanted
    if wanted is None and len(names) == 1:
        return names[0]
    if not names:
        raise BoundaryFileError(f"{path.name} holds no outlines, only a table.")
    problem = "holds several layers" if wanted is None else f"has no layer '{wanted}'"
    raise BoundaryFileError(
        f"{path.name} {problem}; name one of: {', '.join(sorted(names))}."
    )


def _read_layer(path: Path, source: str, layer: str) -> geopandas.GeoDataFrame:
    """Return a layer's rows as published.

    Raises
    ------
    BoundaryFileError
        If the file is damaged, its texts cannot be decoded, or it has no rows.
    """
    import geopandas  # noqa: PLC0415 - as above
    from pyogrio.errors import (  # noqa: PLC0415 - with it
        DataLayerError,
        DataSourceError,
        FeatureError,
        GeometryError,
    )

    try:
        frame = geopandas.read_file(source, layer=layer)
    except UnicodeDecodeError as error:
        raise BoundaryFileError(
            f"The texts of {path.name} are in an encoding it does not state; add a "
            f".cpg file that names it, or export the data as GeoPackage."
        ) from error
    except (DataLayerError, DataSourceError, FeatureError, GeometryError) as error:
        raise BoundaryFileError(
            f"{path.name} cannot be read to its end; it is damaged or incomplete. "
            f"Fetch or export it again."
        ) from error
    if frame.empty:
        raise BoundaryFileError(f"{path.name} holds no areas.")
    return frame


def _to_wgs84(
    path: Path, frame: geopandas.GeoDataFrame, crs: str | None
) -> geopandas.GeoDataFrame:
    """Return the frame in longitude and latitude.

    Raises
    ------
    BoundaryFileError
        If the coordinate system is not stated, unknown, or not the true one.
    """
    from pyproj.exceptions import CRSError, ProjError  # noqa: PLC0415 - with it

    try:
        if crs is not None:
            frame = frame.set_crs(crs, allow_override=True)
        elif frame.crs is None and path.suffix.lower() in JSON_SUFFIXES:
            frame = frame.set_crs(WGS84)
        if frame.crs is None:
            raise BoundaryFileError(
                f"{path.name} does not state its coordinate system (a shapefile does "
                f"so in its .prj file). Ask the publisher and name it, for example "
                f"EPSG:4326 for longitude and latitude or EPSG:32648 for UTM zone 48 "
                f"north."
            )
        frame = frame.to_crs(WGS84)
    except (CRSError, ProjError) as error:
        raise BoundaryFileError(
            f"The coordinate system of {path.name} cannot be turned into longitude and "
            f"latitude; name it, for example EPSG:32648."
        ) from error
    west, south, east, north = frame.total_bounds
    # All rows empty gives NaN here, and a sentence about the first of them later.
    if max(-west, east) > _MAX_LON or max(-south, north) > _MAX_LAT:
        raise BoundaryFileError(
            f"{path.name} has coordinates beyond ±180, ±90 degrees, so it is not in "
            f"the coordinate system it states; name the right one, for example "
            f"EPSG:32648."
        )
    return frame


def _area(
    path: Path,
    row: int,
    geometry: BaseGeometry | None,
    columns: Mapping[str, Column],
    fields: Fields,
) -> AreaRecord:
    """Build one record from row ``row``, counted from 0."""
    code = columns[fields.code][row]
    assert code is not None  # choose_fields refuses empty codes
    outline, repairs = _valid_outline(path, row, code, geometry)
    names = {
        language: text
        for language, column in fields.names.items()
        if (text := columns[column][row]) is not None
    }
    return AreaRecord(
        code=code,
        name=columns[fields.name][row] or next(iter(names.values()), code),
        names=names,
        level=fields.level,
        parent=columns[fields.parent][row] if fields.parent else None,
        geometry=outline,
        repairs=repairs,
    )


def _valid_outline(
    path: Path, row: int, code: str, geometry: BaseGeometry | None
) -> tuple[AreaGeometry, tuple[Repair, ...]]:
    """Return a valid outline and what was done for it.

    Raises
    ------
    BoundaryFileError
        If the row is no area.
    """
    where = f"Row {row + 1} ('{code}') of {path.name}"
    if geometry is None:
        raise BoundaryFileError(f"{where} has no outline; remove the row or draw it.")
    try:
        return repaired(geometry)
    except GeofenceError as error:
        raise BoundaryFileError(f"{where} cannot be used. {error}") from error


def _texts(values: Sequence[Any]) -> list[str | None]:
    """Return cells as texts; a whole number in a float column loses its ``.0``."""
    return [_text(value) for value in values]


def _text(value: object) -> str | None:
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None
