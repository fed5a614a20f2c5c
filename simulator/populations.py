"""Populations to try a plan on: shares that differ from the usual in ways that matter.

They are assumptions, told in ``docs/simulator.md`` with reasons, and no measurement:
an installation replaces them by what its own drills show.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simulator.citizens import CitizenMix

#: Villages with shared keypad phones, several languages, and many who do not read.
VILLAGES = CitizenMix(
    deaf=0.03,
    shared=0.35,
    other_language=0.06,
    voicemail=0.01,
    no_answer=0.24,
    unreachable=0.08,
    replies=0.15,
    silent=0.20,
)

#: By the names under which they are chosen.
POPULATIONS: Mapping[str, CitizenMix] = MappingProxyType(
    {"usual": CitizenMix(), "villages": VILLAGES}
)
