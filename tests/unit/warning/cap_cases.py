"""For each rule of CAP the document that breaks it, and what must be found there."""

from math import cos, sin

from tests.unit.warning.cap_samples import (
    EARLIER,
    OWN,
    PROPER,
    RESOURCE,
    spoil,
    with_area,
    with_circle,
    with_polygon,
    without,
)

_SCOPE = "<scope>Public</scope>"
_INFO = PROPER[PROPER.index("<info>") : PROPER.index("</alert>")]


def referring(text: str, msg_type: str = "Update") -> bytes:
    """Return an Update (or other) with those references."""
    references = f"{_SCOPE}\n<references>{text}</references>"
    return spoil((">Alert<", f">{msg_type}<"), (_SCOPE, references))


def with_resource(text: str) -> bytes:
    """Return the proper document with a resource that holds those elements too."""
    return spoil(("<area>", f"{RESOURCE.format(text)}\n<area>"))


def second_info(*edits: tuple[str, str]) -> bytes:
    """Return the proper document with its info again, in another language."""
    again = _INFO.replace("<language>en<", "<language>km<")
    for name in ("headline", "description", "instruction"):
        again = again.replace(f"<{name}>", f"<{name}>ខ្មែរ ")
    for old, new in edits:
        again = again.replace(old, new)
    return spoil(("</alert>", f"{again}</alert>"))


# Every edge of the star crosses nearly every other, and so does every circle.
STAR = " ".join(f"{sin(n * 3) + 11:.6f},{cos(n * 3) + 104:.6f}" for n in range(230))
CIRCLES = "</circle><circle>".join(f"11,{104 + n / 500} 99" for n in range(150))

_EVENT_CODE = "<eventCode><valueName>a</valueName><value>b</value></eventCode>"

NO_INFO = spoil((_INFO, ""))

