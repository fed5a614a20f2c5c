"""The verdict: usable, targetable, to where, and what is wrong."""

import json
from pathlib import Path

import pytest
import shapely
from shapely.geometry import box, shape

from tests.unit.warning.cap_samples import (
    PROPER,
    line_of,
    spoil,
    with_area,
    with_circle,
    with_polygon,
    without,
)
from warning.cap_documents import target as cap_target
from warning.cap_documents.cap_check import check, check_all

DEMO = Path("warning/examples/khm-mekong-flood.xml")
POLYGON = "<polygon>11,104 11,105 12,105 12,104 11,104</polygon>"
KNOWN = "<geocode><valueName>ISO</valueName><value>KH-12</value></geocode>"
UNKNOWN = "<geocode><valueName>ISO</valueName><value>KH-99</value></geocode>"
AREA = f"<areaDesc>River bank</areaDesc>\n{POLYGON}\n</area>"


def lookup(value_name: str, value: str) -> shapely.Polygon | None:
    """Know one code."""
    return box(104.7, 11.4, 105.0, 11.7) if (value_name, value) == KNOWN_CODE else None


KNOWN_CODE = ("ISO", "KH-12")
_LANGUAGE = "<language>en</language>\n"


def two_areas(second: str) -> bytes:
    """Return the proper document with another area after the first."""
    return spoil((AREA, f"{AREA}<area><areaDesc>Elsewhere</areaDesc>{second}</area>"))


def test_the_verdict_has_the_agreed_shape() -> None:
    """Command line and API print exactly these keys, ready for JSON."""
    answer = check(PROPER.encode(), filename="a.xml").as_dict()
    assert {
        "file",
        "valid_xsd",
        "usable",
        "targetable",
        "defects",
        "alert",
        "area",
    } <= (set(answer))
    assert answer["file"] == "a.xml"
    assert answer["alert"]["info"][0]["severity"] == "Severe"
    assert answer["alert"]["sent"] == "2026-10-01T06:00:00+07:00"
    assert shape(answer["area"]).equals(box(104, 11, 105, 12))
    assert json.loads(json.dumps(answer)) == answer


def test_a_defect_is_told_with_code_severity_element_line_and_sentence() -> None:
    """The five things a person needs to mend it."""
    document = with_circle("11,104 0")
    (defect,) = check(document, filename="a.xml").as_dict()["defects"]
    assert defect.pop("message").startswith("The circle has a radius of 0 km")
    assert defect == {
        "code": "circle_radius_zero",
        "severity": "warns",
        "element": "circle",
        "line": line_of(document, "<circle>"),
    }


@pytest.mark.parametrize(
    ("document", "state", "targetable", "usable"),
    [
        (PROPER.encode(), "polygon", True, True),
        (with_circle("11,104 5"), "circle", True, True),
        (with_area(f"{POLYGON}<circle>11,104 5</circle>"), "polygon", True, True),
        (with_area(KNOWN), "geocode", True, True),
        (with_area(KNOWN + UNKNOWN), "partial", True, True),
        (with_area(UNKNOWN), "geocode_unknown", False, True),
        (with_area("<polygon/>" + UNKNOWN), "geocode_unknown", False, True),
        (with_area(f"{POLYGON}{UNKNOWN}"), "polygon", True, True),
        (with_circle("11,104 0"), "epicentre_only", False, True),
        (with_area(f"{POLYGON}<circle>11,104 0</circle>"), "polygon", True, True),
        (with_polygon(""), "empty_polygon", False, True),
        (with_circle(""), "empty_polygon", False, True),
        (with_area(""), "text_only", False, True),
        (without("area"), "no_area", False, True),
        (with_polygon("104,11 105,11 105,12 104,11"), "swapped_axes", False, False),
        (with_circle("104,11 5"), "swapped_axes", False, False),
        (with_polygon("here"), "unreadable_shape", False, False),
        (two_areas(""), "partial", True, True),
        (two_areas(UNKNOWN), "partial", True, True),
        (two_areas("<circle>11,104 0</circle>"), "polygon", True, True),
        (two_areas("<polygon>here</polygon>"), "partial", False, False),
        (b"<alert", "no_area", False, False),
    ],
)
def test_what_cannot_be_targeted_has_a_name(
    document: bytes, state: str, targetable: bool, usable: bool
) -> None:
    """Never a quiet empty audience: an area that holds somebody, or a reason."""
    verdict = check(document, filename="a.xml", lookup=lookup)
    found = (verdict.target.state.value, verdict.targetable, verdict.usable)
    assert found == (state, targetable, usable)
    area = verdict.target.area
    assert area is None or area.area_km2 > 0
    if state not in {"polygon", "circle", "geocode", "no_area"}:
        assert verdict.target.missing


