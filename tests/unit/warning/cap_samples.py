"""A proper CAP 1.2 document, and ways to spoil exactly one thing in it."""

import re

PROPER = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>KHM-1</identifier>
<sender>office@example.org</sender>
<sent>2026-10-01T06:00:00+07:00</sent>
<status>Actual</status>
<msgType>Alert</msgType>
<scope>Public</scope>
<info>
<language>en</language>
<category>Met</category>
<event>Flood</event>
<responseType>Evacuate</responseType>
<urgency>Immediate</urgency>
<severity>Severe</severity>
<certainty>Likely</certainty>
<effective>2026-10-01T06:00:00+07:00</effective>
<onset>2026-10-01T09:00:00+07:00</onset>
<expires>2026-10-02T06:00:00+07:00</expires>
<senderName>Disaster office</senderName>
<headline>Flood tonight</headline>
<description>The river is rising.</description>
<instruction>Go to high ground.</instruction>
<web>https://example.org/flood</web>
<contact>1294</contact>
<area>
<areaDesc>River bank</areaDesc>
<polygon>11,104 11,105 12,105 12,104 11,104</polygon>
</area>
</info>
</alert>
"""
RESOURCE = (
    "<resource><resourceDesc>Map</resourceDesc><mimeType>image/png</mimeType>"
    "{}</resource>"
)
OWN = "office@example.org,KHM-1,2026-10-01T06:00:00+07:00"
EARLIER = "office@example.org,KHM-0,2026-10-01T05:00:00+07:00"


def spoil(*edits: tuple[str, str]) -> bytes:
    """Return the proper document with each first text replaced by the second."""
    text = PROPER
    for old, new in edits:
        assert old in text, f"{old!r} is not in the proper document"
        text = text.replace(old, new, 1)
    return text.encode()


def without(name: str) -> bytes:
    """Return the proper document without the elements of that name."""
    text = re.sub(rf"<{name}>.*?</{name}>\n", "", PROPER, flags=re.DOTALL)
    assert text != PROPER, f"<{name}> is not in the proper document"
    return text.encode()


def with_polygon(text: str) -> bytes:
    """Return the proper document with another polygon."""
    return spoil(("11,104 11,105 12,105 12,104 11,104", text))


def with_circle(text: str) -> bytes:
    """Return the proper document with a circle instead of the polygon."""
    polygon = "<polygon>11,104 11,105 12,105 12,104 11,104</polygon>"
    return spoil((polygon, f"<circle>{text}</circle>"))


def with_area(text: str) -> bytes:
    """Return the proper document with something else instead of the polygon."""
    return spoil(("<polygon>11,104 11,105 12,105 12,104 11,104</polygon>", text))


def line_of(document: bytes, text: str) -> int:
    """Return the line, from 1, where the text first stands."""
    return document.decode()[: document.decode().index(text)].count("\n") + 1
