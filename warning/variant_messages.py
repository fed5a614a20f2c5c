"""Every text of an alert: one a language for each thing that people may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from warning.alert import AlertCase, AlertKind
from warning.follow_up_cap import released
from warning.messages import PLAIN, Manner, Message, messages_of
from warning.recipients import Variant

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

    def said(one: AlertCase, variant: Variant) -> Sequence[Message]:
        is_update = variant is Variant.UPDATE
        own = replace(manner, variant=variant.value, is_update=is_update)
        return messages_of(one, own)

    closing = CLOSING.get(case.kind)
    if closing is not None:
        return {closing: said(case, closing)}
    texts = {Variant.WARNING: said(case, Variant.WARNING)}
    if case.kind is AlertKind.UPDATE and old is not None:
        texts[Variant.UPDATE] = said(case, Variant.UPDATE)
        texts[Variant.RELEASED] = said(released(case, old), Variant.RELEASED)
    return texts
