"""CAP XML in and out: the door of the package for documents.

Reads 1.0, 1.1 and 1.2 from anybody, under any prefix, and reports what is wrong; writes
1.2 only, and only what another system may rely on.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.etree import _Element

from warning.cap import Alert, Info
from warning.cap_documents import rules as cap_rules
from warning.cap_documents import schema as cap_schema
from warning.cap_documents.defects import Defect, blocks
from warning.cap_documents.errors import UnwritableAlertError
from warning.cap_documents.node import Node, node_of
from warning.cap_documents.reader import Reader
from warning.cap_documents.rule import Context
from warning.cap_documents.tree import DEFAULT_LIMITS, CapLimits, parse, version_of
from warning.cap_documents.writer import element_of


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What one alert of a document says."""

    #: None if its identity, status, kind or scope cannot be read.
    alert: Alert | None
    #: What the reading met; the rules of ``cap_rules`` are not applied here.
    defects: tuple[Defect, ...] = ()
    #: Whether the XSD of its own version accepts it.
    valid_xsd: bool = False
    #: ``"1.0"``, ``"1.1"`` or ``"1.2"``; None if the namespace is none of these.
    version: str | None = None
    #: The alert's infos; read also if the alert itself cannot be.
    infos: tuple[Info, ...] = ()
    #: The elements as read, with lines; None if the document was refused unread.
    node: Node | None = field(default=None, repr=False, compare=False)

    @property
    def usable(self) -> bool:
        """Whether there is an alert, and nothing met so far blocks it."""
        return self.alert is not None and not any(one.blocks for one in self.defects)


def read(data: bytes, *, limits: CapLimits = DEFAULT_LIMITS) -> ReadResult:
    """Read a document that should hold one alert.

    Parameters
    ----------
    data : bytes
        The file as received; any declared encoding.
    limits : CapLimits
        What is refused for its size.

    Returns
    -------
    ReadResult
        Never raises for a bad document: what is wrong is in ``defects``. A document
        of several alerts is refused with the advice to use `read_all`.

    Examples
    --------
    >>> read(b"<alert/>").alert is None
    True
    """
    results = read_all(data, limits=limits)
    if len(results) == 1:
        return results[0]
    message = (
        f"The document holds {len(results)} alerts where one is expected. "
        "Send them one by one."
    )
    return ReadResult(None, (blocks("several_alerts", "alerts", 1, message),))


def read_all(
    data: bytes, *, limits: CapLimits = DEFAULT_LIMITS
) -> tuple[ReadResult, ...]:
    """Read every alert of a document: one, or those that it holds.

    Parameters
    ----------
    data : bytes
        The file as received; any declared encoding.
    limits : CapLimits
        What is refused for its size.

    Returns
    -------
    tuple of ReadResult
        At least one, in document order; a refused document gives exactly one.
    """
    parsed = parse(data, limits)
    if parsed.refusal is not None:
        return (ReadResult(None, (parsed.refusal,)),)
    results = (_read(element, limits) for element in parsed.alerts)
    if parsed.envelope is None:
        return tuple(results)
    return tuple(
        replace(one, defects=(parsed.envelope, *one.defects)) for one in results
    )


def write(alert: Alert) -> bytes:
    """Write an alert as a CAP 1.2 document.

    Parameters
    ----------
    alert : Alert
        Times are written with the offset they carry, UTC as ``-00:00``.

    Returns
    -------
    bytes
        UTF-8 with declaration, indented; valid against the XSD and free of blocking
        defects. Reading it back gives an equal alert.

    Raises
    ------
    UnwritableAlertError
        If the alert would not be such a document (an Update without references, an
        unreadable polygon, a control character); says which rule it breaks.
    """
    element = element_of(alert)
    node = node_of(element)
    defects = cap_schema.judge(element)
    defects += (one for one in cap_rules.judge(Context(node)) if one.blocks)
    reader = Reader(version="1.2")
    reader.alert(node)
    defects += (one for one in reader.defects if one.blocks)
    if defects:
        reasons = " ".join(dict.fromkeys(defect.message for defect in defects))
        raise UnwritableAlertError(
            f"Alert {alert.identifier!r} is no proper CAP message. {reasons}"
        )
    etree.indent(element)
    document: bytes = etree.tostring(element, xml_declaration=True, encoding="UTF-8")
    return document + b"\n"


def _read(element: _Element, limits: CapLimits) -> ReadResult:
    version = version_of(element)
    violations = cap_schema.judge(element)
    if len(violations) > cap_schema.MAX_VIOLATIONS:
        return ReadResult(None, tuple(violations), version=version)
    node = node_of(element)
    refusal = _too_many(node, limits)
    if refusal is not None:
        return ReadResult(None, (refusal,), not violations, version)
    reader = Reader(version=version)
    alert = reader.alert(node)
    told = {(one.element, one.line) for one in reader.defects}
    # The reader says the same of a bad value, and what was made of it.
    schema_only = (
        one
        for one in violations
        if one.code != "bad_value" or (one.element, one.line) not in told
    )
    return ReadResult(
        alert,
        (*schema_only, *reader.defects),
        not violations,
        version,
        reader.infos,
        node,
    )


def _too_many(alert: Node, limits: CapLimits) -> Defect | None:
    found = Counter(node.name for node in alert.walk())
    points = (one.text.count(",") for one in alert.walk() if one.name == "polygon")
    members = (
        len(alert.text_of(name).split())
        for name in ("references", "addresses", "incidents")
    )
    for name, n_found, most in (
        ("points", sum(points), limits.max_points),
        ("polygons", found["polygon"], limits.max_polygons),
        ("circles", found["circle"], limits.max_circles),
        ("areas", found["area"], limits.max_areas),
        ("infos", found["info"], limits.max_infos),
        ("references", max(members), limits.max_members),
    ):
        if n_found > most:
            message = f"The alert has {n_found:,} {name}; at most {most:,} are read."
            return blocks(
                f"too_many_{name}",
                "alert",
                alert.line,
                f"{message} Ask the sender for less.",
            )
    return None
