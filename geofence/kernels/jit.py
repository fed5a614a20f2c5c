"""How kernels are compiled: cached on disk, without the interpreter lock.

numba renews a cached function when its own file changes, but not when a function it
calls does, in another file. A stale kernel could lose people, so the cache is kept in
a folder named after the content of all kernels.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")

HERE = Path(__file__).parent
PREFIX = "compiled-"
#: Where the tuples of arrays are described that the kernels take.
TUPLES = (HERE.parent / "pages.py", HERE.parent / "attributes.py")


def cache_folder() -> Path:
    """Return where the compiled kernels of exactly this source are kept.

    Returns
    -------
    Path
        Beside the source, or in the user's cache folder if that is read-only.
    """
    digest = hashlib.sha256()
    for source in (*sorted(HERE.glob("*.py")), *TUPLES):
        digest.update(source.read_bytes())
    folder = HERE / "__pycache__"
    if not os.access(folder if folder.exists() else HERE, os.W_OK):
        folder = Path.home() / ".cache" / "geofence"
    return folder / f"{PREFIX}{digest.hexdigest()[:16]}"


setattr(numba.config, "CACHE_DIR", str(cache_folder()))  # noqa: B010 - not in its stubs


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function to machine code at its first call, cached for later runs.

    Parameters
    ----------
    function : callable
        Arrays and numbers in and out.

    Returns
    -------
    callable
        Releases the interpreter lock while it runs. No fast-math: the exactness of
        the geofence rests on IEEE arithmetic.
    """
    jit = numba.njit(cache=True, nogil=True, error_model="numpy")
    return cast("Callable[P, R]", jit(function))


def borrowing(function: Callable[P, R]) -> Callable[P, R]:
    """Like `compiled`, for a function that makes no array and returns none.

    Parameters
    ----------
    function : callable
        Works on its caller's arrays.

    Returns
    -------
    callable
        Counts no references. Counting them at every look into a tuple of arrays took
        a third of the time of small areas (docs/adr/0015-kernels-borrow.md).
    """
    return cast("Callable[P, R]", _lean(function, inline=False))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Like `borrowing`, and put into its caller whatever the compiler thinks of it.

    Parameters
    ----------
    function : callable
        Called for single edges: handing over its arguments would cost more than its
        work.

    Returns
    -------
    callable
    """
    return cast("Callable[P, R]", _lean(function, inline=True))


def _lean(function: Callable[..., object], *, inline: bool) -> object:
    """Compile without the counting of references."""
    # `_nrt` stands in no declaration of the compiler's, hence Any.
    options: dict[str, Any] = {
        "cache": True,
        "nogil": True,
        "_nrt": False,
        "forceinline": inline,
    }
    jit = numba.njit(error_model="numpy", **options)
    return jit(function)
