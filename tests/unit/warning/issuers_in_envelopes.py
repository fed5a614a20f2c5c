"""Alerts that something else was put around, or that a program wrote its own way."""

from __future__ import annotations

import re

from tests.unit.warning.issuers import (
    Issued,
    alert,
    area,
    circle,
    code,
    info,
    parameter,
    polygon,
    square,
    texts,
)

_DE = "urn:oasis:names:tc:emergency:EDXL:DE:1.0"
#: 35.00,139.00
_WIDE = "\uff13\uff15.00,\uff11\uff13\uff19.00"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_TEXTS = texts("Met", "Heavy rain", "Rivers rise.", "Go to high ground.")


def body(document: str) -> str:
    """The alert without its declaration."""
    return document[document.index("<alert") :]


def prefixed(document: str, prefix: str) -> str:
    """The same with a prefix at every element."""
    marked = re.sub(r"<(/?)(?=[a-zA-Z])", rf"<\1{prefix}:", document)
    return marked.replace("xmlns=", f"xmlns:{prefix}=")


def over(lat: float, lon: float, language: str = "en") -> str:
    """An alert over a square of a degree."""
    place = area("The district", polygon(square(lat, lon)))
    return alert(info(place, language=language, texts=_TEXTS))


ENVELOPES = (
    Issued(
        "a broker, EDXL-DE around it",
        f'<EDXLDistribution xmlns="{_DE}"><distributionID>7</distributionID>'
        "<distributionStatus>Actual</distributionStatus><contentObject><xmlContent>"
        f"<embeddedXMLContent>{body(over(12, 104))}</embeddedXMLContent></xmlContent>"
        "</contentObject></EDXLDistribution>".encode(),
        ("en",),
        inside=(104.5, 12.5),
        outside=(106.0, 12.5),
        codes=("enveloped",),
    ),
    Issued(
        "IPAWS, an answer of SOAP with a prefix",
        f'<s:Envelope xmlns:s="{_SOAP}"><s:Body><getMessageResponse>'
        f"{prefixed(body(over(35, -98, 'en-US')), 'ns5')}"
        "</getMessageResponse></s:Body></s:Envelope>".encode(),
        ("en-US",),
        inside=(-97.5, 35.5),
        codes=("enveloped",),
    ),
    Issued(
        "a hub, an item of RSS that holds it",
        '<rss version="2.0"><channel><title>Alerts</title><item><title>Rain</title>'
        f"{body(over(-6, 106, 'id'))}</item></channel></rss>".encode(),
        ("id",),
        inside=(106.5, -5.5),
        codes=("enveloped",),
    ),
    Issued(
        "a hub, an entry of Atom that holds it",
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="text/xml">'
        f"{body(over(47, 8, 'de-CH'))}</content></entry></feed>".encode(),
        ("de-CH",),
        inside=(8.5, 47.5),
        codes=("enveloped",),
    ),
)

WRITERS = (
    Issued(
        "PAGASA, a blank after each comma",
        alert(
            info(
                area("Luzon", polygon("14, 120 14, 121 15, 121 14, 120")),
                language="en-PH",
                texts=_TEXTS,
            )
        ).encode(),
        ("en-PH",),
        inside=(120.9, 14.5),
        outside=(120.1, 14.9),
    ),
    Issued(
        "SMN Mexico, latin-1 that says so",
        over(19, -99, "es-MX")
        .replace("UTF-8", "ISO-8859-1")
        .replace("The district", "Ciudad de México")
        .encode("latin-1"),
        ("es-MX",),
        inside=(-98.5, 19.5),
    ),
    Issued(
        "TMD, Thai in the encoding of Windows",
        over(16, 102, "th")
        .replace("UTF-8", "windows-874")
        .replace("The district", "ขอนแก่น")
        .encode("cp874"),
        ("th",),
        inside=(102.5, 16.5),
    ),
    Issued(
        "a Windows server, UTF-16",
        over(-34, -58, "es-AR").replace("UTF-8", "UTF-16").encode("utf-16"),
        ("es-AR",),
        inside=(-57.5, -33.5),
    ),
    Issued(
        "a script, blank lines before the declaration",
        f"\n\r\n{over(9, 38, 'am')}".encode(),
        ("am",),
        inside=(38.5, 9.5),
    ),
    Issued(
        "JMA, digits of full width",
        over(35, 139, "ja").replace("35.00,139.00", _WIDE).encode(),
        ("ja",),
        inside=(139.5, 35.5),
    ),
    Issued(
        "BMKG, longitude first",
        alert(
            info(
                area("Jakarta", polygon("106.8,-6.2 106.9,-6.2 106.9,-6.1 106.8,-6.2")),
                language="id",
                texts=_TEXTS,
            )
        ).encode(),
        ("id",),
        targeting="swapped_axes",
        usable=False,
        codes=("swapped_axes",),
    ),
    Issued(
        "a spreadsheet, a comma in the radius",
        alert(info(area("Basel", circle("47.5,7.6 10,5")), texts=_TEXTS)).encode(),
        ("en",),
        targeting="unreadable_shape",
        usable=False,
        codes=("circle_unreadable",),
    ),
    Issued(
        "a map program, a height at each corner",
        alert(
            info(
                area("x", polygon("14,120,0 14,121,0 15,121,0 14,120,0")), texts=_TEXTS
            )
        ).encode(),
        ("en",),
        targeting="unreadable_shape",
        usable=False,
        codes=("polygon_unreadable",),
    ),
    Issued(
        "DWD, a hole as a geocode",
        alert(
            info(
                area(
                    "Hessen",
                    polygon(square(50, 8, 2)),
                    code("EXCLUDE_POLYGON", square(50.5, 8.5, 0.5)),
                    "<altitude>3280.8</altitude><ceiling>9842.5</ceiling>",
                ),
                language="de-DE",
                texts=_TEXTS,
            )
        ).encode(),
        ("de-DE",),
        # Whoever is in the hole is warned: better one too many.
        inside=(8.7, 50.7),
    ),
    Issued(
        "Environment Canada, twenty areas with ten codes each",
        alert(
            info(
                *(
                    area(
                        f"Area {n}",
                        polygon(square(45 + n / 10, -75, 0.1)),
                        code(
                            "profile:CAP-CP:Location:0.3",
                            *(f"35{n:02}{m:03}" for m in range(10)),
                        ),
                    )
                    for n in range(20)
                ),
                language="en-CA",
                texts=_TEXTS,
            )
        ).encode(),
        ("en-CA",),
        inside=(-74.95, 46.85),
        outside=(-74.95, 47.15),
    ),
    Issued(
        "MeteoAlarm, a shape beside its code",
        alert(
            info(
                area("Hesse", polygon(square(50, 8)), code("EMMA_ID", "DE999")),
                language="de-DE",
                texts=_TEXTS,
                more=parameter("awareness_level", "3; orange; Severe"),
            )
        ).encode(),
        ("de-DE",),
        inside=(8.5, 50.5),
        outside=(0.5, 0.5),
    ),
    Issued(
        "a small service, no seconds and no colon in its time",
        over(1, 2)
        .replace("2026-07-01T06:00:00+00:00", "2026-07-01T06:00+0000")
        .encode(),
        ("en",),
        inside=(2.5, 1.5),
        codes=("date_format",),
    ),
    Issued(
        "a small service, a time of nowhere",
        over(1, 2).replace("06:00:00+00:00</sent>", "06:00:00</sent>").encode(),
        ("en",),
        usable=False,
        inside=(2.5, 1.5),
        codes=("date_no_offset",),
    ),
)
