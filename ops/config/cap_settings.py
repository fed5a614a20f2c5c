"""Settings of CAP: whose signatures are asked for, and what we sign with ourselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode

from ops.config.setting_fields import setting, split

_Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)]
_Policy = Literal["require", "verify_if_present", "ignore"]


class CapSourceSettings(BaseModel):
    """One authority whose alerts come in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    senders: _Words = setting(
        ...,
        "Its CAP senders; * stands for anything.",
        "senders such as *@meteo.gov.example, separated by commas",
        min_length=1,
    )
    signatures: _Policy = setting(
        "verify_if_present",
        "What its alerts must carry: require holds an alert without a signature that "
        "verifies, verify_if_present shows what is wrong with one, ignore looks away.",
        "require, verify_if_present or ignore",
    )
    certificates: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(split)] = (
        setting(
            (),
            "Files with the certificates it signs with, or of an authority that issues "
            "them to nobody else.",
            "PEM files, separated by commas",
        )
    )
    origins: _Words = setting(
        (),
        "Ways in that bring this source's alerts and nobody else's: what comes that "
        "way from another sender is held.",
        "feed:NAME or push:NAME, separated by commas",
    )

    @model_validator(mode="after")
    def _certified(self) -> CapSourceSettings:
        if self.signatures == "require" and not self.certificates:
            raise ValueError("certificates are needed to require signatures")
        return self


class CapSettings(BaseModel):
    """The part of the settings that is about CAP and its words."""

    cap_sources: dict[str, CapSourceSettings] = setting(
        {},
        "Authorities whose alerts come in, one table [cap_sources.NAME] each; the "
        "first whose senders match counts.",
        "names of small letters, digits, - and _, starting with a letter",
    )
    cap_signatures: _Policy = setting(
        "verify_if_present",
        "The same as signatures of a source, for senders that no source knows.",
        "require, verify_if_present or ignore",
    )
    cap_key_file: Path | None = setting(
        None,
        "Private key that our own alerts are signed with; without one they are not.",
        "a PEM file with an unencrypted RSA or EC key",
    )
    cap_certificate_file: Path | None = setting(
        None,
        "Certificate of that key; it goes along with each alert.",
        "a PEM file",
    )
    time_zone: str | None = setting(
        None,
        "Whose clock people are told times by. By default that of the sender of each "
        "alert, who may write UTC.",
        "a zone of the IANA table such as Asia/Phnom_Penh",
    )

    @property
    def zone(self) -> ZoneInfo | None:
        """The clock people are told times by."""
        return None if self.time_zone is None else ZoneInfo(self.time_zone)

    @field_validator("time_zone")
    @classmethod
    def _time_zone(cls, value: str | None) -> str | None:
        try:
            return value if value is None else ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("not a zone that this machine knows") from error
