"""Volunteers and AEDs for the demo's country, as files that ``tocsin import`` reads."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

#: Degrees of one metre, near enough for a scatter.
_METRE = 1 / 111_000
_SPREAD_M = 1_500.0
_SKILLS = (*["cpr"] * 4, "first_responder", "nurse", "paramedic", "doctor")
_HOURS = ("24/7", "Mo-Fr 08:00-18:00", "Mo-Su 06:00-22:00")
_COLUMNS = (
    "phone",
    "name",
    "skills",
    "home_lon",
    "home_lat",
    "language",
    "consent_at",
    "number_verified_at",
)
#: The demo's people have numbers below these.
_FIRST_NUMBER = 97_000_000


def volunteers_csv(
    centres: Sequence[tuple[float, float]], *, n: int, seed: int, now: datetime
) -> str:
    """Volunteers scattered round towns.

    Parameters
    ----------
    centres : sequence of tuple of float
        Longitude and latitude of towns, degrees.
    n : int
        How many, up to a million.
    seed : int
        Another seed is other people.
    now : datetime
        Aware; they agreed before it.

    Returns
    -------
    str
        CSV as in docs/how-to/import-responders.md.
    """
    rng = random.Random(seed)  # noqa: S311 - invented people
    agreed = (now - timedelta(days=30)).isoformat()
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for at in range(n):
        lon, lat = _near(rng, centres)
        phone, name = f"+855{_FIRST_NUMBER + at}", f"Volunteer {at + 1}"
        skill, language = rng.choice(_SKILLS), rng.choice(("km", "en"))
        place = f"{lon:.5f}", f"{lat:.5f}"
        writer.writerow((phone, name, skill, *place, language, agreed, agreed))
    return file.getvalue()


def aeds_geojson(centres: Sequence[tuple[float, float]], *, n: int, seed: int) -> str:
    """AEDs scattered round towns, with OpenStreetMap's tags.

    Parameters
    ----------
    centres, n, seed
        As for `volunteers_csv`.

    Returns
    -------
    str
        A FeatureCollection.
    """
    rng = random.Random(seed)  # noqa: S311 - invented places
    features = [
        {
            "type": "Feature",
            "id": f"node/{at + 1}",
            "geometry": {
                "type": "Point",
                "coordinates": [round(x, 6) for x in _near(rng, centres)],
            },
            "properties": {
                "emergency": "defibrillator",
                "access": "yes",
                "opening_hours": rng.choice(_HOURS),
                "defibrillator:location": f"Town hall {at + 1}, left of the entrance",
                "defibrillator:code": f"{rng.randrange(10_000):04d}",
            },
        }
        for at in range(n)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def _near(
    rng: random.Random, centres: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    lon, lat = rng.choice(centres)
    spread = _SPREAD_M * _METRE
    return lon + rng.gauss(0, spread), lat + rng.gauss(0, spread)
