"""Everything that can be wrong with the database.

::

    StoreError
    ├── StoreUnavailableError   cannot be opened, written or reached now (an OSError)
    ├── SchemaError             the tables are not those of this release
    ├── ReadOnlyError           a unit of work that only reads was asked to write
    ├── StoreUrlError           the configured address is not one we can use
    └── NestedUnitOfWorkError   a unit of work was opened inside another one

``StoreUnavailableError`` is an ``OSError`` too, so that packages that may not know the
store can tell "stand still and try again" from a defect.
"""

from __future__ import annotations


class StoreError(Exception):
    """Something about the database prevents the request."""


class StoreUnavailableError(StoreError, OSError):
    """The database cannot be opened, written or reached now; nothing was changed."""


class SchemaError(StoreError):
    """The tables are not those of this release."""


class StoreUrlError(StoreError, ValueError):
    """The configured address is not one of a database we can use."""


class NestedUnitOfWorkError(StoreError):
    """A writing unit of work was opened inside another one of the same thread."""


class ReadOnlyError(StoreError):
    """A unit of work that only reads was asked to write."""
