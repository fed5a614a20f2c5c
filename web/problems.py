"""Every error as problem details (RFC 9457), from one table.

A domain error's message is written for the person who asked and is shown as it stands;
anything not in the table is a defect of ours: it is logged without its message, which
may hold a phone number, and the asker gets an incident id and nothing else.
"""

from __future__ import annotations

import json
import logging
import secrets
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from accounts.errors import AccountError, ForbiddenError, SignInError
from geofence.errors import AreaTooLargeError, GeofenceError, SwappedAxesError
from ivr_scripts.errors import PositionError
from responders.errors import (
    CaseNotFoundError,
    CaseStateError,
    ResponderError,
    ResponderNotFoundError,
)
from telephony.errors import (
    CallbackNotKeptError,
    CarrierUnavailableError,
    InvalidNumberError,
    SignatureError,
    SoundError,
    SoundNotFoundError,
    UnknownAttemptError,
)
from warning.cap_documents.errors import CapError
from warning.errors import (
    AlertNotFoundError,
    ChangedAlertError,
    DraftNotFoundError,
    DuplicateAlertError,
    EmptyAudienceError,
    FollowUpError,
    FourEyesError,
    HelpRequestError,
    HelpRequestNotFoundError,
    InvalidAlertError,
    InvalidPlanError,
    InvalidRulesError,
    InvalidSensorError,
    InvalidWebhookError,
    OwnReadingError,
    PlanInUseError,
    PlanNotFoundError,
    PushSecretError,
    ReportNotFoundError,
    ReportStepError,
    SensorNotFoundError,
    StaleRulesError,
    StaleTextError,
    TemplateError,
    TooLongDraftError,
    TransitionError,
    UnknownTextError,
    UnrecordedError,
    VoiceNoteNotFoundError,
    WebhookNotFoundError,
)
from warning.people.subscriber_fields import FieldError
from warning.people.subscriber_header import SubscriberFileError
from warning.people.text_encoding import EncodingError
from warning.texts.text_rules import BadTextsError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
#: Types of problems are names, not places: an offline installation has no site.
TYPE_PREFIX = "urn:tocsin:problem:"
#: Seconds after which a carrier or client may try again when we could not keep it.
RETRY_AFTER_S = 5

