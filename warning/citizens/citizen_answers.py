"""What we answer to citizens, handed over as deliveries like everything else.

They ride in the warnings' lane. What somebody waits for goes ahead of the queue of a
large alert; a mere thank-you waits its turn behind it (``docs/adr/0070``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr_scripts.catalogue import Catalogue
from ivr_scripts.model import Prompt
from telephony.delivery import (
    ANSWER_PREFIX,
    CALL_BACK_PREFIX,
    Channel,
    Content,
    ContentId,
    Lane,
    NewDelivery,
)
from telephony.ports import Outbox

#: After this an answer is to nothing that anybody remembers.
_HOLDS = timedelta(hours=1)
_CALL_BACK_HOLDS = timedelta(minutes=20)
#: So far ahead of what is queued already: a lane is served by due time.
_AHEAD = timedelta(days=1)
#: Both telcos refuse longer texts.
MAX_TEXT = 1_600
#: What a text that nobody would be called with names as its script.
TEXT_ONLY = "case_news"
#: Nobody waits for these.
_COURTESIES = frozenset({"confirmed", "safe_noted"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressee:
    """Who is answered."""

    phone: str
    #: 0 for a number that is not registered.
    person: int
    language: str


@dataclass(frozen=True, slots=True)
class AnswerWriter:
    """Writes answers.

    Parameters
    ----------
    catalogue : Catalogue
        The words of every language.
    """

    catalogue: Catalogue

    def words(self, tag: str, key: str, /, **values: str) -> str:
        """Words for a key below ``sms.``, in a language or its fall-back."""
        nearest = self.catalogue.nearest(tag)
        text = self.catalogue.wording(Prompt(nearest, f"sms.{key}"), values).text
        return text[:MAX_TEXT]

    def languages(self) -> list[tuple[str, str]]:
        """Tag and own name of each language that has words for citizens."""
        texts = self.catalogue.texts
        return [
            (tag, texts[tag].name)
            for tag in self.catalogue.languages
            if "sms.welcome" in texts[tag].prompts
        ]

    def send(
        self,
        outbox: Outbox,
        to: Addressee,
        text: str,
        *,
        key: str,
        ref: str,
        at: datetime,
    ) -> None:
        """Queue a text; the same ``ref`` queues it once.

        Parameters
        ----------
        key : str
            What kind of answer it is.
        ref : str
            Of the event that is answered.
        """
        owner = f"{ANSWER_PREFIX}{ref}"
        self._queue(
            outbox,
            to,
            Content(
                owner_ref=owner,
                variant=key,
                language=to.language,
                sms_text=text,
                script=TEXT_ONLY,
                variables={"message": text},
            ),
            channel=Channel.SMS,
            not_before=at if key in _COURTESIES else at - _AHEAD,
            deadline=at + _HOLDS,
        )

    def call(
        self, outbox: Outbox, to: Addressee, script: str, *, ref: str, at: datetime
    ) -> None:
        """Queue a call that asks by a script."""
        self._queue(
            outbox,
            to,
            Content(
                owner_ref=f"{CALL_BACK_PREFIX}{ref}",
                variant=script,
                language=to.language,
                sms_text="",
                script=script,
            ),
            channel=Channel.VOICE,
            not_before=at - _AHEAD,
            deadline=at + _CALL_BACK_HOLDS,
        )

    @staticmethod
    def _queue(
        outbox: Outbox,
        to: Addressee,
        content: Content,
        *,
        channel: Channel,
        not_before: datetime,
        deadline: datetime,
    ) -> None:
        delivery = NewDelivery(
            owner_ref=content.owner_ref,
            recipient_id=to.person,
            phone=to.phone,
            channel=channel,
            content_id=ContentId(0),
            lane=Lane.WARNING,
            position=0,
            not_before=not_before,
            deadline=deadline,
        )
        outbox.post(content, delivery)
