"""Texts of citizens: done, and answered once, in the transaction that reads them.

What a text says of an alert (understood, safe, help, stop) is left to those who come
after, who tell the alert; here the person is told that it was heard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ivr_scripts.keywords import UNCLEAR, Command, CommandKind
from telephony.callbacks.event_reading import REPLY_WINDOW, InboundText
from warning.citizens.citizen_answers import Addressee, AnswerWriter
from warning.citizens.citizen_dialogue import Dialogue, Reply, Turn
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.conversation import Asked, Conversation

#: They may answer an alert: left to those who know what was sent last.
_FOR_OTHERS = frozenset(
    {
        CommandKind.REPLY,
        CommandKind.HELP,
        CommandKind.SAFE,
        CommandKind.STOP,
        CommandKind.START,
    }
)
#: Replies to a warning that ask nothing of us: understood, safe.
_PLAIN = frozenset({"1", "2"})
#: Answers that people wait for however much they have written before.
_VITAL = frozenset({"stopped", "help_noted"})
_ANSWERED_BY = {Asked.PLACE: CommandKind.PLACE, Asked.REPORT: CommandKind.REPORT}


@dataclass(frozen=True, kw_only=True, slots=True)
class CitizenTexts:
    """Reads the texts of citizens.

    Parameters
    ----------
    understand : callable
        Text and language → what it asks for (``ivr_scripts.keywords``).
    writer : AnswerWriter
        Answers.
    dialogue : Dialogue
        Does what is asked for.
    default_language : str
        Of numbers of which nothing is known.
    is_thanking : bool
        Whether who confirms a warning or is safe is thanked by a text: one more for
        each, at the carrier's price.
    """

    understand: Callable[[str, str], Command]
    writer: AnswerWriter
    dialogue: Dialogue
    default_language: str
    is_thanking: bool = False

    def expect(self, uow: UnitOfWork, phones: Sequence[str]) -> None:
        """Texts of these numbers come next."""
        uow.subscribers.expect(phones)
        uow.citizens.expect(phones)

    def read_text(self, uow: UnitOfWork, text: InboundText) -> bool:
        """Deal with a text; False leaves what it says of an alert to others."""
        talk = uow.citizens.conversation(text.phone)
        if talk.is_echo(text.body):
            return True
        if self._needs_no_answer(uow, text, talk):
            return False
        known = self.language_of(uow, text.phone)
        command = self.understand(text.body, known)
        command = self._meant(uow, text, talk, command)
        turn = Turn(
            uow=uow,
            text=text,
            language=known or self._guess(command),
            asked=talk.waits_for(text.at),
        )
        reply = self.dialogue.take(turn, command)
        is_vital = reply is not None and reply.key in _VITAL
        talk, is_due = talk.hears(text.body, text.at, is_vital=is_vital)
        if reply is not None:
            talk = self._answer(turn, talk, reply, is_due=is_due)
        uow.citizens.keep(text.phone, talk, now=text.at)
        return command.kind not in _FOR_OTHERS

    def _needs_no_answer(
        self, uow: UnitOfWork, text: InboundText, talk: Conversation
    ) -> bool:
        """Whether it only confirms a warning, as a whole country may within minutes."""
        if self.is_thanking or talk.waits_for(text.at) is not Asked.NOTHING:
            return False
        command = self.understand(text.body, "")
        if command.kind is not CommandKind.REPLY or command.digit not in _PLAIN:
            return False
        since = text.at - REPLY_WINDOW
        return uow.queue.latest_attempt_to(text.phone, since=since) is not None

    def language_of(self, uow: UnitOfWork, phone: str) -> str:
        """The language of a number; empty if unknown."""
        person = uow.subscribers.find_by_phone(phone)
        return person.language if person else uow.citizens.conversation(phone).language

    def _guess(self, command: Command) -> str:
        """The language of a stranger: that of their words, where these have one.

        STOP is the same word in half of all languages.
        """
        is_telling = command.kind is not CommandKind.STOP
        return (command.language if is_telling else "") or self.default_language

    def _meant(
        self,
        uow: UnitOfWork,
        text: InboundText,
        talk: Conversation,
        command: Command,
    ) -> Command:
        """What a text asks for, with what was asked and sent before."""
        asked = talk.waits_for(text.at)
        if command.kind is CommandKind.REPLY:
            since = text.at - REPLY_WINDOW
            if asked is Asked.LANGUAGE and talk.asked_at is not None:
                # An alert that came after our question is what a digit answers.
                since = max(since, talk.asked_at)
            if uow.queue.latest_attempt_to(text.phone, since=since) is not None:
                return command
            is_choice = asked is Asked.LANGUAGE
            return self.dialogue.chosen_language(command) if is_choice else UNCLEAR
        if command.kind is CommandKind.UNCLEAR and asked in _ANSWERED_BY:
            return Command(_ANSWERED_BY[asked], text.body.strip())
        return command

    def _answer(
        self, turn: Turn, talk: Conversation, reply: Reply, *, is_due: bool
    ) -> Conversation:
        """Queue an answer if one is due, and note what was asked."""
        at, phone = turn.text.at, turn.text.phone
        talk = talk.asks(reply.asks, at)
        if reply.language:
            talk = replace(talk, language=reply.language)
        is_unclear = reply.key == "unclear"
        if not is_due or (is_unclear and not talk.may_say_unclear(at)):
            return talk
        language = reply.language or turn.language
        words = reply.text or self.writer.words(language, reply.key, **reply.values)
        person = turn.uow.subscribers.find_by_phone(phone)
        to = Addressee(
            phone=phone,
            person=person.subscriber_id if person else 0,
            language=language,
        )
        ref = str(turn.text.event_id)
        self.writer.send(turn.uow.outbox, to, words, key=reply.key, ref=ref, at=at)
        return talk.answers(words, at, is_unclear=is_unclear)
