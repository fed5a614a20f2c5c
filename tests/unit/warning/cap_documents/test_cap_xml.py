"""Reading and writing CAP documents."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tests.unit.warning.cap_samples import (
    EARLIER,
    PROPER,
    RESOURCE,
    spoil,
    with_area,
    without,
)
from warning import cap
from warning.cap_documents import cap_xml
from warning.cap_documents.errors import UnwritableAlertError


def read(document: bytes) -> cap.Alert:
    """Read an alert that must be readable."""
    alert = cap_xml.read(document).alert
    assert alert is not None
    return alert


def test_a_proper_alert_is_read_whole_and_without_defects() -> None:
    """What the document says stands in the values."""
    result = cap_xml.read(PROPER.encode())
    alert = result.alert
    assert alert is not None
    assert (result.defects, result.valid_xsd, result.version) == ((), True, "1.2")
    assert alert.sent == datetime(2026, 9, 30, 23, tzinfo=UTC)
    assert alert.sent.utcoffset() == timedelta(hours=7)
    info = alert.infos[0]
    assert info.response_types == (cap.ResponseType.EVACUATE,)
    assert info.severity is cap.Severity.SEVERE
    assert info.areas[0].polygons == ("11,104 11,105 12,105 12,104 11,104",)


def test_any_prefix_is_read_alike() -> None:
    """Namespaces count, prefixes do not."""
    prefixed = (
        PROPER.replace("</", "</\0").replace("<", "<cap:").replace("<cap:/\0", "</cap:")
    )
    prefixed = prefixed.replace("<cap:?", "<?").replace("xmlns=", "xmlns:cap=")
    assert read(prefixed.encode()) == read(PROPER.encode())


def test_elements_of_another_namespace_are_not_read() -> None:
    """A look-alike element of a foreign namespace means nothing."""
    document = spoil(
        ("<status>", '<x:status xmlns:x="urn:other">Test</x:status><status>')
    )
    result = cap_xml.read(document)
    assert result.alert is not None
    assert result.alert.status is cap.CapStatus.ACTUAL
    assert [one.code for one in result.defects] == ["unknown_element"]


def test_several_alerts_in_one_root_are_split() -> None:
    """An ``<alerts>`` root gives one result per alert, in order."""
    body = PROPER.partition("?>\n")[2]
    document = f"<alerts>{body}{body.replace('KHM-1', 'KHM-2')}</alerts>".encode()
    results = cap_xml.read_all(document)
    identifiers = [one.alert.identifier for one in results if one.alert is not None]
    assert identifiers == ["KHM-1", "KHM-2"]
    assert [one.code for one in cap_xml.read(document).defects] == ["several_alerts"]


def test_elements_out_of_order_are_still_read() -> None:
    """Order is a fault of form: noted, and the text is used."""
    headline = "<headline>Flood tonight</headline>\n"
    document = spoil((headline, ""), ("<event>", f"{headline}<event>"))
    result = cap_xml.read(document)
    assert result.usable
    assert not result.valid_xsd
    assert read(document).infos[0].headline == "Flood tonight"


@pytest.mark.parametrize(
    ("name", "value"),
    [("restriction", None), ("references", ()), ("addresses", ()), ("note", None)],
)
def test_an_empty_element_is_taken_as_absent(name: str, value: object) -> None:
    """Canada sends all of them empty."""
    order = "<scope>Public</scope>"
    document = spoil((order, f"{order}<{name}/>"))
    assert getattr(read(document), name) == value


def test_the_scope_of_cap_1_0_may_be_missing() -> None:
    """In 1.0 a missing scope means everybody."""
    document = (
        without("scope")
        .replace(
            b"urn:oasis:names:tc:emergency:cap:1.2", b"http://www.incident.com/cap/1.0"
        )
        .replace(b"<responseType>Evacuate</responseType>\n", b"")
        .replace(b"Likely", b"Very Likely")
    )
    result = cap_xml.read(document)
    assert result.valid_xsd
    assert result.alert is not None
    assert result.alert.scope is cap.Scope.PUBLIC
    assert result.alert.infos[0].certainty is cap.Certainty.LIKELY


def test_pairs_of_cap_1_0_are_one_text() -> None:
    """``SAME=006109`` is a value name and a value."""
    document = with_area("<geocode>SAME=006109</geocode>").replace(
        b"urn:oasis:names:tc:emergency:cap:1.2", b"http://www.incident.com/cap/1.0"
    )
    assert read(document).infos[0].areas[0].geocodes == (
        cap.NamedValue("SAME", "006109"),
    )


def test_repeated_value_names_are_all_kept() -> None:
    """A district list repeats its value name; nothing overwrites anything."""
    codes = "".join(
        f"<geocode><valueName>LGD</valueName><value>{n}</value></geocode>"
        for n in range(23)
    )
    assert len(read(with_area(codes)).infos[0].areas[0].geocodes) == 23


def test_a_profile_prefix_does_not_hide_a_parameter() -> None:
    """The short text is found under its profile's name too."""
    pair = (
        "<parameter><valueName>layer:SOREM:1.0:Broadcast_Text</valueName>"
        "<value>Leave now</value></parameter>"
    )
    document = spoil(("<contact>1294</contact>", f"<contact>1294</contact>{pair}"))
    assert read(document).infos[0].parameter("broadcast_text") == ("Leave now",)


