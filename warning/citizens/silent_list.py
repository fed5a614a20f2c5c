"""The list of silent households in words: names and places, in parts that can be sent.

Telephone numbers are left out unless the plan says so: the list travels as a text, and
whoever finds the telephone it went to should not find the numbers of a village.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from warning.citizens.silent_people import SilentPerson

#: Characters of names in one text: with what stands around them some parts of a text
#: message, and read in one look.
ROOM = 300
#: Texts of one list; who is on none of them is counted in the last.
MAX_PARTS = 20
#: More people than this at one point are a point that stands for a village.
_MAX_HOUSEHOLD = 8
_DECIMALS = 4

#: Text key, values → words in the reader's language.
Words = Callable[..., str]


def households(
    people: Sequence[SilentPerson], words: Words, *, tells_phones: bool
) -> list[str]:
    """One entry for each household; where somebody is vulnerable, first and marked."""
    entries = [
        (not any(one.vulnerable for one in home), _entry(home, words, tells_phones))
        for home in _homes(people)
    ]
    return [entry for _, entry in sorted(entries)]


def in_parts(entries: Sequence[str], room: int = ROOM) -> list[str]:
    """Entries in as few texts as there is room for, none cut; a number for the rest."""
    parts: list[str] = []
    for n, entry in enumerate(entries):
        if parts and len(parts[-1]) + len(entry) + 2 <= room:
            parts[-1] += f"; {entry}"
        elif len(parts) < MAX_PARTS:
            parts.append(entry)
        else:
            parts[-1] += f"; +{len(entries) - n}"
            break
    return parts


def _homes(people: Sequence[SilentPerson]) -> list[list[SilentPerson]]:
    """People by home: those of one point, if they are not too many for one."""
    by_point: dict[object, list[SilentPerson]] = defaultdict(list)
    for one in people:
        is_point = one.where.lon is not None
        point = (one.where.lon, one.where.lat) if is_point else one.subscriber_id
        by_point[point].append(one)
    homes: list[list[SilentPerson]] = []
    for together in by_point.values():
        is_home = len(together) <= _MAX_HOUSEHOLD
        homes += [together] if is_home else [[one] for one in together]
    return homes


def _entry(home: Sequence[SilentPerson], words: Words, tells_phones: bool) -> str:
    names = sorted(one.name for one in home if one.name)
    where = home[0].where
    is_nameless = not names
    if len(names) < len(home):
        names.append(words("silent_unnamed"))
    if is_nameless and where.lon is not None and where.lat is not None:
        names.append(f"{where.lat:.{_DECIMALS}f} {where.lon:.{_DECIMALS}f}")
    if tells_phones:
        names += [one.phone for one in home]
    mark = "! " if any(one.vulnerable for one in home) else ""
    return mark + ", ".join(names)
