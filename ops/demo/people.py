"""Which language each of the people of the demo speaks.

Khmer is spoken everywhere; Vietnamese mostly along the lake and the rivers below it,
Cham along the Mekong, English in the cities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString

from ops.demo.settlement import KM_PER_DEG, LON_SHRINK, Homes
from ops.demo.waters import BASSAC, LAKE, MEKONG_LOWER, MEKONG_UPPER, TONLE_SAP

Floats = NDArray[np.float64]

LANGUAGES = ("km", "en", "vi", "cjm")
_KHMER, _ENGLISH, _VIETNAMESE, _CHAM = range(4)
#: The rest speak Khmer.
_SHARES: Mapping[int, float] = {_ENGLISH: 0.03, _VIETNAMESE: 0.045, _CHAM: 0.045}

#: Where each language of the rivers is spoken.
_WATERS: Mapping[int, MultiLineString] = {
    _VIETNAMESE: MultiLineString(
        [TONLE_SAP, MEKONG_LOWER, BASSAC, LineString(LAKE.exterior.coords)]
    ),
    _CHAM: MultiLineString([MEKONG_UPPER, TONLE_SAP]),
}
_REACH_KM = 6.0
#: A speaker far from the water is this much rarer than one on the bank.
_AWAY = 0.02
#: How much villages differ, and what a town, where all live together, counts.
_VILLAGE_SIGMA = 1.2
_MIXED = 0.4
_CITIES = ("KH-12", "KH-17", "KH-18")


def languages(
    homes: Homes, province_codes: Sequence[str], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Give every home a language, as an index into ``LANGUAGES``.

    The shares are exact up to rounding. Speakers live together: whole villages are more
    or less likely to be of a language.
    """
    n = len(homes.lon)
    chosen = np.full(n, _KHMER)
    n_settlements = int(homes.settlement.max(initial=-1)) + 1
    for language, share in _SHARES.items():
        village = rng.lognormal(0.0, _VILLAGE_SIGMA, n_settlements)[homes.settlement]
        settled = np.where(homes.is_urban, _MIXED, village)
        odds = _odds(language, homes, province_codes) * settled
        odds[chosen != _KHMER] = 0.0
        # The k smallest of these are a draw of k without replacement, by these odds.
        with np.errstate(divide="ignore"):
            rank = rng.exponential(1.0, n) / odds
        chosen[np.argsort(rank, kind="stable")[: round(share * n)]] = language
    return chosen


def _odds(language: int, homes: Homes, province_codes: Sequence[str]) -> Floats:
    """How likely a home is of a language, relative to the likeliest."""
    if language == _ENGLISH:
        is_city = np.array([code in _CITIES for code in province_codes])
        return np.where(homes.is_urban & is_city[homes.province], 1.0, 0.03)
    waters = _WATERS[language]
    scaled = shapely.transform(waters, lambda xy: xy * (LON_SHRINK, 1.0))
    here = shapely.points(homes.lon * LON_SHRINK, homes.lat)
    distance_km = shapely.distance(here, scaled) * KM_PER_DEG
    odds: Floats = _AWAY + (1 - _AWAY) * np.exp(-((distance_km / _REACH_KM) ** 2))
    return odds
