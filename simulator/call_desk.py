"""All calls of the telco: who may be called now, who waits, who talks.

Owns the tasks. A call over the limits is refused by the resource (Twilio) or waits here
for its turn (Somleng); a person at a phone is found here by the control interface.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import replace

from simulator.call_session import CallSession
from simulator.citizens import CallFate, CallPlan
from simulator.exchange import Exchange
from simulator.pace import Pace
from simulator.party import CitizenParty, HumanParty, Party
from simulator.records import Call
from simulator.twiml import Dial
from simulator.twiml_steps import Connected, Fetch, Fetched

_log = logging.getLogger(__name__)

#: Virtual seconds two citizens talk when one is connected with the other.
_TALK_S = 30.0


class CallDesk:
    """Makes, takes and ends calls.

    Parameters
    ----------
    exchange : Exchange
        What sessions work with.
    pace : Pace
        Gives each call its turn.
    max_live : int or None
        Calls at once; None: no limit.
    monotonic : callable
        Seconds, for people at phones.
    """

    def __init__(
        self,
        *,
        exchange: Exchange,
        pace: Pace,
        max_live: int | None,
        monotonic: Callable[[], float],
    ) -> None:
        self._exchange = exchange
        self._pace = pace
        self._max_live = max_live
        self._monotonic = monotonic
        #: Accepted and not made yet, by SID; those whose turn has come are ready.
        self._waiting: dict[str, Call] = {}
        self._ready: deque[Call] = deque()
        self._live: dict[str, CallSession] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def n_live(self) -> int:
        """Calls ringing or talking."""
        return len(self._live)

    @property
    def n_waiting(self) -> int:
        """Calls in the queue."""
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether one more call would be too many."""
        taken = len(self._live) + len(self._waiting)
        return self._max_live is not None and taken >= self._max_live

    def accept(self, call: Call) -> None:
        """Take an outbound call in and make it when its turn comes."""
        ledger, journal = self._exchange.ledger, self._exchange.journal
        ledger.calls.add(call)
        ledger.counters["calls.accepted"] += 1
        if journal is not None:
            journal.accepted("call", call)
        self._waiting[call.sid] = call
        is_queued = not self._exchange.rules.refuses_over_pace
        wait_s = self._pace.slot_s() if is_queued else 0.0
        self._exchange.timers.after_real(wait_s, self._turn_of, call)

    def call_from(
        self, phone: str, to: str, *, url: str, plan: CallPlan | None
    ) -> Call:
        """Let a person call one of the customer's numbers.

        Parameters
        ----------
        phone, to : str
            Who calls, and which number of the customer's.
        url : str
            Asked for TwiML.
        plan : CallPlan or None
            What a citizen does; None: a person holds the phone.
        """
        now = self._exchange.now()
        call = Call(
            sid=self._exchange.rules.new_sid("CA"),
            to=to,
            from_=phone,
            status="queued",
            direction="inbound",
            created_s=now,
            updated_s=now,
            url=url,
        )
        self._exchange.ledger.calls.add(call)
        self._exchange.ledger.counters["calls.inbound"] += 1
        party = self._party(plan)
        if isinstance(party, HumanParty):
            party.start_talking()
        session = CallSession(call, party, self._exchange, self._dial)
        self._run(session, session.take())
        return call

    def hang_up(self, call: Call, status: str) -> None:
        """End a call from the customer's side with ``canceled`` or ``completed``."""
        session = self._live.get(call.sid)
        if session is None:
            self._waiting.pop(call.sid, None)
            session = CallSession(
                call, self._party(_NOBODY), self._exchange, self._dial
            )
        task = self._tasks.get(call.sid)
        if task is not None:
            task.cancel()
        # What has not been answered can only be cancelled.
        session.end("canceled" if call.start_s is None else status)

    def redirect(self, call: Call, start: Fetch | Fetched) -> bool:
        """Send a live call to another document; False if it does not talk."""
        session = self._live.get(call.sid)
        if session is None or call.start_s is None:
            return False
        session.redirect(start)
        return True

    def human_at(self, phone: str) -> tuple[Call, HumanParty] | None:
        """Call that a person at this phone is in, or None."""
        for session in self._live.values():
            if isinstance(session.party, HumanParty) and session.call.phone == phone:
                return session.call, session.party
        return None

    async def aclose(self) -> None:
        """Break off every call without reporting it."""
        tasks = list(self._tasks.values())
        self._waiting.clear()
        self._ready.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._live.clear()
        self._tasks.clear()

    def _turn_of(self, call: Call) -> None:
        self._ready.append(call)
        self._make_ready()

    def _make_ready(self) -> None:
        while self._ready and not self._has_no_line():
            call = self._ready.popleft()
            if self._waiting.pop(call.sid, None) is None:
                continue
            plan = None
            if not self._exchange.phones.is_human(call.phone):
                plan = self._exchange.phones.call_plan(call.phone, call.nth)
            session = CallSession(call, self._party(plan), self._exchange, self._dial)
            self._run(session, session.make())

    def _has_no_line(self) -> bool:
        return self._max_live is not None and len(self._live) >= self._max_live

    def _party(self, plan: CallPlan | None) -> Party:
        if plan is None:
            return HumanParty(self._monotonic)
        return CitizenParty(plan, self._exchange.timers)

    def _run(self, session: CallSession, talk: Coroutine[object, object, None]) -> None:
        sid = session.call.sid
        self._live[sid] = session
        task = asyncio.get_running_loop().create_task(talk)
        self._tasks[sid] = task
        task.add_done_callback(lambda done: self._over(session, done))

    def _over(self, session: CallSession, task: asyncio.Task[None]) -> None:
        self._live.pop(session.call.sid, None)
        self._tasks.pop(session.call.sid, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("a call met a defect", exc_info=error)
            self._exchange.ledger.counters["calls.broken"] += 1
            session.end("failed")
        self._make_ready()

    async def _dial(self, parent: Call, dial: Dial) -> Connected:
        """Dial one number after another until one answers."""
        connected = Connected("no-answer")
        for number in dial.numbers:
            connected = await self._dial_one(parent, dial, number)
            if connected.status == "completed":
                break
        return connected

    async def _dial_one(self, parent: Call, dial: Dial, number: str) -> Connected:
        now = self._exchange.now()
        call = Call(
            sid=self._exchange.rules.new_sid("CA"),
            to=number,
            from_=dial.caller_id or parent.from_,
            status="queued",
            direction="outbound-dial",
            created_s=now,
            updated_s=now,
            ring_limit_s=dial.timeout_s,
            parent_sid=parent.sid,
            twiml=f'<Response><Gather timeout="{_TALK_S:.0f}"/></Response>',
        )
        self._exchange.ledger.calls.add(call)
        is_human = self._exchange.phones.is_human(number)
        plan = None if is_human else self._exchange.phones.call_plan(number, call.nth)
        if plan is not None and plan.fate is CallFate.ANSWERED:
            plan = replace(plan, keys=(), patience_s=_TALK_S)
        party = self._party(plan)
        session = CallSession(call, party, self._exchange, self._dial)
        self._run(session, session.make())
        try:
            await asyncio.wait({self._tasks[call.sid]})
        except asyncio.CancelledError:
            # Who asked for the connection is gone: nobody is left to talk to.
            self.hang_up(call, "completed")
            raise
        return Connected(call.status, call.sid, call.duration_s)


_NOBODY = CallPlan(fate=CallFate.NO_ANSWER, ring_s=0.0)
