"""One case for each rule: the defect, its element and its line."""

import pytest

from tests.unit.warning.cap_cases import CASES, referring
from tests.unit.warning.cap_samples import (
    EARLIER,
    PROPER,
    spoil,
    with_area,
    with_polygon,
)
from warning.cap_documents import rules as cap_rules
from warning.cap_documents.cap_check import check


@pytest.mark.parametrize(
    ("code", "document", "element", "where"),
    CASES,
    ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)],
)
def test_a_broken_rule_is_found_with_element_and_line(
    code: str, document: bytes, element: str, where: str
) -> None:
    """Each rule finds what breaks it, says where, and in a whole sentence."""
    rule = next(rule for rule in cap_rules.RULES if rule.code == code)
    verdict = check(document, filename="a.xml", lookup=lambda *_: None)
    found = [one for one in verdict.defects if one.code == code]
    assert {(one.element, one.severity) for one in found} == {(element, rule.severity)}
    text, is_last = document.decode(), where.startswith("last ")
    at = text.rindex(where[5:]) if is_last else text.index(where)
    assert found[0].line == text[:at].count("\n") + 1
    assert found[0].message.endswith(".")


def test_a_proper_alert_breaks_no_rule() -> None:
    """The control: without spoiling there is nothing to find."""
    verdict = check(PROPER.encode(), filename="a.xml", lookup=lambda *_: None)
    assert verdict.defects == ()
    assert verdict.usable
    assert verdict.targetable


def test_every_rule_has_a_case() -> None:
    """A rule without a case may be dead or wrong."""
    assert {rule.code for rule in cap_rules.RULES} == {case[0] for case in CASES}


def test_every_rule_says_what_it_is() -> None:
    """The table can be printed for people: one sentence each."""
    assert all(rule.says.endswith(".") for rule in cap_rules.RULES)
    keys = [(rule.code, rule.element) for rule in cap_rules.RULES]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "text",
    [
        "11,104\t11,105\n12,105  12,104 11,104",
        "11.0,104.0 11.0,105.0 12.0,105.0 12.0,104.0 11.00,104.00",
        "-11,-104 -11,-105 -12,-105 -12,-104 -11,-104",
    ],
)
def test_what_cap_allows_in_a_polygon_is_no_defect(text: str) -> None:
    """Any white space, any number of decimals, any quarter of the earth."""
    assert check(with_polygon(text), filename="a.xml").defects == ()


@pytest.mark.parametrize(
    "edits",
    [
        (("2026-10-01T06:00:00+07:00", "2026-09-30T23:00:00-00:00"),),
        (("2026-10-01T06:00:00+07:00", "2026-09-30T23:00:00+00:00"),),
        (("high ground.", "high ground: 1 &lt; 2 &amp; 3 &gt; 2."),),
        (("Flood tonight", "x" * 160),),
    ],
)
def test_what_cap_allows_elsewhere_is_no_defect(edits: tuple[tuple[str, str]]) -> None:
    """Both ways of UTC; signs that only look like markup; the longest headline."""
    assert check(spoil(*edits), filename="a.xml").defects == ()


def test_a_cancel_may_lie_in_the_past_and_name_no_area() -> None:
    """What withdraws an alert needs neither."""
    document = referring(EARLIER, "Cancel").decode()
    area = document[document.index("<area>") : document.index("</info>")]
    document = document.replace(area, "").replace("2026-10-02T06", "2026-10-01T05")
    codes = {one.code for one in check(document.encode(), filename="a.xml").defects}
    assert not codes & {"expires_before_sent", "area_missing"}


def test_a_geocode_of_cap_1_0_is_looked_up_by_its_two_halves() -> None:
    """``SAME=006109`` was one text then."""
    document = with_area("<geocode>SAME=006109</geocode>").replace(
        b"urn:oasis:names:tc:emergency:cap:1.2", b"http://www.incident.com/cap/1.0"
    )
    asked: list[tuple[str, str]] = []

    def lookup(value_name: str, value: str) -> None:
        asked.append((value_name, value))

    verdict = check(document, filename="a.xml", lookup=lookup)
    assert set(asked) == {("SAME", "006109")}
    assert "geocode_unknown" in {one.code for one in verdict.defects}


def test_an_address_no_program_can_take_apart_is_not_absolute() -> None:
    """A broken bracket in a web address is a finding, not a failure."""
    document = spoil(("https://example.org/flood", "http://[::1"))
    codes = {one.code for one in check(document, filename="a.xml").defects}
    assert {"web_not_absolute", "bad_value"} <= codes
