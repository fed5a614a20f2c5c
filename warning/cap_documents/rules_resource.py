"""Rules about a resource: type, size, address, embedded content and its digest."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator

from telephony.errors import SoundError
from telephony.sound.probing import probe
from warning.cap_documents.datatypes import is_integer
from warning.cap_documents.node import Node
from warning.cap_documents.rule import WARNS, Context, Finding, Rule
from warning.cap_documents.rules_info import is_absolute

_MIME_TYPE = re.compile(
    r"[A-Za-z0-9][\w!#$&^.+-]*/[A-Za-z0-9][\w!#$&^.+-]*(\s*;.*)?", re.ASCII
)
_SHA_1 = re.compile(r"[0-9A-Fa-f]{40}")
_MAX_DIGITS = 20
#: Resources of one alert that are looked into.
_MAX_PROBED = 50


def _content(resource: Node) -> bytes | None:
    text = "".join(resource.text_of("derefUri").split())
    try:
        return base64.b64decode(text, validate=True) if text else None
    except (binascii.Error, ValueError):
        return None


def _mime_type(resource: Node, _: Context) -> Iterator[Finding]:
    node = resource.first("mimeType")
    if node is None or not _MIME_TYPE.fullmatch(node.text):
        message = "<mimeType> does not name a type such as audio/mpeg; the file is not"
        yield node or resource, f"{message} played or shown."


def _size(resource: Node, _: Context) -> Iterator[Finding]:
    node = resource.first("size")
    if node is None or not is_integer(node.text) or len(node.text) > _MAX_DIGITS:
        return
    size, content = int(node.text), _content(resource)
    if size < 0:
        yield node, f"<size> is {size} bytes; a file has no negative size."
    elif content is not None and len(content) != size:
        yield node, f"<size> says {size} bytes, but <derefUri> holds {len(content)}."


def _deref_not_base64(resource: Node, _: Context) -> Iterator[Finding]:
    node = resource.first("derefUri")
    if node is not None and node.text and _content(resource) is None:
        yield node, "<derefUri> is not base64; the embedded file cannot be used."


def _uri_relative(resource: Node, _: Context) -> Iterator[Finding]:
    node = resource.first("uri")
    if node is None or not node.text or is_absolute(node.text):
        return
    if not resource.text_of("derefUri"):
        yield node, "<uri> is not a complete address and no content is embedded."


def _digest_format(resource: Node, _: Context) -> Iterator[Finding]:
    node = resource.first("digest")
    if node is not None and node.text and not _SHA_1.fullmatch(node.text):
        yield node, "<digest> is no SHA-1 in 40 hexadecimal digits."


def _digest_differs(resource: Node, _: Context) -> Iterator[Finding]:
    node, content = resource.first("digest"), _content(resource)
    if node is None or content is None or not _SHA_1.fullmatch(node.text):
        return
    # SHA-1 because CAP says so; it guards against damage here, not against people.
    if hashlib.sha1(content, usedforsecurity=False).hexdigest() != node.text.lower():
        yield node, "<digest> does not fit the embedded file; it may be damaged."


def _sound_unplayable(resource: Node, context: Context) -> Iterator[Finding]:
    if not resource.text_of("mimeType").casefold().startswith("audio/"):
        return
    # Each is looked into: a document of nothing but sounds must not take for ever.
    if not any(one is resource for one in context.all("resource")[:_MAX_PROBED]):
        return
    content = _content(resource)
    if not content:
        return
    try:
        probe(content)
    except SoundError as error:
        node = resource.first("derefUri")
        yield node or resource, f"<derefUri> is not played in calls. {error}"


RESOURCE_RULES = (
    Rule("mime_type", WARNS, "resource", "mimeType names a media type.", _mime_type),
    Rule("size", WARNS, "resource", "size is the number of bytes of the file.", _size),
    Rule(
        "deref_not_base64",
        WARNS,
        "resource",
        "derefUri is base64.",
        _deref_not_base64,
    ),
    Rule(
        "uri_relative",
        WARNS,
        "resource",
        "uri is absolute, or derefUri holds the content.",
        _uri_relative,
    ),
    Rule(
        "digest_format",
        WARNS,
        "resource",
        "digest is a SHA-1 in hexadecimal.",
        _digest_format,
    ),
    Rule(
        "digest_differs",
        WARNS,
        "resource",
        "digest fits the embedded content.",
        _digest_differs,
    ),
    Rule(
        "sound_unplayable",
        WARNS,
        "resource",
        "embedded sound is WAV, MP3 or OGG, of at most two minutes.",
        _sound_unplayable,
    ),
)
