"""Asia, Africa, the Pacific, South America, and those who warn of the whole world."""

from __future__ import annotations

from math import cos, pi, sin

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

_WIDE = " ".join(
    f"{12 + sin(n * 2 * pi / 2000):.6f},{-1.5 + cos(n * 2 * pi / 2000):.6f}"
    for n in range(2000)
)
_HEBREW = (("he", "רוחות"), ("en", "Winds"), ("ar", "رياح"))

ASIA = (
    Issued(
        "JMA, a name and nothing else",
        alert(
            info(area("東京都"), language="ja", event="大雨警報"),
            sent="2026-07-01T06:00:00+09:00",
        ).encode(),
        ("ja",),
        targeting="text_only",
        codes=("area_text_only",),
    ),
    Issued(
        "BMKG, two languages and a polygon",
        alert(
            *(
                info(
                    area("Jawa Barat", polygon(square(-7, 107))),
                    language=tag,
                    event=event,
                )
                for tag, event in (("id", "Hujan lebat"), ("en", "Heavy rain"))
            ),
            sent="2026-07-01T06:00:00+07:00",
        ).encode(),
        ("id", "en"),
        inside=(107.5, -6.5),
        outside=(107.5, -7.5),
    ),
    Issued(
        "TMD, longitude first in a Buddhist year",
        alert(
            info(
                area("ภาคเหนือ", polygon("99,18 100,18 100,19 99,18")),
                language="th",
                event="พายุ",
            ),
            sent="2569-07-01T06:00:00+07:00",
        ).encode(),
        ("th",),
        targeting="swapped_axes",
        usable=False,
        codes=("date_buddhist_year", "swapped_axes"),
    ),
    Issued(
        "SACHET, 23 districts and a polygon elsewhere",
        alert(
            *(
                info(
                    area(
                        "23 districts", code("LGD", *(str(500 + n) for n in range(23)))
                    ),
                    language=tag,
                    event=event,
                    more=parameter("polygonUrl", "https://sachet.example/p"),
                )
                for tag, event in (("en-IN", "Lightning"), ("hi-IN", "बिजली"))
            )
        ).encode(),
        ("en-IN", "hi-IN"),
        targeting="geocode_unknown",
        codes=("geocode_unknown",),
    ),
    Issued(
        "IMS, three directions and an empty polygon",
        alert(
            *(
                info(area("North", polygon("")), language=tag, event=event)
                for tag, event in _HEBREW
            )
        ).encode(),
        ("he", "en", "ar"),
        targeting="empty_polygon",
        codes=("polygon_empty",),
    ),
    Issued(
        "PAGASA, places in words",
        alert(
            info(
                area("Cagayan; Isabela; Aurora"), event="Tropical Cyclone", expires=None
            )
        ).encode(),
        ("en",),
        targeting="text_only",
        codes=("expires_missing",),
    ),
    Issued(
        "NCDR, codes beside a circle",
        alert(
            info(
                area(
                    "花蓮縣",
                    circle("23.9,121.6 40"),
                    code("Taiwan_Geocode_103", "10015"),
                ),
                language="zh-TW",
                event="地震",
                category="Geo",
            ),
            sent="2026-07-01T06:00:00+08:00",
        ).encode(),
        ("zh-TW",),
        targeting="circle",
        inside=(121.6, 23.9),
        outside=(121.0, 25.0),
    ),
)

AFRICA_AND_AMERICA = (
    Issued(
        "CAP Composer, Swahili and English",
        alert(
            *(
                info(
                    area(
                        "Pwani",
                        polygon("-7.123456,38.5 -7.1,39.2 -6.5,39 -7.123456,38.5"),
                    ),
                    language=tag,
                    event=event,
                    texts=texts("TMA", f"{event}!", f"{event}.", "Kaa juu."),
                )
                for tag, event in (("sw", "Mafuriko"), ("en", "Flood"))
            ),
            identifier="urn:oid:2.49.0.1.834.0.2026.7.1.6.0.0",
        ).encode(),
        ("sw", "en"),
        inside=(38.9, -6.9),
    ),
    Issued(
        "Burkina Faso, thousands of points, open",
        alert(
            info(area("Sahel", polygon(_WIDE)), language="fr", event="Poussière")
        ).encode(),
        ("fr",),
        inside=(-1.5, 12.0),
        outside=(-3.0, 12.0),
        codes=("polygon_open",),
    ),
    Issued(
        "Togo, sent weeks after its end",
        alert(
            info(
                area("Lomé", polygon(square(6, 1))),
                language="fr",
                expires="2026-05-15T06:00:00+00:00",
            )
        ).encode(),
        ("fr",),
        usable=False,
        codes=("expires_before_sent",),
    ),
    Issued(
        "Honduras, latin-1 bytes",
        alert(info(area("Colón", polygon(square(15, -86))), language="es")).encode(
            "latin-1"
        ),
        (),
        targeting="no_area",
        usable=False,
        codes=("encoding",),
    ),
    Issued(
        "INMET, municipalities in a parameter",
        alert(
            info(
                area("Aviso para as Áreas", polygon(square(-16, -48, 2))),
                language="pt-BR",
                event="Tempestade",
                more=parameter("ColorRisk", "#FFFE00")
                + parameter("Municipios", "Brasília - DF (5300108)"),
            ),
            sent="2026-07-01T06:00:00-03:00",
        ).encode(),
        ("pt-BR",),
        inside=(-47, -15),
    ),
    Issued(
        "Chile, Spanish that calls itself nothing",
        alert(
            info(
                area("Arica", polygon(square(-19, -71))),
                language=None,
                event="Tsunami",
                category="Geo",
            )
        ).encode(),
        ("en-US",),
        inside=(-70.5, -18.5),
    ),
    Issued(
        "Argentina, a letter for UTC and words in capitals",
        alert(
            info(
                area("Salta", polygon(square(-25, -66))),
                language="es-AR",
                words="EXPECTED SEVERE LIKELY",
            ),
            sent="2026-07-01T06:00:00Z",
        ).encode(),
        ("es-AR",),
        inside=(-65.5, -24.5),
        codes=("date_letter", "spelling"),
    ),
)

