"""Sounds that lie beside a CAP document, on a stick say, put into it.

A resource may name its file alone (``<uri>warning-km.mp3</uri>``). Nothing is fetched:
whoever brought the document has to have brought the file, in the same folder.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace

from warning.cap import Alert, Info, Resource

#: Name of a file in the document's folder → its bytes; None if there is none.
Beside = Callable[[str], bytes | None]

#: A plain name: no folder, no scheme, nothing hidden.
_NAME = re.compile(r"\w[\w.-]{0,99}\.(wav|mp3|ogg)", re.IGNORECASE)
#: Files that are looked for; more languages are spoken as words.
_MAX_FILES = 8


def with_files(cap: Alert, beside: Beside) -> Alert:
    """Embed the sounds that an alert names and that lie beside it.

    Parameters
    ----------
    cap : Alert
    beside : callable
        Asked at most eight times.

    Returns
    -------
    Alert
        As if its author had embedded them; the very same if there is none.
    """
    left = iter(range(_MAX_FILES))

    def filled(one: Resource) -> Resource:
        name = (one.uri or "").strip()
        is_named = one.deref_uri is None and _NAME.fullmatch(name) is not None
        if not is_named or next(left, None) is None:
            return one
        data = beside(name)
        if not data:
            return one
        return replace(one, deref_uri=base64.b64encode(data).decode("ascii"))

    def with_sound(info: Info) -> Info:
        resources = tuple(filled(one) for one in info.resources)
        return (
            info if resources == info.resources else replace(info, resources=resources)
        )

    infos = tuple(with_sound(info) for info in cap.infos)
    return cap if infos == cap.infos else replace(cap, infos=infos)
