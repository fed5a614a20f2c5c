"""Look at a boundary file's first bytes before any reader is let near it.

The reader (GDAL) chooses a format by content and knows some eighty; a few of them fetch
further files or addresses. Here a file is what its ending says, or it is refused.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from geofence.boundary_errors import BoundaryFileError
from geofence.shapefile_archive import only_shapefile

#: What an archive may unpack to; a few hundred MB is a large country in full detail.
MAX_UNPACKED_BYTES = 2 * 1024**3
JSON_SUFFIXES = frozenset({".geojson", ".json", ".topojson"})
READABLE = "GeoJSON, TopoJSON, GeoPackage (.gpkg) and shapefile (.shp or zipped)"

_UTF8_BOM = b"\xef\xbb\xbf"
_MAGIC = {
    **dict.fromkeys(JSON_SUFFIXES, b"{"),
    ".gpkg": b"SQLite format 3\0",
    ".shp": b"\x00\x00\x27\x0a",
    ".zip": b"PK\x03\x04",
}


def vetted_source(path: Path) -> str:
    """Return what to hand to the reader.

    Parameters
    ----------
    path : Path
        A file on this machine.

    Returns
    -------
    str
        The absolute path, or for an archive the reader's name of the shapefile in it.

    Raises
    ------
    BoundaryFileError
        If the file cannot be opened, is of another format than it says, or is an
        archive that is broken, too large, or does not hold exactly one shapefile.
    """
    suffix = path.suffix.lower()
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise BoundaryFileError(f"{path.name} cannot be opened: {reason}.") from error
    if suffix not in _MAGIC:
        raise BoundaryFileError(
            f"{path.name} is of no format that is read here. Readable are {READABLE}."
        )
    if not head.removeprefix(_UTF8_BOM).lstrip(b" \t\r\n").startswith(_MAGIC[suffix]):
        raise BoundaryFileError(
            f"{path.name} does not contain what its ending '{suffix}' promises; export "
            f"it again. Readable are {READABLE}."
        )
    if suffix == ".zip":
        return f"/vsizip/{path.resolve()}/{_shapefile_in(path)}"
    return str(path.resolve())


def _shapefile_in(path: Path) -> str:
    """Return the name of the one shapefile in an archive.

    Raises
    ------
    BoundaryFileError
        If the archive is broken, too large, or holds none or several.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            name = _bounded_shapefile(path, archive)
            with archive.open(name) as member:
                is_shapefile = member.read(4) == _MAGIC[".shp"]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BoundaryFileError(
            f"{path.name} is not a whole, unlocked zip archive; fetch or export it "
            f"again."
        ) from error
    if not is_shapefile:
        raise BoundaryFileError(
            f"{name} in {path.name} is not a shapefile; export it again."
        )
    return name


def _bounded_shapefile(path: Path, archive: zipfile.ZipFile) -> str:
    """Return the archive's one member that ends in ``.shp``.

    Raises
    ------
    BoundaryFileError
        If the archive is too large, or holds none or several.
    """
    members = archive.infolist()
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise BoundaryFileError(
            f"{path.name} unpacks to more than {MAX_UNPACKED_BYTES // 1024**2:,} MiB; "
            f"simplify the outlines or split the file."
        )
    return only_shapefile(members, archive=path.name)
