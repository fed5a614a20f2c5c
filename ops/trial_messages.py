"""A text or a call to a number of one's own, to see and hear what arrives."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from ivr_scripts.catalogue import Catalogue, load_catalogue
from telephony.delivery import Channel, Content, Lane
from telephony.numbers import mask
from telephony.sending.own_phones import queue_to_own_phone

if TYPE_CHECKING:
    from ops.ports import UnitOfWork

OWNER_PREFIX = "test:"
#: What scripts of alerts are told by one.
_ALERT_WORDS = frozenset({"source", "event", "area", "instruction", "until"})


class TrialMessages:
    """Sends texts that are no warning.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    parse_phone : callable
        Text → E.164; raises ValueError with a sentence without the number.
    sender : str
        Who the text says it is from.
    now : callable
        Aware UTC.
    catalogue : callable
        What calls say; asked when one is to be made.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        parse_phone: Callable[[str], str],
        sender: str,
        now: Callable[[], datetime],
        catalogue: Callable[[], Catalogue] = load_catalogue,
    ) -> None:
        self._new_uow = new_uow
        self._parse_phone = parse_phone
        self._sender = sender
        self._now = now
        self._catalogue = catalogue

    def send(self, number: str, *, by: str) -> str:
        """Hand a text over to the carriers, behind everything else; return its word.

        Raises
        ------
        ValueError
            If the number cannot be dialled.
        """
        word = uuid.uuid4().hex[:6].upper()
        content = Content(
            owner_ref=f"{OWNER_PREFIX}{word}",
            variant="test",
            language="en",
            sms_text=f"TEST {word} of {self._sender}. This is no warning.",
            script="notice",
            variables={},
        )
        self._hand_over(content, number, Channel.SMS, by=by)
        return word

    def call(self, number: str, *, script: str, language: str, by: str) -> str:
        """Ring a number and go through a script; return the call's word.

        Whatever the script would say of an alert it says that this is an exercise.

        Raises
        ------
        ValueError
            If the number cannot be dialled, or the script cannot be tried so.
        """
        if script not in self.scripts():
            raise ValueError(f"The script {script[:40]!r} cannot be tried by itself.")
        catalogue = self._catalogue()
        exercise = catalogue.text(catalogue.nearest(language), "drill.thanks")
        said = dict.fromkeys(catalogue.script(script).variables, exercise)
        word = uuid.uuid4().hex[:6].upper()
        content = Content(
            owner_ref=f"{OWNER_PREFIX}{word}",
            variant="test",
            language=language,
            sms_text="",
            script=script,
            variables=said | {"source": self._sender},
        )
        self._hand_over(content, number, Channel.VOICE, by=by)
        return word

    def scripts(self) -> list[str]:
        """Scripts that need nothing but an alert's words, sorted."""
        known = self._catalogue().scripts
        return sorted(
            name for name, script in known.items() if script.variables == _ALERT_WORDS
        )

    def _hand_over(
        self, content: Content, number: str, channel: Channel, *, by: str
    ) -> None:
        phone, now = self._parse_phone(number), self._now()
        with self._new_uow() as uow:
            queue_to_own_phone(
                uow.outbox, content, phone, channel=channel, lane=Lane.DRILL, now=now
            )
            uow.audit.append(
                at=now,
                actor=by,
                action="carrier.test",
                subject=content.owner_ref,
                details={"to": mask(phone), "channel": channel.word},
            )
            uow.commit()
