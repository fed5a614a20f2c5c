"""Every change of state leaves an entry in the record of what was done."""

from __future__ import annotations

import ast
import re

from tests.architecture.source_tree import module_name, source_files, tree_of
from warning.alert import AlertKind
from warning.publishing.webhooks import EVENTS, FAMILIES

#: An action of the audit that other systems may hear of.
_EVENT = re.compile(rf'"((?:{"|".join(FAMILIES)})\.[a-z_]+)"')

#: Commit without an entry, and why that is no act of anybody.
NO_ACTS = {
    "ops.processes.membership": "signs of life",
    "ops.wiring.source_jobs": "tidying; what is forgotten was noted when it happened",
    "ops.exchange.webhook_sender": "what came of a try; giving up is noted",
    "ops.processes.worker": "deliveries past their deadline",
    "ops.wiring.citizen_services": "conversations that are over and forgotten",
    "responders.cases.aftercare": "told through the case book",
    "responders.cases.desk": "told through the case book",
    "responders.cases.engine": "told through the case book",
    "telephony.callbacks.folding": "what carriers report, kept as it came",
    "telephony.callbacks.reconcile": "what carriers report",
    "telephony.sending.recording": "what carriers answer",
    "telephony.sending.sender": "attempts, rows of their own",
    "warning.escalation.escalation": "deliveries, rows of their own",
    "warning.sources.feed_poll": "where a feed stands; the intake notes what it brings",
    "warning.audience.planner": "recipients, fixed by the approval that is noted",
    "warning.audience.readmission": "strikes that lapse with time",
    "warning.figures.tallies": "figures, counted anew from what was noted",
    "warning.people.import_book": "how far a file is; the import itself is noted",
    "warning.audience.repeats": "deliveries of an alert whose plan was approved",
}
PACKAGES = ("accounts", "ops", "responders", "telephony", "warning")
#: What leaves an entry: the audit itself, or a function that is given the transaction.
NOTES = ("audit.append", "note", "book")


def commits_of(tree: ast.AST) -> bool:
    """Whether something is made true here."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        for node in ast.walk(tree)
    )


def notes_of(tree: ast.AST) -> bool:
    """Whether an entry is left here."""
    return any(
        isinstance(node, ast.Call)
        and any(word in ast.unparse(node.func) for word in NOTES)
        for node in ast.walk(tree)
    )


def silent_modules() -> set[str]:
    """Modules that commit and never leave an entry."""
    return {
        module_name(path)
        for path in source_files()
        if module_name(path).partition(".")[0] in PACKAGES
        and commits_of(tree_of(path))
        and not notes_of(tree_of(path))
    }


def test_whatever_commits_is_noted_or_says_why_not() -> None:
    """A new one that leaves no entry needs a reason here."""
    assert silent_modules() <= set(NO_ACTS)


def test_the_check_itself_sees() -> None:
    """It tells a commit with an entry from one without."""
    bare = ast.parse("with new_uow() as uow:\n    uow.x.save(1)\n    uow.commit()")
    noted = ast.parse("uow.audit.append(at=1)\nuow.commit()")

    assert commits_of(bare)
    assert not notes_of(bare)
    assert notes_of(noted)


def test_other_systems_may_ask_for_every_event_there_is() -> None:
    """And for none that never happens: it would be awaited for ever."""
    written = {
        f"alert.{kind.value}" for kind in (AlertKind.ALL_CLEAR, AlertKind.CORRECTION)
    }
    for path in source_files():
        if path.name != "webhooks.py":
            written |= set(_EVENT.findall(path.read_text(encoding="utf-8")))
    assert written == set(EVENTS)
