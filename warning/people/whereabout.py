"""Where somebody is, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Whereabout:
    """Where somebody is: coordinates, or only an area, or nothing."""

    #: Degrees, WGS 84.
    lon: float | None = None
    lat: float | None = None
    area_code: str | None = None
    accuracy_m: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything is known."""
        return self.area_code is not None or self.lon is not None


#: Nothing is known.
NOWHERE = Whereabout()
