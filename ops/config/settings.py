"""What an installation can choose: one frozen class, every field described.

The environment (``TOCSIN_*``) goes over a TOML file, the file over the defaults.
Building a ``Settings`` reads nothing; ``settings_sources.load_settings`` does. The
descriptions and the words for what is allowed are also the text of ``docs/settings.md``
and of every error message, so they cannot drift apart.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from ops.config.alert_settings import AlertSettings
from ops.config.cap_settings import CapSettings
from ops.config.responder_settings import ResponderSettings
from ops.config.setting_fields import http_url, setting, split
from ops.config.source_settings import FeedSettings, PushSettings
from ops.config.voice_settings import CarrierVoiceSettings, VoiceSettings

ENV_PREFIX = "TOCSIN_"
NESTED = "__"

_TABLE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")
_DIGITS = re.compile(r"\+?[0-9]{2,15}")
_DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
_BOX_SIZE = 4


class CarrierSettings(CarrierVoiceSettings):
    """One carrier: who carries text messages and calls, and how fast."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = setting(
        ...,
        "Where the carrier's API is; Twilio's own or any Somleng, also on a closed "
        "network.",
        "an http or https URL",
    )
    account_sid: str = setting(
        ..., "The account's id at the carrier.", "up to 64 characters", max_length=64
    )
    auth_token: SecretStr = setting(
        ...,
        "The account's secret; requests are signed in with it and callbacks are "
        "checked against it.",
        "a text that is not empty",
        min_length=1,
    )
    sms_from: str | None = setting(
        None,
        "Sender of text messages; without it the carrier sends none.",
        "a number, a short code, or up to 11 letters and digits (Twilio only)",
        max_length=20,
    )
    voice_from: str | None = setting(
        None,
        "Caller id of calls; without it the carrier places none.",
        "a number or a short code, digits only",
        max_length=20,
    )
    dialect: Literal["twilio", "somleng"] = setting(
        "twilio", "Which API the carrier speaks.", "twilio or somleng"
    )
    sms_per_s: float = setting(
        10.0, "Text messages per second at most.", "0.01 to 10000", ge=0.01, le=10_000
    )
    calls_per_s: float = setting(
        1.0, "New calls per second at most.", "0.01 to 1000", ge=0.01, le=1_000
    )
    concurrent_calls: int = setting(
        80, "Calls under way at once at most.", "1 to 10000", ge=1, le=10_000
    )
    prefixes: Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)] = setting(
        (),
        "Numbers this carrier serves, by their beginning; none means all.",
        "beginnings of numbers such as +855, separated by commas",
    )
    priority: int = setting(
        100,
        "Which carrier is tried first where several serve a number: the lowest.",
        "0 to 1000",
        ge=0,
        le=1_000,
    )

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        return http_url(value)

    @field_validator("prefixes")
    @classmethod
    def _prefixes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_PREFIX.fullmatch(prefix) for prefix in value):
            raise ValueError("a prefix starts with + and a digit")
        return value

    @field_validator("voice_from")
    @classmethod
    def _voice_from(cls, value: str | None) -> str | None:
        if value is not None and not _DIGITS.fullmatch(value):
            raise ValueError("not a number")
        return value

    @model_validator(mode="after")
    def _senders(self) -> CarrierSettings:
        if self.sms_from is None and self.voice_from is None:
            raise ValueError("sms_from or voice_from is needed, or nothing can leave")
        if self.dialect == "somleng" and not _DIGITS.fullmatch(self.sms_from or "00"):
            raise ValueError("sms_from must be digits only at Somleng")
        return self


