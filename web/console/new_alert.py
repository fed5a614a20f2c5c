"""New warning: where, what, until when, in which words; then to a second person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
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
from geofence.area import from_geojson
from geofence.errors import GeofenceError
from warning.alert_form import AlertForm, FormText
from warning.cap import CapStatus, Category, Certainty, ResponseType, Severity, Urgency
from warning.errors import AlertError
from web.services import options, services
from web.sessions import signed_in

bp = Blueprint("new_alert", __name__)

#: What operators warn of: the word of the form → CAP event, category.
HAZARDS: Mapping[str, tuple[str, Category]] = {
    "flood": ("Flood", Category.MET),
    "flash_flood": ("Flash flood", Category.MET),
    "storm": ("Storm", Category.MET),
    "landslide": ("Landslide", Category.GEO),
    "earthquake": ("Earthquake", Category.GEO),
    "tsunami": ("Tsunami", Category.GEO),
    "wildfire": ("Wildfire", Category.FIRE),
    "heat": ("Extreme heat", Category.MET),
    "chemical": ("Chemical accident", Category.CBRNE),
    "dam_break": ("Dam break", Category.INFRA),
    "missing_child": ("Missing child", Category.RESCUE),
}
SEVERITIES = (Severity.EXTREME, Severity.SEVERE, Severity.MODERATE, Severity.MINOR)
HOURS = (1, 2, 3, 6, 12, 24, 48)
_LONGEST_TEXT = 2_000


class FormError(Exception):
    """A field cannot be used; says which and what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What the form offers."""

    hazards: Mapping[str, tuple[str, Category]]
    severities: tuple[Severity, ...]
    hours: tuple[int, ...]
    languages: tuple[str, ...]


@bp.get("/alerts/new")
@signed_in(Role.OPERATOR)
def show(by: Operator) -> str:
    """The empty form."""
    del by
    return _page({"hours": "6", "severity": Severity.SEVERE.value}, {})


@bp.post("/alerts/new")
@signed_in(Role.OPERATOR)
def create(by: Operator) -> AnyResponse:
    """Keep a draft and hand it to a second person; what was typed is never lost."""
    typed = request.form.to_dict()
    try:
        form = _form_of(typed)
        case = services().intake.draft_from_form(form, by=by.name)
        services().alerts.submit(case.alert_id, by=by.name)
    except FormError as error:
        return _again(typed, {error.field: str(error)})
    except (GeofenceError, AlertError) as error:
        field = "area" if isinstance(error, GeofenceError) else "form"
        return _again(typed, {field: str(error)})
    return redirect(
        url_for("alerts.show", alert_id=case.alert_id), HTTPStatus.SEE_OTHER
    )


@bp.post("/console/audience")
@signed_in(Role.OPERATOR)
def audience(by: Operator) -> Response:
    """The people inside what is being drawn, as JSON.

    An outline that is not finished yet is no failure of anybody: the answer says what
    is the matter with it.
    """
    del by
    limits = options().area_limits
    try:
        area = from_geojson(request.form.get("area", ""), limits=limits)
    except GeofenceError as error:
        return _json({"problem": str(error)})
    counts = services().audiences.count(area.geometry)
    repairs = [repair.sentence for repair in area.repairs]
    names = services().areas.names()
    spoken = {
        "by_area": {
            names.get(code) or code or _("no known area"): n
            for code, n in counts.by_area.items()
        },
        "by_channel": {_(word): n for word, n in counts.by_channel.items()},
        "excluded": {
            _(word.replace("_", " ")): n for word, n in counts.excluded.items()
        },
    }
    return _json({**asdict(counts), **spoken, "repairs": repairs})


def _form_of(typed: Mapping[str, str]) -> AlertForm:
    """Read the form.

    Raises
    ------
    FormError
        If a field is missing or cannot be read.
    GeofenceError
        If the area cannot be used.
    """
    hazard = _one_of(typed, "hazard", list(HAZARDS))
    event, category = HAZARDS[hazard]
    if not typed.get("area", "").strip():
        raise FormError(
            "area", _("Draw the area on the map, choose areas, or paste coordinates.")
        )
    hours = int(_one_of(typed, "hours", [str(n) for n in HOURS]))
    is_drill = typed.get("drill") == "1"
    return AlertForm(
        status=CapStatus.EXERCISE if is_drill else CapStatus.ACTUAL,
        categories=(category,),
        urgency=Urgency.IMMEDIATE,
        severity=Severity(_one_of(typed, "severity", [s.value for s in SEVERITIES])),
        certainty=Certainty.OBSERVED,
        area=from_geojson(typed["area"], limits=options().area_limits),
        expires=services().now() + timedelta(hours=hours),
        response_types=(ResponseType.EXECUTE,),
        texts=_texts(typed, event),
    )


def _texts(typed: Mapping[str, str], event: str) -> dict[str, FormText]:
    place = typed.get("area_desc", "").strip()
    if not place:
        raise FormError("area_desc", _("Say where, in words people use."))
    texts = {}
    for language in _choices().languages:
        headline = typed.get(f"headline-{language}", "").strip()[:_LONGEST_TEXT]
        instruction = typed.get(f"instruction-{language}", "").strip()[:_LONGEST_TEXT]
        if not headline and not instruction:
            continue
        if not headline or not instruction:
            raise FormError(
                f"headline-{language}",
                _("Say what happens and what to do; one without the other is half."),
            )
        texts[language] = FormText(
            event=event,
            headline=headline,
            description="",
            instruction=instruction,
            area_desc=place,
        )
    if not texts:
        first = _choices().languages[0]
        raise FormError(
            f"headline-{first}", _("Write the text in at least one language.")
        )
    return texts


def _one_of(typed: Mapping[str, str], field: str, known: list[str]) -> str:
    given = typed.get(field, "")
    if given not in known:
        raise FormError(field, _("Choose one of the list."))
    return given


def _choices() -> Choices:
    return Choices(
        hazards=HAZARDS,
        severities=SEVERITIES,
        hours=HOURS,
        languages=options().languages,
    )


def _page(typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    areas = services().areas.list(level=1, after="", limit=1_000)
    return render_template(
        "console/new_alert.html",
        typed=typed,
        problems=problems,
        choices=_choices(),
        areas=sorted(areas, key=lambda area: area.name),
        is_drill=typed.get("drill") == "1",
    )


def _again(typed: Mapping[str, str], problems: Mapping[str, str]) -> Response:
    return make_response(_page(typed, problems), HTTPStatus.UNPROCESSABLE_ENTITY)


def _json(document: object) -> Response:
    text = json.dumps(document, ensure_ascii=False)
    return Response(text, mimetype="application/json")
