"""Rows for what an info says: its words, its languages, its named values."""

from __future__ import annotations

from tests.unit.warning.cap_cases import referring, second_info
from tests.unit.warning.cap_samples import EARLIER, PROPER, spoil, without
from tests.unit.warning.section_two import SCHEMA, TEXT, info_with, pair, row

#: The words of each, that of the proper document first.
_DEGREES = {
    "urgency": ("Immediate", "Expected", "Future", "Past"),
    "severity": ("Severe", "Extreme", "Moderate", "Minor"),
    "certainty": ("Likely", "Observed", "Possible", "Unlikely"),
}

_INFO = PROPER[PROPER.index("<info>") : PROPER.index("</alert>")]

INFOS = (
    row(
        "an alert may have no info, by the schema",
        TEXT,
        spoil((_INFO, "")),
        "info_missing",
        "area_missing",
        usable=False,
        targeting="no_area",
        reads={"valid_xsd": True, "alert.info": []},
    ),
    row(
        "a Cancel may have none",
        TEXT,
        referring(EARLIER, "Cancel").replace(_INFO.encode(), b""),
        "cancel_without_text",
        targeting="no_area",
    ),
    row(
        "one info a language",
        TEXT,
        second_info(),
        reads={"alert.info.0.language": "en", "alert.info.1.language": "km"},
    ),
    row(
        "a missing language is en-US",
        TEXT,
        without("language"),
        reads={"alert.info.0.language": "en-US"},
    ),
    row(
        "a later info of the same language adds to it",
        TEXT,
        spoil(("</alert>", f"{_INFO}</alert>")),
        reads={"alert.info.1.language": "en", "valid_xsd": True},
    ),
    *(
        row(
            f"category {word}",
            SCHEMA,
            spoil((">Met<", f">{word}<")),
            reads={"alert.info.0.category": [word]},
        )
        for word in [
            "Geo",
            "Met",
            "Safety",
            "Security",
            "Rescue",
            "Fire",
            "Health",
            "Env",
            "Transport",
            "Infra",
            "CBRNE",
            "Other",
        ]
    ),
    row("no thirteenth category", SCHEMA, spoil((">Met<", ">Weather<")), "bad_value"),
    row(
        "an info has a category",
        SCHEMA,
        without("category"),
        "missing_element",
        reads={"alert.info.0.category": ["Other"]},
    ),
    *(
        row(
            f"response {word}",
            SCHEMA,
            spoil((">Evacuate<", f">{word}<")),
            reads={"alert.info.0.response_type": [word]},
        )
        for word in [
            "Shelter",
            "Evacuate",
            "Prepare",
            "Execute",
            "Avoid",
            "Monitor",
            "Assess",
            "AllClear",
            "None",
        ]
    ),
    *(
        row(
            f"{name} {word}",
            SCHEMA,
            spoil((f">{usual}<", f">{word}<")),
            reads={f"alert.info.0.{name}": word},
        )
        for name, (usual, *others) in _DEGREES.items()
        for word in (usual, *others)
    ),
    *(
        row(
            f"{name} Unknown is allowed and says nothing",
            SCHEMA,
            spoil((f">{word}<", ">Unknown<")),
            "unknown_word",
            reads={f"alert.info.0.{name}": "Unknown", "valid_xsd": True},
        )
        for name, word in (
            ("urgency", "Immediate"),
            ("severity", "Severe"),
            ("certainty", "Likely"),
        )
    ),
    *(
        row(
            f"no other {name}",
            SCHEMA,
            spoil((f">{word}<", ">High<")),
            "bad_value",
            usable=False,
        )
        for name, word in (
            ("urgency", "Immediate"),
            ("severity", "Severe"),
            ("certainty", "Likely"),
        )
    ),
    *(
        row(f"{name} is there", SCHEMA, without(name), "missing_element", usable=False)
        for name in ("event", "urgency", "severity", "certainty")
    ),
    *(
        row(
            f"a repeated {name} is a list",
            TEXT,
            (
                spoil(
                    (
                        "<effective>",
                        pair(name, "k", "1") + pair(name, "k", "2") + "<effective>",
                    )
                )
                if name == "eventCode"
                else info_with(pair(name, "k", "1") + pair(name, "k", "2"))
            ),
            reads={
                f"alert.info.0.{key}": [
                    {"value_name": "k", "value": "1"},
                    {"value_name": "k", "value": "2"},
                ]
            },
        )
        for name, key in (("eventCode", "event_code"), ("parameter", "parameter"))
    ),
    row(
        "text holds no HTML",
        TEXT,
        spoil(("rising.", "&lt;b&gt;rising&lt;/b&gt;.")),
        "markup",
    ),
)
