"""People: found, looked at, exported, erased; files of them; how many there are."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import BinaryIO, cast

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from shapely.geometry import box
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from warning.people.import_book import FileImport
from warning.people.people_board import Profile
from warning.people.subscriber_header import SubscriberFileError
from web.console.people.importing import import_desk
from web.console.refusals import sentence_of
from web.services import services
from web.sessions import signed_in

bp = Blueprint("people", __name__, url_prefix="/people")

N_FOUND = 50
#: Rejected lines that a page shows; the file is mended by its first ones.
N_REJECTED = 200
_MAX_TYPED = 100
_EVERYWHERE = box(-180, -90, 180, 90)


@bp.get("/")
@signed_in(Role.OPERATOR)
def show(by: Operator) -> AnyResponse:
    """Statistics, and whoever was searched for."""
    del by
    return _page()


@bp.get("/search")
@signed_in(Role.OPERATOR)
def search(by: Operator) -> AnyResponse:
    """Whoever has this number, or this in their name, or lives in this area."""
    del by
    typed = {
        field: request.args.get(field, "").strip()[:_MAX_TYPED]
        for field in ("phone", "name", "area")
    }
    try:
        found = services().people_board.search(
            phone=typed["phone"],
            name=typed["name"],
            area_code=typed["area"],
            limit=N_FOUND,
        )
    except ValueError as error:
        return _page(typed=typed, problem=sentence_of(error))
    return _page(typed=typed, found=list(found))


@bp.get("/<int:subscriber_id>")
@signed_in(Role.OPERATOR)
def person(subscriber_id: int, by: Operator) -> AnyResponse:
    """Everything of one person."""
    return _person(subscriber_id, by, None)


@bp.get("/<int:subscriber_id>/export.json")
@signed_in(Role.ADMIN)
def export(subscriber_id: int, by: Operator) -> Response:
    """Everything that is kept of them, to be handed over."""
    kept = services().people_board.export(subscriber_id, by=by.name)
    if kept is None:
        abort(HTTPStatus.NOT_FOUND)
    text = json.dumps(kept, ensure_ascii=False, indent=2, default=str)
    answer = Response(text, mimetype="application/json")
    name = f'attachment; filename="person-{subscriber_id}.json"'
    answer.headers["Content-Disposition"] = name
    answer.cache_control.no_store = True
    return answer


@bp.post("/<int:subscriber_id>/erase")
@signed_in(Role.ADMIN)
def erase(subscriber_id: int, by: Operator) -> AnyResponse:
    """Remove them for good, once their number here was typed."""
    typed = request.form.get("confirmation", "").strip()
    if typed != str(subscriber_id):
        return _person(
            subscriber_id, by, _("Type the number of the person to confirm.")
        )
    if not services().people.erase(subscriber_id, by=by.name):
        abort(HTTPStatus.NOT_FOUND)
    flash(_("Person %(n)s was erased.", n=subscriber_id))
    return redirect(url_for("people.show"), HTTPStatus.SEE_OTHER)


@bp.post("/import")
@signed_in(Role.ADMIN)
def import_file(by: Operator) -> AnyResponse:
    """Take a CSV file in; without ``for_real`` only say what would be."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(problem=_("Choose a CSV file."))
    job = import_desk().begin(
        services().imports,
        services().people.import_csv,
        cast("BinaryIO", sent.stream),
        name=sent.filename[:_MAX_TYPED],
        is_dry=request.form.get("for_real") != "1",
        by=by.name,
    )
    if job is None:
        return _page(
            problem=_("Another file is being taken in; wait until it is done.")
        )
    return redirect(url_for("people.imported", number=job.number), HTTPStatus.SEE_OTHER)


@bp.get("/import/<int:number>")
@signed_in(Role.ADMIN)
def imported(number: int, by: Operator) -> str:
    """How far a file is, and what came of it."""
    del by
    return _import_page("console/import.html", number)


@bp.get("/import/<int:number>/now")
@signed_in(Role.ADMIN)
def import_now(number: int, by: Operator) -> str:
    """What moves on that page, for its script."""
    del by
    return _import_page("console/_import_now.html", number)


def _import_page(template: str, number: int) -> str:
    known = services()
    job = known.imports.find(number)
    if job is None:
        abort(HTTPStatus.NOT_FOUND)
    rejected = job.outcome.rejected[:N_REJECTED] if job.outcome else []
    is_cut_off = job.is_cut_off(known.now())
    return render_template(
        template,
        job=job,
        rejected=rejected,
        is_over=job.is_over or is_cut_off,
        problem=_problem_of(job, is_cut_off=is_cut_off),
    )


def _problem_of(job: FileImport, *, is_cut_off: bool) -> str:
    if is_cut_off:
        sentence = _("The server stopped in the middle. Take the file in once more.")
        return str(sentence)
    if job.is_refused:
        return sentence_of(SubscriberFileError(job.problem))
    return job.problem


def _person(subscriber_id: int, by: Operator, problem: str | None) -> AnyResponse:
    known = services()
    found = known.people_board.profile(subscriber_id)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    page = render_template(
        "console/person.html",
        person=found,
        messages=known.people_board.messages(subscriber_id),
        names=known.areas.names(),
        channels=[one.word for one in found.channels],
        points=[[one.lon, one.lat] for one in found.places if one.lon is not None],
        may_erase=by.may(Role.ADMIN),
        problem=problem,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return make_response(page, status)


def _page(
    *,
    typed: dict[str, str] | None = None,
    found: list[Profile] | None = None,
    problem: str | None = None,
) -> AnyResponse:
    known = services()
    page = render_template(
        "console/people.html",
        counts=known.audiences.count(_EVERYWHERE),
        names=known.areas.names(),
        typed=typed or {},
        found=found,
        n_found=N_FOUND,
        problem=problem,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return make_response(page, status)
