"""Handing an alert to a second person, with what is in force at that moment.

Who approves decides by what they see; so what they see is what holds: our texts and the
steps of escalation are those of this moment, whatever is changed later.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from warning.alert import AlertCase
from warning.escalation_ports import RuleTransaction
from warning.texts.text_ports import TextTransaction


class Rulebook(TextTransaction, RuleTransaction, Protocol):
    """A transaction in which everything that is in force can be read."""


def submitted(uow: Rulebook, case: AlertCase, *, by: str, at: datetime) -> AlertCase:
    """Return an alert as it is handed over.

    Parameters
    ----------
    uow : Rulebook
        The transaction in which it is written.
    case : AlertCase
        A draft.
    by : str
        Operator's name.
    at : datetime
        Aware.
    """
    return case.submit(
        by,
        at,
        texts_revision=uow.message_texts.revision(),
        rules_revision=uow.escalation_rules.revision(),
    )