#: code, document, element, a text whose first (or "last ") line is the finding's.
CASES = (
    ("identifier_characters", spoil(("KHM-1", "KHM 1")), "identifier", "KHM 1"),
    ("sender_characters", spoil(("office@", "a,b@")), "sender", "a,b@"),
    ("not_for_public", spoil(("Actual", "Test")), "status", "Test"),
    ("not_for_public", spoil((">Alert<", ">Ack<")), "msgType", "Ack"),
    ("not_for_public", spoil(("Public", "Private")), "scope", "Private"),
    ("exercise_unnamed", spoil(("Actual", "Exercise")), "alert", "<alert"),
    ("error_unexplained", referring(EARLIER, "Error"), "alert", "<alert"),
    ("restriction_missing", spoil(("Public", "Restricted")), "alert", "<alert"),
    (
        "restriction_without_scope",
        spoil((_SCOPE, f"{_SCOPE}<restriction>us</restriction>")),
        "restriction",
        "<restriction>",
    ),
    ("addresses_missing", spoil(("Public", "Private")), "alert", "<alert"),
    (
        "password",
        spoil(
            ("urn:oasis:names:tc:emergency:cap:1.2", "http://www.incident.com/cap/1.0"),
            (_SCOPE, f"<password>secret</password>{_SCOPE}"),
        ),
        "password",
        "<password>",
    ),
    ("info_missing", NO_INFO, "alert", "<alert"),
    (
        "cancel_without_text",
        NO_INFO.replace(b">Alert<", b">Cancel<"),
        "alert",
        "<alert",
    ),
    (
        "repeated_in_two_languages",
        second_info(("ខ្មែរ The river", "The river")),
        "description",
        "last <description>",
    ),
    ("categories_differ", second_info((">Met<", ">Fire<")), "info", "last <info>"),
    (
        "event_codes_differ",
        second_info(
            (
                "<effective>",
                f"{_EVENT_CODE}<effective>",
            )
        ),
        "info",
        "last <info>",
    ),
    ("area_missing", without("area"), "alert", "<alert"),
    ("references_missing", spoil((">Alert<", ">Update<")), "alert", "<alert"),
    ("references_missing", referring(OWN, "Cancel"), "references", "<references>"),
    ("reference_self", referring(f"{EARLIER} {OWN}"), "references", "<references>"),
    (
        "reference_own_sent",
        referring(OWN.replace("KHM-1", "KHM-0")),
        "references",
        "<references>",
    ),
    (
        "reference_later",
        referring(EARLIER.replace("T05", "T07")),
        "references",
        "<references>",
    ),
    (
        "expires_before_sent",
        spoil(("2026-10-02T06", "2026-10-01T06")),
        "expires",
        "<expires>",
    ),
    (
        "expires_before_effective",
        spoil(("<effective>2026-10-01", "<effective>2026-10-03")),
        "expires",
        "<expires>",
    ),
    (
        "expires_before_onset",
        spoil(("<onset>2026-10-01", "<onset>2026-10-03")),
        "expires",
        "<expires>",
    ),
    ("expires_missing", without("expires"), "info", "<info>"),
    ("unknown_word", spoil(("Severe", "Unknown")), "severity", "<severity>"),
    ("headline_missing", without("headline"), "info", "<info>"),
    ("headline_missing", spoil(("Flood tonight", " ")), "info", "<info>"),
    (
        "headline_long",
        spoil(("Flood tonight", "x" * 161)),
        "headline",
        "<headline>",
    ),
    ("description_missing", without("description"), "info", "<info>"),
    ("instruction_missing", without("instruction"), "info", "<info>"),
    (
        "same_texts",
        spoil(("Go to high ground.", "Flood tonight")),
        "instruction",
        "<instruction>",
    ),
    ("sender_name_missing", without("senderName"), "info", "<info>"),
    ("response_type_missing", without("responseType"), "info", "<info>"),
    ("web_missing", without("web"), "info", "<info>"),
    ("contact_missing", without("contact"), "info", "<info>"),
    ("web_not_absolute", spoil(("https://example.org/", "/")), "web", "<web>"),
    (
        "markup",
        spoil(("high ground.", "high&lt;br /&gt;ground.")),
        "instruction",
        "<instruction>",
    ),
    ("markup", spoil(("rising.", "rising&amp;nbsp;.")), "description", "rising"),
    (
        "value_name_missing",
        spoil(("<area>", "<parameter><value>b</value></parameter>\n<area>")),
        "parameter",
        "<parameter>",
    ),
    ("polygon_empty", with_polygon(" "), "polygon", "<polygon>"),
    (
        "polygon_brackets",
        with_polygon("(11,104) (11,105) (12,105) (12,104) (11,104)"),
        "polygon",
        "<polygon>",
    ),
    (
        "polygon_open",
        with_polygon("11,104 11,105 12,105 12,104"),
        "polygon",
        "<polygon>",
    ),
    (
        "polygon_crossing",
        with_polygon("11,104 12,105 11,105 12,104 11,104"),
        "polygon",
        "<polygon>",
    ),
    (
        "polygon_longitude",
        with_polygon("11,181 11,182 12,182 12,181 11,181"),
        "polygon",
        "<polygon>",
    ),
    (
        "polygon_antimeridian",
        with_polygon("11,179 11,181 12,181 12,179 11,179"),
        "polygon",
        "<polygon>",
    ),
    ("polygon_unreadable", with_polygon("11,104 here"), "polygon", "<polygon>"),
    (
        "polygon_too_few_points",
        with_polygon("11,104 11,105 11,104"),
        "polygon",
        "<polygon>",
    ),
    (
        "polygon_out_of_range",
        with_polygon("11,104 95,95 12,104 11,104"),
        "polygon",
        "<polygon>",
    ),
    (
        "swapped_axes",
        with_polygon("104,11 105,11 105,12 104,12 104,11"),
        "polygon",
        "<polygon>",
    ),
    ("swapped_axes", with_circle("104,11 5"), "circle", "<circle>"),
    ("shapes_tangled", with_polygon(STAR), "polygon", "<polygon>"),
    ("shapes_tangled", with_circle(CIRCLES), "circle", "<circle>"),
    ("circle_empty", with_circle(""), "circle", "<circle>"),
    ("circle_brackets", with_circle("(11, 104) 5"), "circle", "<circle>"),
    ("circle_radius_zero", with_circle("11,104 0"), "circle", "<circle>"),
    ("circle_unreadable", with_circle("11,104"), "circle", "<circle>"),
    ("circle_unreadable", with_circle("11,104 -1"), "circle", "<circle>"),
    ("circle_out_of_range", with_circle("95,95 5"), "circle", "<circle>"),
    ("area_text_only", with_area(""), "area", "<area>"),
    (
        "area_geocode_only",
        with_area("<geocode><valueName>ISO</valueName><value>KH</value></geocode>"),
        "area",
        "<area>",
    ),
    (
        "geocode_unknown",
        with_area("\n<geocode><valueName>ISO</valueName><value>KH</value></geocode>"),
        "geocode",
        "<geocode>",
    ),
    (
        "geocode_name_missing",
        with_area("\n<geocode><value>KH</value></geocode>"),
        "geocode",
        "<geocode>",
    ),
    (
        "ceiling_without_altitude",
        spoil(("</area>", "<ceiling>9</ceiling></area>")),
        "ceiling",
        "<ceiling>",
    ),
    (
        "ceiling_below_altitude",
        spoil(("</area>", "<altitude>9</altitude><ceiling>8</ceiling></area>")),
        "ceiling",
        "<ceiling>",
    ),
    (
        "mime_type",
        with_resource("").replace(b"image/png", b"picture"),
        "mimeType",
        "<mimeType>",
    ),
    ("size", with_resource("<size>-1</size>"), "size", "<size>"),
    (
        "size",
        with_resource("<size>9</size><derefUri>AAEC</derefUri>"),
        "size",
        "<size>",
    ),
    ("uri_relative", with_resource("<uri>map.png</uri>"), "uri", "<uri>"),
    (
        "deref_not_base64",
        with_resource("<derefUri>%%</derefUri>"),
        "derefUri",
        "<derefUri>",
    ),
    ("digest_format", with_resource("<digest>12</digest>"), "digest", "<digest>"),
    (
        "digest_differs",
        with_resource(f"<derefUri>AAEC</derefUri><digest>{'0' * 40}</digest>"),
        "digest",
        "<digest>",
    ),
    (
        "sound_unplayable",
        with_resource("<derefUri>AAEC</derefUri>").replace(b"image/png", b"audio/mpeg"),
        "derefUri",
        "<derefUri>",
    ),
)
