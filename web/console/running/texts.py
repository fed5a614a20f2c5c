"""Our texts: read, written anew, read over by a speaker, as a file and back.

What is typed is kept on the page whatever comes of it. Whoever saves what somebody else
has changed meanwhile sees both, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

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
from werkzeug.wrappers import Response as AnyResponse

from accounts.operators import Operator, Role
from warning.errors import AlertError, StaleTextError
from warning.texts.hazards import Hazard
from warning.texts.text_exchange import MAX_BYTES
from warning.texts.text_lines import LanguageLines, TextLine
from warning.texts.text_rules import BadTextsError
from warning.texts.text_slots import GROUPS, SLOTS, Notice
from web.console.alerts.drafts import is_script
from web.console.refusals import sentence_of
from web.console.running import text_words
from web.services import options, services
from web.sessions import signed_in

bp = Blueprint("texts", __name__, url_prefix="/settings/texts")

#: Where the warnings are for that show how texts are read, without areas.
_NOWHERE = "…"
#: Changes of the texts on the page that are shown.
_N_CHANGES = 20
#: More than any text may have: that it is too long is said, not cut.
_MOST_TYPED = 5_000
#: Where something stands that is no field of the form.
_WHOLE = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trouble:
    """Why nothing was kept."""

    #: Field → sentence.
    problems: Mapping[str, str]
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
    #: Names of texts that somebody else changed.
    stale: Sequence[str] = field(default_factory=tuple)


@bp.get("")
@signed_in(Role.ADMIN)
def overview(by: Operator) -> AnyResponse:
    """What we say, language by language."""
    del by
    return _overview(None)


@bp.get("/<language>.toml")
@signed_in(Role.ADMIN)
def download(language: str, by: Operator) -> Response:
    """The texts of a language as a file."""
    del by
    text = services().texts.exchange.written(language)
    name = f"{services().texts.desk.language(language).language}.toml"
    return Response(
        text,
        mimetype="application/toml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.post("/file")
@signed_in(Role.ADMIN)
def upload(by: Operator) -> AnyResponse:
    """Let a file say what is said; what was changed since it was written stays."""
    sent = request.files.get("file")
    data = sent.stream.read(MAX_BYTES + 1) if sent else b""
    name = (sent.filename if sent else None) or "?"
    try:
        taken = services().texts.exchange.take(data, name=name[:80], by=by.name)
    except AlertError as error:
        return _overview(sentence_of(error))
    flash(_("Texts that say something else now: %(n)s", n=len(taken.changed)))
    return _to_overview(taken.language)


@bp.post("/<language>/read")
@signed_in(Role.ADMIN)
def read_all(language: str, by: Operator) -> AnyResponse:
    """Note that a speaker has read every text of a language."""
    try:
        services().texts.desk.review(language, SLOTS, seen=_seen(), by=by.name)
    except AlertError as error:
        return _overview(sentence_of(error), language)
    flash(_("It is noted that you have read these texts."))
    return _to_overview(language)


@bp.get("/<language>/<group>")
@signed_in(Role.ADMIN)
def edit(language: str, group: str, by: Operator) -> AnyResponse:
    """The texts of one hazard, or of what is said afterwards, as a form."""
    del by
    shown = services().texts.desk.language(language)
    return _page(shown, group, {}, None)


@bp.post("/<language>/<group>")
@signed_in(Role.ADMIN)
def save(language: str, group: str, by: Operator) -> AnyResponse:
    """Keep what was written, unless somebody else changed it meanwhile."""
    desk, typed = services().texts.desk, _typed(group)
    try:
        desk.save(language, typed, seen=_seen(), by=by.name)
    except BadTextsError as error:
        problems = {
            path: text_words.sentence_for(SLOTS[path], found)
            for path, found in error.complaints.items()
        }
        return _again(language, group, typed, _Trouble(problems=problems))
    except StaleTextError as error:
        return _again(language, group, typed, _stale(error))
    flash(_("The texts are kept."))
    return _to_group(language, group)


@bp.post("/<language>/<group>/back")
@signed_in(Role.ADMIN)
def bring_back(language: str, group: str, by: Operator) -> AnyResponse:
    """Go back to what comes with the release, in one text."""
    path = request.form.get("path", "")
    if path not in _paths_of(group):
        abort(HTTPStatus.NOT_FOUND)
    try:
        services().texts.desk.bring_back(language, [path], seen=_seen(), by=by.name)
    except StaleTextError as error:
        return _again(language, group, _typed(group), _stale(error))
    flash(_("The text is the one of the release again."))
    return _to_group(language, group)


@bp.post("/<language>/<group>/read")
@signed_in(Role.ADMIN)
def read_over(language: str, group: str, by: Operator) -> AnyResponse:
    """Note that a speaker has read the texts on the page, or take that back."""
    desk, paths = services().texts.desk, _paths_of(group)
    is_doubt = "doubt" in request.form
    judge = desk.doubt if is_doubt else desk.review
    try:
        judge(language, paths, seen=_seen(), by=by.name)
    except AlertError as error:
        trouble = _Trouble(
            problems={_WHOLE: sentence_of(error)}, status=HTTPStatus.CONFLICT
        )
        return _again(language, group, {}, trouble)
    flash(
        _("It is noted that these texts have to be read again.")
        if is_doubt
        else _("It is noted that you have read these texts.")
    )
    return _to_group(language, group)


@bp.post("/<language>/<group>/look")
@signed_in(Role.ADMIN)
def look(language: str, group: str, by: Operator) -> AnyResponse:
    """What people would read; the phones alone for the page's script."""
    del by
    typed = _typed(group)
    if not is_script():
        return _again(language, group, typed, None)
    samples = services().texts.samples.of(language, group, typed, place=_place())
    return make_response(
        render_template(
            "console/_samples.html", samples=samples, kind_of=text_words.kind_of
        )
    )


