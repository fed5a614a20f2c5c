"""Bytes from anywhere -> CAP elements, or one refusal that says why and where.

The only door for foreign XML. Whatever could cost more than it is worth (entities,
external files, size, nesting, a strange encoding) is refused before the parser works.
The text is decoded here, strictly, so that a DOCTYPE cannot hide in an encoding the
parser knows and we do not, and so that a wrong byte is named with its line.
"""

import re
from dataclasses import dataclass
from typing import cast

from lxml import etree
from lxml.etree import _Element

from warning.cap_documents.defects import Defect, blocks, warns

#: Namespace of each CAP version we read.
NAMESPACES = {
    "1.0": "http://www.incident.com/cap/1.0",
    "1.1": "urn:oasis:names:tc:emergency:cap:1.1",
    "1.2": "urn:oasis:names:tc:emergency:cap:1.2",
}
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
_VERSIONS = {namespace: version for version, namespace in NAMESPACES.items()}
_XINCLUDE = "{http://www.w3.org/2001/XInclude}*"

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']"
)
_DECLARATION = re.compile(r"\ufeff?\s*<\?xml\s[^>]{0,300}\?>")
# Encodings met in alerts. Python knows others that are no character sets of documents
# (unicode_escape, idna), and UTF-7 exists only to hide markup.
_KNOWN_ENCODING = re.compile(
    r"utf-?8|utf-(16|32)-[lb]e|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?1|windows-\d{3,4}|cp\d{3,4}"
    r"|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc-(jp|kr)|tis-620",
    re.IGNORECASE,
)
_PARSER_PLACE = re.compile(r",? line \d+, column \d+")


@dataclass(frozen=True, slots=True)
class CapLimits:
    """What one document may hold. The largest live alerts seen need half of it."""

    #: Bytes of the file; the largest seen has 1.7 MB.
    max_bytes: int = 5_000_000
    #: Tags and attributes, counted as ``<`` and ``=`` characters.
    max_markup: int = 160_000
    #: Coordinate pairs of all polygons of one alert; the largest seen has 93,040.
    max_points: int = 150_000
    #: Polygons of one alert.
    max_polygons: int = 2_000
    #: Circles of one alert; each becomes a polygon of 128 corners.
    max_circles: int = 200
    #: Areas of one alert, over all infos.
    max_areas: int = 5_000
    #: Infos of one alert: languages times phases times audiences.
    max_infos: int = 200
    #: Members of ``references``, of ``addresses`` and of ``incidents``.
    max_members: int = 1_000
    #: Alerts in one ``<alerts>`` root.
    max_alerts: int = 500


DEFAULT_LIMITS = CapLimits()


@dataclass(frozen=True, slots=True)
class Parsed:
    """The alert elements of a document, or the reason there are none."""

    alerts: tuple[_Element, ...] = ()
    #: Told if something else lies around them.
    envelope: Defect | None = None
    refusal: Defect | None = None


def parse(
    data: bytes, limits: CapLimits = DEFAULT_LIMITS, *, keep_instructions: bool = False
) -> Parsed:
    """Parse a document without trusting it.

    Parameters
    ----------
    data : bytes
        The file as received.
    limits : CapLimits
        What is refused for its size.
    keep_instructions : bool
        Leave processing instructions where they are: a signature covers them. They are
        followed by nobody.

    Returns
    -------
    Parsed
        One element per alert, in document order; comments and processing instructions
        are gone. With a refusal there is no element.

    Notes
    -----
    Never opens a file or a connection. Time and memory are linear in ``max_bytes``.
    """
    root = root_of(data, limits, keep_instructions=keep_instructions)
    return Parsed(refusal=root) if isinstance(root, Defect) else _alerts(root, limits)


def root_of(
    data: bytes, limits: CapLimits = DEFAULT_LIMITS, *, keep_instructions: bool = False
) -> _Element | Defect:
    """Parse any XML from outside without trusting it; parameters are those of `parse`.

    Returns
    -------
    Element or Defect
        The root, or why there is none.
    """
    if len(data) > limits.max_bytes:
        return _refuse(
            "too_large",
            None,
            f"The file has {len(data):,} bytes; at most {limits.max_bytes:,} are read. "
            "Ask the sender for a simpler shape or without embedded files.",
        )
    text = _decode(data)
    if isinstance(text, Defect):
        return text
    refusal = _refuse_markup(text, limits)
    if refusal is not None:
        return refusal
    return _parse_text(text, keep_instructions=keep_instructions)


def version_of(alert: _Element) -> str | None:
    """CAP version by the root's namespace; None for a namespace that is not CAP's."""
    return _VERSIONS.get(etree.QName(alert).namespace or "")


def line_of(element: _Element) -> int | None:
    """Line of the start tag in the file; None for an element made by us."""
    return cast("int | None", element.sourceline)


def _refuse(code: str, line: int | None, message: str) -> Defect:
    return blocks(code, "alert", line, message)


