"""Areas over the API: administrative ones, and who is inside any area at all."""

from __future__ import annotations

from http import HTTPStatus

from accounts.operators import Operator, Role
from geofence.area import from_geojson
from warning.areas import AreaFileOptions
from web.api.cursors import decode, page
from web.api.declaration import Api
from web.bodies import JSON, Raw, read_bytes, saved
from web.models.answers import AreaList, AreaOut, AreasImported, AudienceOut, RepairOut
from web.models.schemas import AreaImport, AreaPage, GeoJson
from web.services import options, services

GEOJSON = "application/geo+json"
#: Media type of a boundary file → the ending by which its format is known.
SUFFIXES = {
    GEOJSON: ".geojson",
    JSON: ".geojson",
    "application/zip": ".zip",
    "application/geopackage+sqlite3": ".gpkg",
}

areas = Api("areas")
audience = Api("audience")


@areas.operation(
    "POST",
    "/areas/import",
    role=Role.ADMIN,
    summary="Take in a boundary file",
    query=AreaImport,
    body={
        media_type: Raw("GeoJSON, a zipped shapefile, or a GeoPackage")
        for media_type in SUFFIXES
    },
    answer=AreasImported,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def import_areas(*, by: Operator, query: AreaImport, body: str) -> AreasImported:
    """Reprojected to WGS 84; areas of known codes are replaced."""
    with saved(options().max_upload_bytes, SUFFIXES[body]) as path:
        report = services().areas.import_file(
            path, AreaFileOptions(**query.model_dump()), by=by.name
        )
    return AreasImported(areas=report.n_areas, repairs=list(report.repairs))


@areas.operation(
    "GET",
    "/areas",
    role=Role.VIEWER,
    summary="List areas by code",
    query=AreaPage,
    answer=AreaList,
)
def list_areas(*, by: Operator, query: AreaPage) -> AreaList:
    """Without their outlines."""
    del by
    rows = services().areas.list(
        level=query.level, after=decode(query.cursor), limit=query.limit + 1
    )
    shown, cursor = page(rows, query.limit, lambda row: row.code)
    items = [AreaOut.model_validate(row) for row in shown]
    return AreaList(items=items, next_cursor=cursor)


@audience.operation(
    "POST",
    "/audience",
    role=Role.VIEWER,
    summary="Count the people inside an area",
    body={media_type: Raw("An area", GeoJson) for media_type in (GEOJSON, JSON)},
    answer=AudienceOut,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def count_audience(*, by: Operator, body: str) -> AudienceOut:
    """Whoever is on the boundary is inside. Repairs of the area are told."""
    del by, body
    limits = options().area_limits
    area = from_geojson(read_bytes(limits.max_bytes), limits=limits)
    counts = services().audiences.count(area.geometry)
    return AudienceOut(
        n=counts.n,
        by_language=dict(counts.by_language),
        by_area=dict(counts.by_area),
        by_channel=dict(counts.by_channel),
        excluded=dict(counts.excluded),
        geofence_ms=counts.geofence_ms,
        area_km2=area.area_km2,
        repairs=[RepairOut.model_validate(repair) for repair in area.repairs],
    )
