"""What each person of an audience is told: which text, in which language, on what.

Stays the same for every chunk in which an audience is written out, and is worked out
anew after a crash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from telephony.delivery import Channel
from warning.alert import AlertCase
from warning.alert_places import EVERYWHERE, Whereabouts, narrowed
from warning.recipients import TOLD_ELSEWHERE, VARIANTS, Audience, Variant
from warning.texts.language_choice import choose_language
from warning.texts.manner import PLAIN, Manner
from warning.texts.messages import Message, messages_of

#: What speaks of the alert's own places; all else is about those of another one.
_OF_PLACES = frozenset({Variant.WARNING, Variant.UPDATE})


@dataclass(slots=True)
class AlertPlan:
    """What stays the same for every chunk of one alert.

    Only what cannot change: ids of texts are asked for in each transaction, because
    those of one that was undone may belong to another alert by now.
    """

    case: AlertCase
    audience: Audience
    #: What is said to whoever hears everything, by variant.
    messages: Mapping[Variant, Sequence[Message]]
    country_language: str
    #: From when on it may leave.
    not_before: datetime
    manner: Manner = PLAIN
    whereabouts: Whereabouts = EVERYWHERE
    _said: dict[tuple[Variant, int], Mapping[str, Message]] = field(
        default_factory=dict
    )
    _chosen: dict[tuple[Variant, int, str], str] = field(default_factory=dict)

    def language_for(self, variant: Variant, position: int, wanted: str) -> str:
        """The language in which somebody is told; asked a million times, so kept."""
        mask = self.whereabouts.mask_at(position)
        chosen = self._chosen.get((variant, mask, wanted))
        if chosen is None:
            chosen = self._chosen[variant, mask, wanted] = choose_language(
                wanted,
                list(self._messages(variant, mask)),
                country_default=self.country_language,
            )
        return chosen

    def message(self, variant: Variant, position: int, language: str) -> Message:
        """What the person of a place is told in a language that was chosen for them."""
        return self._messages(variant, self.whereabouts.mask_at(position))[language]

    def variant_at(self, position: int) -> Variant | None:
        """What the person of a place is told; None if they were told elsewhere."""
        variants = self.audience.variants
        if variants is None:
            return Variant.WARNING
        number = int(variants[position])
        return None if number == TOLD_ELSEWHERE else VARIANTS[number]

    def first_channel(
        self, position: int, usable: Channel, *, is_voice_first: bool = False
    ) -> Channel:
        """How the person of a place is told: as they were told before, if they can."""
        channels = self.audience.channels
        if channels is not None:
            before = Channel(int(channels[position]))
            if before & usable:
                return before
        return first_channel(usable, is_voice_first=is_voice_first)

    def _messages(self, variant: Variant, mask: int) -> Mapping[str, Message]:
        said = self._said.get((variant, mask))
        if said is None:
            messages = self.messages[variant]
            if mask and variant in _OF_PLACES:
                messages = self._in_places(variant, mask)
            said = {message.content.language: message for message in messages}
            self._said[variant, mask] = said
        return said

    def _in_places(self, variant: Variant, mask: int) -> Sequence[Message]:
        """What is said to whoever is in some of the alert's places, and no other."""
        cap = narrowed(self.case.cap, self.whereabouts.scopes_of(mask))
        manner = replace(
            self.manner,
            variant=variant.value,
            is_update=variant is Variant.UPDATE,
            places=f"@{mask:x}",
        )
        return messages_of(replace(self.case, cap=cap), manner)


@cache
def first_channel(channels: Channel, *, is_voice_first: bool = False) -> Channel:
    """How a person is told first: by text if there is one, it wakes the least.

    Whoever cannot read it is rung, if they can be.
    """
    has_text, has_voice = Channel.SMS in channels, Channel.VOICE in channels
    is_text = has_text and not (is_voice_first and has_voice)
    return Channel.SMS if is_text else Channel.VOICE
