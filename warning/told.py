"""Who was told something, what, and on which channel.

*Told* is whoever a carrier took a text or a call for, also if it reported later that it
failed, and whoever it may have taken one for: a request that is under way or whose
answer was lost. Whom every carrier refused was not told
(``docs/adr/0040-who-was-told.md``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warning.recipients import VARIANTS, Variant


@dataclass(frozen=True, slots=True)
class Told:
    """People who were told, each once, ascending by id."""

    #: (n,) int64 subscriber ids.
    ids: NDArray[np.int64]
    #: (n,) uint8, indexes into ``VARIANTS``: what each was told last.
    variants: NDArray[np.uint8]
    #: (n,) uint8, the ``Channel`` on which each was told best.
    channels: NDArray[np.uint8]

    def __len__(self) -> int:
        """How many people."""
        return len(self.ids)

    def then(self, later: Told) -> Told:
        """These people and those told later; what came later counts."""
        kept = self.where(~np.isin(self.ids, later.ids))
        ids = np.concatenate([kept.ids, later.ids])
        order = np.argsort(ids, kind="stable")
        return Told(
            ids[order],
            np.concatenate([kept.variants, later.variants])[order],
            np.concatenate([kept.channels, later.channels])[order],
        )

    def where(self, mask: NDArray[np.bool_]) -> Told:
        """Some of them; ``mask`` is (n,) bool."""
        return Told(self.ids[mask], self.variants[mask], self.channels[mask])

    def of(self, variants: Collection[Variant]) -> Told:
        """Those whose last text was one of these."""
        numbers = [VARIANTS.index(variant) for variant in variants]
        return self.where(np.isin(self.variants, numbers))

    def channels_of(self, ids: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The channel of each of some people, 0 for those who were not told.

        Parameters
        ----------
        ids : (k,) int64 array

        Returns
        -------
        (k,) uint8 array
        """
        found = np.zeros(len(ids), dtype=np.uint8)
        if len(self.ids) == 0:
            return found
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        is_there = self.ids[places] == ids
        found[is_there] = self.channels[places[is_there]]
        return found


def nobody() -> Told:
    """Return what is known of an alert that nobody was told of."""
    none = np.empty(0, dtype=np.uint8)
    return Told(np.empty(0, dtype=np.int64), none, none)
