"""What callbacks mean, worked out in batches after they are durable.

Duplicates and disorder are harmless: every event becomes a report on its attempt, and a
report only ever moves an attempt forward. An event of an attempt that was never made,
or with a word that nobody knows, is kept for a person to look at; so is one that cannot
be dealt with at all, and it does not hold up the others.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from telephony.callbacks.event_reading import CallListener, EventReader, TextReader
from telephony.callbacks.findings import Findings, id_of
from telephony.callbacks.verdicts import Verdicts
from telephony.carriers.gateway import FailureClass
from telephony.delivery import CarrierEvent, Channel
from telephony.portions import Portion
from telephony.ports import UnitOfWork
from telephony.sending.apart import write_apart
from telephony.sending.listeners import Listeners
from telephony.sending.senders import LifeListener, TextListener

log = logging.getLogger(__name__)

#: Events dealt with together: states of messages cost little, texts of people much.
_LEAST, _MOST = 50, 2_000
#: Events dealt with one by one when they cannot be dealt with together.
_APART = 200

U = TypeVar("U", bound=UnitOfWork)
#: Carrier, channel, failure, sentence.
OnFault = Callable[[str, Channel, FailureClass, str], None]


class EventFolder(Generic[U]):
    """Turn kept callbacks into states, and tell the owners.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    listeners : Listeners
        Told in the transaction that folds.
    texts : TextListener
        For texts that answer nothing.
    meaning_of : callable
        Text and language → answer such as ``CONFIRMED`` or ``OPTED_OUT``; None if
        unclear.
    verdicts : Verdicts
        What a carrier's word comes to.
    now : callable
        Aware UTC.
    on_fault : callable, optional
        Told, once it is recorded, what carriers said late of our account or sender.
    life : LifeListener, optional
        Hears which numbers wrote or rang of themselves.
    first : sequence of TextReader
        Read texts ahead of everybody else.
    calls : CallListener, optional
        For calls that people make to us.
    language_of : callable, optional
        Number → language of its owner.
    ends_for : sequence of str, optional
        Beginnings of owners who want to hear when a call of theirs is over.
    monotonic : callable, optional
        Seconds that only grow.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], U],
        read_uow: Callable[[], U],
        listeners: Listeners[U],
        texts: TextListener[U],
        meaning_of: Callable[[str, str], str | None],
        verdicts: Verdicts,
        now: Callable[[], datetime],
        on_fault: OnFault | None = None,
        life: LifeListener[U] | None = None,
        first: Sequence[TextReader[U]] = (),
        calls: CallListener[U] | None = None,
        language_of: Callable[[U, str], str] | None = None,
        ends_for: Sequence[str] = (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._listeners = listeners
        self._reader = EventReader(
            texts=texts,
            meaning_of=meaning_of,
            verdicts=verdicts,
            first=first,
            calls=calls,
            language_of=language_of,
            ends_for=ends_for,
        )
        self._now = now
        self._on_fault = on_fault
        self._life = life
        self._monotonic = monotonic
        self._portion = Portion(first=_LEAST, least=_LEAST, most=_MOST)

    def run_once(self) -> int:
        """Fold the oldest events; return how many there were."""
        if not self._has_news():
            return 0
        try:
            with self._new_uow() as uow:
                start = self._monotonic()
                events = uow.events.unfolded(limit=self._portion.size)
                findings = self._fold(uow, events)
                uow.commit()
            self._portion.took(len(events), self._monotonic() - start)
        except Exception:
            log.exception("callbacks not folded together")
            return self._fold_apart()
        self._tell_faults(findings)
        return len(events)

    def _has_news(self) -> bool:
        """Asked ten times a second: whoever writes is not disturbed for nothing."""
        with self._read_uow() as uow:
            return uow.events.unfolded_since() is not None

    def _fold_apart(self) -> int:
        """Fold one by one, so that an event nobody can fold stands alone."""
        with self._new_uow() as uow:
            events = uow.events.unfolded(limit=_APART)
        lost = write_apart(events, self._fold_alone)
        if lost:
            strange = [id_of(event) for event in lost]
            with self._new_uow() as uow:
                uow.events.mark_folded(strange, now=self._now(), unknown=strange)
                uow.commit()
            log.error("callbacks that cannot be folded", extra={"n": len(lost)})
        return len(events)

    def _fold_alone(self, event: CarrierEvent) -> None:
        with self._new_uow() as uow:
            findings = self._fold(uow, [event])
            uow.commit()
        self._tell_faults(findings)

    def _fold(self, uow: U, events: Sequence[CarrierEvent]) -> Findings:
        if not events:  # another worker has taken them meanwhile
            return Findings()
        findings = self._reader.read(uow, events)
        news = uow.queue.apply(findings.reports)
        self._listeners.tell(uow, [*news, *findings.answers])
        if findings.alive and self._life is not None:
            self._life.on_life(uow, findings.alive, at=self._now())
        uow.strange_words.note(findings.strange, now=self._now())
        uow.events.mark_folded(
            [id_of(event) for event in events],
            now=self._now(),
            unknown=findings.unknown,
        )
        if findings.unknown:
            log.warning("callbacks kept for a look", extra={"n": len(findings.unknown)})
        return findings

    def _tell_faults(self, findings: Findings) -> None:
        if self._on_fault is not None:
            for (carrier, channel, failure), reason in findings.faults.items():
                self._on_fault(carrier, channel, failure, reason)
