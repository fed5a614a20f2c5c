"""What people would read and hear of an alert that is still being written."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from warning.alert import AlertCase, AlertId, AlertState
from warning.alert_form import AlertForm, cap_alert
from warning.cap import Alert
from warning.cap_documents.cap_gate import CapGate, alert_of
from warning.errors import InvalidAlertError
from warning.texts.manner import PLAINLY, Manner, Manners
from warning.texts.message_preview import TextPreview, previews_of, told_in
from warning.texts.template_alert import TemplateChoice, alert_of_choice


@dataclass(frozen=True, slots=True)
class Wording:
    """What an alert says."""

    #: One a language.
    texts: Sequence[TextPreview]
    #: Language people may have registered → the one they would be told in.
    told_in: Mapping[str, str]


class MessageDesk:
    """Puts alerts into words and keeps nothing.

    Parameters
    ----------
    gate : CapGate
        Judges documents.
    sender : str
        Who our own alerts come from.
    country_language : str
        What people are told in whose own language an alert lacks.
    now : callable
        Aware UTC.
    manners : Manners, optional
        How the installation puts things.
    """

    def __init__(
        self,
        *,
        gate: CapGate,
        sender: str,
        country_language: str,
        now: Callable[[], datetime],
        manners: Manners = PLAINLY,
    ) -> None:
        self._gate = gate
        self._sender = sender
        self._country_language = country_language
        self._now = now
        self._manners = manners

    def of_form(self, form: AlertForm, languages: Sequence[str] = ()) -> Wording:
        """Put a form into words.

        Parameters
        ----------
        form : AlertForm
        languages : sequence of str
            Languages to say of in which one their speakers would be told, besides
            those that we have texts in.
        """
        cap = cap_alert(
            form, identifier=uuid.uuid4().urn, sender=self._sender, sent=self._now()
        )
        return self._wording(cap, languages, self._manners.now())

    def of_choice(
        self, choice: TemplateChoice, languages: Sequence[str] = ()
    ) -> Wording:
        """Put a choice into our own words.

        Raises
        ------
        InvalidAlertError
            If there are no texts in one of its languages.
        """
        manner = self._manners.now()
        cap = alert_of_choice(
            choice,
            texts=manner.texts,
            identifier=uuid.uuid4().urn,
            sender=self._sender,
            sent=self._now(),
        )
        return self._wording(cap, languages, manner)

    def of_cap(self, data: bytes, languages: Sequence[str] = ()) -> Wording:
        """Put a CAP document into words, also one of an alert that is over.

        Raises
        ------
        InvalidAlertError
            If a defect blocks it, or it says nothing.
        """
        cap = alert_of(self._gate.check(data))
        return self._wording(cap, languages, self._manners.now())

    def _wording(self, cap: Alert, languages: Sequence[str], manner: Manner) -> Wording:
        if not cap.infos:
            raise InvalidAlertError("The alert has no info block: it says nothing.")
        case = AlertCase(
            alert_id=AlertId("preview"),
            cap=cap,
            state=AlertState.DRAFT,
            created_by="",
            created_at=self._now(),
        )
        texts = previews_of(case, manner)
        wanted = dict.fromkeys((*languages, *sorted(manner.texts.texts)))
        told = told_in(
            wanted,
            [one.language for one in texts],
            country_default=self._country_language,
        )
        return Wording(texts, told)
