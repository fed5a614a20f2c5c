"""The same warning in 90, 160 and 360 characters, the guidance always whole.

90 and 360 are the lengths of cell broadcast in the United States (47 CFR 10.430), 160
is one part of a text message in the phone alphabet. What has no room is left out whole,
the least needed first, and named; nothing is cut inside a word, and a guidance that
does not fit is a form that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from warning.texts.bidi import arranged
from warning.texts.elements import Element, Elements
from warning.texts.fitting import sentence
from warning.texts.language_choice import words_for
from warning.texts.manner import PLAIN, Manner
from warning.texts.message_templates import MessageTemplates
from warning.texts.sms_parts import in_plain_characters, sms_parts

#: Characters a form may have: septets in the phone alphabet, else UTF-16 units.
FORMS = (90, 160, 360)


@dataclass(frozen=True, slots=True)
class ShortForm:
    """One length of a warning."""

    room: int
    #: None if not even the guidance has room.
    text: str | None
    #: What is not in it, although the alert says it.
    left_out: tuple[Element, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON-ready values."""
        left_out = [one.value for one in self.left_out]
        return {"characters": self.room, "text": self.text, "left_out": left_out}


def short_forms(
    says: Elements, *, language: str, prefix: str = "", manner: Manner = PLAIN
) -> tuple[ShortForm, ...]:
    """Fit a warning into each of ``FORMS``.

    Parameters
    ----------
    says : Elements
    language : str
        BCP 47.
    prefix : str
        What every text must begin with: the drill word, say.
    manner : Manner
        Whose texts say until when.
    """
    texts = manner.texts
    return tuple(_form(says, room, language, prefix, texts) for room in FORMS)


def _form(
    says: Elements, room: int, language: str, prefix: str, texts: MessageTemplates
) -> ShortForm:
    for fewer in _ever_fewer(says):
        text = prefix + _text(fewer, language, texts)
        text = in_plain_characters(arranged(text, language))
        if sms_parts(text).n_units <= room:
            return ShortForm(room, text, tuple(_left_out(says, fewer)))
    return ShortForm(room, None)


def _ever_fewer(says: Elements) -> Iterator[Elements]:
    """The elements with ever less beside the guidance; then with shorter guidance."""
    guidances = dict.fromkeys((says.guidance, says.short_guidance or says.guidance))
    for guidance in guidances:
        now = replace(says, guidance=guidance)
        yield now
        now = replace(now, time=now.short_time)
        yield now
        now = replace(now, hazard=now.event)
        yield now
        now = replace(now, place=now.place.partition(", ")[0])
        yield now
        now = replace(now, source="")
        yield now
        now = replace(now, time="")
        yield now
        yield replace(now, place="")


def _text(says: Elements, language: str, texts: MessageTemplates) -> str:
    parts = (
        says.source,
        says.hazard,
        says.place,
        says.guidance,
        _until(says.time, language, texts),
    )
    return " ".join(sentence(part) for part in parts if part)


def _until(time: str, language: str, texts: MessageTemplates) -> str:
    if not time:
        return ""
    own = texts.find(language)
    if own is not None:
        return own.until(time)
    return f"{words_for('warning.until', language)} {time}".strip()


def _left_out(all_of_it: Elements, some: Elements) -> Iterator[Element]:
    for element in (Element.SOURCE, Element.PLACE, Element.TIME):
        if getattr(all_of_it, element.value) and not getattr(some, element.value):
            yield element
