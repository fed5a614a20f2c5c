"""TwiML documents as values: read with care, judged by the dialect's rules.

Pure. A document is parsed whole; a verb the dialect does not run is kept as `Unknown`,
because what precedes it is still executed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from simulator.errors import TwimlError

#: Scheme, perhaps user and password, host, perhaps port, and whatever follows.
_ABSOLUTE_URL = re.compile(
    r"https?://([^\s/?#@\[\]]+@)?(\[[0-9a-f:.]+\]|[^\s/?#@:\[\]]+)(:\d+)?([/?#]\S*)?",
    re.IGNORECASE,
)
_KEYS = frozenset("0123456789*#")
_ALL_KEYS = "1234567890*#"
#: Seconds or digits beyond this are a slip of the pen.
_MAX_NUMBER = 1e6


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text."""

    text: str
    language: str | None = None
    voice: str | None = None
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """Play a sound file."""

    url: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait (Twilio only)."""

    seconds: float


Prompt = Say | Play | Pause


@dataclass(frozen=True, kw_only=True, slots=True)
class Gather:
    """Ask for keys."""

    prompts: tuple[Prompt, ...] = ()
    action: str | None = None
    method: str = "POST"
    #: Silence that ends it, virtual seconds after the prompts or the last key.
    timeout_s: float = 5.0
    num_digits: int | None = None
    #: Empty: no key ends it.
    finish_on_key: str = "#"
    action_on_empty_result: bool = False

    def is_complete(self, digits: str) -> bool:
        """Whether the number of digits asked for is there."""
        return self.num_digits is not None and len(digits) >= self.num_digits


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Record the person."""

    action: str | None = None
    method: str = "POST"
    max_length_s: float = 3600.0
    timeout_s: float = 5.0
    finish_on_key: str = _ALL_KEYS
    play_beep: bool = True
    status_callback: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Dial:
    """Connect with others; the first to answer has the call."""

    numbers: tuple[str, ...]
    action: str | None = None
    method: str = "POST"
    caller_id: str | None = None
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse an inbound call."""

    reason: str = "rejected"


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Texted:
    """Answer an inbound text with a text."""

    body: str
    to: str | None = None
    from_: str | None = None
    status_callback: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A verb that cannot be run, and why."""

    name: str
    why: str


Verb = (
    Say | Play | Pause | Gather | Record | Dial | Redirect | Reject | Hangup | Texted
    | Unknown
)  # fmt: skip


def parse(document: str | bytes) -> tuple[Verb, ...]:
    """Read a document.

    Parameters
    ----------
    document : str or bytes
        XML whose root is ``Response``.

    Returns
    -------
    tuple of Verb
        In the order of execution.

    Raises
    ------
    TwimlError
        If it is no well-formed XML, has another root, or has a DOCTYPE.
    """
    raw = document.encode() if isinstance(document, str) else document
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(raw.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise TwimlError(f"TwiML is not well-formed XML: {error}") from error
    if b"<!DOCTYPE" in raw:
        raise TwimlError("TwiML has a DOCTYPE: not allowed")
    if root.tag != "Response":
        raise TwimlError(f"the root of TwiML is <{root.tag}>: must be <Response>")
    return tuple(_verb(element) for element in root if isinstance(element.tag, str))


def is_absolute_url(url: str) -> bool:
    """Whether it names scheme and host."""
    return url.isascii() and _ABSOLUTE_URL.fullmatch(url) is not None


def _verb(element: etree._Element) -> Verb:  # noqa: PLR0911 - one line a verb
    attributes = {str(name): str(value) for name, value in element.attrib.items()}
    match element.tag:
        case "Say" | "Play" | "Pause":
            return _prompt(element)
        case "Gather":
            return _gather(element, attributes)
        case "Record":
            return _record(attributes)
        case "Dial":
            return _dial(element, attributes)
        case "Redirect":
            return Redirect(_text(element), _method(attributes))
        case "Reject":
            return Reject(attributes.get("reason", "rejected"))
        case "Hangup":
            return Hangup()
        case "Message" | "Sms":
            return _texted(element, attributes)
        case _:
            return Unknown(str(element.tag), "is not a verb")


def _prompt(element: etree._Element) -> Prompt:
    if element.tag == "Pause":
        return Pause(_number(element.attrib.get("length"), 1.0))
    loop = int(_number(element.attrib.get("loop"), 1.0))
    # 0 means for ever: a thousand times outlasts every simulated patience.
    loop = 1000 if loop == 0 else max(loop, 1)
    text = _text(element)
    if element.tag == "Play":
        return Play(text, loop)
    return Say(text, element.get("language"), element.get("voice"), loop)


def _gather(element: etree._Element, attributes: Mapping[str, str]) -> Verb:
    prompts: list[Prompt] = []
    for child in element:
        if child.tag not in {"Say", "Play", "Pause"}:
            return Unknown("Gather", f"must not hold <{child.tag}>")
        prompts.append(_prompt(child))
    count = attributes.get("numDigits")
    key = attributes.get("finishOnKey", "#")
    return Gather(
        prompts=tuple(prompts),
        action=attributes.get("action"),
        method=_method(attributes),
        timeout_s=_number(attributes.get("timeout"), 5.0),
        num_digits=max(1, int(_number(count, 1.0))) if count else None,
        finish_on_key=key if not key or key in _KEYS else "#",
        action_on_empty_result=attributes.get("actionOnEmptyResult") == "true",
    )


def _record(attributes: Mapping[str, str]) -> Record:
    return Record(
        action=attributes.get("action"),
        method=_method(attributes),
        max_length_s=_number(attributes.get("maxLength"), 3600.0),
        timeout_s=_number(attributes.get("timeout"), 5.0),
        finish_on_key=attributes.get("finishOnKey", _ALL_KEYS),
        play_beep=attributes.get("playBeep") != "false",
        status_callback=attributes.get("recordingStatusCallback"),
    )


def _dial(element: etree._Element, attributes: Mapping[str, str]) -> Verb:
    numbers = [(element.text or "").strip()]
    for child in element:
        if child.tag != "Number":
            return Unknown("Dial", f"must not hold <{child.tag}>")
        numbers.append(_text(child))
    return Dial(
        numbers=tuple(number for number in numbers if number),
        action=attributes.get("action"),
        method=_method(attributes),
        caller_id=attributes.get("callerId"),
        timeout_s=_number(attributes.get("timeout"), 30.0),
    )


def _texted(element: etree._Element, attributes: Mapping[str, str]) -> Texted:
    bodies = [_text(child) for child in element if child.tag == "Body"]
    return Texted(
        body="".join(bodies) or _text(element),
        to=attributes.get("to"),
        from_=attributes.get("from"),
        status_callback=attributes.get("action"),
    )


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()


def _method(attributes: Mapping[str, str]) -> str:
    return "GET" if attributes.get("method", "").upper() == "GET" else "POST"


def _number(text: str | None, default: float) -> float:
    try:
        value = float(text) if text else default
    except ValueError:
        return default
    return value if 0.0 <= value < _MAX_NUMBER else default
