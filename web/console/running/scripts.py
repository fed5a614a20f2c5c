"""Telephone scripts as pictures; what calls say, heard and recorded; a call to oneself.

The microphone is opened on these pages alone: everywhere else the headers forbid it.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from telephony.errors import InvalidNumberError, SoundError
from telephony.sound.decoding import MAX_BYTES
from telephony.sound.service import Spoken
from web.console.refusals import sentence_of
from web.services import services
from web.sessions import signed_in

bp = Blueprint("scripts", __name__, url_prefix="/scripts")

_MAX_NUMBER = 40
_SELF_ONLY = "camera=(), geolocation=(), microphone=(self)"


@bp.get("/")
@signed_in(Role.VIEWER)
def show_all(by: Operator) -> str:
    """Every script, and how far each language is spoken."""
    del by
    prompts = services().prompts
    return render_template(
        "console/scripts.html", scripts=prompts.scripts(), languages=prompts.languages()
    )


@bp.get("/<name>")
@signed_in(Role.VIEWER)
def show(name: str, by: Operator) -> AnyResponse:
    """One script: its picture, what it says, a call to try it."""
    return _script_page(name, by, None)


@bp.get("/<name>/picture.svg")
@signed_in(Role.VIEWER)
def picture(name: str, by: Operator) -> Response:
    """The script drawn."""
    del by
    drawn = services().prompts.picture(name, _language())
    return Response(drawn, mimetype="image/svg+xml")


@bp.get("/sound")
@signed_in(Role.VIEWER)
def sound(by: Operator) -> AnyResponse:
    """A text as calls say it: somebody's voice, or this machine's."""
    del by
    known = services()
    digest = known.prompts.rehearse(_language(), request.args.get("key", ""))
    path = known.recordings.sound_file(digest)
    return send_file(path.absolute(), mimetype="audio/wav", etag=digest)


@bp.post("/recordings")
@signed_in(Role.OPERATOR)
def record(by: Operator) -> AnyResponse:
    """Keep what was spoken, or a file, as the recording of a text."""
    name, language = request.form.get("script", ""), _language()
    sent = request.files.get("sound")
    data = sent.stream.read(MAX_BYTES + 1) if sent else b""
    spoken = Spoken(language=language, key=request.form.get("key", ""))
    try:
        kept = services().recordings.add(spoken, data, by=by.name)
    except SoundError as error:
        return _script_page(name, by, sentence_of(error))
    flash(_("Kept, %(n)s s long.", n=round(kept.duration_ms / 1_000, 1)))
    place = url_for("scripts.show", name=name, language=language, _anchor=kept.key)
    return redirect(place, HTTPStatus.SEE_OTHER)


@bp.post("/<name>/call")
@signed_in(Role.ADMIN)
def call(name: str, by: Operator) -> AnyResponse:
    """Ring a number of one's own, and go through the script."""
    number = request.form.get("number", "").strip()[:_MAX_NUMBER]
    try:
        services().trial_messages.call(
            number, script=name, language=_language(), by=by.name
        )
    except ValueError as error:
        return _script_page(name, by, sentence_of(error))
    flash(_("Your telephone rings in a moment."))
    place = url_for("scripts.show", name=name, language=_language())
    return redirect(place, HTTPStatus.SEE_OTHER)


@bp.post("/<name>/record")
@signed_in(Role.OPERATOR)
def record_by_phone(name: str, by: Operator) -> AnyResponse:
    """Ring somebody who speaks a text into their telephone."""
    spoken = Spoken(language=_language(), key=request.form.get("key", ""))
    number = request.form.get("number", "").strip()[:_MAX_NUMBER]
    try:
        services().voice.recording_calls.ask(spoken, number, by=by.name)
    except (SoundError, InvalidNumberError) as error:
        return _script_page(name, by, sentence_of(error))
    flash(_("The telephone rings in a moment; what is spoken appears here."))
    place = url_for("scripts.show", name=name, language=_language())
    return redirect(place, HTTPStatus.SEE_OTHER)


def _language() -> str:
    return request.values.get("language", "en")[:20]


def _script_page(name: str, by: Operator, problem: str | None) -> AnyResponse:
    known = services()
    languages = known.prompts.languages()
    asked = request.values.get("language", "en")
    language = next((one for one in languages if one.language == asked), languages[0])
    lines = known.prompts.prompts(language.language, name)
    page = render_template(
        "console/script.html",
        name=name,
        names=known.prompts.scripts(),
        language=language,
        languages=languages,
        lines=lines,
        n_missing=sum(one.recording is None and not one.has_gaps for one in lines),
        may_record=by.may(Role.OPERATOR),
        may_call=by.may(Role.ADMIN) and name in known.trial_messages.scripts(),
        problem=problem,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    answer = make_response(page, status)
    answer.headers["Permissions-Policy"] = _SELF_ONLY
    return answer
