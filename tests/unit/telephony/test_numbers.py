"""Numbers: the fast way gives the library's verdict, and nothing shows a whole one."""

import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.errors import InvalidNumberError
from telephony.numbers import mask, parse_number

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def verdict_of_library(text: str) -> str | None:
    """E.164 by the long way round, or None."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def verdict(text: str) -> str | None:
    """E.164 by our way, or None."""
    try:
        return parse_number(text)
    except InvalidNumberError:
        return None


@given(code=st.sampled_from(CODES), digits=st.text("0123456789", max_size=14))
def test_same_verdict_as_the_library(code: int, digits: str) -> None:
    """Any digits after any country code are judged alike, dropped prefixes included."""
    text = f"+{code}{digits}"
    assert verdict(text) == verdict_of_library(text)


def test_same_verdict_near_every_country_s_examples() -> None:
    """The library's examples from every country, and their neighbours."""
    rng = random.Random(3)
    kinds = phonenumbers.PhoneNumberType
    for region in phonenumbers.SUPPORTED_REGIONS:
        for kind in (kinds.FIXED_LINE, kinds.MOBILE):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None:
                continue
            text = phonenumbers.format_number(number, 0)
            place = rng.randrange(2, len(text))
            for changed in (
                text,
                text + "0",
                text[:-1],
                text[:place] + rng.choice("0123456789") + text[place + 1 :],
            ):
                assert verdict(changed) == verdict_of_library(changed), region


@pytest.mark.parametrize(
    "text",
    [
        "+85512345678",
        "+855 12 345 678",
        "+855-12-345.678",
        "+855 (0)12 345 678",
        "\uff0b85512345678",
        "+855\u00a012345678",
        "tel:+85512345678",
    ],
)
def test_ways_to_write_one_number(text: str) -> None:
    """However it is written, it is the same number."""
    assert parse_number(text) == "+85512345678"


def test_national_number_needs_a_region() -> None:
    """Without a country a local number is nobody's."""
    assert parse_number("012 345 678", region="KH") == "+85512345678"
    with pytest.raises(InvalidNumberError, match=r"write it like \+855"):
        parse_number("012 345 678")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "+999123456789",
        "+8551",
        "112",
        "+855120000000000",
        "hello",
        "+85512345678 ext. 5",
        "1" * 1000,
        "+8551234567\u0668\u0668\u0668\u0668\u0668",
        "\x00",
        "+0123456789",
    ],
)
def test_what_cannot_be_dialled_is_refused(text: str) -> None:
    """Refused in one sentence that shows no whole number."""
    with pytest.raises(InvalidNumberError) as caught:
        parse_number(text, region="KH")
    assert len(text) <= len("+8551") or text not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+85512345678", "+855******78"),
        ("+12025550123", "+1********23"),
        ("+99912345678", "+*********78"),
        ("012345678", "*******78"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_mask(text: str, shown: str) -> None:
    """Country and two digits help to find a fault and tell nobody who it is."""
    assert mask(text) == shown


@given(st.text())
def test_mask_keeps_the_length_and_hides_the_middle(text: str) -> None:
    """Nothing of any text but its ends is shown."""
    masked = mask(text)
    assert len(masked) == len(text)
    assert masked.count("*") >= min(len(text), 3) or "*" in text
