"""A form is read as the standard library reads it, for a fourth of the time."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web.carriers.plain_form import fields_of

_MOST = 20


def as_the_library(body: bytes) -> list[tuple[str, str]]:
    text = body.decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST)


@settings(max_examples=25)
@given(
    pieces=st.lists(
        st.sampled_from(
            [b"a", b"=", b"&", b"+", b"%2B", b"%", b"%zz", b"%ff", b"\xff", b";", b"\n"]
        )
        | st.text(max_size=3).map(str.encode),
        max_size=18,
    )
)
def test_any_bytes_are_read_alike(pieces: list[bytes]) -> None:
    """Blank names and values, nothing to decode, and what cannot be."""
    body = b"".join(pieces)
    assert fields_of(body, most=_MOST) == as_the_library(body)


@pytest.mark.parametrize("body", [b"&" * _MOST, b"a=1" + b"&b" * _MOST])
def test_too_many_fields_are_refused_alike(body: bytes) -> None:
    """Empty ones count as well."""
    for read in (as_the_library, lambda given: fields_of(given, most=_MOST)):
        with pytest.raises(ValueError, match=r"field"):
            read(body)
