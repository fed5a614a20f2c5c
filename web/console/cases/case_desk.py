"""A new case at the desk: few fields, the place by a click, an area, or numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from responders.case import PlaceType, Scene
from responders.cases.case_intake import NewCase
from responders.errors import ResponderError
from web.console.languages import language
from web.console.refusals import sentence_of
from web.services import services
from web.sessions import signed_in

bp = Blueprint("case_desk", __name__, url_prefix="/cases")

MAX_LINE = 200
#: Places that a search offers.
N_PLACES = 8
_LONGEST_WAIT_MIN = 1_440


class CaseFormError(Exception):
    """A field cannot be used; says what to do."""


@bp.get("/new")
@signed_in(Role.DISPATCHER)
def show(by: Operator) -> str:
    """The empty form: the cursor is in the address."""
    del by
    return _page({}, None)


@bp.post("/new")
@signed_in(Role.DISPATCHER)
def create(by: Operator) -> AnyResponse:
    """Take the case in; the nearest are rung at once if the scene is safe."""
    typed = request.form.to_dict()
    try:
        opened = services().cases.desk.open(_case_of(typed), by=by.name)
    except (CaseFormError, ResponderError, ValueError) as error:
        return make_response(
            _page(typed, sentence_of(error)), HTTPStatus.UNPROCESSABLE_ENTITY
        )
    return redirect(
        url_for("cases.show", case_id=opened.case.case_id), HTTPStatus.SEE_OTHER
    )


@bp.get("/places.json")
@signed_in(Role.DISPATCHER)
def places(by: Operator) -> Response:
    """Places whose name has these words, with a point inside; or a point as written."""
    del by
    words = request.args.get("q", "").strip()[:MAX_LINE]
    found = (
        services().known_places.search(words, language=language(), limit=N_PLACES)
        if words
        else []
    )
    told = [
        {
            "name": f"{one.name}, {one.within}" if one.within else one.name,
            "lon": one.lon,
            "lat": one.lat,
        }
        for one in found
    ]
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/json")


def _case_of(typed: Mapping[str, str]) -> NewCase:
    """Read the form.

    Raises
    ------
    CaseFormError
        Saying what lacks or cannot be read.
    """
    lon, lat = _position(typed)
    safe = typed.get("scene_safe", "")
    if safe not in {"0", "1"}:
        raise CaseFormError(_("Say whether the scene is safe for helpers."))
    phone = typed.get("callback_phone", "").strip()
    wait = _number(typed, "ems_eta_min")
    if wait is not None and not 0 <= wait <= _LONGEST_WAIT_MIN:
        raise CaseFormError(_("Give the minutes until the ambulance is there."))
    age = _number(typed, "age")
    return NewCase(
        scene=Scene(
            lon=lon,
            lat=lat,
            address=typed.get("address", "").strip()[:MAX_LINE],
            details=typed.get("details", "").strip()[:MAX_LINE],
            scene_safe=safe == "1",
            place_type=PlaceType(typed.get("place_type", PlaceType.PUBLIC)),
            age=None if age is None else int(age),
            cpr_in_progress=typed.get("cpr_in_progress") == "1",
        ),
        callback_phone=services().cases.volunteers.parse_phone(phone) if phone else "",
        ems_eta_min=wait,
        is_exercise=typed.get("is_exercise") == "1",
    )


def _position(typed: Mapping[str, str]) -> tuple[float, float]:
    """Degrees, lon before lat: of the click, or the middle of the chosen area.

    Raises
    ------
    CaseFormError
        If there is neither.
    """
    lon, lat = _number(typed, "lon"), _number(typed, "lat")
    if lon is not None and lat is not None:
        return lon, lat
    for area in services().areas.list(level=1, after="", limit=1_000):
        if area.code == typed.get("area"):
            inside = area.geometry.representative_point()
            return inside.x, inside.y
    raise CaseFormError(_("Click the place on the map, or choose an area."))


def _number(typed: Mapping[str, str], field: str) -> float | None:
    written = typed.get(field, "").strip()
    try:
        return float(written) if written else None
    except ValueError:
        raise CaseFormError(_("This is not a number: %(text)s", text=written)) from None


def _page(typed: Mapping[str, str], problem: str | None) -> str:
    areas = services().areas.list(level=1, after="", limit=1_000)
    return render_template(
        "console/new_case.html",
        typed=typed,
        problem=problem,
        areas=sorted(areas, key=lambda area: area.name),
        place_types=list(PlaceType),
        is_drill=typed.get("is_exercise") == "1",
    )
