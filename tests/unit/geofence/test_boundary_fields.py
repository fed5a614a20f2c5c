"""The columns of the publishers there are, and of those who follow nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from geofence.boundary_errors import BoundaryFileError
from geofence.boundary_fields import Column, Fields, choose_fields

TWO = ["1", "2"]


def columns(names: str) -> Mapping[str, Column]:
    return dict.fromkeys(names.split(), TWO)


@pytest.mark.parametrize(
    ("names", "level", "expected"),
    [
        pytest.param(
            "code name",
            None,
            Fields(code="code", name="name", names={}, parent=None, level=None),
            id="plain",
        ),
        pytest.param(
            "shapeName shapeISO shapeID shapeGroup shapeType",
            2,
            Fields(code="shapeID", name="shapeName", names={}, parent=None, level=2),
            id="geoBoundaries",
        ),
        pytest.param(
            "ADM1_EN ADM1_KM ADM1_PCODE ADM2_EN ADM2_KM ADM2_PCODE ADM2_REF ADM0_PCODE",
            None,
            Fields(
                code="ADM2_PCODE",
                name="ADM2_EN",
                names={"en": "ADM2_EN", "km": "ADM2_KM"},
                parent="ADM1_PCODE",
                level=2,
            ),
            id="common operational dataset, finest level",
        ),
        pytest.param(
            "ADM1_EN ADM1_PCODE ADM2_EN ADM2_PCODE ADM0_PCODE",
            1,
            Fields(
                code="ADM1_PCODE",
                name="ADM1_EN",
                names={"en": "ADM1_EN"},
                parent="ADM0_PCODE",
                level=1,
            ),
            id="common operational dataset, level asked for",
        ),
        pytest.param(
            "GID_0 COUNTRY GID_1 NAME_1 VARNAME_1 NL_NAME_1 HASC_1",
            None,
            Fields(code="GID_1", name="NAME_1", names={}, parent="GID_0", level=1),
            id="GADM",
        ),
        pytest.param(
            "iso_3166_2 code_hasc name name_alt name_len name_en name_zh name_zht",
            None,
            Fields(
                code="code_hasc",
                name="name",
                names={"en": "name_en", "zh": "name_zh"},
                parent=None,
                level=None,
            ),
            id="Natural Earth",
        ),
        pytest.param(
            "id name name:km name:zh-hant",
            None,
            Fields(
                code="id",
                name="name",
                names={"km": "name:km", "zh-Hant": "name:zh-hant"},
                parent=None,
                level=None,
            ),
            id="OpenStreetMap",
        ),
        pytest.param(
            "code name_km",
            None,
            Fields(
                code="code",
                name="name_km",
                names={"km": "name_km"},
                parent=None,
                level=None,
            ),
            id="one language only",
        ),
    ],
)
def test_the_columns_of_known_publishers_are_found(
    names: str, level: int | None, expected: Fields
) -> None:
    """Code, name, names by language, parent and level, in the publisher's letters."""
    assert choose_fields(columns(names), level=level) == expected


def test_a_code_column_with_gaps_is_passed_over() -> None:
    """The next likely column serves if every row has a value of its own there."""
    fields = choose_fields({"iso": [None, "KH-8"], "id": TWO, "name": TWO})

    assert fields.code == "id"


def test_what_the_caller_names_is_taken() -> None:
    """Names of the caller win over detection, in any case of letters."""
    fields = choose_fields(
        columns("code Zone Label name Within"),
        code_field="zone",
        name_field="LABEL",
        parent_field="within",
    )

    assert (fields.code, fields.name, fields.parent) == ("Zone", "Label", "Within")


@pytest.mark.parametrize(
    ("given", "named", "sentence"),
    [
        (
            {"code": ["a", "b", "a"], "name": ["x", "y", "z"]},
            {},
            (
                "Rows 1 and 3 have the same code 'a' in column 'code'; make codes "
                "unique, or name another column with code_field."
            ),
        ),
        (
            {"code": ["a", None], "name": TWO},
            {"code_field": "code"},
            (
                "Row 2 has no code in column 'code'; fill it in, or name another "
                "column with code_field."
            ),
        ),
        (
            {"zone": TWO, "label": TWO},
            {},
            (
                "No column looks like a code of the areas; name one with code_field. "
                "The columns are: label, zone."
            ),
        ),
        (
            {"code": TWO, "label": TWO},
            {},
            (
                "No column looks like a name of the areas; name one with name_field. "
                "The columns are: code, label."
            ),
        ),
        (
            {"code": TWO, "name": TWO},
            {"parent_field": "up"},
            "There is no column 'up'. The columns are: code, name.",
        ),
        (
            {},
            {},
            (
                "No column looks like a code of the areas; name one with code_field. "
                "The columns are: none."
            ),
        ),
    ],
)
def test_columns_that_do_not_serve_are_named(
    given: Mapping[str, Column], named: dict[str, Any], sentence: str
) -> None:
    """The message tells row, value, column and what to do."""
    with pytest.raises(BoundaryFileError) as refused:
        choose_fields(given, **named)

    assert str(refused.value) == sentence
