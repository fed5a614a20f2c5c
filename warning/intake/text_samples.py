"""What people would read of our texts, while they are being written.

One warning a text, with a place and a time, composed as a real one is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from warning.alert import AlertCase, AlertId, AlertState
from warning.cap import Alert, Severity
from warning.intake.follow_up_cap import notices
from warning.texts.hazards import Hazard
from warning.texts.manner import Manner, Manners
from warning.texts.message_preview import TextPreview, previews_of
from warning.texts.message_templates import MessageTemplates
from warning.texts.template_alert import TemplateChoice, alert_of_choice
from warning.texts.text_desk import TextDesk
from warning.texts.text_slots import Notice

#: How long the warnings that are shown would last.
_LASTS = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Sample:
    """One warning in the texts that are being written."""

    #: Name of the text that it shows most of.
    path: str
    preview: TextPreview


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What every sample is made of."""

    language: str
    place: str
    texts: MessageTemplates
    manner: Manner
    at: datetime


class TextSamples:
    """Puts texts that are being written into warnings; keeps nothing.

    Parameters
    ----------
    desk : TextDesk
    manners : Manners
        How the installation puts things.
    sender : str
        Who our own alerts come from.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        desk: TextDesk,
        *,
        manners: Manners,
        sender: str,
        now: Callable[[], datetime],
    ) -> None:
        self._desk = desk
        self._manners = manners
        self._sender = sender
        self._now = now

    def of(
        self, language: str, group: str, typed: Mapping[str, str], *, place: str
    ) -> Sequence[Sample]:
        """What people would read; a text that cannot be used is left as it was.

        Parameters
        ----------
        language : str
            BCP 47.
        group : str
            What is edited: ``words``, ``hazards.flood``, ``notices.all_clear``.
        typed : mapping
            Name → words that are not kept yet.
        place : str
            Where the warnings are for.

        Raises
        ------
        UnknownTextError
            If the language has no texts, or a name is none of ours.
        """
        texts = self._desk.with_texts(language, typed)
        manner = replace(self._manners.now(), own_texts=texts)
        wanted = _Wanted(language, place, texts, manner, self._now())
        kind, _, name = group.partition(".")
        if kind == "notices":
            return [self._notice(wanted, Notice(name))]
        hazard = Hazard(name) if kind == "hazards" else Hazard.FLOOD
        return list(self._levels(wanted, group, hazard))

    def _levels(self, wanted: _Wanted, group: str, hazard: Hazard) -> Iterator[Sample]:
        for severity, level in ((Severity.SEVERE, "act"), (Severity.MINOR, "prepare")):
            key = level if group != "words" else f"headline_{level}"
            cap = self._warning(wanted, hazard, severity)
            yield Sample(f"{group}.{key}", _preview(cap, wanted))

    def _notice(self, wanted: _Wanted, notice: Notice) -> Sample:
        warning = self._warning(wanted, Hazard.FLOOD, Severity.SEVERE)
        path = f"notices.{notice.value}.says"
        if notice is Notice.UPDATE:
            told = replace(wanted, manner=replace(wanted.manner, is_update=True))
            return Sample(path, _preview(warning, told))
        infos = notices(warning, notice, texts=wanted.texts, expires=wanted.at + _LASTS)
        return Sample(path, _preview(replace(warning, infos=infos), wanted))

    def _warning(self, wanted: _Wanted, hazard: Hazard, severity: Severity) -> Alert:
        choice = TemplateChoice(
            hazard=hazard,
            severity=severity,
            places={wanted.language: wanted.place},
            source=self._sender,
            expires=wanted.at + _LASTS,
        )
        return alert_of_choice(
            choice,
            texts=wanted.texts,
            identifier="sample",
            sender=self._sender,
            sent=wanted.at,
        )


def _preview(cap: Alert, wanted: _Wanted) -> TextPreview:
    case = AlertCase(
        alert_id=AlertId("sample"),
        cap=cap,
        state=AlertState.DRAFT,
        created_by="",
        created_at=wanted.at,
    )
    return previews_of(case, wanted.manner)[0]
