"""Hostile and broken documents are refused early, with a line, at no cost."""

import pytest

from tests.unit.warning.cap_samples import PROPER, spoil, with_polygon
from warning.cap_documents import cap_xml
from warning.cap_documents.cap_check import check
from warning.cap_documents.defects import Defect
from warning.cap_documents.tree import DEFAULT_LIMITS, CapLimits, line_of, parse

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
XINCLUDE = "http://www.w3.org/2001/XInclude"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def refusal(document: bytes) -> Defect:
    """Return the one reason a document is not read."""
    result = cap_xml.read(document)
    assert result.alert is None
    (defect,) = result.defects
    assert defect.blocks
    assert defect.message.endswith(".")
    return defect


def with_prolog(text: str) -> bytes:
    """Return the proper document with something before its root."""
    return PROPER.replace("<alert", f"{text}\n<alert", 1).encode()


@pytest.mark.parametrize(
    ("document", "code", "line"),
    [
        (with_prolog("<!DOCTYPE alert>"), "doctype", 2),
        (with_prolog("<!-- < -->\n<?a <!DOCTYPE?>\n<!DOCTYPE alert>"), "doctype", 4),
        (
            with_prolog(f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>').replace(
                b"rising", b"&l9;"
            ),
            "doctype",
            2,
        ),
        (with_prolog('<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd">'), "doctype", 2),
        (with_prolog("<!doctype alert>"), "doctype", 2),
        (
            with_prolog("<!DOCTYPE alert>")
            .decode()
            .replace("UTF-8", "UTF-16")
            .encode("utf-16"),
            "doctype",
            2,
        ),
        (
            with_prolog("<!DOCTYPE alert>").decode()[39:].encode("utf-16-be"),
            "doctype",
            1,
        ),
        (
            PROPER.replace("UTF-8", "UTF-7").encode().replace(b"<alert", b"+ADw-alert"),
            "encoding",
            1,
        ),
        (PROPER.replace("UTF-8", "unicode_escape").encode(), "encoding", 1),
        (PROPER.replace("UTF-8", "x-unheard-of").encode(), "encoding", 1),
        (PROPER.replace("UTF-8", "cp9999").encode(), "encoding", 1),
        (PROPER.replace("Flood tonight", "Été").encode("latin-1"), "encoding", 21),
        (spoil(("rising", "r&sing")), "not_well_formed", 22),
        (spoil(("</headline>", "</head>")), "not_well_formed", 21),
        (spoil(("rising", "ri\x01sing")), "not_well_formed", 22),
        (PROPER.encode()[:-10], "not_well_formed", 30),
        (spoil(("<area>", "<area>" * 300)), "too_deep", 26),
        (spoil(("<area>", "<area\n>" * 300)), "too_deep", 281),
        (b"", "not_well_formed", 1),
        (b"\xff\xfe", "not_well_formed", 1),
        (b"hello", "not_well_formed", 1),
        (b"<html><body/></html>", "not_cap", 1),
        (b"<alerts>\n</alerts>", "not_cap", 1),
        (
            spoil(
                (
                    "The river is rising.",
                    f'<x:include xmlns:x="{XINCLUDE}" href="/etc/passwd"/>',
                )
            ),
            "xinclude",
            22,
        ),
    ],
)
def test_what_is_not_read_says_why_and_where(
    document: bytes, code: str, line: int
) -> None:
    """One blocking defect with the line in the file."""
    found = refusal(document)
    assert (found.code, found.line) == (code, line)


@pytest.mark.parametrize(
    "document",
    [
        PROPER.encode("utf-16"),
        b"\xef\xbb\xbf" + PROPER.encode(),
        PROPER.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        PROPER.replace("UTF-8", "gb2312").encode("gb2312"),
        PROPER.replace("UTF-8", "utf-16").encode(),
        PROPER.removeprefix(HEAD).encode(),
        with_prolog('<?xml-stylesheet href="http://127.0.0.1/x.xsl"?>'),
        with_prolog("<!-- <!DOCTYPE alert> -->"),
        spoil(("river is", "river <?pi?><!-- c -->is")),
        spoil(("The river is rising.", "<![CDATA[The river is rising.]]>")),
    ],
)
def test_what_is_harmless_is_read_the_same(document: bytes) -> None:
    """Encodings, byte order marks, comments, instructions change nothing."""
    assert cap_xml.read(document).alert == cap_xml.read(PROPER.encode()).alert


def test_an_alert_without_a_cap_namespace_is_shown_but_blocked() -> None:
    """It may be meant as CAP, and nobody said so."""
    document = spoil(("urn:oasis:names:tc:emergency:cap:1.2", "urn:mine"))
    verdict = check(document, filename="a.xml")
    assert (verdict.usable, verdict.valid_xsd) == (False, False)
    assert [one.code for one in verdict.defects] == ["namespace"]
    assert verdict.as_dict()["alert"]["identifier"] == "KHM-1"


def test_limits_are_where_they_say() -> None:
    """At the limit it is read, one beyond it is not."""
    ring = "11,104 11,105 12,105 12,104 11,104"
    assert cap_xml.read(with_polygon(ring), limits=CapLimits(max_points=5)).usable
    over = cap_xml.read(with_polygon(ring), limits=CapLimits(max_points=4))
    assert [one.code for one in over.defects] == ["too_many_points"]
    exact = CapLimits(max_bytes=len(PROPER.encode()))
    assert cap_xml.read(PROPER.encode(), limits=exact).usable
    assert not cap_xml.read(PROPER.encode() + b"\n", limits=exact).usable
    assert DEFAULT_LIMITS.max_bytes == 5_000_000


def test_lines_count_from_the_first_of_the_file() -> None:
    """Also where blank lines and a declaration of two lines stand before the alert."""
    document = b"\n\n<?xml version='1.0'\n encoding='UTF-8'?>\n<alert>\n<x/></alert>"
    (alert,) = parse(document).alerts
    assert [line_of(one) for one in alert.iter()] == [5, 6]
