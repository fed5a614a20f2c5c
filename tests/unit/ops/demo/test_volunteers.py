"""Invented volunteers and AEDs are such as the import takes."""

from __future__ import annotations

from ops.demo.volunteers import aeds_geojson, volunteers_csv
from responders.roster.aed_file import read_aeds
from responders.roster.entry_rules import EntryRules
from responders.roster.responder_file import read_responders
from telephony.numbers import parse_number
from tests.fakes.case_world import SEALS, START

TOWNS = [(104.92, 11.56), (103.86, 13.36)]


def test_every_line_is_taken() -> None:
    """No invented person or AED is rejected; the same seed gives the same."""
    made = volunteers_csv(TOWNS, n=50, seed=1, now=START)
    rules = EntryRules(parse_phone=parse_number, now=START, seal=SEALS.of)
    people = read_responders(made.encode(), rules)
    assert [line.reason for line in people if line.value is None] == []
    assert len({line.value.phone for line in people if line.value}) == 50
    aeds = read_aeds(aeds_geojson(TOWNS, n=20, seed=1).encode())
    assert [line.reason for line in aeds if line.value is None] == []
    assert made == volunteers_csv(TOWNS, n=50, seed=1, now=START)
