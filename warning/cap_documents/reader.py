"""CAP elements -> values. What can be understood is understood, and said.

Everything the reader passes over, mends or cannot make sense of becomes a defect here;
whether a sensible alert *should* say such a thing is the business of ``cap_rules``.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from warning import cap
from warning.cap_documents import datatypes as cap_datatypes
from warning.cap_documents.date_times import (
    BUDDHIST_OFFSET_YEARS,
    DOUBTFUL_FAULTS,
    TimeFault,
    read_time,
)
from warning.cap_documents.defects import Defect, blocks, warns
from warning.cap_documents.node import Node
from warning.cap_documents.words import split_words

_Word = TypeVar("_Word", bound=StrEnum)

#: What CAP 1.0 called "Very Likely" is "Likely" since 1.1.
_VERY_LIKELY = "very likely"
#: Words without which the alert says nothing dependable.
_ESSENTIAL_WORDS = frozenset(
    {"status", "msgType", "scope", "urgency", "severity", "certainty"}
)
_ESSENTIAL_TIMES = frozenset({"sent", "expires"})
# Enough for any honest alert; the first ones decide.
_MAX_DEFECTS = 500
#: They hold the size of any file; more are no number but an attack on int().
_MAX_DIGITS = 20
_UNKNOWN_MIME_TYPE = "application/octet-stream"

_TIME_MESSAGES = {
    TimeFault.UNREADABLE: "is no date and time. Ask the sender what is meant.",
    TimeFault.NO_OFFSET: "has no offset from UTC, so it names no instant. Ask the "
    "sender for one such as +07:00.",
    TimeFault.IMPLAUSIBLE_YEAR: "has a year that cannot be meant. Ask the sender.",
    TimeFault.LETTER: "has a letter for the zone; it is read as UTC, which CAP writes "
    "-00:00.",
    TimeFault.FRACTION: "has a fraction of a second; it is read without.",
    TimeFault.FORMAT: "is not in CAP's form (2026-10-01T06:00:00+07:00), but clear.",
}


class Reader:
    """Reads one alert and collects the defects met on the way."""

    def __init__(self, *, version: str | None) -> None:
        self._version = version
        self.defects: list[Defect] = []
        #: What `alert` has read of the infos, also if there is no alert.
        self.infos: tuple[cap.Info, ...] = ()

    def _tell(self, defect: Defect) -> None:
        if len(self.defects) < _MAX_DEFECTS:
            self.defects.append(defect)

    def alert(self, node: Node) -> cap.Alert | None:
        """Return the alert; None if its identity or its kind cannot be read."""
        identifier = self._essential_text(node, "identifier")
        sender = self._essential_text(node, "sender")
        sent = self._time(node.first("sent"))
        status = self._word(node.first("status"), cap.CapStatus)
        msg_type = self._word(node.first("msgType"), cap.MsgType)
        scope = self._scope(node)
        references = self._references(node.first("references"))
        self.infos = tuple(self._info(info) for info in node.all("info"))
        if not (identifier and sender and sent and status and msg_type and scope):
            return None
        return cap.Alert(
            identifier=identifier,
            sender=sender,
            sent=sent,
            status=status,
            msg_type=msg_type,
            scope=scope,
            source=node.text_of("source") or None,
            restriction=node.text_of("restriction") or None,
            addresses=split_words(node.text_of("addresses")),
            codes=node.texts_of("code"),
            note=node.text_of("note") or None,
            references=references,
            incidents=split_words(node.text_of("incidents")),
            infos=self.infos,
        )

    def _info(self, node: Node) -> cap.Info:
        return cap.Info(
            event=self._essential_text(node, "event"),
            urgency=self._word(node.first("urgency"), cap.Urgency)
            or cap.Urgency.UNKNOWN,
            severity=self._word(node.first("severity"), cap.Severity)
            or cap.Severity.UNKNOWN,
            certainty=self._word(node.first("certainty"), cap.Certainty)
            or cap.Certainty.UNKNOWN,
            categories=self._words(node, "category", cap.Category)
            or (cap.Category.OTHER,),
            language=self._language(node),
            response_types=self._words(node, "responseType", cap.ResponseType),
            audience=node.text_of("audience") or None,
            event_codes=self._pairs(node, "eventCode"),
            effective=self._time(node.first("effective")),
            onset=self._time(node.first("onset")),
            expires=self._time(node.first("expires")),
            sender_name=node.text_of("senderName") or None,
            headline=node.text_of("headline") or None,
            description=node.text_of("description") or None,
            instruction=node.text_of("instruction") or None,
            web=node.text_of("web") or None,
            contact=node.text_of("contact") or None,
            parameters=self._pairs(node, "parameter"),
            resources=tuple(self._resource(each) for each in node.all("resource")),
            areas=tuple(self._area(each) for each in node.all("area")),
        )

    def _resource(self, node: Node) -> cap.Resource:
        size = node.text_of("size")
        return cap.Resource(
            resource_desc=node.text_of("resourceDesc"),
            mime_type=node.text_of("mimeType") or _UNKNOWN_MIME_TYPE,
            size=int(size)
            if cap_datatypes.is_integer(size) and len(size) <= _MAX_DIGITS
            else None,
            uri=node.text_of("uri") or None,
            deref_uri=node.text_of("derefUri") or None,
            digest=node.text_of("digest") or None,
        )

    def _area(self, node: Node) -> cap.Area:
        return cap.Area(
            area_desc=node.text_of("areaDesc"),
            polygons=tuple(shape.text for shape in node.all("polygon")),
            circles=tuple(shape.text for shape in node.all("circle")),
            geocodes=self._pairs(node, "geocode"),
            altitude_ft=self._decimal(node.first("altitude")),
            ceiling_ft=self._decimal(node.first("ceiling")),
        )

    def _essential_text(self, parent: Node, name: str) -> str:
        node = parent.first(name)
        if node is not None and not node.text:
            message = f"<{name}> is empty. Ask the sender for it."
            self._tell(blocks("empty_element", name, node.line, message))
        return node.text if node is not None else ""

    def _scope(self, node: Node) -> cap.Scope | None:
        scope = node.first("scope")
        # CAP 1.0 may leave it out and means everybody.
        if scope is None and self._version == "1.0":
            return cap.Scope.PUBLIC
        return self._word(scope, cap.Scope)

    def _language(self, node: Node) -> str:
        return node.text_of("language").replace("_", "-") or cap.DEFAULT_LANGUAGE

    def _words(self, parent: Node, name: str, words: type[_Word]) -> tuple[_Word, ...]:
        read = (self._word(node, words) for node in parent.all(name))
        return tuple(word for word in read if word is not None)

    def _word(self, node: Node | None, words: type[_Word]) -> _Word | None:
        if node is None:
            return None
        found = next((word for word in words if word.value == node.text), None)
        if found is not None:
            return found
        return self._misspelt(node, words)

    def _misspelt(self, node: Node, words: type[_Word]) -> _Word | None:
        told = node.text.casefold()
        if node.name == "certainty" and told == _VERY_LIKELY:
            message = "'Very Likely' is CAP 1.0; it is read as 'Likely'."
            self._tell(warns("very_likely", node.name, node.line, message))
            return words("Likely")
        found = next((word for word in words if word.value.casefold() == told), None)
        if found is not None:
            message = f"<{node.name}> {node.text!r} is read as {found.value!r}."
            self._tell(warns("spelling", node.name, node.line, message))
            return found
        make = blocks if node.name in _ESSENTIAL_WORDS else warns
        message = (
            f"<{node.name}> {node.text[:40]!r} is none of {', '.join(words)}. "
            "Ask the sender which is meant."
        )
        self._tell(make("bad_value", node.name, node.line, message))
        return None

    def _time(self, node: Node | None) -> datetime | None:
        return None if node is None else self._read_time(node, node.text)

    def _read_time(self, node: Node, text: str) -> datetime | None:
        reading = read_time(text)
        for fault in reading.faults:
            # A date we are sure to misread in any field makes the others doubtful.
            is_grave = fault is TimeFault.BUDDHIST_YEAR or (
                fault in DOUBTFUL_FAULTS and node.name in _ESSENTIAL_TIMES
            )
            make = blocks if is_grave else warns
            said = _TIME_MESSAGES.get(fault) or _buddhist(reading.at)
            message = f"<{node.name}> {text[:40]!r} {said}"
            self._tell(make(fault.value, node.name, node.line, message))
        return reading.at

    def _decimal(self, node: Node | None) -> Decimal | None:
        if node is None:
            return None
        if cap_datatypes.is_decimal(node.text) and len(node.text) <= _MAX_DIGITS:
            return Decimal(node.text)
        message = f"<{node.name}> {node.text[:40]!r} is no number of feet."
        self._tell(warns("bad_value", node.name, node.line, message))
        return None

    def _pairs(self, parent: Node, name: str) -> tuple[cap.NamedValue, ...]:
        return tuple(_pair(node) for node in parent.all(name))

    def _references(self, node: Node | None) -> tuple[cap.Reference, ...]:
        if node is None:
            return ()
        read = (self._reference(node, word) for word in node.text.split())
        return tuple(reference for reference in read if reference is not None)

    def _reference(self, node: Node, text: str) -> cap.Reference | None:
        sender, _, rest = text.partition(",")
        identifier, _, sent = rest.rpartition(",")
        if not (sender and identifier and sent):
            message = (
                f"<references> holds {text[:60]!r}, which is no "
                "'sender,identifier,sent'; it names no message."
            )
            defect = warns("reference_format", node.name, node.line, message)
            self._tell(defect)
            return None
        return cap.Reference(sender, identifier, self._read_time(node, sent))


def _pair(node: Node) -> cap.NamedValue:
    if node.children:
        return cap.NamedValue(node.text_of("valueName"), node.text_of("value"))
    # CAP 1.0 wrote one text, "SAME=006109".
    value_name, equals, value = node.text.partition("=")
    return (
        cap.NamedValue(value_name, value) if equals else cap.NamedValue("", node.text)
    )


def _buddhist(at: datetime | None) -> str:
    year = at.year - BUDDHIST_OFFSET_YEARS if at is not None else 0
    return (
        f"is in the Buddhist calendar, it seems; {year} may be meant. "
        "The alert is held: ask the sender."
    )
