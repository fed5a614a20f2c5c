"""The part of the settings that is about when alerts go out."""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import BaseModel

from ops.config.setting_fields import setting


class AlertSettings(BaseModel):
    """Whose sleep is respected."""

    quiet_from: time = setting(
        time(22),
        "When the night begins, by the clock of time_zone. Alerts that are no worse "
        "than Moderate wait for its end; without time_zone nothing waits.",
        "a local time such as 22:00",
    )
    quiet_until: time = setting(
        time(7),
        "When the night ends. The same time as quiet_from means that nothing waits.",
        "a local time such as 07:00",
    )
    draft_days: int = setting(
        30,
        "Days for which a draft is kept that nobody saves any more; then it is thrown "
        "away, and the record says so.",
        "1 to 3650",
        ge=1,
        le=3_650,
    )
    unrecorded_languages: Literal["ask", "fall_back"] = setting(
        "ask",
        "What happens when an alert is approved and calls cannot be heard in one of "
        "its languages: ask refuses it until somebody records it or accepts the "
        "fall-back; fall_back lets calls speak another language.",
        "ask or fall_back",
    )