def test_without_a_table_every_code_is_unknown() -> None:
    """The missing table is no reason to warn nobody silently."""
    verdict = check(with_area(KNOWN), filename="a.xml")
    assert verdict.as_dict()["targeting"] == "geocode_unknown"
    assert verdict.as_dict()["untargeted"] == [
        "'River bank': no table knows the code ISO KH-12."
    ]


def test_swapped_axes_are_offered_the_other_way_round_and_never_used() -> None:
    """The operator decides; the verdict holds both."""
    document = with_polygon("104,11 105,11 105,12 104,12 104,11")
    answer = check(document, filename="a.xml").as_dict()
    assert answer["area"] is None
    assert shape(answer["swapped_area"]).equals(box(104, 11, 105, 12))


def test_the_target_is_the_union_of_all_areas_of_all_infos() -> None:
    """Overlap counts once, and nothing between parts is lost."""
    second = "<polygon>11,104.5 11,106 12,106 12,104.5 11,104.5</polygon>"
    verdict = check(two_areas(second), filename="a.xml")
    assert verdict.target.area is not None
    assert verdict.target.area.geometry.equals(box(104, 11, 106, 12))


def test_one_info_can_be_targeted_alone() -> None:
    """Infos may be for different places."""
    alert = check(PROPER.encode(), filename="a.xml").alert
    assert alert is not None
    aimed = cap_target.target(alert.infos[:1])
    assert aimed.area is not None
    assert aimed.area.geometry.equals(box(104, 11, 105, 12))


def test_an_area_across_the_antimeridian_is_split_there() -> None:
    """Fiji and Chukotka are on both sides."""
    verdict = check(
        with_polygon("-17,179 -17,181 -16,181 -16,179 -17,179"), filename=""
    )
    assert verdict.target.area is not None
    parts = shapely.get_parts(verdict.target.area.geometry)
    assert sorted(round(part.bounds[0]) for part in parts) == [-180, 179]


