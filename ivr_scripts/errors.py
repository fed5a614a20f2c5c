"""Everything that can be wrong with a script or with a place in it.

::

    ScriptError
    ├── ScriptFormatError   a script or text file cannot be read
    ├── PositionError       a position does not belong to this script
    ├── LookupMissingError  a step asks for choices that the caller does not offer
    └── TextMissingError    no language of the chain has this text
"""

from __future__ import annotations


class ScriptError(Exception):
    """Something about a telephone script prevents the request."""


class ScriptFormatError(ScriptError, ValueError):
    """The script or text file cannot be read."""


class PositionError(ScriptError, ValueError):
    """The position does not belong to this script."""


class LookupMissingError(ScriptError):
    """The step needs choices from outside that nobody offers."""


class TextMissingError(ScriptError, KeyError):
    """No language of the chain has this text."""

    def __str__(self) -> str:
        # KeyError would show the repr of the sentence.
        return str(self.args[0]) if self.args else ""
