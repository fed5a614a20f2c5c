"""Everything that can be wrong with a public warning.

::

    AlertError
    ├── CapError              (cap_errors.py: a CAP document cannot be used)
    ├── InvalidAlertError     a draft lacks or contradicts something
    ├── AlertNotFoundError    no alert has this id
    ├── TransitionError       the alert is not in a state that allows this
    ├── FourEyesError         the same person may not submit and approve
    ├── EmptyAudienceError    nobody is inside the area
    └── DuplicateAlertError   this alert is already known
"""

from __future__ import annotations


class AlertError(Exception):
    """Something about an alert prevents the request."""


class InvalidAlertError(AlertError):
    """The alert lacks something it needs, or contradicts itself."""

    #: What was found wrong with the document, if it came as one (``cap_defects``).
    defects: tuple[object, ...] = ()


class AlertNotFoundError(AlertError):
    """No alert has this id."""


class TransitionError(AlertError):
    """The alert is not in a state that allows this step."""


class FourEyesError(AlertError):
    """The person who submitted an alert may not approve it."""


class EmptyAudienceError(AlertError):
    """Nobody can be reached in the area of this alert."""


class DuplicateAlertError(AlertError):
    """An alert with this sender, identifier and sent time is already known."""

    def __init__(self, message: str, *, alert_id: str) -> None:
        super().__init__(message)
        self.alert_id = alert_id
