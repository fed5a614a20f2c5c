"""The hazards that we have texts for, and how strongly people are told to act."""

from __future__ import annotations

from enum import StrEnum

from warning.cap import Severity


class Hazard(StrEnum):
    """What we have texts for; the value is the name of the table in the texts."""

    FLOOD = "flood"
    FLASH_FLOOD = "flash_flood"
    STORM = "storm"
    LANDSLIDE = "landslide"
    EARTHQUAKE = "earthquake"
    TSUNAMI = "tsunami"
    WILDFIRE = "wildfire"
    HEAT = "heat"
    CHEMICAL = "chemical"
    DAM_BREAK = "dam_break"
    MISSING_CHILD = "missing_child"


class Level(StrEnum):
    """How strongly people are told to act; the value is a key of the texts."""

    #: Extreme and Severe: do it now.
    ACT = "act"
    #: All others: be ready.
    PREPARE = "prepare"


def level_of(severity: Severity) -> Level:
    """Return how strongly people are told to act."""
    return (
        Level.ACT if severity in {Severity.EXTREME, Severity.SEVERE} else Level.PREPARE
    )
