"""National issuers: codes, layers, several languages, and their known slips."""

from __future__ import annotations

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

_NWS = {
    "sender": "w-nws.webmaster@noaa.gov",
    "sent": "2026-07-01T14:12:00-05:00",
    "identifier": "urn:oid:2.49.0.1.840.0.0f5c.001.1",
}
_NWS_INFO = {
    "language": "en-US",
    "event": "Tornado Warning",
    "words": "Immediate Extreme Observed",
    "expires": "2026-07-01T14:45:00-05:00",
    "codes": parameter("SAME", "TOR", "eventCode")
    + parameter("NationalWeatherService", "TOW", "eventCode"),
    "texts": texts(
        "NWS Norman OK", "Tornado Warning", "A tornado was seen.", "TAKE COVER NOW!"
    ),
}
_EC_LAYERS = parameter("layer:EC-MSC-SMC:1.0:Alert_Type", "warning") + parameter(
    "layer:EC-MSC-SMC:1.1:Newly_Active_Areas", "063210,063220"
)
_EC_AREA = (
    polygon(square(45, -76))
    + code("layer:EC-MSC-SMC:1.0:CLC", "063210")
    + code("profile:CAP-CP:Location:0.3", "3506008", "3506012")
)
_EC_NAMES = "".join(
    f"<code>{name}</code>\n"
    for name in ("profile:CAP-CP:0.4", "layer:SOREM:1.0", "layer:EC-MSC-SMC:1.1")
)
_EC_BEFORE = (
    "<references>cap-pac@canada.ca,urn:oid:2.49.0.1.124.1,2026-07-01T04:00:00-00:00 "
    "cap-pac@canada.ca,urn:oid:2.49.0.1.124.2,2026-07-01T05:00:00-00:00</references>\n"
)


def _canada(language: str, event: str, response: str = "") -> str:
    return info(
        area("Ottawa", _EC_AREA),
        language=language,
        event=event,
        texts=texts("Environment Canada", event, f"{event}, 50 mm."),
        more=_EC_LAYERS,
        response=response and f"<responseType>{response}</responseType>\n",
    )


NORTH_AMERICA = (
    Issued(
        "NWS, a polygon and its counties",
        alert(
            info(
                area(
                    "Cleveland, OK",
                    polygon("35.10,-97.60 35.40,-97.60 35.40,-97.20 35.10,-97.60"),
                    code("SAME", "040027"),
                    code("UGC", "OKC027"),
                ),
                more=parameter("VTEC", "/O.NEW.KOUN.TO.W.0001.260701T1912Z/")
                + parameter("CMAMtext", "Tornado in this area. Take shelter now."),
                **_NWS_INFO,
            ),
            extra="<code>IPAWSv1.0</code>\n",
            **_NWS,
        ).encode(),
        ("en-US",),
        inside=(-97.5, 35.3),
        outside=(-96.0, 35.3),
    ),
    Issued(
        "NWS, an empty polygon and zones",
        alert(
            info(area("Dallas", polygon(""), code("UGC", "TXZ119")), **_NWS_INFO),
            **_NWS,
        ).encode(),
        ("en-US",),
        targeting="geocode_unknown",
        codes=("polygon_empty", "geocode_unknown"),
    ),
    Issued(
        "Environment Canada, layers in two languages",
        alert(
            _canada("en-CA", "rainfall"),
            _canada("fr-CA", "pluie"),
            sender="cap-pac@canada.ca",
            kind="Update",
            extra=_EC_NAMES + _EC_BEFORE,
        ).encode(),
        ("en-CA", "fr-CA"),
        inside=(-75.5, 45.5),
        outside=(-74.5, 45.5),
    ),
    Issued(
        "Environment Canada, ended",
        alert(
            _canada("en-CA", "rainfall", "AllClear"),
            _canada("fr-CA", "pluie", "AllClear"),
            sender="cap-pac@canada.ca",
            kind="Update",
            extra=_EC_NAMES + _EC_BEFORE,
        ).encode(),
        ("en-CA", "fr-CA"),
        inside=(-75.5, 45.5),
    ),
    Issued(
        "CIRES, a fraction of a second and a wide circle",
        alert(
            info(
                area("Guerrero", circle("17.2,-99.5 300")),
                language="es-MX",
                event="Sismo",
                category="Geo",
                words="Immediate Unknown Observed",
            ),
            sent="2026-07-01T06:00:00.481-06:00",
        ).encode(),
        ("es-MX",),
        targeting="circle",
        inside=(-99.0, 17.0),
        outside=(-95.0, 17.0),
        codes=("date_fraction", "unknown_word"),
    ),
    Issued(
        "a county through IPAWS, with a recording",
        alert(
            info(
                area("The county", circle("34.1,-118.2 25.0"), code("SAME", "006000")),
                language="en-US",
                event="Evacuation",
                category="Fire",
                more="<resource><resourceDesc>EAS Broadcast Content</resourceDesc>"
                "<mimeType>audio/x-ipaws-audio-mp3</mimeType><size>3</size>"
                "<derefUri>AAEC</derefUri></resource>\n",
            ),
            extra="<code>IPAWSv1.0</code>\n",
        ).encode(),
        ("en-US",),
        targeting="circle",
        inside=(-118.2, 34.1),
        outside=(-117.5, 34.1),
    ),
)

