"""Whatever alert is made: what we write is proper CAP and reads back as it was."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from warning import cap
from warning.cap_documents import cap_xml
from warning.cap_documents import schema as cap_schema
from warning.cap_documents.cap_check import check
from warning.cap_documents.tree import parse

# What XML can carry; a lone CR or control character is refused on writing instead.
CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"])
TEXTS = (
    st.text(CHARACTERS | st.sampled_from("<>&\"'\n]ទឹក"), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
OPTIONAL = st.none() | TEXTS
NAMES = st.from_regex(r"[A-Za-z0-9:@._-]{1,20}", fullmatch=True)
TIMES = st.datetimes(
    datetime(1992, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    datetime(2190, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: timezone(timedelta(minutes=minutes))
    ),
)
PAIRS = st.lists(st.builds(cap.NamedValue, TEXTS, TEXTS), max_size=3).map(tuple)
WORDS = st.lists(
    TEXTS.filter(lambda text: '"' not in text).map(lambda text: " ".join(text.split())),
    max_size=3,
).map(lambda words: tuple(word for word in words if word))
REFERENCES = st.lists(st.builds(cap.Reference, NAMES, NAMES, TIMES), max_size=3)


def degrees(limit: int) -> st.SearchStrategy[float]:
    """Return degrees with four decimals, a little away from the edges."""
    most = (limit - 1) * 10_000
    return st.integers(-most, most).map(lambda number: number / 10_000)


@st.composite
def polygons(draw: st.DrawFn) -> str:
    """Return a triangle, closed."""
    lat, lon = draw(degrees(88)), draw(degrees(179))
    size = draw(st.integers(1, 9)) / 10
    corner = f"{lat:.4f},{lon:.4f}"
    return f"{corner} {lat:.4f},{lon + size:.4f} {lat + size:.4f},{lon:.4f} {corner}"


CIRCLES = st.builds(
    lambda lat, lon, km: f"{lat},{lon} {km}",
    degrees(89),
    degrees(180),
    st.sampled_from([0, 0.5, 3, 25]),
)
HEIGHTS = st.none() | st.decimals(0, 50_000, places=2)
AREAS = st.builds(
    cap.Area,
    area_desc=st.just("") | TEXTS,
    polygons=st.lists(polygons(), max_size=2).map(tuple),
    circles=st.lists(CIRCLES, max_size=2).map(tuple),
    geocodes=PAIRS,
    altitude_ft=HEIGHTS,
    ceiling_ft=HEIGHTS,
)
RESOURCES = st.builds(
    cap.Resource,
    resource_desc=st.just("") | TEXTS,
    mime_type=TEXTS,
    size=st.none() | st.integers(0, 10**9),
    uri=st.none() | NAMES.filter(lambda name: ":" not in name),
    deref_uri=st.none() | st.sampled_from(["AAEC", "%%"]),
    digest=OPTIONAL,
)


@st.composite
def infos(draw: st.DrawFn, sent: datetime) -> cap.Info:
    """Return an info that expires after it was sent."""
    lasts = draw(st.none() | st.integers(1, 10**6))
    return cap.Info(
        language=draw(st.sampled_from(["en-US", "km", "ar", "zh-Hant-TW", "x-mine"])),
        event=draw(TEXTS),
        urgency=draw(st.sampled_from(cap.Urgency)),
        severity=draw(st.sampled_from(cap.Severity)),
        certainty=draw(st.sampled_from(cap.Certainty)),
        categories=tuple(
            draw(st.lists(st.sampled_from(cap.Category), min_size=1, max_size=3))
        ),
        response_types=tuple(
            draw(st.lists(st.sampled_from(cap.ResponseType), max_size=3))
        ),
        audience=draw(OPTIONAL),
        event_codes=draw(PAIRS),
        effective=draw(st.none() | TIMES),
        onset=draw(st.none() | TIMES),
        expires=sent + timedelta(seconds=lasts) if lasts else None,
        sender_name=draw(OPTIONAL),
        headline=draw(OPTIONAL),
        description=draw(OPTIONAL),
        instruction=draw(OPTIONAL),
        web=draw(st.none() | st.just("https://example.org/a?b=c#d")),
        contact=draw(OPTIONAL),
        parameters=draw(PAIRS),
        resources=tuple(draw(st.lists(RESOURCES, max_size=2))),
        areas=tuple(draw(st.lists(AREAS, max_size=2))),
    )


@st.composite
def alerts(draw: st.DrawFn) -> cap.Alert:
    """Return an alert an authority could mean."""
    sent = draw(TIMES).replace(microsecond=0)
    references = tuple(draw(REFERENCES))
    speaks = not references or draw(st.booleans())
    earlier = cap.Reference("earlier@example.org", "earlier", sent)
    is_first = not references
    return cap.Alert(
        identifier=draw(NAMES),
        sender=draw(NAMES),
        sent=sent,
        status=draw(st.sampled_from(cap.CapStatus)),
        msg_type=cap.MsgType.ALERT
        if is_first
        else draw(st.sampled_from(cap.MsgType))
        if speaks
        else cap.MsgType.CANCEL,
        scope=draw(st.sampled_from(cap.Scope)),
        source=draw(OPTIONAL),
        restriction=draw(OPTIONAL),
        addresses=("somebody@example.org", *draw(WORDS)),
        codes=tuple(draw(st.lists(TEXTS, max_size=2))),
        note=draw(OPTIONAL),
        references=references if is_first else (earlier, *references),
        incidents=draw(WORDS),
        infos=tuple(
            draw(st.lists(infos(sent), min_size=1 if speaks else 0, max_size=3))
        ),
    )


@given(alerts())
@settings(max_examples=60, deadline=None)
def test_written_cap_is_valid_and_never_blocked_and_reads_back_equal(
    alert: cap.Alert,
) -> None:
    """The three promises of writing, for any alert."""
    document = cap_xml.write(alert)
    verdict = check(document, filename="a.xml")
    assert cap_schema.judge(parse(document).alerts[0]) == []
    assert verdict.valid_xsd
    assert [one for one in verdict.defects if one.blocks] == []
    assert verdict.alert == alert
    assert verdict.alert.sent.utcoffset() == alert.sent.utcoffset()
    assert cap_xml.write(verdict.alert) == document


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    """Rubbish gives a verdict, not a traceback."""
    assert check(data, filename="a.xml").usable is False


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_spoilt_alert_makes_the_check_fail(data: st.DataObject) -> None:
    """Texts cut out, doubled or replaced anywhere: a verdict all the same."""
    document = cap_xml.write(EXAMPLE)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(60, len(document)))
        end = data.draw(st.integers(start, min(start + 40, len(document))))
        new = data.draw(
            st.sampled_from([b"", b"0", b"-", b",", b" ", b"1e999", b"&#1;"])
        )
        document = document[:start] + new + document[end:]
    answer = check(document, filename="a.xml", lookup=lambda *_: None).as_dict()
    assert answer["targetable"] == (answer["area"] is not None) or not answer["usable"]


EXAMPLE = cap.Alert(
    identifier="a",
    sender="b",
    sent=datetime(2026, 10, 1, 6, tzinfo=timezone(timedelta(hours=7))),
    status=cap.CapStatus.ACTUAL,
    msg_type=cap.MsgType.UPDATE,
    scope=cap.Scope.PUBLIC,
    references=(cap.Reference("b", "c", datetime(2026, 10, 1, tzinfo=UTC)),),
    infos=(
        cap.Info(
            event="Flood",
            urgency=cap.Urgency.PAST,
            severity=cap.Severity.MINOR,
            certainty=cap.Certainty.LIKELY,
            categories=(cap.Category.MET,),
            areas=(
                cap.Area(
                    area_desc="x",
                    polygons=("11,104 11,105 12,105 11,104",),
                    circles=("11,104 5", "11,104 0"),
                    geocodes=(cap.NamedValue("a", "b"),),
                    altitude_ft=Decimal(1),
                    ceiling_ft=Decimal(2),
                ),
            ),
        ),
    ),
)
