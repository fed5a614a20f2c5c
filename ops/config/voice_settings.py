"""The part of the settings that is about what is recorded in calls."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, field_validator
from pydantic_settings import NoDecode

from ops.config.setting_fields import setting, split

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


class CarrierVoiceSettings(BaseModel):
    """Where a carrier's recordings are, and whether it knows voicemail."""

    machine_detection: bool = setting(
        True,
        "Whether the carrier is asked to tell voicemail from people, beside the call "
        "and at its price. Without it only a key counts as heard. Twilio only.",
        "true or false",
    )
    recording_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)] = (
        setting(
            (),
            "Hosts to which the carrier may redirect who fetches a recording, such as "
            "the storage of a Somleng; its own host is always allowed.",
            "host names in small letters, separated by commas",
        )
    )

    @field_validator("recording_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_HOST.fullmatch(host) for host in value):
            raise ValueError("not a host name")
        return value


class VoiceSettings(BaseModel):
    """How long voices are kept."""

    voice_note_days: int = setting(
        90,
        "Days for which what citizens said after the tone is kept; then it is deleted.",
        "1 to 3650",
        ge=1,
        le=3_650,
    )
