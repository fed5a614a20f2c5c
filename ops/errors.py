"""Everything that can be wrong with running the product.

::

    OpsError
    ├── SettingsError        the settings cannot be used; one sentence per problem
    ├── AlreadyRunningError  another process works on this database
    ├── AddressError         nothing can listen where it should
    ├── StartError           a process of the service ended while it started
    ├── DatabaseNotReadyError  the tables are not those of this release
    ├── ApiCallError         our own API refused or did not answer
    └── DemoError            the demo could not be played to its end
"""

from __future__ import annotations

from collections.abc import Sequence


class OpsError(Exception):
    """The product cannot run as asked."""


class SettingsError(OpsError):
    """The settings cannot be used.

    Parameters
    ----------
    problems : sequence of str
        One sentence each: which variable and TOML key, and what is allowed.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class AlreadyRunningError(OpsError):
    """Another process works on this database."""


class AddressError(OpsError):
    """Nothing can listen at an address: it is taken, or not ours."""


class StartError(OpsError):
    """A process of the service ended, or hung, while it started."""


class DemoError(OpsError):
    """The demo could not be played to its end."""


class DatabaseNotReadyError(OpsError):
    """The tables are not those of this release."""


class ApiCallError(OpsError):
    """Our own API refused a request or did not answer."""
