"""Forms as the telcos' customers write and read them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st

from simulator.forms import all_values, encode, first_values, parse_pairs

PAIRS = st.lists(
    st.tuples(st.from_regex(r"[A-Za-z<>]{1,8}", fullmatch=True), st.text())
)


@given(pairs=PAIRS)
def test_reads_what_others_write(pairs: list[tuple[str, str]]) -> None:
    """Every form of the standard library is read back as it was, blanks included."""
    encoded = urlencode(pairs, errors="surrogatepass") if pairs else ""
    assert parse_pairs(encoded) == parse_qsl(encoded, keep_blank_values=True)


@given(
    pairs=st.lists(
        st.tuples(st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True), st.text())
    )
)
def test_others_read_what_it_writes(pairs: list[tuple[str, str]]) -> None:
    """The standard library reads our forms back as they were."""
    assert parse_qsl(encode(pairs).decode(), keep_blank_values=True) == pairs


def test_repeated_fields() -> None:
    """The first value counts, or all of them for array fields."""
    pairs = parse_pairs("A=1&A=2&B[]=3&B=4")
    assert first_values(pairs) == {"A": "1", "B[]": "3", "B": "4"}
    assert all_values(pairs, "B") == ["3", "4"]
