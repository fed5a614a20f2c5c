"""How much one transaction takes on, so that nobody waits long for their turn to write.

SQLite lets one writer in at a time. What a thousand rows cost differs by a factor of
twenty with the rows and with what else the machine does, so a number that is right on
one machine makes a volunteer's call wait for seconds on another. The number is learnt.
"""

from __future__ import annotations

#: How long one portion may keep others from writing, seconds. Half of it would have as
#: much time go into beginning and committing as into rows.
TURN_S = 0.025


class Portion:
    """A number of rows that follows the time they take.

    Parameters
    ----------
    first : int
        To begin with, >= 1.
    least, most : int
        It never leaves these: below ``least`` beginning and committing is all that
        takes time.
    turn_s : float
        What a portion should take, seconds.

    Notes
    -----
    One thread at a time. It shrinks at once and at most doubles from one portion to the
    next; what was not a full portion says nothing about a larger one.
    """

    def __init__(
        self,
        *,
        first: int,
        least: int,
        most: int,
        turn_s: float = TURN_S,
    ) -> None:
        self._least = least
        self._most = most
        self._turn_s = turn_s
        self._size = first

    @property
    def size(self) -> int:
        """Rows to take next."""
        return self._size

    def took(self, n: int, seconds: float) -> None:
        """Learn what ``n`` rows have taken, the commit included."""
        if n <= 0:
            return
        fitting = int(n * self._turn_s / max(seconds, 1e-6))
        if seconds > self._turn_s:
            self._size = max(self._least, min(self._size, fitting))
        elif n >= self._size:
            self._size = min(self._most, 2 * self._size, max(self._size, fitting))
