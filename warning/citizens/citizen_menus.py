"""Lists that calls of citizens offer: languages, places, warnings for their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ivr_scripts.catalogue import Catalogue, LanguageLookup
from ivr_scripts.errors import LookupMissingError
from ivr_scripts.model import LookupRequest, Option
from warning.alert import AlertCase, AlertId, AlertState
from warning.citizens.citizen_calls import CitizenCalls
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.cries_for_help import whereabout_of
from warning.citizens.current_warnings import (
    CurrentWarnings,
    full_text,
    headline,
    info_in,
)
from warning.citizens.place_book import PlaceBook, PlaceEntry
from warning.errors import AlertNotFoundError

#: More than a page of warnings nobody listens to.
_MAX_WARNINGS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class CitizenMenus:
    """Knows who calls (``telephony.callbacks.inbound_calls.CallerDoor``).

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    catalogue : Catalogue
        The languages.
    calls : CitizenCalls
        Chooses the script.
    places : callable
        The imported areas.
    warnings : CurrentWarnings
        What holds now.
    """

    read_uow: Callable[[], UnitOfWork]
    catalogue: Catalogue
    calls: CitizenCalls
    places: Callable[[], PlaceBook]
    warnings: CurrentWarnings

    def opening(self, phone: str) -> tuple[str, str]:
        """Script and language in which a number is answered."""
        with self.read_uow() as uow:
            script, language = self.calls.opening(uow, phone)
        return script, self.catalogue.nearest(language)

    def lookup(self, phone: str) -> CallMenu:
        """Lists for a call with this number."""
        return CallMenu(self, phone)

    def languages(self) -> Sequence[str]:
        """Tags in the order to offer them: the country's own first."""
        first = self.calls.default_language
        return sorted(self.catalogue.languages, key=lambda tag: (tag != first, tag))


@dataclass(frozen=True, slots=True)
class CallMenu:
    """The lists of one call; reads nothing until a step asks."""

    menus: CitizenMenus
    phone: str

    def options(self, request: LookupRequest) -> Sequence[Option]:
        """Choices in the order to offer them.

        Raises
        ------
        LookupMissingError
            If the list is none of ours.
        """
        places = self.menus.places()
        if request.name == "languages":
            tags = tuple(self.menus.languages())
            return LanguageLookup(self.menus.catalogue, tags).options(request)
        if request.name == "places":
            found = places.parts(request.picked.get("place", ""))
            return [_option(one, request.language) for one in found]
        if request.name == "place_by_code":
            place = places.by_digits(request.entered)
            return [] if place is None else [_option(place, request.language)]
        if request.name == "current_warnings":
            return [
                Option(case.alert_id, headline(info_in(case, request.language)))
                for case in self._warnings()
            ]
        msg = f"Nobody offers the list {request.name!r} to this call."
        raise LookupMissingError(msg)

    def name(self, pick: str, value: str, language: str) -> str:
        """Words for what was picked; its code if it has gone since.

        Raises
        ------
        LookupMissingError
            If it is neither a place nor a warning.
        """
        if pick == "place":
            place = self.menus.places().get(value)
            return value if place is None else place.name_in(language)
        if pick == "warning":
            return self._full_text(AlertId(value), language)
        msg = f"Nobody names {pick} {value!r} for this call."
        raise LookupMissingError(msg)

    def _warnings(self) -> list[AlertCase]:
        with self.menus.read_uow() as uow:
            where = whereabout_of(uow, self.phone)
            return self.menus.warnings.at(uow, where)[:_MAX_WARNINGS]

    def _full_text(self, alert_id: AlertId, language: str) -> str:
        """All that a live warning says; empty once it is over."""
        try:
            with self.menus.read_uow() as uow:
                case = uow.alerts.get(alert_id)
        except AlertNotFoundError:
            return ""
        is_live = case.state is AlertState.LIVE
        return full_text(info_in(case, language)) if is_live else ""


def _option(place: PlaceEntry, language: str) -> Option:
    return Option(place.code, place.name_in(language))
