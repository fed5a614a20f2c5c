"""A turn of a script as a TwiML document that both telcos run.

Written as text rather than with the ``twilio.twiml`` classes, which validate almost
nothing and let control characters through (``docs/adr/0031``). The document keeps to
what Twilio and Somleng share: ``Say``, ``Play``, ``Gather``, ``Record``, ``Dial``,
``Redirect``, ``Hangup``, ``Reject``; no white space between elements, which Somleng
takes for a forbidden verb inside ``Gather``; absolute addresses only; never ``Pause``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ivr_scripts.model import Gather, Prompt, Record, Turn
from ivr_scripts.position import Position
from telephony.errors import CarrierConfigError, ContentError

MAX_SAY_CHARACTERS = 3_000  #: the telcos' limit is 4,096 after escaping
_HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
_TAIL = "</Response>"
_ABSOLUTE = re.compile(r"https?://[^/\s]+\S*", re.ASCII)
_DIALLABLE = re.compile(r"\+?[0-9]{3,15}", re.ASCII)
#: Everything XML 1.0 section 2.2 forbids, and lone surrogates. C1 is allowed there but
#: is never speech.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\t": " ",
        "\n": " ",
        "\r": " ",
    }
)


class Dialect(StrEnum):
    """Whose TwiML: they differ in the voices they have."""

    TWILIO = "twilio"
    SOMLENG = "somleng"


@dataclass(frozen=True, slots=True)
class Voice:
    """What ``<Say>`` is told: language and voice as the telco names them."""

    language: str
    name: str


@dataclass(frozen=True, slots=True)
class Audio:
    """A recording at an absolute address."""

    url: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Words the telco is to speak."""

    text: str
    language: str


Sound = Audio | Speech
PromptSource = Callable[[Prompt], Sound]

#: Somleng has Amazon Polly where the operator of the switch has set it up, and nothing
#: else that speaks a language other than English; hence no Vietnamese there.
_POLLY: Mapping[str, Voice] = {
    "ar": Voice("arb", "Polly.Zeina"),
    "da": Voice("da-DK", "Polly.Naja"),
    "en": Voice("en-GB", "Polly.Amy"),
    "es": Voice("es-ES", "Polly.Lucia"),
    "fr": Voice("fr-FR", "Polly.Lea"),
}
VOICES: Mapping[Dialect, Mapping[str, Voice]] = {
    Dialect.SOMLENG: _POLLY,
    Dialect.TWILIO: {**_POLLY, "vi": Voice("vi-VN", "Google.vi-VN-Standard-A")},
}


def find_voice(language: str, dialect: Dialect = Dialect.TWILIO) -> Voice | None:
    """Return the voice of a telco for a language tag, by its first part."""
    return VOICES[dialect].get(language.partition("-")[0])


def speakable(language: str, dialect: Dialect = Dialect.TWILIO) -> bool:
    """Whether that telco can speak the language; if not, it needs recordings."""
    return find_voice(language, dialect) is not None


def speech(
    prompts: Iterable[Prompt], prompt_source: PromptSource, dialect: Dialect
) -> str:
    """Write the ``Say`` and ``Play`` elements for prompts.

    Parameters
    ----------
    prompts : iterable of Prompt
        Of a turn.
    prompt_source : callable
        Recording or words for a prompt; see ``spoken.SpokenSource``.
    dialect : Dialect
        Chooses the voices.

    Raises
    ------
    CarrierConfigError
        If an address is not absolute.
    ContentError
        If words are in a language the telco cannot speak.
    """
    return "".join(_spoken(map(prompt_source, prompts), dialect))


def render(
    turn: Turn,
    *,
    action_url: Callable[[Position], str],
    prompt_source: PromptSource,
    dialect: Dialect = Dialect.TWILIO,
    numbers: Mapping[str, str] | None = None,
    caller_id: str | None = None,
) -> str:
    """Write the document for one turn; all as for ``speech`` and ``document``."""
    return document(
        turn,
        speech(turn.prompts, prompt_source, dialect),
        action_url=action_url,
        numbers=numbers,
        caller_id=caller_id,
    )


