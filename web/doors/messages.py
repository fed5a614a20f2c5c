"""What the views about the words of an alert need, as a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from warning.alert_form import AlertForm
from warning.texts.message_desk import Wording
from warning.texts.template_alert import TemplateChoice


class MessageDesk(Protocol):
    """What people would read and hear of an alert that is still being written."""

    def of_form(self, form: AlertForm, languages: Sequence[str] = ()) -> Wording:
        """Put a form into words."""
        ...

    def of_choice(
        self, choice: TemplateChoice, languages: Sequence[str] = ()
    ) -> Wording:
        """Put a choice into our own words."""
        ...

    def of_cap(self, data: bytes, languages: Sequence[str] = ()) -> Wording:
        """Put a CAP document into words."""
        ...
