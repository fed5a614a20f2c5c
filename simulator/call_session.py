"""One call from ringing to its end: the task that performs what the TwiML asks.

The steps come from `simulator.twiml_runner`, the person is a `Party`, the customer's
service is asked through `Callbacks`. The session keeps the call's record and reports
every event; it does not know queues, limits or who else is on the phone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from simulator.call_recordings import keep_recording
from simulator.citizens import CallFate
from simulator.exchange import Exchange
from simulator.party import HungUpError, Party
from simulator.records import Call
from simulator.sound import PLAY_S, SoundError, length_s, wav_length_s
from simulator.twiml import Dial, Play, Prompt, Record
from simulator.twiml_runner import run
from simulator.twiml_steps import (
    SOMLENG_RUNNER,
    TWILIO_RUNNER,
    AskKeys,
    Connect,
    Connected,
    Ending,
    Fetch,
    Fetched,
    Recorded,
    Reply,
    RunnerRules,
    Speak,
    Step,
    TakeRecording,
)

#: Virtual seconds the detection of an answering machine takes.
_DETECTION_S = 4.0

#: Final status and SIP code of a call that was not answered.
_ENDS = {
    CallFate.DEAD: ("failed", 404),
    CallFate.BUSY: ("busy", 486),
    CallFate.NO_ANSWER: ("no-answer", 480),
}
_SIP_OF_STATUS = {"completed": 200, "busy": 486, "no-answer": 480, "failed": 500}


#: Dials others on behalf of a call.
Dialler = Callable[[Call, Dial], Awaitable[Connected]]


class CallSession:
    """One call being made.

    Parameters
    ----------
    call : Call
        Its record, on the shelf already.
    party : Party
        Who is at the phone.
    exchange : Exchange
        What every session works with.
    dial : callable
        Connects the call with others.
    """

    def __init__(
        self, call: Call, party: Party, exchange: Exchange, dial: Dialler
    ) -> None:
        self.call = call
        self.party = party
        self._exchange = exchange
        self._dial = dial
        self._meets_machine = False
        self._part: asyncio.Future[Ending] | None = None
        self._next: Fetch | Fetched | None = None

    async def make(self) -> None:
        """Ring the person, and talk if there is an answer."""
        self._report("initiated")
        self._become("ringing")
        self._report("ringing")
        fate = await self.party.ring(self.call.ring_limit_s)
        if fate in _ENDS:
            status, self.call.sip_code = _ENDS[fate]
            self.end(status)
            return
        self._connect()
        self._meets_machine = fate is CallFate.VOICEMAIL
        await self._talk()

    async def take(self) -> None:
        """Serve a call that a person made to one of the customer's numbers."""
        self._become("ringing")
        await self._talk()

    def redirect(self, start: Fetch | Fetched) -> None:
        """Leave the document that is running and go on with another."""
        self._next = start
        if self._part is not None:
            self._part.cancel()

    def end(self, status: str) -> None:
        """Close the record and report the end; harmless if it is closed."""
        call = self.call
        if call.is_final:
            return
        if call.start_s is not None:
            call.duration_s = round(self.party.elapsed_s)
            call.sip_code = 200
        elif call.sip_code is None and call.status != "queued":
            call.sip_code = _SIP_OF_STATUS.get(status, 487)
        call.end_s = self._exchange.now()
        self._become(status)
        if self._exchange.journal is not None:
            self._exchange.journal.ended(call)
        self._report("completed")

    async def _talk(self) -> None:
        limit_s = self._exchange.timers.real_s(self.call.time_limit_s)
        try:
            ending = await asyncio.wait_for(self._perform_all(), limit_s)
        except HungUpError:
            self._note("hung up", "")
            ending = Ending()
        except TimeoutError:
            ending = Ending()
        for warning in ending.warnings:
            self._note("warning", warning)
            self._exchange.ledger.counters["calls.warnings"] += 1
        if self.call.start_s is not None:
            self.end("completed")
        elif ending.warnings:
            self.end("failed")
        else:
            # Only a call that was never answered can be rejected.
            self.end(ending.status)

    async def _perform_all(self) -> Ending:
        """Perform the first document and whatever the call is redirected to.

        Raises
        ------
        CancelledError
            If the call is ended from outside.
        """
        if self.call.machine_detection and self.call.detection_callback:
            self._exchange.timers.after(_DETECTION_S, self._detect_beside)
        elif self.call.machine_detection:
            await self._detect()
        self._next = self._start()
        while True:
            start, self._next = self._next, None
            assert start is not None
            self._part = asyncio.ensure_future(self._perform(start))
            try:
                return await self._part
            except asyncio.CancelledError:
                if self._next is None:
                    self._part.cancel()
                    raise

    async def _perform(self, start: Fetch | Fetched) -> Ending:
        steps = run(start, self._runner_rules())
        reply: Reply = None
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as stop:
                ending = stop.value
                assert isinstance(ending, Ending)
                return ending
            reply = await self._step(step)

    def _start(self) -> Fetch | Fetched:
        call = self.call
        if call.url:
            return Fetch(call.url, call.method, [], is_first=True)
        return Fetched(call.twiml or "", "")

    def _runner_rules(self) -> RunnerRules:
        is_twilio = self._exchange.rules.obeys_call_options
        return TWILIO_RUNNER if is_twilio else SOMLENG_RUNNER

    async def _step(self, step: Step) -> Reply:
        if isinstance(step, Fetch):
            return await self._fetch(step)
        # An inbound call counts as answered at the first verb that is heard.
        if self.call.start_s is None:
            self._connect()
        match step:
            case Speak(prompts):
                await self.party.listen(await self._heard(prompts))
                return None
            case AskKeys(gather):
                keys = await self.party.press(gather, await self._heard(gather.prompts))
                self._note("keys", keys)
                return keys
            case TakeRecording(record):
                return await self._record(record)
            case Connect(dial):
                connected = await self._dial(self.call, dial)
                self.party.pass_over(connected.duration_s or 0)
                return connected

    async def _fetch(self, step: Fetch) -> Fetched | None:
        rules, callbacks = self._exchange.rules, self._exchange.callbacks
        form = rules.twiml_request(self.call, is_first=step.is_first) + step.fields
        document = await callbacks.ask(step.url, form, step.method)
        url = step.url
        if document is None and self.call.fallback_url:
            url, self.call.fallback_url = self.call.fallback_url, None
            form += [("ErrorCode", "11200"), ("ErrorUrl", step.url)]
            document = await callbacks.ask(url, form, "POST")
        if document is None:
            return None
        return Fetched(document.decode("utf-8", "replace"), url)

    async def _heard(self, prompts: tuple[Prompt, ...]) -> float:
        """Note what is heard; virtual seconds it lasts."""
        total_s = 0.0
        for prompt in prompts:
            sound_s = PLAY_S
            if isinstance(prompt, Play):
                self._note("sound", prompt.url)
                sound_s = await self._measure(prompt.url)
            elif not hasattr(prompt, "seconds"):
                self._note("speech", prompt.text, language=prompt.language or "")
            total_s += length_s(prompt, sound_s=sound_s)
        return total_s

    async def _measure(self, url: str) -> float:
        """Length of a sound by fetching it, if that is asked for."""
        if not self._exchange.fetch_media:
            return PLAY_S
        counters = self._exchange.ledger.counters
        content = await self._exchange.callbacks.fetch(url)
        if content is None:
            counters["media.missing"] += 1
            self._note("warning", f"11200 the sound is not there: {url}")
            return 0.0
        counters["media.fetched"] += 1
        try:
            return wav_length_s(content)
        except SoundError:
            return PLAY_S

    async def _record(self, record: Record) -> Recorded | None:
        spoken = await self.party.speak(record)
        if spoken is None and not self._runner_rules().records_silence:
            return None
        recorded = keep_recording(self.call, record, spoken, self._exchange)
        root = self._exchange.rules.root
        self._note("recorded", f"{root}/Recordings/{recorded.sid}.wav")
        return recorded

    async def _detect(self) -> None:
        await self.party.listen(_DETECTION_S)
        self.call.answered_by = self._detected()

    def _detect_beside(self) -> None:
        """Tell who answered while the call goes on; too late is not told apart."""
        call, exchange = self.call, self._exchange
        assert call.detection_callback is not None, "asked for"
        call.answered_by = "unknown" if call.is_final else self._detected()
        form = exchange.rules.detection_callback(call, _DETECTION_S)
        exchange.callbacks.post(call.sid, call.detection_callback, form)

    def _detected(self) -> str:
        waits_for_beep = self.call.machine_detection == "DetectMessageEnd"
        if not self._meets_machine:
            return "human"
        return "machine_end_beep" if waits_for_beep else "machine_start"

    def _connect(self) -> None:
        self.call.start_s = self._exchange.now()
        self._become("in-progress")
        self._report("answered")

    def _become(self, status: str) -> None:
        self.call.status = status
        self.call.updated_s = self._exchange.now()
        self._exchange.ledger.counters[f"calls.{status}"] += 1

    def _report(self, event: str) -> None:
        call, rules = self.call, self._exchange.rules
        if call.status_callback and rules.reports(call, event):
            form = rules.call_callback(call, event, self._exchange.now())
            self._exchange.callbacks.post(
                call.sid, call.status_callback, form, call.status_callback_method
            )
            call.n_events += 1

    def _note(self, kind: str, text: str, *, language: str = "") -> None:
        entry = {"kind": kind, "text": text}
        if language:
            entry["language"] = language
        self.call.transcript.append(entry)
