"""Ten thousand random histories of cases: whatever happens, the rules of safety hold.

Volunteers answer by call and by text, twice, late, out of order, to the wrong case;
carriers repeat and reorder their news; the process dies between any two steps and in
the middle of a transaction; two cases are open at once; dispatchers correct, merge and
cancel; people opt out meanwhile.
"""

from __future__ import annotations

import os

import pytest

from responders.cases import decider
from tests.property.responders.histories import History

N_HISTORIES = int(os.environ.get("HISTORIES", "10000"))
N_SHARDS = 8
#: Steps of a history: enough for a case to be opened, answered, ended, and more.
N_STEPS = 8


@pytest.fixture(autouse=True)
def roles_without_outlook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may still say yes costs milliseconds to weigh, and is tested elsewhere."""
    monkeypatch.setattr(decider, "hoped_of", lambda _book, _offer: (), raising=False)


@pytest.mark.parametrize("shard", range(N_SHARDS))
def test_whatever_happens_nobody_comes_to_harm(shard: int) -> None:
    """No yes twice, no address before a yes, all told, all ended."""
    for seed in range(shard, N_HISTORIES, N_SHARDS):
        try:
            History(seed).play(N_STEPS)
        except Exception as error:
            error.add_note(f"History({seed}).play({N_STEPS})")
            raise
