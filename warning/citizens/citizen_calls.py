"""What people say of themselves in calls, whoever rang whom, and calls back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from telephony.callbacks.event_reading import InboundCall
from telephony.calls.call_answers import (
    MISSED,
    REGISTRATION,
    SETTINGS,
    CallAnswer,
    parse,
)
from telephony.delivery import CALL_BACK_PREFIX
from warning.alert import OWNER_PREFIX, AlertId
from warning.citizens.citizen_answers import Addressee, AnswerWriter
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.citizen_reports import CitizenReport, ReportKind
from warning.citizens.citizen_wishes import Citizen
from warning.citizens.cries_for_help import ask_for_help, take_report, whereabout_of
from warning.citizens.place_book import PlaceBook
from warning.people.subscribers import Status
from warning.people.whereabout import Whereabout

#: A recording belongs to the report that was made in the same call.
_SAME_CALL = timedelta(minutes=10)
_HELP = frozenset({"NEED_HELP", "URGENT"})
_HOME = "home"
#: Owners of calls in which citizens speak of themselves.
_OF_CITIZENS = (OWNER_PREFIX, CALL_BACK_PREFIX)


@dataclass(frozen=True, kw_only=True, slots=True)
class CitizenCalls:
    """Does what people choose by key.

    Parameters
    ----------
    writer : AnswerWriter
        Tells the number what was changed: whoever forged it changes nothing unseen.
    places : callable
        The imported areas.
    default_language : str
        Of numbers of which nothing is known.
    """

    writer: AnswerWriter
    places: Callable[[], PlaceBook]
    default_language: str
    #: How long what people say after the tone is kept.
    notes_kept: timedelta = timedelta(days=90)

    def opening(self, uow: UnitOfWork, phone: str) -> tuple[str, str]:
        """Script and language in which a number is spoken to.

        Whoever has left has no settings: to come back they say yes once more.
        """
        person = uow.subscribers.find_by_phone(phone)
        if person is not None:
            has_left = person.status == Status.OPTED_OUT
            return (REGISTRATION if has_left else SETTINGS), person.language
        talk = uow.citizens.conversation(phone)
        return REGISTRATION, talk.language or self.default_language

    def on_call(self, uow: UnitOfWork, call: InboundCall) -> None:
        """Take note of a call; what operators do in theirs is for others."""
        if call.owner_ref and not call.owner_ref.startswith(_OF_CITIZENS):
            return
        for n, answer in enumerate(call.answers):
            if answer == MISSED:
                self._call_back(uow, call)
            else:
                self._take(uow, call, parse(answer), ref=f"{call.event_id}.{n}")

    def _call_back(self, uow: UnitOfWork, call: InboundCall) -> None:
        """Ring whoever rang, at our cost, unless it has been rung enough."""
        talk = uow.citizens.conversation(call.phone).calls_back(call.at)
        if talk is None:
            return
        uow.citizens.keep(call.phone, talk, now=call.at)
        script, language = self.opening(uow, call.phone)
        to = self._addressee(uow, call.phone, language)
        ref = str(call.event_id)
        self.writer.call(uow.outbox, to, script, ref=ref, at=call.at)

    def _take(
        self, uow: UnitOfWork, call: InboundCall, answer: CallAnswer, *, ref: str
    ) -> None:
        if answer.name in _HELP:
            self._help(uow, call, is_urgent=answer.name == "URGENT")
        elif answer.name == "RECORDED":
            self._recorded(uow, call, answer.value)
        elif call.owner_ref.startswith(OWNER_PREFIX):
            return  # The rest an alert's own listener knows how to take.
        elif answer.name == "REPORTED":
            self._report(uow, call, answer)
        else:
            self._change(uow, call, answer, ref=ref)

    def _help(self, uow: UnitOfWork, call: InboundCall, *, is_urgent: bool) -> None:
        if self._is_drill(uow, call.owner_ref):
            return
        ask_for_help(
            uow,
            call.phone,
            at=call.at,
            is_urgent=is_urgent,
            owner_ref=call.owner_ref or None,
            language=self.default_language,
        )

    def _recorded(self, uow: UnitOfWork, call: InboundCall, ref: str) -> None:
        """Words to the report of the same call, else to the request for help."""
        report = uow.citizen_reports.latest_of(call.phone, since=call.at - _SAME_CALL)
        request = uow.help_requests.open_of(call.phone)
        if report is not None and not call.owner_ref.startswith(OWNER_PREFIX):
            self._note(uow, f"report:{report.number}", ref, call.at)
        elif request is not None:
            self._note(uow, f"help:{request.number}", ref, call.at)

    def _note(self, uow: UnitOfWork, subject: str, ref: str, at: datetime) -> None:
        forget_at = at + self.notes_kept
        uow.voice_notes.note(subject, ref, now=at, forget_at=forget_at)

    def _report(self, uow: UnitOfWork, call: InboundCall, answer: CallAnswer) -> None:
        code = answer.details.get("place", _HOME)
        home = whereabout_of(uow, call.phone)
        take_report(
            uow,
            CitizenReport(
                phone=call.phone,
                language=answer.language or self.default_language,
                kind=ReportKind(answer.value),
                is_hurt=answer.details.get("hurt") == "yes",
                where=home if code == _HOME else Whereabout(area_code=code),
                reported_at=call.at,
            ),
        )

    def _change(
        self, uow: UnitOfWork, call: InboundCall, answer: CallAnswer, *, ref: str
    ) -> None:
        """Change the caller's own entry, and write to the number what was changed."""
        citizen = Citizen(uow=uow, phone=call.phone, at=call.at)
        language = answer.language or self.default_language
        place = self.places().get(answer.value)
        values = {"place": place.name_in(language)} if place is not None else {}
        key = ""
        if answer.name == "REGISTERED" and place is not None:
            citizen.join(language)
            citizen.speak(language)
            citizen.live_at(place)
            key = "welcome"
        elif answer.name == "PLACE_CHANGED" and place is not None:
            citizen.live_at(place)
            key = "place_changed"
        elif answer.name == "LANGUAGE_CHANGED":
            citizen.speak(language)
            key = "language_changed"
        elif answer.name == "CHANNELS_CHANGED":
            citizen.listen_by(answer.value)
        elif answer.name == "OPTED_OUT":
            citizen.leave(language)
            key = "stopped"
        elif answer.name == "OPTED_IN" and citizen.row is not None:
            citizen.join(language)
            key = "started"
        if key:
            to = self._addressee(uow, call.phone, language)
            words = self.writer.words(language, key, **values)
            self.writer.send(uow.outbox, to, words, key=key, ref=ref, at=call.at)

    @staticmethod
    def _addressee(uow: UnitOfWork, phone: str, language: str) -> Addressee:
        person = uow.subscribers.find_by_phone(phone)
        number = person.subscriber_id if person else 0
        return Addressee(phone=phone, person=number, language=language)

    @staticmethod
    def _is_drill(uow: UnitOfWork, owner_ref: str) -> bool:
        """Whether a key was pressed in an exercise, where nobody is in danger."""
        if not owner_ref.startswith(OWNER_PREFIX):
            return False
        return uow.alerts.get(AlertId(owner_ref.removeprefix(OWNER_PREFIX))).is_drill
