"""Systems that push their alerts to us as they publish them, CAP Composer above all.

They do not sign; they send a secret in a header. It is compared in constant time, also
for a name that nobody has, so that neither names nor secrets can be felt out.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from warning.errors import PushSecretError
from warning.sources.source_desk import Receipt, SourceDesk, SourcePolicy

#: Which header is read for a name that nobody has.
DEFAULT_HEADER = "CAP-Webhook-Auth"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pusher:
    """One system that may push."""

    name: str
    header: str
    secret: str = field(repr=False)
    policy: SourcePolicy

    @property
    def source(self) -> str:
        """How its alerts say where they came from."""
        return f"push:{self.name}"


class PushIntake:
    """Takes in what is pushed.

    Parameters
    ----------
    desk : SourceDesk
    pushers : mapping of str to Pusher
        Those who may, by name.
    """

    def __init__(self, desk: SourceDesk, pushers: Mapping[str, Pusher]) -> None:
        self._desk = desk
        self._pushers = pushers

    def require_known(
        self, name: str, header_of: Callable[[str], str | None]
    ) -> Pusher:
        """Return who pushes, by its secret.

        Parameters
        ----------
        header_of : callable
            A header of the request by its name; None if it has none.

        Raises
        ------
        PushSecretError
            If the secret does not fit; the same for a name that nobody has.
        """
        pusher = self._pushers.get(name)
        given = header_of(pusher.header if pusher else DEFAULT_HEADER) or ""
        wanted = pusher.secret if pusher else ""
        # Digests: compare_digest tells lengths, and refuses letters beyond ASCII.
        fits = hmac.compare_digest(_digest(given), _digest(wanted))
        if pusher is None or not fits:
            raise PushSecretError(
                "The header with the secret is missing or wrong; see pushers in the "
                "settings."
            )
        return pusher

    def take(self, pusher: Pusher, data: bytes) -> Receipt:
        """Take a document in; the same one again changes nothing."""
        return self._desk.take(data, source=pusher.source, policy=pusher.policy)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