def test_text_with_elements_inside_is_still_read() -> None:
    """A stray ``<br/>`` does not swallow the instruction."""
    document = spoil(("Go to high ground.", "Go<br/>to high ground."))
    assert read(document).infos[0].instruction == "Go to high ground."


def test_writing_gives_utc_as_minus_zero_and_keeps_other_offsets() -> None:
    """CAP's UTC is ``-00:00``, never ``Z``."""
    alert = read(PROPER.encode())
    utc = replace(alert, sent=datetime(2026, 10, 1, 6, 0, 0, 99, tzinfo=UTC))
    local = replace(
        alert, sent=datetime(2026, 10, 1, 6, tzinfo=timezone(timedelta(hours=5.5)))
    )
    assert b"<sent>2026-10-01T06:00:00-00:00</sent>" in cap_xml.write(utc)
    assert b"<sent>2026-10-01T06:00:00+05:30</sent>" in cap_xml.write(local)


def test_a_full_alert_survives_writing_and_reading() -> None:
    """Every field of every value comes back as it was."""
    alert = full_alert()
    document = cap_xml.write(alert)
    result = cap_xml.read(document)
    assert result.alert == alert
    assert result.valid_xsd
    assert cap_xml.write(result.alert) == document


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"msg_type": cap.MsgType.UPDATE}, "references"),
        ({"identifier": ""}, "identifier"),
        ({"scope": cap.Scope.PRIVATE}, "addresses"),
        ({"infos": ()}, "info"),
        ({"note": "a\x00b"}, "note"),
        ({"references": (cap.Reference("a", "b", None),)}, "reference"),
    ],
)
def test_what_would_be_no_proper_message_is_not_written(
    change: dict[str, object], word: str
) -> None:
    """Writing refuses, and names the rule."""
    alert = replace(read(PROPER.encode()), **change)
    with pytest.raises(UnwritableAlertError, match=word):
        cap_xml.write(alert)


def test_a_naive_time_is_refused() -> None:
    """A time without offset means nothing to a receiver."""
    alert = read(PROPER.encode())
    with pytest.raises(ValueError, match="aware"):
        replace(alert, sent=datetime(2026, 10, 1, 6))  # noqa: DTZ001 - the point


