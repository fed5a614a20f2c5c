"""Documents in the manner of real issuers, and what must be made of each.

All texts are our own; what is copied is the manner: which elements, codes, languages
and mistakes an issuer's feed is known for.
"""

from __future__ import annotations

from typing import NamedTuple

_CAP = "urn:oasis:names:tc:emergency:cap:"


class Issued(NamedTuple):
    """One document and what must be said of it; points are lon, lat."""

    issuer: str
    document: bytes
    languages: tuple[str, ...]
    targeting: str = "polygon"
    usable: bool = True
    inside: tuple[float, float] | None = None
    outside: tuple[float, float] | None = None
    codes: tuple[str, ...] = ()


def alert(
    *infos: str,
    sender: str = "cap@met.example",
    sent: str = "2026-07-01T06:00:00+00:00",
    kind: str = "Alert",
    extra: str = "",
    version: str = "1.2",
    identifier: str = "2.49.0.1.999.0.2026.7.1.6.0.0",
) -> str:
    """Write a message; ``extra`` stands after its scope."""
    namespace = (
        _CAP + version if version != "1.0" else "http://www.incident.com/cap/1.0"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="{namespace}">\n'
        f"<identifier>{identifier}</identifier>\n<sender>{sender}</sender>\n"
        f"<sent>{sent}</sent>\n<status>Actual</status>\n<msgType>{kind}</msgType>\n"
        f"<scope>Public</scope>\n{extra}{''.join(infos)}</alert>\n"
    )


def info(
    *areas: str,
    language: str | None = "en",
    event: str = "Flood",
    category: str = "Met",
    words: str = "Expected Severe Likely",
    expires: str | None = "2026-07-02T06:00:00+00:00",
    texts: str = "",
    more: str = "",
    codes: str = "",
    response: str = "",
) -> str:
    """Write an info; ``texts`` from senderName on, ``more`` before its areas."""
    urgency, severity, certainty = words.split()
    return (
        "<info>\n"
        + (f"<language>{language}</language>\n" if language is not None else "")
        + f"<category>{category}</category>\n<event>{event}</event>\n{response}"
        + f"<urgency>{urgency}</urgency>\n<severity>{severity}</severity>\n"
        + f"<certainty>{certainty}</certainty>\n{codes}"
        + (f"<expires>{expires}</expires>\n" if expires is not None else "")
        + f"{texts}{more}{''.join(areas)}</info>\n"
    )


def area(desc: str, *parts: str) -> str:
    """Write an area."""
    return f"<area>\n<areaDesc>{desc}</areaDesc>\n{''.join(parts)}</area>\n"


def polygon(text: str) -> str:
    """Write a polygon."""
    return f"<polygon>{text}</polygon>\n"


def circle(text: str) -> str:
    """Write a circle."""
    return f"<circle>{text}</circle>\n"


def code(name: str, *values: str) -> str:
    """Write geocodes of one system."""
    return "".join(
        f"<geocode><valueName>{name}</valueName><value>{value}</value></geocode>\n"
        for value in values
    )


def parameter(name: str, value: str, element: str = "parameter") -> str:
    """Write a named value."""
    return (
        f"<{element}><valueName>{name}</valueName><value>{value}</value></{element}>\n"
    )


def texts(
    sender: str, headline: str = "", description: str = "", instruction: str = ""
) -> str:
    """Write the texts that there are."""
    named = {
        "senderName": sender,
        "headline": headline,
        "description": description,
        "instruction": instruction,
    }
    return "".join(f"<{name}>{text}</{name}>\n" for name, text in named.items() if text)


def square(lat: float, lon: float, size: float = 1) -> str:
    """Write the pairs of a square, from its south-west corner."""
    corners = ((0, 0), (0, size), (size, size), (size, 0), (0, 0))
    return " ".join(f"{lat + a:.2f},{lon + b:.2f}" for a, b in corners)
