"""What an installation chooses about its volunteers."""

from __future__ import annotations

from pydantic import BaseModel, field_validator

from ops.config.setting_fields import setting
from responders.errors import InvalidResponderError
from responders.roster.hours import Hours


class ResponderSettings(BaseModel):
    """Settings of volunteers; a part of ``Settings``."""

    reachability_days: int = setting(
        30,
        "Days after which a volunteer of whom nothing was heard is asked by text, and "
        "a day later by call, whether the phone is with them; 0 asks nobody.",
        "0 to 365",
        ge=0,
        le=365,
    )
    reachability_hours: str = setting(
        "09:00-18:00",
        "In which volunteers are asked that, local time.",
        "like 09:00-18:00 or Mo-Fr 09:00-17:00",
    )

    home_address_pin: bool = setting(
        False,
        "Whether a volunteer who goes to a private home is told its address only for "
        "their PIN; without one the dispatcher rings them and opens it.",
        "true or false",
    )

    @field_validator("reachability_hours")
    @classmethod
    def _check_hours(cls, text: str) -> str:
        """Refuse what is no span of hours.

        Raises
        ------
        ValueError
            Says how to write it.
        """
        try:
            Hours.parse(text)
        except InvalidResponderError as error:
            raise ValueError(str(error)) from error
        return text
