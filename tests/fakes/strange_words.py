"""``telephony.ports.StrangeWords`` in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from telephony.strange_words import StrangeWord
from tests.fakes.rows import Rows


class FakeStrangeWords:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def note(self, counted: Mapping[StrangeWord, int], *, now: datetime) -> None:
        for word, n in counted.items():
            self._rows.strange_words[word] = self._rows.strange_words.get(word, 0) + n

    def counts(self) -> Mapping[StrangeWord, int]:
        return dict(sorted(self._rows.strange_words.items()))
