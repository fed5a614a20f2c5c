"""Lexical rules of the XML Schema datatypes CAP uses.

The contract test holds them against the official schemas; these few keep them true
where those files are not at hand.
"""

import pytest

from warning.cap_documents.datatypes import (
    is_cap_time,
    is_date_time,
    is_decimal,
    is_integer,
    is_language,
    is_uri,
)


@pytest.mark.parametrize(
    ("text", "as_date_time", "as_cap_time"),
    [
        ("2026-10-01T06:00:00+07:00", True, True),
        ("2024-02-29T06:00:00-00:00", True, True),
        ("2026-10-01T24:00:00+00:00", True, True),
        ("2026-10-01T06:00:00", True, False),
        ("2026-10-01T06:00:00.25Z", True, False),
        ("12026-10-01T06:00:00Z", True, False),
        ("-2026-10-01T06:00:00Z", True, False),
        (" 2026-10-01T06:00:00+07:00", False, True),
        ("02026-10-01T06:00:00Z", False, False),
        ("0000-10-01T06:00:00+07:00", False, False),
        ("2026-13-01T06:00:00+07:00", False, False),
        ("2026-02-29T06:00:00+07:00", False, False),
        ("2026-10-01T24:00:00.1+07:00", False, False),
        ("2026-10-01T06:60:00+07:00", False, False),
        ("2026-10-01T06:00:00+14:01", False, False),
        ("2026-10-01T06:00:00+07:60", False, False),
        ("2026-10-01", False, False),
    ],
)
def test_date_times(text: str, *, as_date_time: bool, as_cap_time: bool) -> None:
    """Real dates only; CAP 1.2 allows one form of them."""
    assert (is_date_time(text), is_cap_time(text)) == (as_date_time, as_cap_time)


@pytest.mark.parametrize(
    ("judge", "good", "bad"),
    [
        (is_language, ["", "en", " km ", "zh-Hant-TW"], [" ", "en_US", "e-", "123"]),
        (is_integer, ["0", "-5", "+007", " 7\n"], ["", "5.0", "1e3", "٣"]),
        (is_decimal, ["0", "-.5", "5.", "1.25"], ["", ".", "1e3", "NaN"]),
        (
            is_uri,
            ["", "a", "https://a.b:80/c?d#e", "mailto:a@b", "//[::1]/", "a b/ü"],
            ["%zz", "http://a:port/", "1a:b", "#a#b"],
        ),
    ],
)
def test_other_datatypes(judge, good: list[str], bad: list[str]) -> None:
    """White space around is fine, anything else counts."""
    assert [text for text in good if not judge(text)] == []
    assert [text for text in bad if judge(text)] == []
