"""How an installation judges what comes in: by source, signature and its own areas."""

from __future__ import annotations

import pytest
from shapely import Polygon, box

from tests.unit.warning.cap_samples import PROPER, spoil, with_area
from tests.unit.warning.certificates import NOW, key_pair
from warning.cap_documents.cap_gate import CapGate, CapSource
from warning.cap_documents.signature import SignaturePolicy, SignatureTrust
from warning.cap_documents.signing import sign
from warning.cap_documents.target import GeocodeLookup
from warning.errors import InvalidAlertError

CODE = "<geocode><valueName>ISO3166-2</valueName><value>KH-8</value></geocode>"
REQUIRE = SignatureTrust(SignaturePolicy.REQUIRE, (key_pair("office")[1],))
OFFICE = CapSource(
    name="office",
    senders=("Office@*.org",),
    trust=REQUIRE,
    origins=("feed:office",),
)


def signed(document: bytes = PROPER.encode()) -> bytes:
    key, certificate = key_pair("office")
    return sign(document, key_pem=key, certificate_pem=certificate)


def gate(*sources: CapSource) -> CapGate:
    return CapGate(now=lambda: NOW, sources=sources)


def test_the_source_is_found_by_its_sender_and_told() -> None:
    """In any letters; with the policy that was applied and what came of it."""
    verdict = gate(OFFICE).check(signed())
    assert verdict.usable
    assert verdict.as_dict()["signature"] == {
        "source": "office",
        "policy": "require",
        "state": "verified",
        "reason": None,
    }


@pytest.mark.parametrize(
    ("document", "state", "reason"),
    [
        (PROPER.encode(), "missing", None),
        (signed().replace(b"tonight", b"tomorrow"), "invalid", "altered"),
    ],
)
def test_what_a_source_must_sign_is_held_without(
    document: bytes, state: str, reason: str | None
) -> None:
    """It is shown with the reason and cannot become a draft."""
    verdict = gate(OFFICE).check(document)
    found = verdict.as_dict()["signature"]
    assert (found["state"], found["reason"]) == (state, reason)
    assert not verdict.usable
    assert verdict.targetable
    with pytest.raises(InvalidAlertError, match="must sign; the alert is held"):
        gate(OFFICE).accept(document)


def test_a_sender_that_no_source_knows_is_judged_by_the_default() -> None:
    """Nothing is asked of it unless the installation says so."""
    stranger = spoil(("office@", "clerk@"))
    verdict = gate(OFFICE).check(stranger)
    assert verdict.usable
    assert verdict.as_dict()["signature"]["source"] is None
    strict = CapGate(now=lambda: NOW, sources=(OFFICE,), trust=REQUIRE)
    assert not strict.check(stranger).usable


def test_a_way_in_of_one_source_brings_nothing_of_another() -> None:
    """Whoever breaks into a feed cannot borrow a name without a signature."""
    stranger = spoil(("office@", "clerk@"))
    verdict = gate(OFFICE).check(stranger, origin="feed:office")
    (defect,) = [one for one in verdict.defects if one.blocks]
    assert (defect.code, defect.element, defect.line) == (
        "sender_unexpected",
        "sender",
        4,
    )
    assert gate(OFFICE).check(stranger, origin="feed:other").usable
    assert gate(OFFICE).check(signed(), origin="feed:office").usable


def test_codes_are_asked_for_once_and_only_if_one_stands_for_a_shape() -> None:
    """An alert with a polygon needs no database."""
    asked: list[str] = []

    def codes() -> GeocodeLookup:
        asked.append("table")
        return lambda _, value: box(104, 11, 105, 12) if value == "KH-8" else None

    judge = CapGate(now=lambda: NOW, codes=codes)
    assert judge.check(PROPER.encode()).targetable
    assert asked == []
    verdict = judge.check(with_area(CODE * 3))
    assert (verdict.target.state.value, asked) == ("geocode", ["table"])
    outline = judge.table()("ISO3166-2", "KH-8")
    assert isinstance(outline, Polygon)


def test_without_a_table_a_code_is_unknown_and_named() -> None:
    """Never a quiet empty audience."""
    verdict = gate().check(with_area(CODE))
    assert verdict.as_dict()["targeting"] == "geocode_unknown"
    assert gate().table()("ISO3166-2", "KH-8") is None


def test_every_member_of_a_collection_is_judged() -> None:
    """Each by its own sender; a collection carries no signature that counts."""
    body = PROPER.partition("?>\n")[2]
    document = f"<alerts>{body}{body.replace('office@', 'clerk@')}</alerts>".encode()
    told = gate(OFFICE).check_all(document, filename="feed.xml")
    assert [(one.file, one.usable) for one in told] == [
        ("feed.xml#1", False),
        ("feed.xml#2", True),
    ]


def test_a_refused_document_has_no_signature_to_speak_of() -> None:
    """It was not read."""
    assert gate(OFFICE).check(b"<alert").as_dict()["signature"] is None
