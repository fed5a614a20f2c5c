"""What a call says, found for every step of every call: asked often, so kept.

Texts never change once written, nor does which of them an attempt speaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from telephony.delivery import AttemptId, CallContext, ContentId
from telephony.ports import UnitOfWork

#: Texts kept at most; a live alert has one a language.
_MAX_KEPT = 1_000
#: Attempts of which it is known what they speak: more than talk at once, by far.
_MAX_ATTEMPTS = 100_000
#: Of no text.
_NONE = ContentId(0)


class CallContexts:
    """Finds the context of a call by its attempt.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    """

    def __init__(self, read_uow: Callable[[], UnitOfWork]) -> None:
        self._read_uow = read_uow
        self._kept: dict[ContentId, CallContext] = {}
        self._spoken_in: dict[AttemptId, ContentId] = {}

    def __call__(self, attempt_id: AttemptId) -> CallContext | None:
        """Return what the attempt's script says; None if it was never made."""
        known = self._kept.get(self._spoken_in.get(attempt_id, _NONE))
        context = known or self._read(attempt_id)
        return None if context is None else replace(context, attempt_id=attempt_id)

    def _read(self, attempt_id: AttemptId) -> CallContext | None:
        with self._read_uow() as uow:
            content_id = uow.queue.content_of(attempt_id)
            if content_id is None:
                return None
            context = self._kept.get(content_id)
            if context is None:
                context = uow.queue.call_context(attempt_id)
                if context is None:
                    return None
        self._keep(attempt_id, context)
        return context

    def _keep(self, attempt_id: AttemptId, context: CallContext) -> None:
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        if len(self._spoken_in) >= _MAX_ATTEMPTS:
            self._spoken_in.clear()
        self._kept[context.content_id] = context
        self._spoken_in[attempt_id] = context.content_id
