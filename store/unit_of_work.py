"""One transaction over everything: what fits every package's ``UnitOfWork`` port."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

from store import counters
from store.accounts.audit import SqlAuditLog
from store.accounts.operators import SqlOperators
from store.accounts.second_factors import SqlSecondFactors
from store.alerts.alert_groups import SqlAlertGroups
from store.alerts.alert_tallies import SqlTallies
from store.alerts.alert_watch import SqlAlertWatch
from store.alerts.alerts import SqlAlerts
from store.alerts.arrivals import SqlArrivals
from store.alerts.drafts import SqlDrafts
from store.alerts.escalation_rules import SqlEscalationRules
from store.alerts.message_texts import SqlMessageTexts
from store.alerts.publications import SqlPublications
from store.alerts.silent_people import SqlSilentPeople
from store.dispatch.attempt_tallies import SqlAttemptTallies
from store.dispatch.carrier_resumes import SqlCarrierResumes
from store.dispatch.delivery_queue import SqlDeliveryQueue
from store.dispatch.event_log import SqlEventLog
from store.dispatch.known_numbers import KnownNumbers
from store.dispatch.outbox import SqlOutbox
from store.dispatch.owners import Owners
from store.dispatch.prompt_recordings import SqlPromptRecordings
from store.dispatch.recording_calls import SqlRecordingCalls
from store.dispatch.strange_words import SqlStrangeWords
from store.dispatch.voice_notes import SqlVoiceNotes
from store.heartbeats import SqlHeartbeats
from store.people.areas import SqlAreas
from store.people.citizen_reports import SqlCitizenReports
from store.people.citizens import SqlCitizens
from store.people.help_requests import SqlHelpRequests
from store.people.imports import SqlImports
from store.people.people_finder import SqlPeopleFinder
from store.people.strikes import SqlStrikes
from store.people.subscribers import SqlSubscribers
from store.sources.feeds import SqlFeeds
from store.sources.plans import SqlPlans
from store.sources.sensors import SqlSensors
from store.sources.webhooks import SqlWebhooks
from store.sql.engine import WRITES
from store.volunteers.aeds import SqlAeds
from store.volunteers.cases import SqlCases
from store.volunteers.learning import SqlLearning
from store.volunteers.reachability import SqlReachability
from store.volunteers.responders import SqlResponders
from telephony.precedence import Precedence

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy import Connection, Engine

    from store.sql.write_lock import WriteLock


class SqlUnitOfWork:
    """A transaction that is undone unless ``commit`` is called.

    Parameters
    ----------
    engine : Engine
        From ``store.sql.engine.create_engine``.
    write_lock : WriteLock or None
        Where writing threads of this process queue; None if the database itself lets
        several write, or for a unit of work that only reads.
    write : bool
        False for reading: it waits for nobody and refuses to write.
    precedence : Precedence
        Before which writing threads of this process it goes.

    Notes
    -----
    Use one for one use case, in one thread, in a ``with`` block.
    """

    def __init__(
        self,
        engine: Engine,
        write_lock: WriteLock | None = None,
        *,
        write: bool = True,
        precedence: Precedence = Precedence.ORDINARY,
    ) -> None:
        self._engine = engine
        self._write = write
        self._write_lock = write_lock if write else None
        self._precedence = precedence
        self._open: Connection | None = None

    def __enter__(self) -> Self:
        if self._write_lock is not None:
            self._write_lock.acquire(self._precedence)
        try:
            self._open = self._engine.connect().execution_options(
                # Inserts that meet an existing row say so by their count.
                **{WRITES: self._write, "preserve_rowcount": True}
            )
        except BaseException:
            if self._write_lock is not None:
                self._write_lock.release()
            raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._connection.close()  # undoes what was not committed
        finally:
            self._open = None
            if self._write_lock is not None:
                self._write_lock.release()

    def commit(self) -> None:
        """Make it true; without this, leaving the block undoes everything."""
        for name in ("citizens", "outbox"):
            if name in self.__dict__:
                self.__dict__[name].flush()
        self._connection.commit()

    @property
    def n_collected(self) -> int:
        """Number of the newest callback that was moved from the inbox."""
        return counters.current(self._connection, counters.COLLECTED)

    @n_collected.setter
    def n_collected(self, number: int) -> None:
        counters.set_to(self._connection, counters.COLLECTED, number)

    @property
    def _connection(self) -> Connection:
        assert self._open is not None, "use the unit of work in a with block"
        return self._open

    @cached_property
    def _numbers(self) -> KnownNumbers:
        return KnownNumbers()

    @cached_property
    def _owners(self) -> Owners:
        return Owners(self._connection)

    @cached_property
    def alerts(self) -> SqlAlerts:
        """Alerts, audiences, recipients."""
        return SqlAlerts(self._connection)

    @cached_property
    def tallies(self) -> SqlTallies:
        """Figures of alerts that are kept."""
        return SqlTallies(self._connection, self._owners)

    @cached_property
    def groups(self) -> SqlAlertGroups:
        """An alert by language and by carrier."""
        return SqlAlertGroups(self._connection, self._owners)

    @cached_property
    def watch(self) -> SqlAlertWatch:
        """What there is to see of a live alert."""
        return SqlAlertWatch(self._connection, self._owners)

    @cached_property
    def people_finder(self) -> SqlPeopleFinder:
        """Finds people."""
        return SqlPeopleFinder(self._connection)

    @cached_property
    def subscribers(self) -> SqlSubscribers:
        """Everybody who may be warned."""
        return SqlSubscribers(self._connection, self._numbers)

    @cached_property
    def citizens(self) -> SqlCitizens:
        """What people change about themselves."""
        return SqlCitizens(self._connection, self._numbers)

    @cached_property
    def silent_people(self) -> SqlSilentPeople:
        """Who has not been heard from."""
        return SqlSilentPeople(self._connection, self._owners)

    @cached_property
    def help_requests(self) -> SqlHelpRequests:
        """Who needs help."""
        return SqlHelpRequests(self._connection)

    @cached_property
    def citizen_reports(self) -> SqlCitizenReports:
        """What people saw."""
        return SqlCitizenReports(self._connection)

    @cached_property
    def voice_notes(self) -> SqlVoiceNotes:
        """What people said after the tone."""
        return SqlVoiceNotes(self._connection)

    @cached_property
    def responders(self) -> SqlResponders:
        """Volunteers."""
        return SqlResponders(self._connection)

    @cached_property
    def aeds(self) -> SqlAeds:
        """Defibrillators."""
        return SqlAeds(self._connection)

    @cached_property
    def cases(self) -> SqlCases:
        """Cases and who was asked."""
        return SqlCases(self._connection)

    @cached_property
    def reachability(self) -> SqlReachability:
        """How volunteers can be reached."""
        return SqlReachability(self._connection)

    @cached_property
    def learning(self) -> SqlLearning:
        """What was learnt of when people say yes."""
        return SqlLearning(self._connection)

    @cached_property
    def areas(self) -> SqlAreas:
        """Administrative areas."""
        return SqlAreas(self._connection)

    @cached_property
    def arrivals(self) -> SqlArrivals:
        """How alerts came in."""
        return SqlArrivals(self._connection)

    @cached_property
    def feeds(self) -> SqlFeeds:
        """Where the reading of feeds stands."""
        return SqlFeeds(self._connection)

    @cached_property
    def plans(self) -> SqlPlans:
        """Prepared plans."""
        return SqlPlans(self._connection)

    @cached_property
    def sensors(self) -> SqlSensors:
        """Sensors and their readings."""
        return SqlSensors(self._connection)

    @cached_property
    def imports(self) -> SqlImports:
        """Files of people that are read."""
        return SqlImports(self._connection)

    @cached_property
    def drafts(self) -> SqlDrafts:
        """Warnings that are being written."""
        return SqlDrafts(self._connection)

    @cached_property
    def escalation_rules(self) -> SqlEscalationRules:
        """Rules of escalation."""
        return SqlEscalationRules(self._connection)

    @cached_property
    def message_texts(self) -> SqlMessageTexts:
        """Changes of the texts that alerts are written in."""
        return SqlMessageTexts(self._connection)

    @cached_property
    def publications(self) -> SqlPublications:
        """What the public may read."""
        return SqlPublications(self._connection)

    @cached_property
    def webhooks(self) -> SqlWebhooks:
        """Other systems that are told."""
        return SqlWebhooks(self._connection)

    @cached_property
    def outbox(self) -> SqlOutbox:
        """Where deliveries are handed over."""
        return SqlOutbox(self._connection, self._owners)

    @cached_property
    def queue(self) -> SqlDeliveryQueue:
        """Deliveries and attempts as the sender sees them."""
        return SqlDeliveryQueue(self._connection, self._owners)

    @cached_property
    def attempt_tallies(self) -> SqlAttemptTallies:
        """The newest tries, counted."""
        return SqlAttemptTallies(self._connection)

    @cached_property
    def events(self) -> SqlEventLog:
        """Callbacks as they came."""
        return SqlEventLog(self._connection)

    @cached_property
    def strange_words(self) -> SqlStrangeWords:
        """What carriers said that nobody knows."""
        return SqlStrangeWords(self._connection)

    @cached_property
    def prompt_recordings(self) -> SqlPromptRecordings:
        """Recordings of what calls say."""
        return SqlPromptRecordings(self._connection)

    @cached_property
    def recording_calls(self) -> SqlRecordingCalls:
        """Calls in which somebody speaks a text."""
        return SqlRecordingCalls(self._connection)

    @cached_property
    def strikes(self) -> SqlStrikes:
        """What is held against numbers."""
        return SqlStrikes(self._connection, self._numbers)

    @cached_property
    def carrier_resumes(self) -> SqlCarrierResumes:
        """What operators said about carriers that are stopped."""
        return SqlCarrierResumes(self._connection)

    @cached_property
    def heartbeats(self) -> SqlHeartbeats:
        """Signs of life."""
        return SqlHeartbeats(self._connection)

    @cached_property
    def operators(self) -> SqlOperators:
        """Who works here."""
        return SqlOperators(self._connection)

    @cached_property
    def factors(self) -> SqlSecondFactors:
        """Second factors of operators."""
        return SqlSecondFactors(self._connection)

    @cached_property
    def audit(self) -> SqlAuditLog:
        """What was done."""
        return SqlAuditLog(self._connection)
