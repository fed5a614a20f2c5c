"""What dozens of issuers send: verdict, area, languages, and who would be warned."""

from __future__ import annotations

import pytest
from shapely import Point, Polygon, box

from tests.unit.warning.issuers import Issued
from tests.unit.warning.issuers_by_country import EUROPE, NORTH_AMERICA
from tests.unit.warning.issuers_in_envelopes import ENVELOPES, WRITERS
from tests.unit.warning.issuers_of_the_south import AFRICA_AND_AMERICA, ASIA, WORLD
from warning.cap_documents.cap_check import check

ALL = (
    *NORTH_AMERICA,
    *EUROPE,
    *ASIA,
    *AFRICA_AND_AMERICA,
    *WORLD,
    *ENVELOPES,
    *WRITERS,
)
_TABLE = {"DE001": box(0, 0, 1, 1)}


def lookup(_: str, value: str) -> Polygon | None:
    """Stand for a table of codes that knows a single one."""
    return _TABLE.get(value)


@pytest.mark.parametrize("issued", ALL, ids=[one.issuer for one in ALL])
def test_a_document_is_read_as_its_issuer_means_it(issued: Issued) -> None:
    """Or held for a named reason; never aimed at nobody without a word."""
    verdict = check(issued.document, filename="a.xml", lookup=lookup)
    found = (verdict.usable, verdict.target.state.value)
    assert found == (issued.usable, issued.targeting), list(map(str, verdict.defects))
    assert {one.code for one in verdict.defects} >= set(issued.codes)
    told = verdict.as_dict()["alert"] or {"info": []}
    assert tuple(one["language"] for one in told["info"]) == issued.languages
    area = verdict.target.area
    for point, is_in in ((issued.inside, True), (issued.outside, False)):
        if point is not None:
            assert area is not None
            assert area.geometry.covers(Point(point)) is is_in
    assert (area is None) is (issued.inside is None and issued.targeting != "polygon")


def test_there_are_issuers_of_every_kind() -> None:
    """Thirty and more, each named once."""
    assert len({one.issuer for one in ALL}) == len(ALL) >= 30
