"""A header that does not fit stops the import, and says what is wrong."""

from __future__ import annotations

import pytest

from tests.unit.warning.subscriber_lines import (
    QUOTES,
    line_with,
    read,
)
from warning.people.subscriber_header import SubscriberFileError

BAD_HEADERS = [
    (
        "",
        (
            "The file is empty; its first line must name the columns: phone, language, "
            "lon, lat, area, name, channels, groups, vulnerable, consent_at."
        ),
    ),
    (
        "phone,langauge,lon,lat",
        (
            "Line 1 must name the columns: 'langauge' is unknown (did you mean "
            "'language'?); 'language' is missing. There are: phone, language, lon, "
            "lat, area, name, channels, groups, vulnerable, consent_at."
        ),
    ),
    (
        "phone,language",
        (
            "Line 1 must name the columns: 'lon' and 'lat', or 'area', are missing. "
            "There are: phone, language, lon, lat, area, name, channels, groups, "
            "vulnerable, consent_at."
        ),
    ),
    (
        "phone,phone,language,,lon",
        (
            "Line 1 must name the columns: column 4 has no name; 'phone' is there 2 "
            "times; 'lat' is missing. There are: phone, language, lon, lat, area, "
            "name, channels, groups, vulnerable, consent_at."
        ),
    ),
    (
        "phone,language,lat,q",
        (
            "Line 1 must name the columns: 'q' is unknown; 'lon' is missing. There "
            "are: phone, language, lon, lat, area, name, channels, groups, vulnerable, "
            "consent_at."
        ),
    ),
    (
        "phone;language;lon;lat",
        (
            "Line 1: the columns are separated by semicolons; save the file with "
            "commas between them."
        ),
    ),
    (
        "phone\tlanguage\tlon\tlat",
        (
            "Line 1: the columns are separated by tabs; save the file with commas "
            "between them."
        ),
    ),
    ('phone,"language,lon,lat', f"Line 1: {QUOTES}"),
]


@pytest.mark.parametrize(("header", "sentence"), BAD_HEADERS)
def test_a_header_that_does_not_fit_says_what_is_wrong(
    header: str, sentence: str
) -> None:
    """Missing, unknown and repeated columns are named, with the nearest known one."""
    with pytest.raises(SubscriberFileError) as refused:
        read(f"{header}\n{line_with()}\n" if header else "")

    assert str(refused.value) == sentence
