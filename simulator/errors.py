"""What can be wrong inside the built-in telco.

::

    SimulatorError
    ├── SimulatorConfigError   a setting that cannot work
    ├── ControlError           a control request that makes no sense
    ├── TwimlError             a document that cannot be run
    └── JournalError           a journal file that is not one of ours

Refusals towards the telco's customers are not exceptions but answers: see
`simulator.refusals`.
"""

from __future__ import annotations


class SimulatorError(Exception):
    """Something is wrong inside the built-in telco."""


class SimulatorConfigError(SimulatorError, ValueError):
    """A setting of the built-in telco cannot work."""


class ControlError(SimulatorError, ValueError):
    """A request to the control interface makes no sense."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        #: HTTP status of the answer.
        self.status = status


class TwimlError(SimulatorError, ValueError):
    """A TwiML document cannot be run."""


class JournalError(SimulatorError, ValueError):
    """A journal holds a line this version did not write."""
