"""What the API reads, as models: validation and description in one.

Names are those of CAP and of the glossary. An unknown member is refused, for it is a
misspelt one.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    RootModel,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from warning.alert import AlertState
from warning.cap import (
    CapStatus,
    Category,
    Certainty,
    ResponseType,
    Severity,
    Urgency,
)
from warning.texts.language_tags import canonical_language

#: What neither XML nor a telephone can carry.
_UNPRINTABLE = re.compile(
    r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


def _printable(text: str) -> str:
    """Refuse what cannot be carried, and nothing at all.

    Raises
    ------
    ValueError
        Says which character.
    """
    found = _UNPRINTABLE.search(text)
    if found:
        raise ValueError(f"holds the character U+{ord(found[0]):04X}; remove it")
    if not text.strip():
        raise ValueError("is empty")
    return text.strip()


def _is_http(url: str) -> str:
    """Refuse other kinds of URL.

    Raises
    ------
    ValueError
        If it is one.
    """
    if not url.startswith(("https://", "http://")):
        raise ValueError("is not an http or https URL")
    return url


Text = Annotated[str, Field(max_length=10_000), AfterValidator(_printable)]
Line = Annotated[str, Field(max_length=500), AfterValidator(_printable)]
PhoneText = Annotated[str, Field(max_length=1_600), AfterValidator(_printable)]
Language = Annotated[
    str,
    Field(max_length=35, description="BCP 47 tag", examples=["km"]),
    AfterValidator(canonical_language),
]
#: RFC 7946, as far as an area goes; the server checks the coordinates themselves.
_GEOJSON_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Polygon, MultiPolygon, GeometryCollection, Feature or "
    "FeatureCollection (RFC 7946); positions are [longitude, latitude] in degrees, "
    "WGS 84. Several polygons mean their union.",
    "required": ["type"],
    "properties": {
        "type": {
            "enum": [
                "Polygon",
                "MultiPolygon",
                "GeometryCollection",
                "Feature",
                "FeatureCollection",
            ]
        }
    },
}


class In(BaseModel):
    """What is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GeoJson(RootModel[dict[str, Any]]):
    """An area; read by the geofence, which says what is wrong with it."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe it as what the geofence takes."""
        del schema, handler
        return _GEOJSON_SCHEMA


class DryRun(In):
    """Only say what would be."""

    dry_run: bool = Field(False, description="1: check and report, change nothing.")


class Approval(In):
    """What somebody accepts who approves an alert."""

    accept_fallback: bool = Field(
        False,
        description="1: calls may fall back where nobody recorded a language.",
    )


class Page(In):
    """One page of a list."""

    limit: int = Field(100, ge=1, le=1_000, description="Rows at most.")
    cursor: str | None = Field(
        None, max_length=200, description="next_cursor of the page before."
    )


class AlertPage(Page):
    """One page of alerts."""

    state: AlertState | None = Field(None, description="Only alerts of this state.")


class AreaPage(Page):
    """One page of areas."""

    level: int | None = Field(None, ge=0, le=9, description="Only areas of this level.")


class AreaImport(In):
    """How to read a boundary file."""

    level: int | None = Field(
        None, ge=0, le=9, description="0 country, 1 province …; guessed if left out."
    )
    code_field: str | None = Field(
        None, max_length=100, description="Field with the code; guessed if left out."
    )
    name_field: str | None = Field(
        None, max_length=100, description="Field with the name; guessed if left out."
    )
    parent_field: str | None = Field(
        None, max_length=100, description="Field with the parent's code."
    )
    layer: str | None = Field(
        None, max_length=100, description="Layer, of a file that has several."
    )
    crs: str | None = Field(
        None,
        max_length=100,
        description="Coordinate system, e.g. EPSG:32648, if the file states none.",
    )


class AlertTextIn(In):
    """What is said in one language."""

    event: Line = Field(description="What happens, in a word or two.")
    headline: Line
    description: Text
    instruction: Text = Field(description="What people should do.")
    area_desc: Line | None = Field(None, description="The place in this language.")
    phone_text: PhoneText | None = Field(
        None, description="The whole text message; put together if left out."
    )


class AlertFormIn(In):
    """What an author writes, without the times."""

    status: CapStatus = Field(
        description="Only Actual reaches the public; all others the drill group."
    )
    categories: list[Category] = Field(min_length=1, max_length=12)
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    response_types: list[ResponseType] = Field(default=[], max_length=9)
    area: GeoJson = Field(description="Where people are warned.")
    area_desc: Line = Field(description="The place in words.")
    texts: dict[Language, AlertTextIn] = Field(
        min_length=1, max_length=50, description="Language to what is said in it."
    )
    sender_name: Line | None = None
    contact: Line | None = None
    web: Annotated[Line, AfterValidator(_is_http)] | None = None

    @field_validator("texts", mode="before")
    @classmethod
    def _one_text_a_language(cls, texts: object) -> object:
        """Let no text vanish: ``en`` and ``EN`` are one language.

        Raises
        ------
        ValueError
            If a language is there twice.
        """
        if isinstance(texts, dict):
            tags = [str(tag).casefold().replace("_", "-") for tag in texts]
            if len(set(tags)) < len(tags):
                raise ValueError("one language is there twice")
        return texts


class AlertIn(AlertFormIn):
    """An alert as an author fills it in."""

    effective: AwareDatetime | None = None
    onset: AwareDatetime | None = Field(None, description="When the event begins.")
    expires: AwareDatetime | None = Field(
        None, description="When the message is no longer worth delivering."
    )


class PlaceIn(In):
    """Coordinates, or the code of an area."""

    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    area: Line | None = None


class SubscriberIn(In):
    """A person to register; the entry of a known number is replaced."""

    phone: str = Field(max_length=40, description="E.164", examples=["+85512345678"])
    language: Language
    places: list[PlaceIn] = Field(min_length=1, max_length=20)
    name: Line | None = None
    channels: list[Literal["sms", "voice"]] = Field(
        default=["sms", "voice"], min_length=1, max_length=2
    )
    groups: list[Line] = Field(default=[], max_length=20)
    vulnerable: bool = False
    consent_at: AwareDatetime | None = None