_DWD = info(
    area(
        "Kreis Plön",
        polygon(square(54, 10, 0.3)),
        polygon(square(54, 10.5, 0.2)),
        code("WARNCELLID", "101057000"),
        "<altitude>0</altitude>\n<ceiling>9842.5197</ceiling>\n",
    ),
    language="de-DE",
    event="STURMBÖEN",
    codes=parameter("II", "52", "eventCode") + parameter("GROUP", "WIND", "eventCode"),
    texts=texts(
        "DWD / Offenbach",
        "Amtliche WARNUNG vor STURMBÖEN",
        "Böen um 65 km/h.",
        "Vorsicht vor herabfallenden Ästen.",
    ),
    more=parameter("gusts", "65 [km/h]") + parameter("EXCLUDE_POLYGON", "54.1,10.1"),
)


def _meteoalarm(language: str, event: str) -> str:
    return info(
        area("Ruhr", code("EMMA_ID", "DE001")),
        language=language,
        event=event,
        more=parameter("awareness_level", "3; orange; Severe")
        + parameter("awareness_type", "1; Wind"),
    )


def _swiss(language: str, event: str) -> str:
    return info(
        area("Bern", polygon(square(46.8, 7.3, 0.3))), language=language, event=event
    )


_SWISS = alert(
    *(
        _swiss(*pair)
        for pair in (("de", "Brand"), ("fr", "Feu"), ("it", "Fuoco"), ("en", "Fire"))
    )
)
EUROPE = (
    Issued(
        "DWD, several polygons and heights",
        alert(_DWD, sender="opendata@dwd.de").encode(),
        ("de-DE",),
        inside=(10.1, 54.1),
        outside=(10.4, 54.1),
    ),
    Issued(
        "MeteoAlarm, codes alone that we know",
        alert(
            _meteoalarm("de", "Wind"), _meteoalarm("en", "Orange wind warning")
        ).encode(),
        ("de", "en"),
        targeting="geocode",
        inside=(0.5, 0.5),
        codes=("area_geocode_only",),
    ),
    Issued(
        "MeteoAlarm, codes alone that nobody knows",
        alert(_meteoalarm("en", "Wind").replace("DE001", "XX999")).encode(),
        ("en",),
        targeting="geocode_unknown",
        codes=("geocode_unknown",),
    ),
    Issued(
        "Alertswiss, four languages and a prefix",
        _SWISS.replace("</", "<~")
        .replace("<", "<cap:")
        .replace("<cap:~", "</cap:")
        .replace("<cap:?", "<?")
        .replace("xmlns=", "xmlns:cap=")
        .encode(),
        ("de", "fr", "it", "en"),
        inside=(7.45, 46.95),
        outside=(8.5, 47.4),
    ),
    Issued(
        "MoWaS, tabs and HTML",
        alert(
            info(
                area("Hof", polygon(square(50.2, 11.8, 0.2).replace(" ", "\t") + "\t")),
                language="DE",
                event="Gefahreninformation",
                category="CBRNE",
                texts=texts("Hof", "Rauch", "Fenster zu.&lt;br/&gt;Radio an."),
            )
        ).encode(),
        ("DE",),
        inside=(11.9, 50.3),
        codes=("markup",),
    ),
    Issued(
        "MET Norway, a picture elsewhere",
        alert(
            *(
                info(
                    area("Finnmark", polygon(square(70, 25))),
                    language=tag,
                    event=event,
                    more="<resource><resourceDesc>Map</resourceDesc><mimeType>image/png"
                    "</mimeType><uri>https://met.example/1.png</uri></resource>\n",
                )
                for tag, event in (("no", "Kraftig regn"), ("en-GB", "Heavy rain"))
            )
        ).encode(),
        ("no", "en-GB"),
        inside=(25.5, 70.5),
    ),
    Issued(
        "FMI, three languages and many areas",
        alert(
            *(
                info(
                    *(area(f"{n}", polygon(square(61 + n, 24))) for n in range(4)),
                    language=tag,
                    event=event,
                )
                for tag, event in (
                    ("fi-FI", "Tuuli"),
                    ("sv-SE", "Vind"),
                    ("en-GB", "Wind"),
                )
            )
        ).encode(),
        ("fi-FI", "sv-SE", "en-GB"),
        inside=(24.5, 64.5),
        outside=(26.0, 64.5),
    ),
    Issued(
        "GOV.UK, a Cancel without a word",
        alert(
            kind="Cancel",
            extra="<references>a@example.org,X-1,2026-07-01T05:00:00-00:00"
            "</references>\n",
        ).encode(),
        (),
        targeting="no_area",
        codes=("cancel_without_text",),
    ),
)
