"""Where a call stands, as a short text that fits into a URL.

The carrier hands it back with the next key press, so a restart in mid-call, or another
process answering, loses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ivr_scripts.errors import PositionError

MAX_LENGTH = 400  #: characters of an encoded position; a URL has room for 2,000
_LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
_NAME = r"[a-z][a-z0-9_]*"
_VALUE = r"[A-Za-z0-9_-]+"
_PICK = rf"{_NAME}~{_VALUE}"
_ENCODED = re.compile(
    rf"({_LANGUAGE})\.({_NAME})\.([0-9]{{1,2}})\.([0-9]{{1,3}})"
    rf"(?:\.([0-9]{{1,3}})(?:\.({_PICK}(?:~{_PICK})*))?)?",
    re.ASCII,
)
_PICKABLE = re.compile(_VALUE, re.ASCII)


@dataclass(frozen=True, slots=True)
class Position:
    """The whole state of a call.

    Parameters
    ----------
    language : str
        Language of the call, a BCP 47 tag.
    step : str
        Name of the step that waits for an answer.
    said : int
        How often that step has been spoken; 0 means not yet.
    turn : int
        Questions asked in this call so far; only grows, so no call is endless.
    page : int
        Page of a lookup, from 0.
    picked : tuple of (str, str)
        Name and value of what was chosen so far, in the order of choosing.

    Examples
    --------
    >>> Position("km", "menu", said=2, turn=5).encode()
    'km.menu.2.5'
    >>> Position.decode("km.district.1.4.0.place~KH-08").picked
    (('place', 'KH-08'),)
    """

    language: str
    step: str
    said: int = 0
    turn: int = 0
    page: int = 0
    picked: tuple[tuple[str, str], ...] = ()

    def encode(self) -> str:
        """Text of unreserved URL characters from which ``decode`` makes an equal value.

        Raises
        ------
        PositionError
            If the parts would not come back the same, or are too long.
        """
        parts = [self.language, self.step, str(self.said), str(self.turn)]
        if self.page or self.picked:
            parts.append(str(self.page))
        if self.picked:
            parts.append("~".join(text for pick in self.picked for text in pick))
        encoded = ".".join(parts)
        if len(encoded) > MAX_LENGTH or not _ENCODED.fullmatch(encoded):
            msg = f"The place in the call does not fit into a URL: {encoded[:80]!r}."
            raise PositionError(msg)
        return encoded

    @classmethod
    def decode(cls, text: str) -> Position:
        """Read what ``encode`` wrote.

        Raises
        ------
        PositionError
            If the text is anything else.
        """
        match = _ENCODED.fullmatch(text) if len(text) <= MAX_LENGTH else None
        if match is None:
            msg = f"{text[:80]!r} is not a place in a call; start the call again."
            raise PositionError(msg)
        language, step, said, turn, page, picks = match.groups()
        parts = picks.split("~") if picks else []
        return cls(
            language=language,
            step=step,
            said=int(said),
            turn=int(turn),
            page=int(page or 0),
            picked=tuple(zip(parts[::2], parts[1::2], strict=True)),
        )

    def pick(self, name: str, value: str) -> Position:
        """The same place with one more thing remembered, in place of its older value.

        Raises
        ------
        PositionError
            If the value cannot travel in a URL.
        """
        if not _PICKABLE.fullmatch(value):
            msg = f"{value[:40]!r} cannot be kept in a call: use A-Z, a-z, 0-9, _ or -."
            raise PositionError(msg)
        return replace(self, picked=(*self._without(name), (name, value)))

    def forget(self, *names: str) -> Position:
        """The same place with some things forgotten."""
        return replace(self, picked=self._without(*names))

    def _without(self, *names: str) -> tuple[tuple[str, str], ...]:
        return tuple(pick for pick in self.picked if pick[0] not in names)
