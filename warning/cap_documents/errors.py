"""What can go wrong with a CAP document, as exceptions.

Reading and checking raise nothing for a bad document: they report defects
(``cap_defects``). These errors are for what a caller asked of our own values.

::

    AlertError
    └── CapError
        ├── UnwritableAlertError   the alert would not be a proper CAP message
        └── SigningError           our own key or certificate cannot sign
"""

from warning.errors import AlertError


class CapError(AlertError):
    """A CAP document cannot be used as asked."""


class UnwritableAlertError(CapError):
    """The alert would not be a proper CAP 1.2 message; nothing was written."""


class SigningError(CapError):
    """The configured key or certificate cannot sign; the message says why."""
