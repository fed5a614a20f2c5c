"""How large an area may be that comes from outside, by the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geofence.area import Limits

if TYPE_CHECKING:
    from ops.config.settings import Settings


def area_limits(settings: Settings) -> Limits:
    """The same for the API, the console and the commands."""
    return Limits(
        max_bytes=settings.max_upload_mb * 1024 * 1024,
        max_vertices=settings.max_area_points,
        max_parts=settings.max_area_parts,
    )