_MACHINE_PATHS = ("/api/", "/telephony/", "/health/", "/metrics", "/intake/", "/feeds/")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem."""

    status: HTTPStatus
    #: Last part of the type.
    slug: str
    title: str


@dataclass(eq=False)
class ProblemError(Exception):
    """Something that the web itself finds wrong.

    Parameters
    ----------
    kind : Kind
    detail : str
        One sentence: what, where, what to do next.
    extensions : mapping
        Further members of the problem document.
    headers : mapping
    """

    kind: Kind
    detail: str
    extensions: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


BAD_REQUEST = Kind(HTTPStatus.BAD_REQUEST, "unreadable", "The request is unreadable")
INVALID = Kind(
    HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request", "Something is missing or wrong"
)
UNAUTHORIZED = Kind(HTTPStatus.UNAUTHORIZED, "sign-in", "Sign in first")
FORBIDDEN = Kind(HTTPStatus.FORBIDDEN, "forbidden", "Your role does not allow this")
NOT_FOUND = Kind(HTTPStatus.NOT_FOUND, "not-found", "There is nothing here")
UNSUPPORTED = Kind(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media-type", "This format is not read here"
)
NO_LENGTH = Kind(
    HTTPStatus.LENGTH_REQUIRED, "no-length", "The length of the body is not known"
)
TOO_LARGE = Kind(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "The request is too large"
)
TOO_MANY = Kind(HTTPStatus.TOO_MANY_REQUESTS, "too-many", "Too many tries")
BAD_CSRF = Kind(HTTPStatus.FORBIDDEN, "stale-form", "The form is too old")
UNAVAILABLE = Kind(
    HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "The database or disk is not there"
)
DEFECT = Kind(
    HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side"
)

_UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
_CONFLICT = HTTPStatus.CONFLICT
_UNAVAILABLE = HTTPStatus.SERVICE_UNAVAILABLE

#: Error → problem; the nearest class in the error's family counts.
PROBLEMS: Mapping[type[Exception], Kind] = {
    AlertNotFoundError: Kind(HTTPStatus.NOT_FOUND, "no-such-alert", "No such alert"),
    InvalidAlertError: Kind(_UNPROCESSABLE, "invalid-alert", "The alert cannot go out"),
    CapError: Kind(_UNPROCESSABLE, "invalid-cap", "The CAP document cannot be used"),
    EmptyAudienceError: Kind(_UNPROCESSABLE, "empty-audience", "Nobody is to be told"),
    UnrecordedError: Kind(_CONFLICT, "unrecorded", "Some would hear no word of it"),
    FollowUpError: Kind(_CONFLICT, "followed", "Another alert follows it already"),
    HelpRequestError: Kind(_CONFLICT, "help-closed", "The request is closed"),
    HelpRequestNotFoundError: Kind(
        HTTPStatus.NOT_FOUND, "no-such-help-request", "No such request for help"
    ),
    VoiceNoteNotFoundError: Kind(
        HTTPStatus.NOT_FOUND, "no-such-recording", "No such recording"
    ),
    ReportNotFoundError: Kind(HTTPStatus.NOT_FOUND, "no-such-report", "No such report"),
    ReportStepError: Kind(_UNPROCESSABLE, "report-step", "Not possible so"),
    TransitionError: Kind(_CONFLICT, "wrong-state", "Not possible in this state"),
    DuplicateAlertError: Kind(_CONFLICT, "known-alert", "This alert is already here"),
    ChangedAlertError: Kind(_CONFLICT, "changed-alert", "Known with other words"),
    InvalidPlanError: Kind(_UNPROCESSABLE, "invalid-plan", "The plan cannot be used"),
    TemplateError: Kind(_UNPROCESSABLE, "bad-texts", "These texts cannot be used"),
    UnknownTextError: Kind(HTTPStatus.NOT_FOUND, "no-such-text", "No such text"),
    StaleTextError: Kind(_CONFLICT, "stale-text", "Somebody else changed it"),
    InvalidRulesError: Kind(_UNPROCESSABLE, "bad-rules", "Rules that cannot be kept"),
    StaleRulesError: Kind(_CONFLICT, "stale-rules", "Somebody else changed them"),
    OwnReadingError: Kind(HTTPStatus.FORBIDDEN, "own-text", "Another reader is needed"),
    PlanNotFoundError: Kind(HTTPStatus.NOT_FOUND, "no-such-plan", "No such plan"),
    DraftNotFoundError: Kind(HTTPStatus.NOT_FOUND, "no-such-draft", "No such draft"),
    TooLongDraftError: Kind(TOO_LARGE.status, "long-draft", "The draft is too long"),
    PlanInUseError: Kind(_CONFLICT, "plan-in-use", "A sensor needs this plan"),
    InvalidSensorError: Kind(_UNPROCESSABLE, "invalid-sensor", "Thresholds disagree"),
    SensorNotFoundError: Kind(HTTPStatus.NOT_FOUND, "no-such-sensor", "No such sensor"),
    InvalidWebhookError: Kind(_UNPROCESSABLE, "invalid-webhook", "Cannot be told"),
    WebhookNotFoundError: Kind(
        HTTPStatus.NOT_FOUND, "no-such-webhook", "No such webhook"
    ),
    PushSecretError: Kind(HTTPStatus.FORBIDDEN, "secret", "The secret is wrong"),
    FourEyesError: Kind(HTTPStatus.FORBIDDEN, "four-eyes", "A second person is needed"),
    GeofenceError: Kind(_UNPROCESSABLE, "invalid-area", "The area cannot be used"),
    AreaTooLargeError: Kind(TOO_LARGE.status, "large-area", "The area is too large"),
    SwappedAxesError: Kind(
        _UNPROCESSABLE, "swapped-axes", "Latitude and longitude look exchanged"
    ),
    SubscriberFileError: Kind(_UNPROCESSABLE, "invalid-file", "The file is unusable"),
    FieldError: Kind(_UNPROCESSABLE, "invalid-value", "A value cannot be used"),
    EncodingError: Kind(_UNPROCESSABLE, "encoding", "The text cannot be decoded"),
    InvalidNumberError: Kind(_UNPROCESSABLE, "invalid-number", "Not a phone number"),
    CaseNotFoundError: Kind(HTTPStatus.NOT_FOUND, "no-such-case", "No such case"),
    CaseStateError: Kind(_CONFLICT, "wrong-case-state", "The case is past that"),
    ResponderNotFoundError: Kind(
        HTTPStatus.NOT_FOUND, "no-such-responder", "No such volunteer"
    ),
    ResponderError: Kind(_UNPROCESSABLE, "invalid-case", "It cannot be used so"),
    SignatureError: Kind(HTTPStatus.FORBIDDEN, "signature", "Not signed as it must be"),
    UnknownAttemptError: Kind(HTTPStatus.NOT_FOUND, "no-such-call", "No such call"),
    PositionError: Kind(HTTPStatus.NOT_FOUND, "no-such-step", "No such step"),
    CallbackNotKeptError: Kind(_UNAVAILABLE, "not-kept", "Not kept; send it again"),
    CarrierUnavailableError: Kind(_UNAVAILABLE, "carrier", "A carrier is not there"),
    SoundError: Kind(_UNPROCESSABLE, "invalid-sound", "The sound cannot be used"),
    SoundNotFoundError: Kind(HTTPStatus.NOT_FOUND, "no-such-sound", "No such sound"),
    AccountError: Kind(_UNPROCESSABLE, "account", "The account cannot do this"),
    SignInError: UNAUTHORIZED,
    ForbiddenError: FORBIDDEN,
}


def install(app: Flask) -> None:
    """Answer every error of an application with a problem."""
    app.register_error_handler(Exception, respond)


def respond(error: Exception) -> Response:
    """Turn any exception into an answer."""
    return _answer(problem_of(error))


def problem_of(error: Exception) -> ProblemError:
    """Return what is told about an exception."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, HTTPException):
        return _of_http(error)
    for family in type(error).__mro__:
        kind = PROBLEMS.get(family)
        if kind is not None:
            return ProblemError(
                kind, str(error), extensions_of(error), _headers_of(kind)
            )
    if isinstance(error, OSError):
        return _unavailable(error)
    return _defect(error)


