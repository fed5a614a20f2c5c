"""What each command of a citizen does, and what it is answered with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ivr_scripts.keywords import UNCLEAR, Command, CommandKind
from telephony.callbacks.event_reading import REPLY_WINDOW, InboundText
from telephony.sealing import MARK
from warning.alert import OWNER_PREFIX
from warning.citizens.citizen_answers import AnswerWriter
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.citizen_reports import CitizenReport, ReportKind
from warning.citizens.citizen_wishes import Citizen
from warning.citizens.conversation import Asked
from warning.citizens.cries_for_help import ask_for_help, take_report, whereabout_of
from warning.citizens.current_warnings import CurrentWarnings, headline, info_in
from warning.citizens.place_book import PlaceBook, PlaceEntry
from warning.people.subscribers import Status
from warning.people.whereabout import Whereabout

_HELP_DIGIT = "3"
_REPLIES = {"1": "confirmed", "2": "safe_noted", _HELP_DIGIT: "help_noted"}
#: Names of an area, and lines of warnings, that a text has room for.
_MAX_HEADLINES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One text and what is known of its sender."""

    uow: UnitOfWork
    text: InboundText
    language: str
    #: What we asked before, if it is still open.
    asked: Asked

    @property
    def answered(self) -> str | None:
        """The alert that the text came after, if it can be an answer to one."""
        since = self.text.at - REPLY_WINDOW
        latest = self.uow.queue.latest_attempt_to(self.text.phone, since=since)
        if latest is None:
            return None
        owner = self.uow.queue.open_attempts([latest])[latest].owner_ref
        return owner if owner.startswith(OWNER_PREFIX) else None

    @property
    def citizen(self) -> Citizen:
        """The sender in the register."""
        return Citizen(uow=self.uow, phone=self.text.phone, at=self.text.at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What to answer, and what it asks in turn."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    #: Words that are no text of the catalogue: what alerts say.
    text: str = ""
    #: To be used from now on; empty leaves it.
    language: str = ""
    asks: Asked = Asked.NOTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialogue:
    """Does what texts ask for.

    Parameters
    ----------
    writer : AnswerWriter
        Knows the languages.
    places : callable
        The imported areas.
    warnings : CurrentWarnings
        What holds now.
    default_language : str
        The country's main language.
    is_answered_elsewhere : callable
        Unit of work, number → whether somebody else answers its STOP: a volunteer's.
    """

    writer: AnswerWriter
    places: Callable[[], PlaceBook]
    warnings: CurrentWarnings
    default_language: str
    is_answered_elsewhere: Callable[[Any, str], bool]
    #: Seals the digits of a number's text as they were sealed when it came in.
    seal_of: Callable[[str, str], str]

    def take(self, turn: Turn, command: Command) -> Reply | None:
        """Do what a text asks for; None if somebody else answers."""
        steps: Mapping[CommandKind, Callable[[Turn, Command], Reply | None]] = {
            CommandKind.STOP: self._stop,
            CommandKind.START: self._start,
            CommandKind.JOIN: self._join,
            CommandKind.LANG: self._speak,
            CommandKind.PLACE: self._move,
            CommandKind.HELP: self._help,
            CommandKind.REPLY: self._reply,
            CommandKind.REPORT: self._report,
            CommandKind.INFO: self._info,
            CommandKind.STATUS: self._status,
            CommandKind.SAFE: lambda *_: Reply(key="safe_noted"),
            CommandKind.UNCLEAR: self._unclear,
        }
        reply = steps[command.kind](turn, command)
        if reply is None or reply.asks or turn.asked is not Asked.PLACE:
            return reply
        # Something else was said in between: where they live is still to be told.
        return replace(reply, asks=Asked.PLACE) if self._lacks_place(turn) else reply

    def chosen_language(self, command: Command) -> Command:
        """The language that a digit chooses from our list."""
        tags = [tag for tag, _ in self.writer.languages()]
        place = int(command.digit) - 1
        if not 0 <= place < len(tags):
            return UNCLEAR
        return Command(CommandKind.LANG, tags[place], language=tags[place])

    def _stop(self, turn: Turn, _command: Command) -> Reply | None:
        turn.citizen.leave(turn.language)
        is_told = self.is_answered_elsewhere(turn.uow, turn.text.phone)
        return None if is_told else Reply(key="stopped")

    def _start(self, turn: Turn, _command: Command) -> Reply:
        row = turn.citizen.row
        if row is None:
            return Reply(key="not_registered")
        turn.citizen.join(turn.language)
        if self._home(turn) is None:
            return Reply(key="welcome_no_place", asks=Asked.PLACE)
        return Reply(key="started")

    def _join(self, turn: Turn, command: Command) -> Reply:
        is_new = turn.citizen.row is None
        language = command.language if is_new and command.language else turn.language
        _, is_changed = turn.citizen.join(language)
        place = self._named(turn, command.argument)
        if place is not None:
            return self._settled(turn, place, language)
        if self._home(turn) is not None:
            return Reply(key="started") if is_changed else self._status(turn, command)
        # Everybody knows the English word; that says nothing of whoever sends it.
        is_guess = language == "en" and self.default_language != "en"
        if is_new and is_guess and not command.argument:
            listed = enumerate(self.writer.languages(), 1)
            offered = ", ".join(f"{n} {name}" for n, (_, name) in listed)
            values = {"languages": offered}
            return Reply(key="ask_language", values=values, asks=Asked.LANGUAGE)
        key = "place_unknown" if command.argument else "welcome_no_place"
        return Reply(key=key, language=language, asks=Asked.PLACE)

    def _speak(self, turn: Turn, command: Command) -> Reply:
        names = dict(self.writer.languages())
        if command.argument not in names:
            values = {"languages": ", ".join(names.values())}
            return Reply(key="language_unknown", values=values, asks=turn.asked)
        language = command.argument
        if turn.citizen.row is None:
            return Reply(key="not_registered", language=language)
        turn.citizen.speak(language)
        if self._lacks_place(turn):
            return Reply(key="welcome_no_place", language=language, asks=Asked.PLACE)
        return Reply(key="language_changed", language=language)

    def _move(self, turn: Turn, command: Command) -> Reply:
        if turn.citizen.row is None:
            return Reply(key="not_registered")
        place = self._named(turn, command.argument)
        if place is None:
            return Reply(key="place_unknown", asks=Asked.PLACE)
        return self._settled(turn, place, turn.language)

    def _settled(self, turn: Turn, place: PlaceEntry, language: str) -> Reply:
        key = "welcome" if self._home(turn) is None else "place_changed"
        turn.citizen.live_at(place)
        values = {"place": place.name_in(language)}
        return Reply(key=key, values=values, language=language)

    def _help(self, turn: Turn, _command: Command) -> Reply:
        ask_for_help(
            turn.uow,
            turn.text.phone,
            at=turn.text.at,
            words=turn.text.body,
            owner_ref=turn.answered,
            language=turn.language,
        )
        return Reply(key="help_noted")

    def _reply(self, turn: Turn, command: Command) -> Reply:
        if command.digit == _HELP_DIGIT:
            return self._help(turn, command)
        return Reply(key=_REPLIES.get(command.digit, "unclear"))

    def _report(self, turn: Turn, command: Command) -> Reply:
        if not command.argument:
            return Reply(key="report_empty", asks=Asked.REPORT)
        report = CitizenReport(
            phone=turn.text.phone,
            language=turn.language,
            kind=ReportKind.OTHER,
            is_hurt=False,
            words=command.argument,
            where=whereabout_of(turn.uow, turn.text.phone),
            reported_at=turn.text.at,
        )
        take_report(turn.uow, report)
        return Reply(key="report_noted")

    def _info(self, turn: Turn, command: Command) -> Reply:
        place = self._named(turn, command.argument)
        if place is not None:
            where, name = Whereabout(area_code=place.code), place.name_in(turn.language)
        elif command.argument:
            return Reply(key="place_unknown", asks=turn.asked)
        else:
            where = whereabout_of(turn.uow, turn.text.phone)
            name = self._name_of(where, turn.language)
        if not where.is_known:
            return Reply(key="not_registered")
        found = self.warnings.at(turn.uow, where)[:_MAX_HEADLINES]
        if not found:
            return Reply(key="no_warnings", values={"place": name})
        lines = [headline(info_in(case, turn.language)) for case in found]
        return Reply(key="warnings", text=f"{name}: {' / '.join(lines)}")

    def _status(self, turn: Turn, _command: Command) -> Reply:
        row, home = turn.citizen.row, self._home(turn)
        if row is None:
            return Reply(key="not_registered")
        if row.status == Status.OPTED_OUT:
            return Reply(key="stopped")
        if home is None:
            return Reply(key="welcome_no_place", asks=Asked.PLACE)
        names = dict(self.writer.languages())
        values = {"place": home, "language": names.get(row.language, row.language)}
        return Reply(key="status", values=values)

    def _unclear(self, turn: Turn, _command: Command) -> Reply:
        """Whoever has no place yet and names one means it, asked or not."""
        if self._lacks_place(turn):
            place = self._named(turn, turn.text.body.strip())
            if place is not None:
                return self._settled(turn, place, turn.language)
        return Reply(key="unclear")

    def _named(self, turn: Turn, words: str) -> PlaceEntry | None:
        """The place that words mean; a code of four digits came in like a PIN."""
        if not words.startswith(MARK):
            return self.places().find(words) if words else None
        seal_of = partial(self.seal_of, turn.text.phone)
        return self.places().by_seal(seal_of, words.removeprefix(MARK))

    def _lacks_place(self, turn: Turn) -> bool:
        """Whether the sender wants to be warned and we do not know where."""
        row = turn.citizen.row
        is_wanted = row is not None and row.status != Status.OPTED_OUT
        return is_wanted and self._home(turn) is None

    def _home(self, turn: Turn) -> str | None:
        """Name of the place of the sender; None without one."""
        where = whereabout_of(turn.uow, turn.text.phone)
        return self._name_of(where, turn.language) if where.is_known else None

    def _name_of(self, where: Whereabout, language: str) -> str:
        """A place in words; coordinates if it lies in no area we know."""
        place = self.places().get(where.area_code) if where.area_code else None
        if place is not None:
            return place.name_in(language)
        if where.lat is not None and where.lon is not None:
            return f"{where.lat:.3f}, {where.lon:.3f}"
        return where.area_code or ""
