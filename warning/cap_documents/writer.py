"""CAP values -> a CAP 1.2 element, in the one order the schema allows."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import cast

from lxml import etree
from lxml.etree import _Element

from warning import cap
from warning.cap_documents.date_times import write_time
from warning.cap_documents.errors import UnwritableAlertError
from warning.cap_documents.tree import NAMESPACES
from warning.cap_documents.words import join_words

_NAMESPACE = NAMESPACES["1.2"]
_Value = str | int | Decimal | datetime | None


def element_of(alert: cap.Alert) -> _Element:
    """Return the alert as a CAP 1.2 element.

    Raises
    ------
    UnwritableAlertError
        If a text holds a character XML cannot carry, or a reference has no ``sent``.
    """
    namespaces = cast("dict[str, str]", {None: _NAMESPACE})
    root: _Element = etree.Element(f"{{{_NAMESPACE}}}alert", nsmap=namespaces)
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", alert.sent)
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.msg_type)
    _add_some(root, "source", alert.source)
    _add(root, "scope", alert.scope)
    _add_some(root, "restriction", alert.restriction)
    _add_some(root, "addresses", join_words(alert.addresses))
    _add_each(root, "code", alert.codes)
    _add_some(root, "note", alert.note)
    _add_some(root, "references", " ".join(map(_reference, alert.references)))
    _add_some(root, "incidents", join_words(alert.incidents))
    for info in alert.infos:
        _add_info(root, info)
    return root


def _add_info(root: _Element, info: cap.Info) -> None:
    parent = _container(root, "info")
    _add(parent, "language", info.language)
    _add_each(parent, "category", info.categories)
    _add(parent, "event", info.event)
    _add_each(parent, "responseType", info.response_types)
    _add(parent, "urgency", info.urgency)
    _add(parent, "severity", info.severity)
    _add(parent, "certainty", info.certainty)
    _add_some(parent, "audience", info.audience)
    _add_pairs(parent, "eventCode", info.event_codes)
    _add_some(parent, "effective", info.effective)
    _add_some(parent, "onset", info.onset)
    _add_some(parent, "expires", info.expires)
    _add_some(parent, "senderName", info.sender_name)
    _add_some(parent, "headline", info.headline)
    _add_some(parent, "description", info.description)
    _add_some(parent, "instruction", info.instruction)
    _add_some(parent, "web", info.web)
    _add_some(parent, "contact", info.contact)
    _add_pairs(parent, "parameter", info.parameters)
    for resource in info.resources:
        _add_resource(parent, resource)
    for area in info.areas:
        _add_area(parent, area)


def _add_resource(info: _Element, resource: cap.Resource) -> None:
    parent = _container(info, "resource")
    _add(parent, "resourceDesc", resource.resource_desc)
    _add(parent, "mimeType", resource.mime_type)
    _add_some(parent, "size", resource.size)
    _add_some(parent, "uri", resource.uri)
    _add_some(parent, "derefUri", resource.deref_uri)
    _add_some(parent, "digest", resource.digest)


def _add_area(info: _Element, area: cap.Area) -> None:
    parent = _container(info, "area")
    _add(parent, "areaDesc", area.area_desc)
    _add_each(parent, "polygon", area.polygons)
    _add_each(parent, "circle", area.circles)
    _add_pairs(parent, "geocode", area.geocodes)
    _add_some(parent, "altitude", area.altitude_ft)
    _add_some(parent, "ceiling", area.ceiling_ft)


def _reference(reference: cap.Reference) -> str:
    if reference.sent is None:
        raise UnwritableAlertError(
            f"The reference to {reference.identifier!r} has no time of sending, which "
            "CAP needs to name a message. Look the message up and give it."
        )
    return f"{reference.sender},{reference.identifier},{write_time(reference.sent)}"


def _container(parent: _Element, name: str) -> _Element:
    child: _Element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    return child


def _add(parent: _Element, name: str, value: _Value) -> None:
    """Add an element, an empty one for an empty value.

    Raises
    ------
    UnwritableAlertError
        If XML has no way to carry the text.
    """
    child = _container(parent, name)
    try:
        child.text = _text(value)
    except ValueError as error:
        raise UnwritableAlertError(
            f"<{name}> holds a character that XML cannot carry (a control character). "
            "Remove it from the text."
        ) from error


def _add_some(parent: _Element, name: str, value: _Value) -> None:
    """Add an element only if there is something to say."""
    if value is not None and value != "":
        _add(parent, name, value)


def _add_each(parent: _Element, name: str, values: Iterable[str]) -> None:
    for value in values:
        _add(parent, name, value)


def _add_pairs(parent: _Element, name: str, pairs: Iterable[cap.NamedValue]) -> None:
    for pair in pairs:
        child = _container(parent, name)
        _add(child, "valueName", pair.value_name)
        _add(child, "value", pair.value)


def _text(value: _Value) -> str:
    if isinstance(value, datetime):
        return write_time(value)
    # A Decimal's own text may be in exponents, which xs:decimal refuses.
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
