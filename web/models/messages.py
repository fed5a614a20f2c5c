"""What the API reads and answers about the words of an alert."""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime, Field, model_validator

from warning.cap import CapStatus, Severity
from warning.texts.elements import Element, Origin
from warning.texts.hazards import Hazard
from warning.texts.sms_parts import SmsEncoding
from web.models.answers import Out
from web.models.schemas import AlertIn, In, Language, Line


class TemplateIn(In):
    """A choice for which the words are ours."""

    hazard: Hazard
    severity: Severity = Field(
        description="Extreme and Severe tell people to act, all others to get ready."
    )
    places: dict[Language, Line] = Field(
        min_length=1, max_length=50, description="Language to the name of the place."
    )
    source: Line = Field(description="Who warns.")
    expires: AwareDatetime | None = Field(None, description="Until when it holds.")
    status: CapStatus = CapStatus.ACTUAL


class MessagePreviewIn(In):
    """What to put into words: an alert as for POST /alerts, or a choice."""

    alert: AlertIn | None = None
    template: TemplateIn | None = None
    languages: list[Language] = Field(
        default=[],
        max_length=200,
        description="Say of these too in which language their speakers are told.",
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> MessagePreviewIn:
        """Refuse none and both.

        Raises
        ------
        ValueError
            If not exactly one is there.
        """
        if (self.alert is None) == (self.template is None):
            raise ValueError("give either alert or template")
        return self


class ShortFormOut(Out):
    """A warning in a number of characters."""

    characters: int = Field(description="90, 160 or 360.")
    text: str | None = Field(description="Null: not even the guidance has room.")
    left_out: list[Element]


class TextOut(Out):
    """What is said in one language."""

    language: str
    right_to_left: bool
    sms_text: str
    encoding: SmsEncoding
    parts: int = Field(description="Messages that are billed for one person.")
    units: int = Field(description="Septets, or 16-bit units in UCS-2.")
    left: int = Field(description="Units left in the last part.")
    costly_characters: list[str] = Field(description="Those that force UCS-2.")
    sms_from: Origin = Field(description="Where the words come from.")
    voice_text: str = Field(description="What a call says before it asks for a key.")
    voice_from: Origin = Field(
        description="audio: calls play the recording that came with the alert."
    )
    sound: str | None = Field(
        description="Its name: heard at /telephony/audio/NAME.wav. Null: none."
    )
    guidance_from: Origin | None = Field(description="Null: nothing says what to do.")
    unreviewed: bool = Field(
        description="Words of ours that no speaker of the language has read."
    )
    missing_elements: list[Element] = Field(description="What is not said.")
    forms: list[ShortFormOut]
    valid_until: datetime


class MessagePreviewOut(Out):
    """What an alert says."""

    items: list[TextOut] = Field(description="One a language.")
    told_in: dict[str, str] = Field(
        description="Language people may have registered to the one they are told in."
    )