def extensions_of(error: Exception) -> dict[str, object]:
    """What a domain error knows beyond its sentence."""
    extensions: dict[str, object] = {}
    if isinstance(error, DuplicateAlertError | ChangedAlertError):
        extensions["alert_id"] = error.alert_id
    if isinstance(error, SwappedAxesError) and error.swapped is not None:
        extensions["swapped"] = error.swapped
    if isinstance(error, FieldError):
        extensions["errors"] = [{"pointer": f"#/{error.column}", "detail": str(error)}]
    if isinstance(error, UnrecordedError):
        extensions["languages"] = list(error.languages)
    if isinstance(error, FollowUpError):
        extensions["alert_id"] = error.alert_id
    if isinstance(error, BadTextsError):
        extensions["errors"] = [
            {"pointer": f"#/texts/{path}", "detail": one.message}
            for path, found in error.complaints.items()
            for one in found
        ]
    if isinstance(error, StaleTextError):
        extensions["texts"] = list(error.paths)
    defects = getattr(error, "defects", ())
    if defects:
        extensions["defects"] = [defect.as_dict() for defect in defects]
    return extensions


def _headers_of(kind: Kind) -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_S)} if kind.status == _UNAVAILABLE else {}


def _of_http(error: HTTPException) -> ProblemError:
    """Werkzeug's own: wrong path, wrong method, too large, unreadable."""
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    known = {kind.status: kind for kind in (BAD_REQUEST, NOT_FOUND, TOO_LARGE)}
    slug = status.phrase.lower().replace(" ", "-")
    kind = known.get(status) or Kind(status, slug, status.phrase)
    headers = dict(error.get_headers())
    headers.pop("Content-Type", None)
    return ProblemError(kind, _sentence_of_http(error, status), headers=headers)


def _sentence_of_http(error: HTTPException, status: HTTPStatus) -> str:
    """What happened, with the limit or the way out where there is one."""
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return f"The most that is read here is {request.max_content_length:,} bytes."
    if status is HTTPStatus.NOT_FOUND:
        return "There is nothing at this address; docs/api.md lists what there is."
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.method} is not possible here; the Allow header says what is."
    return error.description or status.description


def _defect(error: Exception) -> ProblemError:
    incident = _note_incident(error)
    detail = f"The service could not do this. Its log has more under {incident}."
    return ProblemError(DEFECT, detail, {"incident": incident})


def _unavailable(error: OSError) -> ProblemError:
    """The database or the disk does not take it; a store's error is an ``OSError``."""
    incident = _note_incident(error)
    detail = f"Try again in a moment. The log has more under {incident}."
    extensions = {"incident": incident}
    return ProblemError(UNAVAILABLE, detail, extensions, _headers_of(UNAVAILABLE))


def _note_incident(error: Exception) -> str:
    """Log where an error came from, not what it says, and return its id."""
    incident = secrets.token_hex(4)
    where = "".join(traceback.format_tb(error.__traceback__))
    # Not logger.exception: a message of the database repeats its parameters.
    logger.error("Incident %s: %s at\n%s", incident, type(error).__qualname__, where)
    return incident


def _answer(problem: ProblemError) -> Response:
    if request.path.startswith(_MACHINE_PATHS):
        return answer_machine(problem)
    page = render_template("problem.html", problem=problem)
    response = Response(page, problem.kind.status)
    response.headers.update(problem.headers)
    return response


def answer_machine(problem: ProblemError) -> Response:
    """Answer with a problem's document; also where no request of Flask is served."""
    response = Response(document(problem), problem.kind.status, mimetype=MEDIA_TYPE)
    response.headers.update(problem.headers)
    return response


def document(problem: ProblemError) -> str:
    """Write a problem as a JSON document."""
    kind = problem.kind
    return json.dumps(
        {
            "type": TYPE_PREFIX + kind.slug,
            "title": kind.title,
            "status": kind.status.value,
            "detail": problem.detail,
            **problem.extensions,
        },
        ensure_ascii=False,
    )
