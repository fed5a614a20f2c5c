"""Where the index keeps its points: one block of memory, cut into arrays.

Points lie in pages of 256 slots along the Hilbert curve, with a few slots free in
each for those who move in. The same bytes live in memory, in a file, or in a file
mapped by several processes.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PAGE = 256
FANOUT = 8
#: Points put into a page when it is packed: an eighth stays free.
FILL = 224

HEADER_WORDS = 64
HEADER_BYTES = 8 * HEADER_WORDS
ALIGNMENT = 64
MAX_NARROW_ID = 2**31 - 1

#: Words of the header. What is not named is zero.
MAGIC, FORMAT, N_PAGES, ID_BYTES, N_PLACES, N_SEVERAL, REVISION = range(7)
VERSION, BODY_SUM, HEADER_SUM = range(7, 10)

MAGIC_WORD = int.from_bytes(b"TOCSINpi", "little")
FORMAT_WORD = 1


class Store(NamedTuple):
    """The arrays of an index, as the kernels take them.

    Parameters
    ----------
    x, y : ndarray of int32, shape (n_slots,)
        Grid coordinates.
    ids : ndarray of int32 or int64, shape (n_slots,)
        Id, or its bitwise complement (negative) if the person has several places.
    words : ndarray of uint32, shape (n_slots,)
        Attribute words.
    keys : ndarray of int64, shape (n_pages,)
        Least Hilbert key that belongs to each page.
    boxes : ndarray of int32, shape (n_nodes, 4)
        Left, bottom, right, top; pages first, then level by level to the root.
    total : ndarray of int32, shape (n_nodes,)
        Points below each node.
    any_word : ndarray of uint32, shape (n_nodes,)
        Attribute words below each node, or-ed (bits may linger after removals).
    header : ndarray of int64, shape (HEADER_WORDS,)
        See the constants above.
    level_start : ndarray of int64, shape (n_levels + 1,)
        First node of each level.
    """

    x: NDArray[np.int32]
    y: NDArray[np.int32]
    ids: NDArray[np.signedinteger]
    words: NDArray[np.uint32]
    keys: NDArray[np.int64]
    boxes: NDArray[np.int32]
    total: NDArray[np.int32]
    any_word: NDArray[np.uint32]
    header: NDArray[np.int64]
    level_start: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each array lies in the block.

    Parameters
    ----------
    n_pages : int
        At least 1.
    id_bytes : int
        4 or 8.
    """

    n_pages: int
    id_bytes: int

    @property
    def level_start(self) -> NDArray[np.int64]:
        """First node of each level, and the number of nodes."""
        starts, n = [0], self.n_pages
        while True:
            starts.append(starts[-1] + n)
            if n == 1:
                return np.array(starts, dtype=np.int64)
            n = -(-n // FANOUT)

    def parts(self) -> dict[str, tuple[int, tuple[int, ...], np.dtype[np.generic]]]:
        """Return offset, shape and type of each array of `Store` by its name."""
        slots, nodes = self.n_pages * PAGE, int(self.level_start[-1])
        shapes: list[tuple[str, tuple[int, ...], str]] = [
            ("x", (slots,), "<i4"),
            ("y", (slots,), "<i4"),
            ("ids", (slots,), f"<i{self.id_bytes}"),
            ("words", (slots,), "<u4"),
            ("keys", (self.n_pages,), "<i8"),
            ("boxes", (nodes, 4), "<i4"),
            ("total", (nodes,), "<i4"),
            ("any_word", (nodes,), "<u4"),
        ]
        at, parts = HEADER_BYTES, {}
        for name, shape, code in shapes:
            dtype = np.dtype(code)
            parts[name] = (at, shape, dtype)
            size = int(np.prod(shape)) * dtype.itemsize
            at += -(-size // ALIGNMENT) * ALIGNMENT
        return parts

    @property
    def n_bytes(self) -> int:
        """Size of the block, header included."""
        at, shape, dtype = self.parts()["any_word"]
        size = int(np.prod(shape)) * dtype.itemsize
        return at + -(-size // ALIGNMENT) * ALIGNMENT


def layout_for(n_places: int, max_id: int) -> Layout:
    """Choose the size of an index.

    Parameters
    ----------
    n_places : int
        Points to hold; some more will fit.
    max_id : int
        Ids up to 2**31 - 1 take 4 bytes, larger ones 8.

    Returns
    -------
    Layout
    """
    n_pages = max(1, -(-n_places // FILL))
    return Layout(n_pages, 4 if max_id <= MAX_NARROW_ID else 8)


def store_in(block: NDArray[np.uint8], layout: Layout) -> Store:
    """Cut a block of memory into the arrays of an index.

    Parameters
    ----------
    block : ndarray of uint8
        At least ``layout.n_bytes`` long; not copied.
    layout : Layout
        Where things lie.

    Returns
    -------
    Store
        Views of the block.
    """
    views = {
        name: block[at : at + int(np.prod(shape)) * dtype.itemsize]
        .view(dtype)
        .reshape(shape)
        for name, (at, shape, dtype) in layout.parts().items()
    }
    header = block[:HEADER_BYTES].view(np.int64)
    return Store(header=header, level_start=layout.level_start, **views)


def new_block(layout: Layout) -> NDArray[np.uint8]:
    """Return zeroed memory for an index with its header filled in.

    Parameters
    ----------
    layout : Layout
        Size.

    Returns
    -------
    ndarray of uint8
    """
    block = np.zeros(layout.n_bytes, dtype=np.uint8)
    header = block[:HEADER_BYTES].view(np.int64)
    header[MAGIC], header[FORMAT] = MAGIC_WORD, FORMAT_WORD
    header[N_PAGES], header[ID_BYTES] = layout.n_pages, layout.id_bytes
    return block
