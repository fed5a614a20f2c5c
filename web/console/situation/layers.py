"""What the map shows, as GeoJSON: areas, and alerts with their severity.

Nothing here is a person: people come as counts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence

import shapely
from flask import Blueprint, Response, request
from shapely.geometry.base import BaseGeometry

from accounts.operators import Operator, Role
from warning.alert import AlertCase, AlertId, AlertState
from warning.areas import DEFAULT_LEVEL
from warning.cap import CapStatus
from warning.intake.intake import geometry_of
from warning.ports import AreaRow
from web.services import services
from web.sessions import signed_in

bp = Blueprint("layers", __name__, url_prefix="/console/layers")

#: Coarser than a screen shows of a country, finer than anybody draws: about 300 m.
SIMPLIFIED_DEG = 0.003
#: About a metre; digits beyond it are noise that has to be sent.
_DIGITS = 5
#: Areas that are drawn, named in lists and chosen: those that people are counted by.
LEVEL = DEFAULT_LEVEL
#: More than any country has of the first level, or has had imported as such.
MAX_AREAS = 10_000
_ON_THE_MAP = (AlertState.SUBMITTED, AlertState.LIVE)
_ONE_MINUTE_S = 60


@bp.get("/areas.geojson")
@signed_in(Role.VIEWER)
def areas(by: Operator) -> Response:
    """Outlines of the first level, simplified for a screen."""
    del by
    answer = _collection(_area(row) for row in _rows())
    answer.cache_control.private = True
    answer.cache_control.max_age = _ONE_MINUTE_S
    return answer


@bp.get("/outlines.geojson")
@signed_in(Role.VIEWER)
def outlines(by: Operator) -> Response:
    """The areas of the given codes as they are, to be warned."""
    del by
    return _collection(_exact(request.args.getlist("code")))


def picked(codes: Collection[str]) -> str:
    """The outlines of areas by their codes, as GeoJSON; empty where none is known."""
    chosen = _exact(codes)
    return _text(chosen) if chosen else ""


@bp.get("/alerts.geojson")
@signed_in(Role.VIEWER)
def alerts(by: Operator) -> Response:
    """Alerts that are live or wait for approval."""
    del by
    cases = services().board.list(states=_ON_THE_MAP)
    return _collection(_alert(case) for case in cases)


@bp.get("/alerts/<alert_id>.geojson")
@signed_in(Role.VIEWER)
def alert(alert_id: AlertId, by: Operator) -> Response:
    """One alert, whatever its state."""
    del by
    return _collection([_alert(services().board.get(alert_id))])


def _rows() -> Sequence[AreaRow]:
    return services().areas.list(level=LEVEL, after="", limit=MAX_AREAS)


def _exact(codes: Collection[str]) -> list[dict[str, object]]:
    """Nothing simplified or rounded: whoever lives at a border is to be found."""
    return [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(row.geometry)),
            "properties": {"code": row.code, "name": row.name},
        }
        for row in _rows()
        if row.code in codes
    ]


def _area(row: AreaRow) -> dict[str, object]:
    outline = shapely.simplify(row.geometry, SIMPLIFIED_DEG)
    middle = _point(row.geometry)
    return _feature(outline, {"code": row.code, "name": row.name, "middle": middle})


def _alert(case: AlertCase) -> dict[str, object]:
    first = case.cap.infos[0] if case.cap.infos else None
    return _feature(
        geometry_of(case.cap),
        {
            "id": case.alert_id,
            "state": case.state.value,
            "severity": first.severity.value if first else "Unknown",
            "event": first.event if first else "",
            "is_drill": case.cap.status is not CapStatus.ACTUAL,
        },
    )


def _point(geometry: BaseGeometry) -> list[float]:
    """A point inside, where what is said of an area stands."""
    inside = geometry.representative_point()
    return [round(inside.x, _DIGITS), round(inside.y, _DIGITS)]


def _feature(
    geometry: BaseGeometry, properties: dict[str, object]
) -> dict[str, object]:
    rounded = shapely.set_precision(geometry, 10.0**-_DIGITS, mode="pointwise")
    return {
        "type": "Feature",
        "geometry": json.loads(shapely.to_geojson(rounded)),
        "properties": properties,
    }


def _collection(features: Iterable[dict[str, object]]) -> Response:
    return Response(_text(features), mimetype="application/geo+json")


def _text(features: Iterable[dict[str, object]]) -> str:
    document = {"type": "FeatureCollection", "features": list(features)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
