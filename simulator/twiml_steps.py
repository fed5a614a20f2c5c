"""What a TwiML run asks its call to do, and what it is told: steps and replies."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.forms import Pairs
from simulator.twiml import Dial, Gather, Prompt, Record

_REDIRECT_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Fetch:
    """Step: ask for a document. Reply: `Fetched`, or None if there was none."""

    url: str
    method: str
    #: Fields beyond those every request carries.
    fields: Pairs
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """Reply: a document and the address it came from."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Speak:
    """Step: let the person hear prompts. Reply: None."""

    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class AskKeys:
    """Step: prompts and a question. Reply: the keys pressed as text."""

    gather: Gather


@dataclass(frozen=True, slots=True)
class TakeRecording:
    """Step: record. Reply: `Recorded`, or None for silence."""

    record: Record


@dataclass(frozen=True, slots=True)
class Recorded:
    """Reply: where the recording is and what ended it."""

    sid: str
    url: str
    duration_s: int
    #: The key pressed, or ``hangup``.
    ended_by: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Step: dial others. Reply: `Connected`."""

    dial: Dial


@dataclass(frozen=True, slots=True)
class Connected:
    """Reply: how dialling went."""

    status: str
    sid: str | None = None
    duration_s: int | None = None


Step = Fetch | Speak | AskKeys | TakeRecording | Connect
Reply = Fetched | str | Recorded | Connected | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunnerRules:
    """Where the dialects differ in running TwiML."""

    #: Somleng: an unknown verb drops the rest of the document and ends the call.
    stops_at_unknown: bool
    #: Twilio: an inline document has an address to resolve against, and media too.
    resolves_media: bool
    #: Virtual seconds before a redirect.
    redirect_wait_s: float = 0.0
    #: Twilio: the action hears of a recording's id and of the key that ended it.
    describes_recordings: bool = True
    #: Somleng: whoever says nothing has left a recording of it.
    records_silence: bool = False


TWILIO_RUNNER = RunnerRules(stops_at_unknown=False, resolves_media=True)
SOMLENG_RUNNER = RunnerRules(
    stops_at_unknown=True,
    resolves_media=False,
    redirect_wait_s=_REDIRECT_WAIT_S,
    describes_recordings=False,
    records_silence=True,
)


@dataclass(slots=True)
class Ending:
    """How a run ended."""

    #: ``completed``, or ``busy`` / ``no-answer`` for a rejected inbound call.
    status: str = "completed"
    #: What the telco would have written into its debugger.
    warnings: list[str] = field(default_factory=list)
