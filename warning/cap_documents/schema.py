"""Our own schema of CAP 1.0, 1.1 and 1.2, as data, and the judgement by it.

The official XSDs are not part of this project; this module says the same in tables of
our own (ADR 0020) and names each violation with element and line. A contract test holds
its verdict against the official files on thousands of documents.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice

from lxml import etree
from lxml.etree import _Element

from warning import cap
from warning.cap_documents import datatypes as cap_datatypes
from warning.cap_documents.defects import Defect, blocks, warns
from warning.cap_documents.tree import NAMESPACES, XMLDSIG, line_of, version_of

# Content models: names in order; ``?`` may be missing, ``*`` may repeat or be missing,
# ``+`` must be there and may repeat.
_ALERT = (
    "identifier sender sent status msgType source? scope restriction? addresses? code* "
    "note? references? incidents? info*"
)
_INFO = (
    "language? category+ event responseType* urgency severity certainty audience? "
    "eventCode* effective? onset? expires? senderName? headline? description? "
    "instruction? web? contact? parameter* resource* area*"
)
_AREA = "areaDesc polygon* circle* geocode* altitude? ceiling?"
_PAIR = "valueName value"
_PAIRS = {"eventCode": _PAIR, "parameter": _PAIR, "geocode": _PAIR}

_MODELS: Mapping[str, Mapping[str, str]] = {
    "1.0": {
        "alert": _ALERT.replace("source?", "password? source?").replace(
            "scope ", "scope? "
        ),
        "info": _INFO.replace("category+", "category*").replace("responseType* ", ""),
        "resource": "resourceDesc mimeType? size? uri? digest?",
        "area": _AREA,
    },
    "1.1": {
        "alert": _ALERT,
        "info": _INFO,
        "resource": "resourceDesc mimeType? size? uri? derefUri? digest?",
        "area": _AREA,
    }
    | _PAIRS,
    "1.2": {
        "alert": f"{_ALERT} Signature*",
        "info": _INFO,
        "resource": "resourceDesc mimeType size? uri? derefUri? digest?",
        "area": _AREA,
    }
    | _PAIRS,
}

_ENUMS: Mapping[str, frozenset[str]] = {
    "status": frozenset(cap.CapStatus),
    "msgType": frozenset(cap.MsgType),
    "scope": frozenset(cap.Scope),
    "category": frozenset(cap.Category),
    "responseType": frozenset(cap.ResponseType),
    "urgency": frozenset(cap.Urgency),
    "severity": frozenset(cap.Severity),
    "certainty": frozenset(cap.Certainty),
}
_OLDER_ENUMS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "1.0": {
        "status": _ENUMS["status"] - {"Draft"},
        "category": _ENUMS["category"] - {"CBRNE"},
        "certainty": _ENUMS["certainty"] - {"Observed"} | {"Very Likely"},
    },
    "1.1": {"responseType": _ENUMS["responseType"] - {"Avoid", "AllClear"}},
    "1.2": {},
}
_DATATYPES: Mapping[str, cap_datatypes.Datatype] = {
    "language": cap_datatypes.is_language,
    "sent": cap_datatypes.is_date_time,
    "effective": cap_datatypes.is_date_time,
    "onset": cap_datatypes.is_date_time,
    "expires": cap_datatypes.is_date_time,
    "web": cap_datatypes.is_uri,
    "uri": cap_datatypes.is_uri,
    "size": cap_datatypes.is_integer,
}
_DATATYPES_1_2 = dict.fromkeys(
    ("sent", "effective", "onset", "expires"), cap_datatypes.is_cap_time
) | dict.fromkeys(("altitude", "ceiling"), cap_datatypes.is_decimal)

# Missing or unreadable, these leave the alert without an identity or a meaning; the
# others have a harmless reading (``cap_reader``).
_ESSENTIAL = frozenset(
    {
        "identifier",
        "sender",
        "sent",
        "status",
        "msgType",
        "scope",
        "event",
        "urgency",
        "severity",
        "certainty",
    }
)
#: Violations of one alert after which enough is said.
MAX_VIOLATIONS = 500

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_ALLOWED_ATTRIBUTES = {f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation"}


@dataclass(frozen=True, slots=True)
class _Particle:
    """One name of a content model."""

    index: int
    is_required: bool
    is_repeatable: bool


def judge(alert: _Element) -> list[Defect]:
    """Every violation of the schema of the alert's own version, in document order.

    Parameters
    ----------
    alert : lxml element
        The ``alert`` element; one that is in no CAP namespace is judged as CAP 1.2.

    Returns
    -------
    list of Defect
        Empty exactly if the document is valid against the official XSD; no more than
        `MAX_VIOLATIONS`, with a last one that says so.
    """
    version = version_of(alert)
    if version is not None:
        violations = _judge_container(alert, "alert", version)
        if version == "1.2":
            violations = chain(violations, _judge_inside_signatures(alert, version))
        return _first(violations)
    found = etree.QName(alert).namespace or "none"
    message = (
        f"The alert's namespace is {found!r}; CAP 1.2 is {NAMESPACES['1.2']!r}. "
        "Ask the sender whether it is meant as CAP 1.2."
    )
    return [blocks("namespace", "alert", line_of(alert), message)]


def _first(violations: Iterator[Defect]) -> list[Defect]:
    """Return the first violations: a hostile file has a million of them."""
    told = list(islice(violations, MAX_VIOLATIONS))
    if next(violations, None) is not None:
        message = f"More than {MAX_VIOLATIONS} violations; the rest is not listed."
        told.append(blocks("too_many_violations", "alert", None, message))
    return told


def _judge_container(element: _Element, name: str, version: str) -> Iterator[Defect]:
    particles = _particles(_MODELS[version][name])
    yield from _judge_attributes(element, name)
    yield from _judge_stray_text(element, name)
    seen: set[str] = set()
    furthest = 0
    for child in element:
        child_name = _name_in(child, NAMESPACES[version])
        particle = particles.get(child_name)
        if particle is None:
            yield _unknown(child, name)
            continue
        if child_name in seen and not particle.is_repeatable:
            yield _duplicate(child, child_name, name)
        elif particle.index < furthest:
            yield _out_of_order(child, child_name, name)
        seen.add(child_name)
        furthest = max(furthest, particle.index)
        yield from _judge_child(child, child_name, version)
    for required, particle in particles.items():
        if particle.is_required and required not in seen:
            yield _missing(element, required, name)


def _judge_child(child: _Element, name: str, version: str) -> Iterator[Defect]:
    if name in _MODELS[version]:
        yield from _judge_container(child, name, version)
    elif name != "Signature":
        yield from _judge_simple(child, name, version)


def _judge_inside_signatures(alert: _Element, version: str) -> Iterator[Defect]:
    """Judge CAP elements that stand inside a signature, as ``processContents=lax``.

    Flat, not recursive: a hostile file may nest alerts in signatures in alerts.
    """
    namespace = NAMESPACES[version]
    for signature in alert.iterchildren(f"{{{XMLDSIG}}}*"):
        for element in signature.iter(f"{{{namespace}}}*"):
            name, parent = etree.QName(element).localname, element.getparent()
            if name == "alert":
                yield from _judge_container(element, name, version)
            elif name in {"valueName", "value"} and (
                parent is None or etree.QName(parent).namespace != namespace
            ):
                yield from _judge_simple(element, name, version)


def _judge_simple(element: _Element, name: str, version: str) -> Iterator[Defect]:
    yield from _judge_attributes(element, name)
    if len(element):
        yield warns(
            "unknown_element",
            name,
            line_of(element[0]),
            f"<{name}> may hold only text, but has elements inside; their text is read "
            "as if they were not there.",
        )
        return
    text = element.text or ""
    words = _OLDER_ENUMS[version].get(name, _ENUMS.get(name))
    if words is not None and text not in words:
        yield _bad_value(element, name, f"is none of {', '.join(sorted(words))}")
        return
    datatype = _datatype(name, version)
    if datatype is not None and not datatype(text):
        yield _bad_value(element, name, f"is no {cap_datatypes.describe(datatype)}")


def _datatype(name: str, version: str) -> cap_datatypes.Datatype | None:
    if version == "1.2" and name in _DATATYPES_1_2:
        return _DATATYPES_1_2[name]
    return _DATATYPES.get(name)


@cache
def _particles(model: str) -> dict[str, _Particle]:
    return {
        name.rstrip("?*+"): _Particle(
            index, is_required=name[-1] not in "?*", is_repeatable=name[-1] in "*+"
        )
        for index, name in enumerate(model.split())
    }


def _name_in(child: _Element, namespace: str) -> str:
    name = etree.QName(child)
    if name.namespace == namespace:
        # CAP has no Signature of its own; ours stands for the XML-DSig wildcard.
        return "" if name.localname == "Signature" else name.localname
    return "Signature" if name.namespace == XMLDSIG else ""


def _judge_attributes(element: _Element, name: str) -> Iterator[Defect]:
    for attribute in element.attrib:
        if attribute not in _ALLOWED_ATTRIBUTES:
            local = etree.QName(attribute).localname
            message = (
                f"<{name}> has an attribute {local!r}; CAP has none. It is ignored."
            )
            yield warns("attribute", name, line_of(element), message)


def _judge_stray_text(element: _Element, name: str) -> Iterator[Defect]:
    texts = [element.text, *(child.tail for child in element)]
    stray = next((text for text in texts if text and text.strip(" \t\r\n")), None)
    if stray is not None:
        message = f"<{name}> has text between its elements ({stray.strip()[:40]!r})."
        yield warns("stray_text", name, line_of(element), f"{message} It is ignored.")


def _unknown(child: _Element, parent: str) -> Defect:
    name = etree.QName(child).localname
    message = f"<{name}> does not belong into <{parent}>; it is ignored."
    return warns("unknown_element", name, line_of(child), message)


def _duplicate(child: _Element, name: str, parent: str) -> Defect:
    make = blocks if name in _ESSENTIAL else warns
    message = f"<{name}> stands twice in <{parent}>; the first one is read."
    return make("duplicate_element", name, line_of(child), message)


def _out_of_order(child: _Element, name: str, parent: str) -> Defect:
    message = f"<{name}> is not where it belongs in <{parent}>; it is still read."
    return warns("out_of_order", name, line_of(child), message)


def _missing(parent_element: _Element, name: str, parent: str) -> Defect:
    make = blocks if name in _ESSENTIAL else warns
    message = f"<{parent}> has no <{name}>, which CAP requires. Ask the sender for it."
    return make("missing_element", name, line_of(parent_element), message)


def _bad_value(element: _Element, name: str, fault: str) -> Defect:
    make = blocks if name in _ESSENTIAL else warns
    shown = " ".join((element.text or "").split())[:40]
    message = f"<{name}> {shown!r} {fault}."
    return make("bad_value", name, line_of(element), message)
