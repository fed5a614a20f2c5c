"""Whether what an alert says can be heard in its languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from telephony.delivery import OWN_SOUND
from warning.alert import AlertCase
from warning.errors import UnrecordedError
from warning.texts.manner import PLAINLY, Manners
from warning.texts.messages import messages_of

#: Whether words can be heard: language, words.
IsHearable = Callable[[str, str], bool]


class Hearing(Protocol):
    """Judges an alert before it is approved."""

    def require(self, case: AlertCase) -> None:
        """Refuse an alert that some would hear in another language."""
        ...

    def unheard(self, case: AlertCase) -> Sequence[str]:
        """Languages of which somebody must accept that calls fall back."""
        ...


class FallBack:
    """Nothing is refused: calls fall back on another language where they must."""

    def require(self, case: AlertCase) -> None:
        """Let everything through."""

    def unheard(self, case: AlertCase) -> Sequence[str]:
        """None: nobody is asked."""
        return ()


class AskFirst:
    """Somebody has to know and accept that calls fall back.

    Parameters
    ----------
    is_hearable : callable
        By recording or by any voice, at every carrier that makes calls.
    manners : Manners
        How the installation puts things.
    """

    def __init__(self, is_hearable: IsHearable, manners: Manners = PLAINLY) -> None:
        self._is_hearable = is_hearable
        self._manners = manners

    def require(self, case: AlertCase) -> None:
        """Refuse an alert of which something cannot be heard.

        Raises
        ------
        UnrecordedError
            With the languages, and what to do.
        """
        missing = self.unheard(case)
        if missing:
            raise UnrecordedError(
                f"No voice speaks {', '.join(missing)}, and nobody has recorded this "
                "alert in it: those who are called would hear another language. Record "
                "it, or approve with accept_fallback.",
                languages=missing,
            )

    def unheard(self, case: AlertCase) -> Sequence[str]:
        """Languages of an alert in which something of it cannot be heard."""
        return [
            message.content.language
            for message in messages_of(case, self._manners.of(case))
            # Who brings the sound itself needs no voice for its words.
            if OWN_SOUND not in message.content.variables
            and not all(
                self._is_hearable(message.content.language, words)
                for words in message.content.variables.values()
                if words.strip()
            )
        ]