WORLD = (
    Issued(
        "USGS, the epicentre of an earthquake",
        alert(
            info(
                area("Peru", circle("-12.0,-77.0 0.0")),
                event="Earthquake",
                category="Geo",
                words="Past Extreme Observed",
            ),
            sender="http://earthquake.usgs.example/neic/",
        ).encode(),
        ("en",),
        targeting="epicentre_only",
        codes=("circle_radius_zero",),
    ),
    Issued(
        "a tsunami centre, an epicentre beside a coast",
        alert(
            info(
                area("Epicentre", circle("19.0,-155.0 0")),
                area("Coast", polygon(square(19, -156))),
                event="Tsunami",
                category="Geo",
            )
        ).encode(),
        ("en",),
        inside=(-155.5, 19.5),
        codes=("circle_radius_zero",),
    ),
    Issued(
        "GDACS, brackets and an open ring past -180",
        alert(
            info(
                area("Tonga", polygon("(-20,-179) (-20,-181) (-19,-181) (-19,-179)")),
                event="Tropical Cyclone",
            )
        ).encode(),
        ("en",),
        inside=(179.5, -19.5),
        outside=(0.0, -19.5),
        codes=("polygon_brackets", "polygon_open", "polygon_antimeridian"),
    ),
    Issued(
        "New Zealand, across the 180th meridian",
        alert(
            info(
                area("Chathams", polygon("-44,178 -44,-176 -43,-176 -43,178 -44,178")),
                language="en-NZ",
                event="Storm",
            )
        ).encode(),
        ("en-NZ",),
        inside=(-178.0, -43.5),
        outside=(0.0, -43.5),
        codes=("polygon_antimeridian",),
    ),
    Issued(
        "a fire service, a polygon, a circle and a code for the state",
        alert(
            info(
                area(
                    "Blue Mountains",
                    polygon(square(-34, 150, 0.2)),
                    circle("-33.5,150.5 5"),
                    code("http://www.iso.example/3166-2", "AU-NSW"),
                ),
                language="en-AU",
                event="Bushfire",
                category="Fire",
            )
        ).encode(),
        ("en-AU",),
        inside=(150.5, -33.5),
        outside=(147.0, -32.0),
    ),
    Issued(
        "an archive, CAP 1.1",
        alert(info(area("A", polygon(square(10, 10)))), version="1.1").encode(),
        ("en",),
        inside=(10.5, 10.5),
    ),
    Issued(
        "an archive, CAP 1.0 and Very Likely",
        alert(
            info(
                area("A", polygon(square(10, 10))), words="Immediate Severe Very_Likely"
            ).replace("Very_Likely", "Very Likely"),
            version="1.0",
        ).encode(),
        ("en",),
        inside=(10.5, 10.5),
        codes=("very_likely",),
    ),
    Issued(
        "a hub, one event for two audiences",
        alert(
            info(area("A", polygon(square(10, 10))), event="Ash"),
            info(area("B", polygon(square(20, 20))), event="Ash"),
        ).encode(),
        ("en", "en"),
        inside=(20.5, 20.5),
        outside=(15.0, 15.0),
    ),
    Issued(
        "a sample, an area of nothing but air",
        alert(
            info(area("Airspace", "<altitude>1000</altitude><ceiling>500</ceiling>"))
        ).encode(),
        ("en",),
        targeting="text_only",
        codes=("ceiling_below_altitude",),
    ),
)
