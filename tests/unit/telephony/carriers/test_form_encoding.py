"""Forms are written as the standard library writes them."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.carriers.form_encoding import form_encoded

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=25)
@given(st.dictionaries(TEXTS, TEXTS | st.integers() | st.lists(TEXTS, max_size=3)))
def test_any_form_is_the_standard_librarys(fields: dict[str, object]) -> None:
    """Whatever is in it, in any script: byte for byte what ``urlencode`` gives."""
    assert form_encoded(fields) == urlencode(fields, doseq=True).encode()


@pytest.mark.parametrize("character", [chr(n) for n in range(256)])
def test_every_character_is_quoted_alike(character: str) -> None:
    """Plain, special or neither, alone and between others."""
    fields = {"a": character, "b": f"x{character}/+ y"}
    assert form_encoded(fields) == urlencode(fields).encode()