@pytest.mark.parametrize(
    ("document", "code", "element", "severity", "line"),
    [
        (without("sender"), "missing_element", "sender", "blocks", 2),
        (without("event"), "missing_element", "event", "blocks", 9),
        (without("severity"), "missing_element", "severity", "blocks", 9),
        (without("category"), "missing_element", "category", "warns", 9),
        (without("areaDesc"), "missing_element", "areaDesc", "warns", 26),
        (spoil(("KHM-1", " ")), "empty_element", "identifier", "blocks", 3),
        (
            spoil(("<event>", "<event>x</event>\n<event>")),
            "duplicate_element",
            "event",
            "blocks",
            13,
        ),
        (
            spoil(("<web>", "<web>http://a/</web>\n<web>")),
            "duplicate_element",
            "web",
            "warns",
            25,
        ),
        (spoil(("<event>", "<foo/><event>")), "unknown_element", "foo", "warns", 12),
        (
            spoil(("high ground", "<b>high</b> ground")),
            "unknown_element",
            "instruction",
            "warns",
            23,
        ),
        (
            spoil(("<web>", "<language>en</language>\n<web>"), (_LANGUAGE, "")),
            "out_of_order",
            "language",
            "warns",
            23,
        ),
        (spoil(("<info>", "hello<info>")), "stray_text", "alert", "warns", 2),
        (spoil(("<event>", "<event id='a'>")), "attribute", "event", "warns", 12),
        (spoil((">Actual", ">Real")), "bad_value", "status", "blocks", 6),
        (spoil((">Severe", ">High")), "bad_value", "severity", "blocks", 15),
        (spoil((">Met", ">Water")), "bad_value", "category", "warns", 11),
        (spoil((">Actual", ">ACTUAL ")), "spelling", "status", "warns", 6),
        (spoil((">Likely", ">Very Likely")), "very_likely", "certainty", "warns", 16),
        (spoil((">en<", ">english language<")), "bad_value", "language", "warns", 10),
        (spoil((">Public", "> ")), "bad_value", "scope", "blocks", 8),
        (
            spoil(("</area>", "<altitude>high</altitude></area>")),
            "bad_value",
            "altitude",
            "warns",
            29,
        ),
    ],
)
def test_the_schema_speaks_in_sentences(
    document: bytes, code: str, element: str, severity: str, line: int
) -> None:
    """What the XSD enforces is one defect, with element and line, and no more."""
    verdict = check(document, filename="a.xml")
    found = [one for one in verdict.defects if one.code == code]
    assert [(one.element, one.severity.value, one.line) for one in found] == [
        (element, severity, line)
    ]
    assert verdict.usable == (severity == "warns")
    # An empty identifier satisfies the XSD; nobody else would be satisfied.
    assert verdict.valid_xsd == (code == "empty_element")


def test_what_is_readable_is_shown_even_if_the_alert_is_not_whole() -> None:
    """Held for review, the operator sees what there is."""
    answer = check(without("status"), filename="a.xml").as_dict()
    assert not answer["usable"]
    assert answer["alert"]["identifier"] == "KHM-1"
    assert answer["alert"]["status"] is None
    assert answer["alert"]["info"][0]["headline"] == "Flood tonight"


def test_the_password_of_cap_1_0_is_not_shown() -> None:
    """A secret sent in clear is not passed on in clear."""
    document = spoil(("<scope>", "<password>hunter2</password><scope>"))
    assert "hunter2" not in json.dumps(check(document, filename="a.xml").as_dict())


def test_every_member_of_a_collection_gets_its_verdict() -> None:
    """One bad alert does not spoil its neighbours."""
    body = PROPER.partition("?>\n")[2]
    document = f"<alerts>{body}{body.replace('KHM-1', '')}</alerts>".encode()
    verdicts = check_all(document, filename="feed.xml")
    told = [(verdict.file, verdict.usable) for verdict in verdicts]
    assert told == [("feed.xml#1", True), ("feed.xml#2", False)]
    assert not check(document, filename="feed.xml").usable


def test_the_demo_alert_is_beyond_reproach() -> None:
    """Two languages, no defect of any kind, five areas in Cambodia."""
    verdict = check(DEMO.read_bytes(), filename=DEMO.name)
    assert verdict.defects == ()
    assert (verdict.valid_xsd, verdict.usable, verdict.targetable) == (True, True, True)
    assert verdict.alert is not None
    assert [info.language for info in verdict.alert.infos] == ["km", "en"]
    assert verdict.alert.is_for_public
    area = verdict.target.area
    assert area is not None
    assert box(102.3, 10.4, 107.7, 14.7).covers(area.geometry)
    assert area.geometry.covers(shapely.Point(105.46, 12.0))
    assert not area.geometry.covers(shapely.Point(103.86, 13.36))
    assert 8_000 < area.area_km2 < 14_000


def test_an_unusable_shape_in_the_table_is_an_unknown_code() -> None:
    """A table's mistake does not pass for an empty place."""
    verdict = check(
        with_area(KNOWN), filename="a.xml", lookup=lambda *_: shapely.Polygon()
    )
    assert verdict.as_dict()["targeting"] == "geocode_unknown"
