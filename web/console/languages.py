"""In which language an operator reads the console.

The texts are English in the code and the templates; ``web/translations`` holds the
others, made into tables at set-up.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from babel import Locale, UnknownLocaleError
from flask import Blueprint, Flask, redirect, request, session
from flask_babel import Babel, format_decimal, format_timedelta, get_locale
from werkzeug.wrappers import Response as AnyResponse

from web import sessions
from web.routing import public

bp = Blueprint("languages", __name__)

#: BCP 47 → the language's own name for itself.
LANGUAGES = {"en": "English", "km": "ខ្មែរ", "da": "Dansk", "ar": "العربية"}
TRANSLATIONS = Path(__file__).parents[1] / "translations"
#: Own names of languages that we speak and the libraries do not know.
_NOT_IN_CLDR = {"cjm": "Cham"}


def install(app: Flask) -> None:
    """Let templates say ``_("…")``."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=language)


@bp.post("/language")
@public
def choose() -> AnyResponse:
    """Keep the choice for this session, and show the same page in that language."""
    sessions.check_csrf()
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session[sessions.LANGUAGE] = chosen
    back = sessions.safe_path(request.form.get("back", ""))
    return redirect(back, HTTPStatus.SEE_OTHER)


def language() -> str:
    """What this operator chose, or what their browser asks for, or English."""
    chosen = session.get(sessions.LANGUAGE)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES), "en") or "en"


def direction() -> str:
    """``ltr`` or ``rtl``."""
    return str(Locale.parse(language()).text_direction)


def language_name(code: str) -> str:
    """A language's own name for itself; the code where nobody knows one.

    Examples
    --------
    >>> language_name("da")
    'dansk'
    """
    try:
        return Locale.parse(code, sep="-").display_name or code
    except (UnknownLocaleError, ValueError):
        return _NOT_IN_CLDR.get(code, code)


def figure(n: float) -> str:
    """A number as the operator's language writes it."""
    return _figure(n, str(get_locale()))


@lru_cache(maxsize=4_096)
def _figure(n: float, locale: str) -> str:
    """Remembered: a page of a large warning has hundreds, most of them as before."""
    del locale  # the one that is asked in; here it tells them apart
    return str(format_decimal(n))


def span(seconds: float) -> str:
    """A length of time in words, as exact as a person would say it."""
    exact = timedelta(seconds=max(1, round(seconds)))
    return str(format_timedelta(exact, granularity="second", threshold=1.5))