def _decode(data: bytes) -> str | Defect:
    encoding, skip = _encoding(data)
    if not _KNOWN_ENCODING.fullmatch(encoding):
        message = f"Encoding {encoding!r} is not read. Send the alert as UTF-8."
        return blocks("encoding", "alert", 1, message)
    try:
        return data[skip:].decode(encoding)
    except LookupError:
        message = f"Encoding {encoding!r} is unknown. Send the alert as UTF-8."
        return blocks("encoding", "alert", 1, message)
    except UnicodeDecodeError as error:
        before = data[skip : skip + error.start]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        byte = data[skip + error.start]
        return blocks(
            "encoding",
            "alert",
            line,
            f"Byte 0x{byte:02X} in column {column} is not {encoding.upper()}; the file "
            "is probably in another encoding. Save it as UTF-8 and send it again.",
        )


def _encoding(data: bytes) -> tuple[str, int]:
    """Return (encoding, bytes of byte order mark), as XML 1.0 appendix F tells them."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding, len(bom)
    if data.startswith(b"<\x00"):
        return "utf-16-le", 0
    if data.startswith(b"\x00<"):
        return "utf-16-be", 0
    declared = _DECLARED.match(data.lstrip(b" \t\r\n"))
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    # Declared as UTF-16 yet readable as ASCII: someone re-saved it. Try UTF-8.
    if name.startswith(("utf-16", "utf16")):
        return "utf-8", 0
    # Python knows windows-1252 and its like by both names, windows-874 by one.
    return name.replace("windows-", "cp"), 0


def _refuse_markup(text: str, limits: CapLimits) -> Defect | None:
    doctype = _doctype_line(text)
    if doctype is not None:
        return blocks(
            "doctype",
            "alert",
            doctype,
            "The document has a DOCTYPE. CAP needs none, and it can hide or change "
            "text; the document was not read. Ask the sender to leave it out.",
        )
    markup = text.count("<") + text.count("=")
    if markup > limits.max_markup:
        return blocks(
            "too_many_elements",
            "alert",
            None,
            f"The document has about {markup:,} tags and attributes; at most "
            f"{limits.max_markup:,} are read.",
        )
    return None


def _doctype_line(text: str) -> int | None:
    """Line of a DOCTYPE; it can only stand before the root element."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<?", at):
            end = text.find("?>", at)
        elif text.startswith("<!--", at):
            end = text.find("-->", at + 4)
        elif text.startswith("<!", at):
            return text.count("\n", 0, at) + 1
        else:
            return None
        if end < 0:
            return None
        at = end
        at += 1
    return None


def _parse_text(text: str, *, keep_instructions: bool) -> _Element | Defect:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=not keep_instructions,
    )
    try:
        root = etree.fromstring(_undeclared(text).encode(), parser)
    except etree.XMLSyntaxError as error:
        return _refuse_syntax(error)
    if root.getroottree().docinfo.internalDTD is not None:
        return _refuse("doctype", 1, "The document has a DOCTYPE and was not read.")
    included = next(root.iter(_XINCLUDE), None)
    if included is not None:
        return _refuse(
            "xinclude",
            line_of(included),
            "The document asks to include another file. Nothing is ever fetched for an "
            "alert; ask the sender for the complete text.",
        )
    return root


def _undeclared(text: str) -> str:
    """The text without its declaration, every line where it was.

    It is decoded already; and where a blank line stands before it, as some programs
    write, no parser would go on.
    """
    found = _DECLARATION.match(text)
    if found is None:
        return text.lstrip("\ufeff")
    return "\n" * found.group().count("\n") + text[found.end() :]


def _refuse_syntax(error: etree.XMLSyntaxError) -> Defect:
    reason = _PARSER_PLACE.sub("", error.msg or "no XML").strip().rstrip(".")
    if "Excessive depth" in reason:
        message = "The elements are nested too deeply for an alert."
        return _refuse("too_deep", error.lineno, message)
    message = f"The document is not well-formed XML: {reason}."
    return _refuse("not_well_formed", error.lineno or 1, message)


def _alerts(root: _Element, limits: CapLimits) -> Parsed:
    name = etree.QName(root).localname
    if name == "alert":
        return Parsed(alerts=(root,))
    if name == "alerts":
        envelope, alerts = None, tuple(root.iterchildren("{*}alert"))
    else:
        envelope, alerts = _envelope(root), enclosed(root)
    if not alerts:
        message = f"The document is no CAP alert and holds none: its root is <{name}>."
        return Parsed(refusal=_refuse("not_cap", line_of(root), message))
    if len(alerts) > limits.max_alerts:
        message = (
            f"The document holds {len(alerts):,} alerts; at most {limits.max_alerts:,} "
            "are read at once."
        )
        return Parsed(refusal=_refuse("too_many_alerts", line_of(root), message))
    return Parsed(alerts=alerts, envelope=envelope)


def _envelope(root: _Element) -> Defect:
    name = etree.QName(root).localname
    message = f"The alert lies in a <{name}>; what that says around it is not read."
    return warns("enveloped", name, line_of(root), message)


def enclosed(root: _Element) -> tuple[_Element, ...]:
    """Alerts that something else was put around (EDXL-DE, a feed, an answer of SOAP).

    Only those in a namespace of CAP: a page about alerts is none. In document order;
    what lies in an alert belongs to it.
    """
    names = [f"{{{namespace}}}alert" for namespace in NAMESPACES.values()]
    found = root.iter(*names)
    return tuple(one for one in found if next(one.iterancestors(*names), None) is None)
