"""Everything that can be wrong with responders, AEDs and cases.

::

    ResponderError
    ├── CaseNotFoundError        no case has this id
    ├── CaseStateError           the case, or an offer of it, allows no such step
    ├── InvalidCaseError         a case lacks something, or contradicts itself
    ├── ResponderNotFoundError   no responder has this id
    ├── InvalidResponderError    something about a responder cannot be used
    ├── InvalidPositionError     a place in the sea, in the future, or off the earth
    ├── OpeningHoursError        opening hours nobody can evaluate
    └── ImportFileError          a file cannot be used at all
"""

from __future__ import annotations


class ResponderError(Exception):
    """Something about volunteers or cases prevents the request."""


class CaseNotFoundError(ResponderError):
    """No case has this id."""


class CaseStateError(ResponderError):
    """The case, or an offer of it, is not in a state that allows this step."""


class InvalidCaseError(ResponderError):
    """The case lacks something it needs, or contradicts itself."""


class ResponderNotFoundError(ResponderError):
    """No responder has this id."""


class InvalidResponderError(ResponderError):
    """Something about a responder cannot be used; the message names the field."""


class InvalidPositionError(ResponderError):
    """A position that nobody can be at: off the earth, at sea, or in the future."""


class OpeningHoursError(ResponderError):
    """The opening hours are not written as OpenStreetMap writes them."""


class ImportFileError(ResponderError):
    """The file cannot be used at all."""
