"""What can go wrong with a CAP document, as exceptions.

Reading and checking raise nothing for a bad document: they report defects
(``cap_defects``). These errors are for what a caller did with our own values.

::

    AlertError
    └── CapError
        ├── UnwritableAlertError      the alert would not be a proper CAP message
        └── SignatureError
            ├── SignatureMissingError   required, and there is none
            ├── SignatureInvalidError   required, and it does not verify
            └── SigningError            our own key or certificate cannot sign
"""

from warning.errors import AlertError


class CapError(AlertError):
    """A CAP document cannot be used as asked."""


class UnwritableAlertError(CapError):
    """The alert would not be a proper CAP 1.2 message; nothing was written."""


class SignatureError(CapError):
    """The signature of a CAP document is not what its source's policy asks for."""


class SignatureMissingError(SignatureError):
    """The source must sign its alerts, and this one carries no signature."""


class SignatureInvalidError(SignatureError):
    """The source must sign its alerts, and this signature does not verify."""


class SigningError(SignatureError):
    """The configured key or certificate cannot sign; see the message for which."""