class Settings(
    CapSettings, AlertSettings, VoiceSettings, ResponderSettings, BaseSettings
):
    """Everything an installation can choose."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=ENV_PREFIX, env_nested_delimiter=NESTED
    )

    database_url: SecretStr = setting(
        "sqlite:///var/tocsin.db",
        "Where everything is kept. A secret, for it may hold a password.",
        "sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
        validate_default=True,
    )
    data_dir: Path = setting(
        Path("var"),
        "Folder for derived files: the point index, the secret key, the demo.",
        "a folder that can be written",
    )
    host: str = setting(
        "127.0.0.1",
        "Address the web server listens on; 0.0.0.0 for every network.",
        "an address or a host name",
        min_length=1,
    )
    port: int = setting(
        8080,
        "Port the web server listens on; 0 takes a free one.",
        "0 to 65535",
        ge=0,
        le=65_535,
    )
    public_url: str | None = setting(
        None,
        "What carriers call back and sign. By default http://HOST:PORT. Somleng "
        "refuses localhost and bare addresses: give it a host name.",
        "an http or https URL",
    )
    secret_key: SecretStr | None = setting(
        None,
        "Signs the sessions of the console. By default one is made once and kept in "
        "the data folder, readable by its owner alone.",
        "at least 32 characters",
        min_length=32,
    )
    session_minutes: int = setting(
        480, "Minutes after which a console session ends.", "5 to 1440", ge=5, le=1_440
    )
    second_factor: Literal["required", "optional"] = setting(
        "required",
        "Whether everybody who signs in to the console needs a second factor, or only "
        "those who have one.",
        "required or optional",
    )
    web_threads: int = setting(
        64, "Requests the web server works on at once.", "1 to 256", ge=1, le=256
    )
    simulator_port: int = setting(
        8090,
        "Port of the built-in telco; 0 takes a free one.",
        "0 to 65535",
        ge=0,
        le=65_535,
    )
    carriers: dict[str, CarrierSettings] = setting(
        {},
        "Carriers by name, one table [carriers.NAME] each.",
        "names of small letters, digits, - and _, starting with a letter",
    )
    feeds: dict[str, FeedSettings] = setting(
        {},
        "Feeds of alerts that are read, one table [feeds.NAME] each.",
        "names of small letters, digits, - and _, starting with a letter",
    )
    pushers: dict[str, PushSettings] = setting(
        {},
        "Systems that send us alerts, one table [pushers.NAME] each.",
        "names of small letters, digits, - and _, starting with a letter",
    )
    drop_dir: Path | None = setting(
        None,
        "Folder in which CAP files are left, from a USB stick say. They become drafts "
        "and are moved to done/ or, with a sentence beside, to refused/.",
        "a folder that can be written",
    )
    publish_ended_h: int = setting(
        48,
        "Hours for which an alert that has ended stays in the public feeds.",
        "0 to 720",
        ge=0,
        le=720,
    )
    api_requests_per_s: float = setting(
        200.0,
        "Requests per second that one operator's tokens may make; ten seconds' worth "
        "at once.",
        "0.1 to 10000",
        ge=0.1,
        le=10_000,
    )
    escalate_after_s: int = setting(
        180,
        "Seconds after a text message left until a person who has not confirmed is "
        "called, in a Severe alert; in an Extreme one at once, in a Minor one never. "
        "With steps of your own: how long three of their minutes last.",
        "1 to 86400",
        ge=1,
        le=86_400,
    )
    thank_confirmations: bool = setting(
        False,
        "Whether who confirms a warning by text, or says to be safe, is thanked by a "
        "text: one more for each, at the carrier's price.",
        "true or false",
    )
    sms_attempts: int = setting(
        3, "Tries of one text message at most.", "1 to 10", ge=1, le=10
    )
    call_attempts: int = setting(
        3, "Tries of one call at most.", "1 to 10", ge=1, le=10
    )
    retry_gap_s: int = setting(
        120,
        "Seconds between two tries to reach a busy or silent phone.",
        "1 to 86400",
        ge=1,
        le=86_400,
    )
    retry_later_s: int = setting(
        60,
        "Seconds before the next try when a network or a handset needs time; each "
        "pause is twice the one before.",
        "1 to 3600",
        ge=1,
        le=3_600,
    )
    strikes: int = setting(
        3,
        "Failures that speak against a number after which it rests, on the channel on "
        "which it failed.",
        "1 to 20",
        ge=1,
        le=20,
    )
    rest_days: int = setting(
        30,
        "Days a number rests; then it is tried again. It is woken sooner when somebody "
        "writes or rings from it.",
        "1 to 3650",
        ge=1,
        le=3_650,
    )
    heard_after_s: int = setting(
        8,
        "Seconds a call must last to count as heard, if its carrier is sure that a "
        "person took it. Otherwise, and always through Somleng, only a key counts.",
        "1 to 120",
        ge=1,
        le=120,
    )
    silent_after_s: int = setting(
        600,
        "Seconds without news after which a carrier is asked what became of a message "
        "or call it took.",
        "5 to 86400",
        ge=5,
        le=86_400,
    )
    unknown_after_s: int = setting(
        15,
        "Seconds a callback may take to settle an attempt whose answer was lost; then "
        "the carrier's list is read.",
        "1 to 3600",
        ge=1,
        le=3_600,
    )
    cap_sender: str = setting(
        "tocsin.invalid",
        "Who our own alerts come from: the CAP sender, a host name or e-mail address "
        "of the authority.",
        "letters, digits, . @ - _ :",
        pattern=r"^[A-Za-z0-9.@_:-]{1,200}$",
    )
    default_language: str = setting(
        "en",
        "Language of people whose own has no text: the country's main one.",
        "a BCP 47 tag such as km",
    )
    country_box: Annotated[
        tuple[float, float, float, float] | None, NoDecode, BeforeValidator(split)
    ] = setting(
        None,
        "The country in degrees. Places outside it are refused at import, and "
        "exchanged latitude and longitude are recognised by it.",
        "west, south, east, north in degrees, such as 102.3, 9.9, 107.7, 14.7",
    )
    max_upload_mb: int = setting(
        64, "Largest file the API takes, in MiB.", "1 to 1024", ge=1, le=1_024
    )
    max_area_points: int = setting(
        200_000, "Points of one area at most.", "100 to 1000000", ge=100, le=1_000_000
    )
    max_area_parts: int = setting(
        20_000, "Polygons of one area at most.", "1 to 100000", ge=1, le=100_000
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        "INFO", "How much is logged.", "DEBUG, INFO, WARNING or ERROR"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing by merely being built: ``load_settings`` does the reading."""
        return (init_settings,)

    @property
    def callback_url(self) -> str:
        """Scheme, host and port under which carriers reach us, no slash at the end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(_DATABASES):
            raise ValueError("not a database this product knows")
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str | None) -> str | None:
        return None if value is None else http_url(value)

    @field_validator("default_language")
    @classmethod
    def _default_language(cls, value: str) -> str:
        if not _LANGUAGE.fullmatch(value):
            raise ValueError("not a BCP 47 tag")
        return value

    @field_validator("country_box")
    @classmethod
    def _country_box(
        cls, value: tuple[float, float, float, float] | None
    ) -> tuple[float, float, float, float] | None:
        if value is None:
            return None
        west, south, east, north = value
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004 - degrees
            raise ValueError("west must be less than east and south less than north")
        return value

    @field_validator("carriers", "feeds", "pushers", "cap_sources")
    @classmethod
    def _names(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        what = (info.field_name or "").removesuffix("s")
        for name in value:
            if not _TABLE_NAME.fullmatch(name):
                raise ValueError(f"{name[:40]!r} cannot be the name of a {what}")
        return value