def full_alert() -> cap.Alert:
    """Return an alert with every field filled."""
    at = datetime(2026, 10, 1, 6, tzinfo=timezone(timedelta(hours=7)))
    info = cap.Info(
        language="km",
        event="ទឹកជំនន់",
        urgency=cap.Urgency.IMMEDIATE,
        severity=cap.Severity.EXTREME,
        certainty=cap.Certainty.OBSERVED,
        categories=(cap.Category.MET, cap.Category.SAFETY),
        response_types=(cap.ResponseType.EVACUATE, cap.ResponseType.AVOID),
        audience="everybody",
        event_codes=(cap.NamedValue("OET", "OET-093"),),
        effective=at,
        onset=at + timedelta(hours=3),
        expires=at + timedelta(days=1),
        sender_name="Office",
        headline="Water",
        description="It <rises> & rises.\nFast.",
        instruction="Leave",
        web="https://example.org/",
        contact="1294",
        parameters=(cap.NamedValue("CMAMtext", "Leave"), cap.NamedValue("x", "")),
        resources=(
            cap.Resource(
                resource_desc="Voice",
                mime_type="audio/mpeg",
                size=3,
                uri="voice.mp3",
                deref_uri="AAEC",
                digest="0c7a623fd2bbc05b06423be359e4021d36e721ad",
            ),
        ),
        areas=(
            cap.Area(
                area_desc="Bank",
                polygons=("11,104 11,105 12,105 11,104",),
                circles=("11.5,104.9 5",),
                geocodes=(
                    cap.NamedValue("ISO", "KH-12"),
                    cap.NamedValue("ISO", "KH-8"),
                ),
                altitude_ft=Decimal("10.5"),
                ceiling_ft=Decimal("1E+2"),
            ),
        ),
    )
    return cap.Alert(
        identifier="KHM-2",
        sender="office@example.org",
        sent=at,
        status=cap.CapStatus.ACTUAL,
        msg_type=cap.MsgType.UPDATE,
        scope=cap.Scope.RESTRICTED,
        source="gauge",
        restriction="officials",
        addresses=("a@b", "fire brigade"),
        codes=("profile:1", "profile:2"),
        note="a note",
        references=(cap.Reference("office@example.org", "KHM-0", at),),
        incidents=("flood 2026", "x"),
        infos=(info,),
    )


def test_embedded_content_is_decoded_and_rubbish_is_not() -> None:
    """``content()`` gives the bytes, or None when there are none."""
    voice = full_alert().infos[0].resources[0]
    assert voice.content() == b"\x00\x01\x02"
    assert replace(voice, deref_uri="%%").content() is None
    assert replace(voice, deref_uri=None).content() is None


def test_a_reference_is_read_whatever_commas_its_identifier_has() -> None:
    """The sender ends at the first comma, the time begins after the last."""
    text = "a@b,x,y,2026-10-01T05:00:00+07:00"
    document = spoil(
        ("Alert</msgType>", "Update</msgType>"),
        (
            "<scope>Public</scope>",
            f"<scope>Public</scope><references>{text} {EARLIER}</references>",
        ),
    )
    first, second = read(document).references
    assert (first.sender, first.identifier) == ("a@b", "x,y")
    assert second.identifier == "KHM-0"


def test_a_resource_without_mime_type_is_of_an_unknown_one() -> None:
    """CAP 1.1 allowed it to be missing."""
    resource = RESOURCE.format("").replace("<mimeType>image/png</mimeType>", "")
    document = spoil(("<area>", f"{resource}<area>"))
    assert read(document).infos[0].resources[0].mime_type == "application/octet-stream"


@pytest.mark.parametrize("text", ["a,b", "nonsense", "a,,2026-10-01T05:00:00+07:00"])
def test_a_reference_that_names_nothing_is_told_and_left_out(text: str) -> None:
    """The others still count."""
    document = spoil(
        ("Alert</msgType>", "Update</msgType>"),
        ("</scope>", f"</scope><references>{text} {EARLIER}</references>"),
    )
    result = cap_xml.read(document)
    assert [one.code for one in result.defects] == ["reference_format"]
    assert [one.identifier for one in read(document).references] == ["KHM-0"]


def test_a_defect_prints_as_one_line() -> None:
    """Where, how grave, what, and the code to look up."""
    (defect,) = cap_xml.read(spoil(("<event>", "<event id='a'>"))).defects
    assert str(defect) == (
        "line 12, <event> warns: <event> has an attribute 'id'; CAP has none. "
        "It is ignored. [attribute]"
    )
