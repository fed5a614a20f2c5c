"""The checksum of a saved index, computed without compiled code.

Opening an index reads all of it once for this; see `geofence.kernels.ledger` for how
the same sum follows every change.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray

from geofence.pages import HEADER_BYTES, HEADER_SUM, VERSION

COLUMNS = 1 << 16
MANY_ROWS = 64
THREADS = 2


def body_sum(block: NDArray[np.uint8], n_bytes: int) -> int:
    """Sum of the body of an index.

    Parameters
    ----------
    block : ndarray of uint8
        Header and body.
    n_bytes : int
        Length of both.

    Returns
    -------
    int
        0 to 2**64 - 1.
    """
    words = block[HEADER_BYTES:n_bytes].view(np.uint64)
    row, column = factors(len(words))

    def part(first: int) -> int:
        total = 0
        for r in range(first, len(row), THREADS):
            piece = words[r * COLUMNS : (r + 1) * COLUMNS]
            total += int(np.dot(piece, column[: len(piece)])) * int(row[r])
        return total

    if len(row) < MANY_ROWS:
        total = sum(part(first) for first in range(THREADS))
    else:
        with ThreadPoolExecutor(THREADS) as pool:
            total = sum(pool.map(part, range(THREADS)))
    return total % 2**64


def header_sum(header: NDArray[np.int64]) -> int:
    """Sum of the header without itself and without the version.

    Parameters
    ----------
    header : ndarray of int64
        The header.

    Returns
    -------
    int
        A signed 64-bit number.
    """
    words = header[:].view(np.uint64).copy()
    words[HEADER_SUM] = words[VERSION] = 0
    total = int(np.dot(words, factors(len(words))[1][: len(words)]))
    return total - 2**64 if total >= 2**63 else total


def factors(n_words: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Odd factors of rows and columns for a body of some length.

    Parameters
    ----------
    n_words : int
        Of 64 bits.

    Returns
    -------
    row, column : ndarray of uint64
        ``ceil(n_words / 65536)`` and 65536 factors.
    """
    n_rows = -(-n_words // COLUMNS)
    return _scrambled(n_rows, 1), _column()


@cache
def _column() -> NDArray[np.uint64]:
    """Factors of the columns."""
    return _scrambled(COLUMNS, 2)


def _scrambled(n: int, seed: int) -> NDArray[np.uint64]:
    """Odd pseudo-random words (the finaliser of splitmix64, Steele et al. 2014)."""
    z = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z += np.uint64(seed) << np.uint64(56)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))) | np.uint64(1)