def _overview(problem: str | None, language: str = "") -> AnyResponse:
    known = _in_order(services().texts.desk.languages())
    asked = language or request.args.get("language", "")
    shown = next((one for one in known if one.language == asked), known[0])
    page = render_template(
        "console/texts.html",
        known=known,
        shown=shown,
        lines={line.path: line for line in shown.lines},
        groups={group: _lines_of(shown, group) for group in GROUPS},
        hazards=list(Hazard),
        notices={notice: _(text_words.NOTICES[notice]) for notice in Notice},
        kind_of=text_words.kind_of,
        problem=problem,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return make_response(page, status)


def _in_order(known: Sequence[LanguageLines]) -> list[LanguageLines]:
    """The languages of this installation first, in its order."""
    order = {tag: n for n, tag in enumerate(options().languages)}
    return sorted(known, key=lambda one: (order.get(one.language, len(order)),))


def _again(
    language: str, group: str, typed: Mapping[str, str], trouble: _Trouble | None
) -> AnyResponse:
    """The form with what was typed, beside what is kept now."""
    shown = services().texts.desk.language(language)
    return _page(shown, group, typed, trouble)


def _page(
    shown: LanguageLines,
    group: str,
    typed: Mapping[str, str],
    trouble: _Trouble | None,
) -> AnyResponse:
    _paths_of(group)
    known, lines = services().texts, _lines_of(shown, group)
    changes = [
        one for line in lines for one in known.desk.changes(shown.language, line.path)
    ]
    changes.sort(key=lambda one: -one.revision)
    page = render_template(
        "console/text_form.html",
        shown=shown,
        group=group,
        title=_title(shown, group),
        lines=lines,
        typed={line.path: typed.get(line.path, line.words) for line in lines},
        problems=trouble.problems if trouble else {},
        problem=trouble.problems.get(_WHOLE) if trouble else None,
        stale=trouble.stale if trouble else (),
        samples=known.samples.of(shown.language, group, typed, place=_place()),
        changes=changes[:_N_CHANGES],
        kind_of=text_words.kind_of,
        placeholders_of=text_words.placeholders_of,
        done=text_words.CHANGES,
    )
    return make_response(page, trouble.status if trouble else HTTPStatus.OK)


def _place() -> str:
    """A place that people here know: the first of the largest areas."""
    areas = services().areas.list(level=1, after="", limit=1)
    return areas[0].name if areas else _NOWHERE


def _title(shown: LanguageLines, group: str) -> str:
    """What is edited, in the operator's language or that of the texts."""
    kind, _dot, name = group.partition(".")
    if kind == "notices":
        return str(_(text_words.NOTICES[Notice(name)]))
    if kind == "hazards":
        return next(one.words for one in shown.lines if one.path == f"{group}.name")
    return str(_("How a warning begins and ends"))


def _stale(error: StaleTextError) -> _Trouble:
    sentence = _(
        "Somebody else changed these texts meanwhile; nothing was overwritten. "
        "Compare, and choose what is to stand. Sent again, your form counts."
    )
    return _Trouble(
        problems={_WHOLE: sentence}, status=HTTPStatus.CONFLICT, stale=error.paths
    )


def _typed(group: str) -> dict[str, str]:
    """What stands in the form; whoever presses Enter means a blank."""
    return {
        path: " ".join(request.form[path][:_MOST_TYPED].splitlines())
        for path in _paths_of(group)
        if path in request.form
    }


def _seen() -> int:
    """The moment that was on the page; without one everything is newer."""
    return max(request.form.get("seen", default=0, type=int), 0)


def _lines_of(shown: LanguageLines, group: str) -> list[TextLine]:
    return [line for line in shown.lines if line.slot.group == group]


def _paths_of(group: str) -> list[str]:
    """The names of the texts of a group; a page that is not there without any."""
    found = [path for path, slot in SLOTS.items() if slot.group == group]
    if not found:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _to_overview(language: str) -> AnyResponse:
    target = url_for("texts.overview", language=language)
    return redirect(target, HTTPStatus.SEE_OTHER)


def _to_group(language: str, group: str) -> AnyResponse:
    target = url_for("texts.edit", language=language, group=group)
    return redirect(target, HTTPStatus.SEE_OTHER)
