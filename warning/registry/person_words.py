"""One 32-bit word a person: what an audience is counted, filtered and ordered by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warning.people.subscribers import STATUSES, Status
from warning.recipients import Exclusion


@dataclass(frozen=True, slots=True)
class Field:
    """Some bits of a person's word."""

    shift: int
    width: int

    def of(self, words: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The field's value in each word."""
        mask = np.uint32((1 << self.width) - 1)
        return (words >> np.uint32(self.shift)) & mask

    def put(self, values: NDArray[np.generic] | int) -> NDArray[np.uint32]:
        """Words that hold the values in this field and nothing else."""
        return np.asarray(values, dtype=np.uint32) << np.uint32(self.shift)


#: As many languages as ``PeopleColumns.language`` can tell apart.
LANGUAGE = Field(0, 8)
CHANNELS = Field(8, 2)
STATUS = Field(10, 2)
VULNERABLE = Field(12, 1)
DRILL = Field(13, 1)
#: Enough for every commune of most countries.
AREA = Field(14, 16)
#: Whether any polygon can find the person.
PLACED = Field(30, 1)
#: Set for every person, so that 0 means "no such person".
KNOWN = Field(31, 1)

#: Areas that people can be counted under; 0 is none.
MAX_AREAS = (1 << AREA.width) - 1


def exclusion_codes(words: NDArray[np.uint32], *, is_drill: bool) -> NDArray[np.uint8]:
    """Why each person is left out: 0 for no reason, else 1 + place in ``Exclusion``.

    Parameters
    ----------
    words : (n,) uint32 array
        Persons' words.
    is_drill : bool
        Whether only the drill group may be told.

    Returns
    -------
    (n,) uint8 array
    """
    order = list(Exclusion)
    status = STATUS.of(words)
    codes = np.zeros(len(words), dtype=np.uint8)
    # The last rule that fits wins: what the person said outranks what we know.
    rules = (
        (Exclusion.NOT_IN_DRILL, (DRILL.of(words) == 0) & is_drill),
        (Exclusion.NO_CHANNEL, CHANNELS.of(words) == 0),
        (Exclusion.RESTING, status == STATUSES.index(Status.RESTING)),
        (Exclusion.OPTED_OUT, status == STATUSES.index(Status.OPTED_OUT)),
        (Exclusion.GONE, KNOWN.of(words) == 0),
    )
    for exclusion, applies in rules:
        codes[applies] = 1 + order.index(exclusion)
    return codes
