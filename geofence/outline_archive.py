"""The outline in a zipped shapefile that a stranger may have packed.

Unlike ``boundaries``, which takes what an administrator hands over, this unpacks by
itself and counts while it does: an archive that lies about its size, or swells to a
thousand times its own, is refused after the first megabytes.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from geofence.area import Area, area_of, unite
from geofence.boundaries import read_outlines
from geofence.boundary_errors import BoundaryFileError
from geofence.errors import AreaTooLargeError
from geofence.geojson import Limits
from geofence.shapefile_archive import only_shapefile

#: What a shapefile is made of, as far as its outlines go.
_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_MAX_MEMBERS = 200
_BLOCK = 1 << 16


def read_outline_archive(upload: IO[bytes], *, limits: Limits) -> Area:
    """Unite the outlines of the one shapefile in an archive.

    Parameters
    ----------
    upload : binary file
        Seekable.
    limits : Limits
        ``max_bytes`` bounds what is unpacked, ``max_vertices`` what comes of it.

    Raises
    ------
    BoundaryFileError
        If it is no archive, holds none or several shapefiles, or cannot be read.
    AreaTooLargeError
        If it unpacks to more than is allowed.
    """
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        try:
            with zipfile.ZipFile(upload) as archive:
                path = _unpacked(archive, Path(folder), limits.max_bytes)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
            raise BoundaryFileError(
                "The file is not a whole, unlocked zip archive; export it again."
            ) from None
        area = unite(area_of(outline) for outline in read_outlines(path))
    if area.n_vertices > limits.max_vertices:
        raise AreaTooLargeError(
            f"The outlines have {area.n_vertices:,} corners; {limits.max_vertices:,} "
            "are allowed. Simplify them."
        )
    return area


def _unpacked(archive: zipfile.ZipFile, folder: Path, max_bytes: int) -> Path:
    """Unpack the parts of the one shapefile, each under a name of ours.

    Raises
    ------
    BoundaryFileError
        If there is not exactly one, or far more files than one has.
    AreaTooLargeError
        If it is too large.
    """
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise BoundaryFileError(
            f"The archive holds {len(members):,} files; {_MAX_MEMBERS} are allowed. "
            "Put nothing but the shapefile in it."
        )
    stem = only_shapefile(members, archive="The archive")[: -len(".shp")]
    left = max_bytes
    for member in members:
        suffix = _suffix(member.filename)
        if suffix in _PARTS and member.filename[: -len(suffix)] == stem:
            with archive.open(member) as packed:
                left -= _copy(packed, folder / f"outline{suffix}", left)
    return folder / "outline.shp"


def _copy(packed: IO[bytes], path: Path, max_bytes: int) -> int:
    """Write one member out; return its bytes.

    Raises
    ------
    AreaTooLargeError
        As soon as it is larger than allowed.
    """
    n = 0
    with path.open("wb") as unpacked:
        while block := packed.read(_BLOCK):
            n += len(block)
            if n > max_bytes:
                raise AreaTooLargeError(
                    "The archive unpacks to more than is allowed; simplify the "
                    "outlines."
                )
            unpacked.write(block)
    return n


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
