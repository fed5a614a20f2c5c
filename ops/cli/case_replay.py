"""``tocsin case replay``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ops.console_output import emit
from ops.wiring.context import opened

if TYPE_CHECKING:
    from ops.wiring.context import Factory
    from responders.cases.replaying import Replayed

_WORDS = {True: "the same again", False: "DIFFERENT NOW", None: "cannot be replayed"}


def add_replay(case: click.Group, factory: Factory) -> None:
    """Add the command to ``tocsin case``."""

    @case.command()
    @click.argument("case_id")
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def replay(case_id: str, *, as_json: bool) -> None:
        """Decide a case again from its record, and say why each was asked.

        Exit status 1 if something else comes out now.
        """
        from responders.case import CaseId
        from responders.cases import replaying

        with opened(factory) as services:
            view = services.cases.board.get(CaseId(case_id))
            found = replaying.replay(view.decisions)
        facts = {"case": case_id, "decisions": [_facts(one) for one in found]}
        words = "\n".join(_in_words(one) for one in found) or "No decision yet."
        emit(facts, words, as_json=as_json)
        if any(one.is_same is False for one in found):
            click.get_current_context().exit(1)


def _facts(one: Replayed) -> dict[str, object]:
    return {
        "at": one.decision.at.isoformat(),
        "kind": one.decision.kind,
        "is_same": one.is_same,
        "lines": list(one.lines),
    }


def _in_words(one: Replayed) -> str:
    told = f"{one.decision.at:%H:%M:%S}  {one.decision.kind}: {_WORDS[one.is_same]}"
    return "\n".join([told, *(f"    {line}" for line in one.lines)])