def document(
    turn: Turn,
    spoken: str,
    *,
    action_url: Callable[[Position], str],
    numbers: Mapping[str, str] | None = None,
    caller_id: str | None = None,
) -> str:
    """Write the document for one turn.

    Parameters
    ----------
    turn : Turn
        From ``ivr_scripts.interpreter.advance``.
    spoken : str
        Its prompts, as ``speech`` writes them.
    action_url : callable
        Absolute address to which the telco brings the answer to a position.
    numbers : mapping of str to str
        Numbers to dial, by the variable a ``DIAL`` step names.
    caller_id : str, optional
        Number of ours that whoever is dialled sees; by default the telco chooses.

    Returns
    -------
    str
        To be sent as UTF-8 with the type ``text/xml``.

    Raises
    ------
    CarrierConfigError
        If an address is not absolute, or a number to dial is missing or malformed.
    """
    if turn.wait is None:
        return f"{_HEAD}{spoken}<Hangup/>{_TAIL}"
    url = _url(action_url(turn.position))
    if isinstance(turn.wait, Gather):
        body = _gather(turn.wait, spoken, url)
    elif isinstance(turn.wait, Record):
        body = spoken + _record(turn.wait, url)
    else:
        number = (numbers or {}).get(turn.wait.variable, "")
        body = spoken + _dial(number, url, caller_id)
    return f"{_HEAD}{body}{_TAIL}"


def rejection() -> str:
    """Refuse an incoming call as busy: the caller pays nothing and is called back."""
    return f'{_HEAD}<Reject reason="busy"/>{_TAIL}'


def hangup() -> str:
    """End a call that cannot go on, without a word."""
    return f"{_HEAD}<Hangup/>{_TAIL}"


def silence() -> str:
    """Answer an incoming text without sending one: both telcos want a document."""
    return f"{_HEAD}{_TAIL}"


def _spoken(sounds: Iterable[Sound], dialect: Dialect) -> Iterator[str]:
    """``Say`` and ``Play`` elements; neighbouring words of a language become one."""
    words: list[str] = []
    language = ""
    for sound in sounds:
        if isinstance(sound, Speech) and sound.language == language:
            words.append(sound.text)
            continue
        yield from _say(words, language, dialect)
        words, language = [], ""
        if isinstance(sound, Audio):
            yield f"<Play>{_url(sound.url)}</Play>"
        else:
            words, language = [sound.text], sound.language
    yield from _say(words, language, dialect)


def _say(words: list[str], language: str, dialect: Dialect) -> Iterator[str]:
    text = " ".join(_FORBIDDEN.sub("", " ".join(words)).split())
    if not text:
        return
    voice = find_voice(language, dialect)
    if voice is None:
        msg = (
            f"No voice of {dialect} speaks {language!r}: record the prompts of this "
            "language or choose a language to fall back on."
        )
        raise ContentError(msg)
    start = f'<Say voice="{voice.name}" language="{voice.language}">'
    for part in _parts(text):
        yield f"{start}{part.translate(_ESCAPES)}</Say>"


def _parts(text: str) -> Iterator[str]:
    """Cut at blanks where it is longer than a telco takes."""
    while len(text) > MAX_SAY_CHARACTERS:
        cut = text.rfind(" ", 1, MAX_SAY_CHARACTERS)
        cut = cut if cut > 0 else MAX_SAY_CHARACTERS
        yield text[:cut]
        text = text[cut:].lstrip()
    yield text


def _gather(gather: Gather, spoken: str, url: str) -> str:
    # actionOnEmptyResult: silence comes back to us and is counted in the address.
    # finishOnKey is empty for menus, so that # and * are answers like any other key.
    return (
        f'<Gather action="{url}" method="POST" input="dtmf" '
        f'numDigits="{gather.max_digits}" timeout="{gather.timeout_s}" '
        f'finishOnKey="{gather.finish_on_key}" actionOnEmptyResult="true">'
        f"{spoken}</Gather>"
    )


def _record(record: Record, url: str) -> str:
    # Twilio goes on with the next verb when nothing was said; Somleng does not.
    return (
        f'<Record action="{url}" method="POST" maxLength="{record.max_s}" '
        f'timeout="{record.silence_s}" finishOnKey="#" playBeep="true"/>'
        f'<Redirect method="POST">{url}</Redirect>'
    )


def _dial(number: str, url: str, caller_id: str | None) -> str:
    if not _DIALLABLE.fullmatch(number):
        msg = "The number to connect the call with is missing or not a number."
        raise CarrierConfigError(msg)
    shown = ""
    if caller_id:
        if not _DIALLABLE.fullmatch(caller_id):
            raise CarrierConfigError("voice_from must be a number.")
        shown = f' callerId="{caller_id}"'
    return (
        f'<Dial action="{url}" method="POST" timeout="30"{shown}>'
        f"<Number>{number}</Number></Dial>"
    )


def _url(url: str) -> str:
    """Escape an address that the telco can resolve without knowing ours.

    Raises
    ------
    CarrierConfigError
        If it is not absolute.
    """
    if not _ABSOLUTE.fullmatch(url) or _FORBIDDEN.search(url):
        msg = f"The address {url[:80]!r} is not absolute; set the public address."
        raise CarrierConfigError(msg)
    return url.translate(_ESCAPES)
