"""Language tags in their canonical letters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warning.texts.language_tags import canonical_language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("km", "km"),
        ("KM", "km"),
        ("en-us", "en-US"),
        ("zh_hant_tw", "zh-Hant-TW"),
        ("cjm", "cjm"),
        ("es-419", "es-419"),
        ("zh-yue-HK", "zh-yue-HK"),
        ("de-CH-1996", "de-CH-1996"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("en-u-ca-buddhist-x-Sms", "en-u-ca-buddhist-x-sms"),
        ("km-x-easy", "km-x-easy"),
    ],
)
def test_a_tag_gets_its_canonical_letters(text: str, expected: str) -> None:
    """Language small, script with a capital, region in capitals."""
    assert canonical_language(text) == expected


@pytest.mark.parametrize(
    "text", ["", "k", "khmer", "kh", "english", "en-", "-en", "e1", "x-private", "ខ្មែរ"]
)
def test_what_is_no_language_is_refused(text: str) -> None:
    """Names, countries and half tags are no languages."""
    with pytest.raises(ValueError, match="is not"):
        canonical_language(text)


@settings(max_examples=25, deadline=None)
@given(
    st.from_regex(r"[a-zA-Z]{3}([-_][a-zA-Z]{4})?([-_][a-zA-Z]{2})?", fullmatch=True)
)
def test_canonical_letters_are_stable(text: str) -> None:
    """What is canonical stays as it is."""
    tag = canonical_language(text)

    assert canonical_language(tag) == tag
