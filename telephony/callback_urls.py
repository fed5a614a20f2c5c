"""Where carriers report what became of an attempt."""

from __future__ import annotations

from ivr_scripts.position import Position
from telephony.delivery import AttemptId


class CallbackUrls:
    """Where carriers report, by attempt: the attempt's own id is inside each URL."""

    def __init__(self, public_url: str) -> None:
        self._base = f"{public_url.rstrip('/')}/telephony"

    def message_status(self, carrier: str, attempt_id: AttemptId) -> str:
        """For a message's delivery reports."""
        return f"{self._base}/{carrier}/messages/{attempt_id}/status"

    def call_status(self, carrier: str, attempt_id: AttemptId) -> str:
        """For a call's progress."""
        return f"{self._base}/{carrier}/calls/{attempt_id}/status"

    def call_answerer(self, carrier: str, attempt_id: AttemptId) -> str:
        """For who took a call."""
        return f"{self._base}/{carrier}/calls/{attempt_id}/answerer"

    def call_step(
        self, carrier: str, attempt_id: AttemptId, position: Position | None = None
    ) -> str:
        """For a call's next words."""
        url = f"{self._base}/{carrier}/calls/{attempt_id}/script"
        return url if position is None else f"{url}/{position.encode()}"
