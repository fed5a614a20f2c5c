"""What volunteers read and hear. Before their yes: a distance and a code, no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ivr_scripts.catalogue import Catalogue
from ivr_scripts.model import Prompt
from responders.case import CardiacCase, owner_ref
from telephony.delivery import Content

OFFER_SCRIPT = "cardiac_dispatch"
#: The same where the address is told only for a PIN.
HOME_SCRIPT = "cardiac_home"
ROLE_SCRIPT = "case_role"
PIN_SCRIPT = "case_pin"
NEWS_SCRIPT = "case_news"
#: Starts every text of an exercise, before the drill word of its language.
TEST_WORD = "TEST"
#: Distances are rounded to this: an address is not given away by a metre.
_ROUND_M = 50
_KILOMETRE = 1_000
#: Directions, from north clockwise.
_SECTORS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
#: An address is never cut where it may matter: two parts rather than half a way.
_MAX_FIELD = 300


class Say(StrEnum):
    """What may be said; the value is the key of the text."""

    DIRECT = "case_direct"
    FETCH = "case_fetch"
    GUIDE = "case_guide"
    TOO_LATE = "case_too_late"
    STAND_DOWN = "case_stand_down"
    THANKS = "case_thanks"
    UNCLEAR = "case_unclear"
    #: Asks for the PIN; it was wrong; or the dispatcher rings instead.
    PIN = "case_pin"
    PIN_WRONG = "case_pin_wrong"
    PIN_CALL = "case_pin_call"
    STILL_GOING = "case_still_going"
    NEW_ADDRESS = "case_new_address"
    DEBRIEF = "case_debrief"
    DEBRIEF_THANKS = "case_debrief_thanks"
    NONE = "case_none"


@dataclass(frozen=True, slots=True)
class CaseTexts:
    """Puts a case into words.

    Parameters
    ----------
    catalogue : Catalogue
        The words of every language.
    """

    catalogue: Catalogue

    def offer(
        self,
        case: CardiacCase,
        language: str,
        distance_m: float,
        *,
        asks_pin: bool = False,
    ) -> Content:
        """Ask somebody: text and call; the call takes a PIN if the case wants one."""
        tag = self.catalogue.nearest(language)
        rounded = round_distance(distance_m)
        distance = _short(rounded)
        return Content(
            owner_ref=case.owner_ref,
            variant=f"offer.{rounded}.pin" if asks_pin else f"offer.{rounded}",
            language=tag,
            sms_text=self._test(case, tag)
            + self.words(tag, "case_offer", code=case.code, distance=distance),
            script=HOME_SCRIPT if asks_pin else OFFER_SCRIPT,
            variables={
                "distance": self._test(case, tag)
                + self.words(tag, "case_metres", metres=str(rounded)),
                "code": spelt(case.code),
                "assignment": self.words(tag, "case_assignment"),
            },
        )

    def message(
        self,
        case: CardiacCase,
        say: Say,
        language: str,
        *,
        part: str,
        variant: str = "",
        values: Mapping[str, str] | None = None,
    ) -> Content:
        """Tell somebody something about a case.

        Parameters
        ----------
        part : str
            Which message of the case; a person gets each once.
        variant : str
            Tells apart what is not the same for all who get it.
        """
        tag = self.catalogue.nearest(language)
        told = {name: _fit(value) for name, value in (values or {}).items()}
        text = self._test(case, tag) + self.words(tag, say, code=case.code, **told)
        is_way = say in {Say.DIRECT, Say.FETCH, Say.GUIDE, Say.NEW_ADDRESS}
        asks_pin = say in {Say.PIN, Say.PIN_WRONG}
        spoken = self.words(tag, say, code=spelt(case.code), **told)
        return Content(
            owner_ref=owner_ref(case.case_id, part),
            variant=f"{say}.{variant}" if variant else say,
            language=tag,
            sms_text=text,
            script=PIN_SCRIPT if asks_pin else ROLE_SCRIPT if is_way else NEWS_SCRIPT,
            variables={"message": self._test(case, tag) + spoken},
        )

    def about(self, language: str, distance_m: float, bearing: float) -> dict[str, str]:
        """Where the patient is, coarsely: no address follows from it.

        Parameters
        ----------
        distance_m : float
            Metres from where the person is taken to be.
        bearing : float
            Degrees from north, clockwise.
        """
        tag = self.catalogue.nearest(language)
        sector = _SECTORS[round(bearing / 45.0) % len(_SECTORS)]
        return {
            "distance": _short(round_distance(distance_m)),
            "direction": self.words(tag, f"way_{sector}"),
        }

    def on_way(self, case: CardiacCase, language: str) -> str:
        """What somebody who has said yes and rings us hears: no address."""
        tag = self.catalogue.nearest(language)
        return self._test(case, tag) + self.words(
            tag, "case_on_way", code=spelt(case.code)
        )

    def words(self, language: str, key: str, **values: str) -> str:
        """The words of a text for volunteers, filled in."""
        return self.catalogue.wording(Prompt(language, f"sms.{key}"), values).text

    def _test(self, case: CardiacCase, tag: str) -> str:
        """What an exercise starts with; nothing in earnest."""
        if not case.is_exercise:
            return ""
        word = next(
            (
                self.catalogue.texts[one].drill_word
                for one in self.catalogue.chain(tag)
                if self.catalogue.texts[one].drill_word
            ),
            "",
        )
        return f"{TEST_WORD} {word}: " if word else f"{TEST_WORD}: "


def round_distance(distance_m: float) -> int:
    """Metres as they are told, at least 50."""
    return max(_ROUND_M, round(distance_m / _ROUND_M) * _ROUND_M)


def spelt(code: str) -> str:
    """A code as it is spoken: sign by sign."""
    return " ".join(code)


def _short(metres: int) -> str:
    if metres < _KILOMETRE:
        return f"{metres} m"
    return f"{metres / _KILOMETRE:.1f} km"


def _fit(value: str) -> str:
    """One line, without the full stop that the text brings."""
    return " ".join(value.split()).rstrip(". ")[:_MAX_FIELD]
