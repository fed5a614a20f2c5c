"""Everything that can be wrong with who is asking.

::

    AccountError
    ├── UnknownOperatorError   no operator has this name
    ├── OperatorExistsError    the name is taken
    ├── OperatorNameError      the name cannot be told apart in the record
    ├── WeakPasswordError      the password is too short
    ├── SignInError            name, password or token is wrong
    ├── UnknownTokenError      no token has this id
    ├── LastAdminError         nobody would be left who may change accounts
    ├── AnchorError            a hash that was written down cannot be read
    └── ForbiddenError         the role does not allow this
"""

from __future__ import annotations


class AccountError(Exception):
    """Something about the account prevents the request."""


class UnknownOperatorError(AccountError):
    """No operator has this name."""


class OperatorExistsError(AccountError):
    """An operator of this name exists already."""


class OperatorNameError(AccountError):
    """The name could not be told apart from others in the record of what was done."""


class WeakPasswordError(AccountError):
    """The password is too short to protect anything."""


class SignInError(AccountError):
    """Name, password or token is wrong."""


class ForbiddenError(AccountError):
    """The role of this operator does not allow this."""


class UnknownTokenError(AccountError):
    """No token has this id."""


class LastAdminError(AccountError):
    """Nobody would be left who may change accounts."""


class AnchorError(AccountError):
    """A hash that was written down cannot be read."""
