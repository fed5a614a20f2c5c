"""A text message's way: accepted, sent, delivered or not, and the person's answer.

Everything between is an entry in the timers; only a question to the customer's service
(for an inbound text) is a task of its own.
"""

from __future__ import annotations

import asyncio
from math import inf

from simulator.citizens import SmsFate, SmsPlan
from simulator.errors import TwimlError
from simulator.exchange import Exchange
from simulator.inbound_answers import texts_in
from simulator.pace import Pace
from simulator.records import Message
from simulator.segments import n_segments

#: Virtual seconds a message spends with the carrier before it is sent.
_HANDLING_S = 0.2
_STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
_START_WORDS = frozenset({"START", "YES", "UNSTOP"})
_CODE_OF_FATE = {SmsFate.DEAD: "30005", SmsFate.UNREACHABLE: "30003"}
_CODE_EXPIRED = "30036"
#: How often a text is offered again to a service that does not take it.
_MAX_OFFERS = 3


class MessageLine:
    """Carries text messages in both directions.

    Parameters
    ----------
    exchange : Exchange
        The telco's own parts.
    pace : Pace
        Gives each message its turn.
    """

    def __init__(self, *, exchange: Exchange, pace: Pace) -> None:
        self._exchange = exchange
        self._pace = pace
        self._questions: set[asyncio.Task[None]] = set()

    @property
    def n_questions(self) -> int:
        """Inbound texts the customer's service is being told of."""
        return len(self._questions)

    def accept(self, message: Message) -> None:
        """Take a message in and send it when its turn comes."""
        self._exchange.ledger.messages.add(message)
        self._exchange.ledger.counters["messages.accepted"] += 1
        if self._exchange.journal is not None:
            self._exchange.journal.accepted("message", message)
        self.resume(message)

    def resume(self, message: Message) -> None:
        """Send a message that is on the shelf already."""
        wait_s = 0.0 if self._exchange.rules.refuses_over_pace else self._pace.slot_s()
        wait_s += self._exchange.timers.real_s(_HANDLING_S)
        self._exchange.timers.after_real(wait_s, self._send, message)

    def cancel(self, message: Message) -> bool:
        """Cancel a message that has not left; False if it is too late."""
        if message.status not in {"queued", "accepted", "scheduled"}:
            return False
        self._become(message, "canceled")
        return True

    def text_from(self, phone: str, to: str, body: str) -> Message:
        """Let a person text one of the customer's numbers."""
        now = self._exchange.now()
        message = Message(
            sid=self._exchange.rules.new_sid("SM"),
            to=to,
            from_=phone,
            body=body,
            status="received",
            direction="inbound",
            created_s=now,
            updated_s=now,
            sent_s=now,
            n_segments=n_segments(body),
        )
        self._exchange.ledger.messages.add(message)
        self._exchange.ledger.counters["messages.inbound"] += 1
        if self._exchange.rules.keeps_opt_outs:
            self._heed_opt_out(message)
        url = self._exchange.numbers.sms_url(to)
        if url is not None:
            self._offer(message, url, 1)
        return message

    async def aclose(self) -> None:
        """Break off what is being asked."""
        for task in self._questions:
            task.cancel()
        await asyncio.gather(*self._questions, return_exceptions=True)

    def _send(self, message: Message) -> None:
        if message.is_final:
            return
        left_s = self._validity_left_s(message)
        if left_s <= 0.0:
            self._fail(message, "failed", _CODE_EXPIRED)
            return
        message.sent_s = self._exchange.now()
        self._become(message, "sent")
        plan = self._exchange.phones.sms_plan(message.phone, message.nth)
        if left_s < plan.after_s:
            self._exchange.timers.after(
                left_s, self._fail, message, "failed", _CODE_EXPIRED
            )
        elif plan.fate is SmsFate.DELIVERED:
            self._exchange.timers.after(plan.after_s, self._arrive, message, plan)
        else:
            code = _CODE_OF_FATE[plan.fate]
            self._exchange.timers.after(
                plan.after_s, self._fail, message, "undelivered", code
            )

    def _validity_left_s(self, message: Message) -> float:
        """Virtual seconds in which it may still be delivered."""
        if message.validity_s is None:
            return inf
        waited_s = self._exchange.timers.virtual_s(
            self._exchange.now() - message.created_s
        )
        return message.validity_s - waited_s

    def _arrive(self, message: Message, plan: SmsPlan) -> None:
        self._become(message, "delivered")
        # An answer to an answer would make two machines talk for ever.
        if plan.reply is not None and message.direction == "outbound-api":
            reply = (message.phone, message.from_, plan.reply)
            self._exchange.timers.after(plan.reply_after_s, self._reply, *reply)

    def _reply(self, phone: str, to: str, body: str) -> None:
        self.text_from(phone, to, body)

    def _fail(self, message: Message, status: str, code: str) -> None:
        message.error_code = self._exchange.rules.error_code(code)
        self._become(message, self._exchange.rules.message_status(status))

    def _become(self, message: Message, status: str) -> None:
        message.status = status
        message.updated_s = self._exchange.now()
        self._exchange.ledger.counters[f"messages.{status}"] += 1
        if self._exchange.journal is not None and message.is_final:
            self._exchange.journal.ended(message)
        if message.status_callback:
            form = self._exchange.rules.message_callback(message)
            self._exchange.callbacks.post(message.sid, message.status_callback, form)

    def _heed_opt_out(self, message: Message) -> None:
        word, pair = message.body.strip().upper(), (message.from_, message.to)
        if word in _STOP_WORDS:
            self._exchange.ledger.opt_outs.add(pair)
        elif word in _START_WORDS:
            self._exchange.ledger.opt_outs.discard(pair)

    def _offer(self, message: Message, url: str, nth: int) -> None:
        task = asyncio.get_running_loop().create_task(self._ask(message, url, nth))
        self._questions.add(task)
        task.add_done_callback(self._questions.discard)

    async def _ask(self, message: Message, url: str, nth: int) -> None:
        """Tell the customer of a text; send back what the answer holds."""
        answer = await self._exchange.callbacks.ask(
            url, self._exchange.rules.inbound_message(message)
        )
        try:
            texts = texts_in(answer) if answer is not None else None
        except TwimlError:
            self._exchange.ledger.counters["questions.unusable"] += 1
            texts = None
        if texts is None:
            # Somleng takes an empty or broken answer for an error and repeats.
            again_s = self._exchange.rules.repeats_callback_after_s
            if again_s is not None and nth < _MAX_OFFERS:
                self._exchange.timers.after(again_s, self._offer, message, url, nth + 1)
            return
        for text in texts:
            self._answer(message, text.body, text.to, text.status_callback)

    def _answer(
        self, inbound: Message, body: str, to: str | None, status_callback: str | None
    ) -> None:
        now = self._exchange.now()
        self.accept(
            Message(
                sid=self._exchange.rules.new_sid("SM"),
                to=to or inbound.from_,
                from_=inbound.to,
                body=body,
                status="queued",
                direction="outbound-reply",
                created_s=now,
                updated_s=now,
                status_callback=status_callback,
                n_segments=n_segments(body),
            )
        )
