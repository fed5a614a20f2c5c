"""The list of people known by an area alone, as a file.

It is small as a rule, so it is written anew under the next number when somebody on it
moves; the header of the words says which number counts.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from warning.registry.errors import TornRegistryError
from warning.registry.whole_file import write_whole


def write_by_area(path: Path, people: Mapping[str, NDArray[np.int64]]) -> int:
    """Write the list in one step.

    Parameters
    ----------
    path : Path
    people : mapping
        Area code → ids.

    Returns
    -------
    int
        Its checksum.
    """
    buffer = io.BytesIO()
    np.savez(
        buffer,
        codes=np.array([code.encode() for code in people], dtype=np.bytes_),
        sizes=np.array([len(ids) for ids in people.values()], dtype=np.int64),
        ids=np.concatenate([np.empty(0, np.int64), *people.values()]),
    )
    content = buffer.getvalue()
    write_whole(path, content)
    return zlib.crc32(content)


def read_by_area(path: Path, checksum: int) -> dict[str, NDArray[np.int64]]:
    """Read the list.

    Parameters
    ----------
    path : Path
    checksum : int
        As ``write_by_area`` returned it.

    Returns
    -------
    dict
        Area code → ids.

    Raises
    ------
    TornRegistryError
        If it is not as it was written.
    """
    content = path.read_bytes()
    if zlib.crc32(content) != checksum:
        raise TornRegistryError(f"{path} cannot be trusted: its checksum is wrong.")
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        codes = [code.decode() for code in held["codes"].tolist()]
        parts = np.split(held["ids"], np.cumsum(held["sizes"])[:-1])
    return dict(zip(codes, parts, strict=False))
