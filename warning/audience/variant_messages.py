"""Every text of an alert: one a language for each thing that people may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from warning.alert import AlertCase, AlertKind
from warning.intake.follow_up_cap import released
from warning.recipients import Variant
from warning.texts.manner import PLAIN, Manner
from warning.texts.messages import Message, messages_of

#: What a closing alert tells everybody whom it concerns.
CLOSING: Mapping[AlertKind, Variant] = {
    AlertKind.ALL_CLEAR: Variant.ALL_CLEAR,
    AlertKind.WITHDRAWAL: Variant.WITHDRAWAL,
    AlertKind.CORRECTION: Variant.CORRECTION,
}


def messages_by_variant(
    case: AlertCase, old: AlertCase | None, manner: Manner = PLAIN
) -> Mapping[Variant, Sequence[Message]]:
    """What an alert says, by what each person is told.

    Parameters
    ----------
    case : AlertCase
    old : AlertCase or None
        The alert that it follows.
    manner : Manner
        How the installation puts things.
    """
    return {
        variant: messages_of(said, own)
        for variant, (said, own) in cases_by_variant(case, old, manner).items()
    }


def cases_by_variant(
    case: AlertCase, old: AlertCase | None, manner: Manner = PLAIN
) -> Mapping[Variant, tuple[AlertCase, Manner]]:
    """What is put into words for each variant, and how; see ``messages_by_variant``."""
    closing = CLOSING.get(case.kind)
    said = {closing or Variant.WARNING: case}
    if case.kind is AlertKind.UPDATE and old is not None:
        said[Variant.UPDATE] = case
        said[Variant.RELEASED] = released(case, old, manner.texts)
    return {
        variant: (
            one,
            replace(
                manner,
                variant=variant.value,
                is_update=variant is Variant.UPDATE,
            ),
        )
        for variant, one in said.items()
    }
