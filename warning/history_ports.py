"""What public warning asks a store about who was told, and what followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from warning.alert import AlertCase, AlertId
from warning.recipients import TellAgain
from warning.told import Told


class AlertHistory(Protocol):
    """Alerts after they went live: a part of ``AlertRepository``."""

    def told(self, alert_id: AlertId) -> Told:
        """Whoever was told by this alert, what, and on which channel.

        Also whom it may have been told to: a request under way, or without an answer.
        """
        ...

    def is_anybody_told(self, alert_id: AlertId) -> bool:
        """Whether ``told`` names anybody."""
        ...

    def followers(self, alert_id: AlertId) -> Sequence[AlertCase]:
        """Alerts that follow this one directly, oldest first."""
        ...

    def find_by_reference(self, *, sender: str, identifier: str) -> Sequence[AlertCase]:
        """Alerts of this sender and identifier, newest first."""
        ...

    def told_by(self, alert_id: AlertId) -> tuple[str, ...]:
        """Live alerts that have told those who are left out as already told."""
        ...

    def told_elsewhere(
        self, alert_id: AlertId
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Those who are left out as already told, and nobody else.

        Returns
        -------
        places, ids : (k,) int64 arrays
            Where they stand in the audience, ascending, and who they are.
        """
        ...

    def readmit(
        self, alert_id: AlertId, places: NDArray[np.int64], *, told_by: Sequence[str]
    ) -> None:
        """Let some who were left out as already told be written out after all.

        Parameters
        ----------
        places : (k,) int64 array
            In the audience, ascending.
        told_by : sequence of str
            Alerts that go on standing in for the others.
        """
        ...

    def round_of(self, alert_id: AlertId) -> tuple[int, int]:
        """How often people were told again, and how many of the last round so far."""
        ...

    def set_round(self, alert_id: AlertId, number: int, n: int) -> None:
        """Note how far telling people again has come."""
        ...

    def to_repeat(
        self, alert_id: AlertId, subscriber_ids: Sequence[int], *, is_for_all: bool
    ) -> Sequence[TellAgain]:
        """Active people among these who were told a text that asks for an answer.

        Those who have not confirmed, or all; never one for whom something still waits
        or is under way. In order of position.
        """
        ...
