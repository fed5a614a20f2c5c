"""Why registry files are not used.

::

    RegistryFileError
    ├── NoRegistryError      there is none yet
    ├── ForeignRegistryError of another database, or of another release
    └── TornRegistryError    truncated, altered, or its writer died in a change

    RegistryLockError        (an OSError) the right to write does not come
"""

from __future__ import annotations


class RegistryFileError(Exception):
    """The base; the cure is always to rebuild the files from the database."""


class NoRegistryError(RegistryFileError):
    """No registry has been written yet."""


class ForeignRegistryError(RegistryFileError):
    """The files show another database, or were laid out by another release."""


class TornRegistryError(RegistryFileError):
    """The files are not as they were written."""


class RegistryLockError(OSError):
    """Another process has held the right to write for too long."""
