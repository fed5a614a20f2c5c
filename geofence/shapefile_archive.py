"""Which member of a zip archive is its shapefile."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

from geofence.boundary_errors import BoundaryFileError


def only_shapefile(members: Sequence[zipfile.ZipInfo], *, archive: str) -> str:
    """Return the name of the one member that ends in ``.shp``, in any case.

    Parameters
    ----------
    members : sequence of ZipInfo
    archive : str
        What the archive is called in an error, at the beginning of a sentence.

    Raises
    ------
    BoundaryFileError
        If there is none, or several.
    """
    found = [
        member.filename
        for member in members
        if member.filename.lower().endswith(".shp")
        # What macOS adds beside every file when it packs.
        and not member.filename.startswith("__MACOSX/")
    ]
    if len(found) != 1:
        holds = f"{len(found)} shapefiles" if found else "no shapefile"
        raise BoundaryFileError(
            f"{archive} holds {holds}; put exactly one in it (.shp, .shx, .dbf and "
            ".prj)."
        )
    return found[0]
