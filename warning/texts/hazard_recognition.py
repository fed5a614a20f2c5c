"""Which of the hazards we have texts for an info is about, if any.

An issuer says it in a code (SAME, the Canadian profile, MeteoAlarm's awareness type) or
in the words of ``event``. What is not recognised stays unrecognised: guidance for the
wrong hazard is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from warning.cap import Info
from warning.texts.hazards import Hazard
from warning.texts.language_choice import LAST_RESORT, primary
from warning.texts.message_templates import MessageTemplates

#: Specific Area Message Encoding (47 CFR 11.31 and its Canadian additions).
_SAME: Mapping[str, Hazard] = {
    "FFA": Hazard.FLASH_FLOOD,
    "FFS": Hazard.FLASH_FLOOD,
    "FFW": Hazard.FLASH_FLOOD,
    "CFA": Hazard.FLOOD,
    "CFW": Hazard.FLOOD,
    "FLA": Hazard.FLOOD,
    "FLS": Hazard.FLOOD,
    "FLW": Hazard.FLOOD,
    "SSA": Hazard.FLOOD,
    "SSW": Hazard.FLOOD,
    "HUA": Hazard.STORM,
    "HUW": Hazard.STORM,
    "HWA": Hazard.STORM,
    "HWW": Hazard.STORM,
    "SVA": Hazard.STORM,
    "SVR": Hazard.STORM,
    "TOA": Hazard.STORM,
    "TOR": Hazard.STORM,
    "TRA": Hazard.STORM,
    "TRW": Hazard.STORM,
    "LSW": Hazard.LANDSLIDE,
    "EQW": Hazard.EARTHQUAKE,
    "TSA": Hazard.TSUNAMI,
    "TSW": Hazard.TSUNAMI,
    "FRW": Hazard.WILDFIRE,
    "HMW": Hazard.CHEMICAL,
    "DBA": Hazard.DAM_BREAK,
    "DBW": Hazard.DAM_BREAK,
    "CAE": Hazard.MISSING_CHILD,
}
#: MeteoAlarm says ``3; Thunderstorm`` in this parameter.
_AWARENESS = "awareness_type"
# Sun storms and cold winds need other guidance than the words they share suggest.
_ANOTHER_HAZARD = re.compile(r"geomagnetic|solar|space weather|chill|cold|cyber", re.I)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[\s_;:,.()/!?&|\"'-]+")
#: Longer events than this name no hazard but tell a story.
_MAX_EVENT = 300


def hazard_of(info: Info, templates: MessageTemplates) -> Hazard | None:
    """Return the hazard an info is about; None if none of ours is recognised.

    Parameters
    ----------
    info : Info
    templates : MessageTemplates
        Whose words a hazard is recognised by.
    """
    for code in info.event_codes:
        if code.value_name.upper().endswith("SAME") and code.value in _SAME:
            return _SAME[code.value]
    for text in _told(info):
        found = _in_words(text[:_MAX_EVENT], primary(info.language), templates)
        if found is not None:
            return found
    return None


def _told(info: Info) -> Iterator[str]:
    yield from info.parameter(_AWARENESS)
    yield from (_CAMEL.sub(" ", code.value) for code in info.event_codes)
    yield info.event


@lru_cache(maxsize=1_024)
def _in_words(text: str, language: str, templates: MessageTemplates) -> Hazard | None:
    """The hazard with the longest phrase in the text: ``flash flood`` before flood."""
    if _ANOTHER_HAZARD.search(text):
        return None
    plain = f" {_NO_WORD.sub(' ', text.casefold())} "
    found = [
        (len(phrase), hazard)
        for tag in (language, LAST_RESORT)
        for hazard, phrase in templates.phrases(tag)
        if _holds(plain, phrase)
    ]
    return max(found)[1] if found else None


def _holds(plain: str, phrase: str) -> bool:
    # Khmer has no blanks between words, Arabic an article that clings to them.
    if not phrase.isascii() and "\u1780" <= phrase[0] <= "\u17ff":
        return phrase in plain
    return f" {phrase} " in plain or f" \u0627\u0644{phrase} " in plain
