"""How this installation judges CAP: with its sources' signatures and its own areas.

The one door for documents from outside: the command line, the API's dry run, feeds and
systems that push all ask here and so hear the same verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

from warning.cap_documents.cap_check import Verdict, Vouched, names_of, verdict_of
from warning.cap_documents.cap_xml import ReadResult, read, read_all
from warning.cap_documents.defects import Defect, blocks
from warning.cap_documents.signature import SignatureTrust, verify
from warning.errors import InvalidAlertError

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from warning.cap import Alert
    from warning.cap_documents.target import GeocodeLookup


@dataclass(frozen=True, kw_only=True, slots=True)
class CapSource:
    """An authority whose alerts come in, and how far its signatures are trusted."""

    name: str
    #: Its CAP senders: patterns such as ``*@meteo.gov.example``, in any letters.
    senders: tuple[str, ...]
    trust: SignatureTrust
    #: Ways in (``feed:met``) that bring nothing but this source's alerts.
    origins: tuple[str, ...] = ()

    def is_sender(self, sender: str) -> bool:
        """Whether a CAP sender is this source."""
        told = sender.casefold()
        return any(fnmatchcase(told, one.casefold()) for one in self.senders)


class CapGate:
    """Judges documents.

    Parameters
    ----------
    now : callable
        Aware UTC: when certificates must be valid.
    sources : sequence of CapSource
        The first whose sender matches counts.
    trust : SignatureTrust, optional
        For senders that no source knows; by default their signatures are looked at.
    codes : callable, optional
        Gives the table of geocodes of this moment; asked only when a code stands for a
        shape. Without it every code is unknown.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        sources: Sequence[CapSource] = (),
        trust: SignatureTrust | None = None,
        codes: Callable[[], GeocodeLookup] | None = None,
    ) -> None:
        self._now = now
        self._sources = tuple(sources)
        self._trust = trust or SignatureTrust()
        self._codes = codes

    def check(
        self, data: bytes, *, filename: str = "request", origin: str = ""
    ) -> Verdict:
        """Judge a document that should hold one alert.

        Parameters
        ----------
        data : bytes
            The file as received.
        filename : str
            What to call it in the verdict; never opened.
        origin : str
            How it came in, e.g. ``feed:met``.

        Returns
        -------
        Verdict
            Never raises for a bad document.
        """
        return self._verdict(read(data), data, filename, origin)

    def check_all(self, data: bytes, *, filename: str) -> tuple[Verdict, ...]:
        """Judge every alert of a document; several are named ``file#1``, ``file#2``."""
        results = read_all(data)
        return tuple(
            self._verdict(result, data, file, "")
            for file, result in zip(names_of(results, filename), results, strict=True)
        )

    def accept(self, data: bytes, *, origin: str = "") -> Alert:
        """Read a document in which nothing blocks; parameters are those of ``check``.

        Raises
        ------
        InvalidAlertError
            If something does; every defect is named.
        """
        return alert_of(self.check(data, origin=origin))

    def table(self) -> GeocodeLookup:
        """Return a table of geocodes that is fetched when it is first asked."""
        return _Table(self._codes).find

    def _verdict(
        self, result: ReadResult, data: bytes, file: str, origin: str
    ) -> Verdict:
        if result.node is None:
            return verdict_of(result, file=file)
        sender = result.node.text_of("sender")
        source = next((one for one in self._sources if one.is_sender(sender)), None)
        trust = source.trust if source is not None else self._trust
        vouched = Vouched(
            source=source.name if source is not None else None,
            policy=trust.policy,
            signature=verify(data, trust, at=self._now()),
            also=tuple(self._stranger(result, source, origin)),
        )
        return verdict_of(result, file=file, lookup=self.table(), vouched=vouched)

    def _stranger(
        self, result: ReadResult, source: CapSource | None, origin: str
    ) -> Sequence[Defect]:
        """Hold what a way in brought that is another source's alone."""
        owners = [one for one in self._sources if origin in one.origins]
        if not owners or source in owners:
            return ()
        node = result.node.first("sender") if result.node is not None else None
        names = " or ".join(one.name for one in owners)
        message = f"<sender> is not {names}, from whom alone {origin} brings alerts."
        line = node.line if node is not None else None
        return [blocks("sender_unexpected", "sender", line, f"{message} It is held.")]


def alert_of(verdict: Verdict) -> Alert:
    """Return the alert of a document in which nothing blocks.

    Raises
    ------
    InvalidAlertError
        If something does; every defect is named.
    """
    if verdict.alert is None or not verdict.usable:
        blocking = tuple(defect for defect in verdict.defects if defect.blocks)
        error = InvalidAlertError(" ".join(one.message for one in blocking))
        error.defects = blocking
        raise error
    return verdict.alert


class _Table:
    """A table of geocodes, fetched once for all the codes of an alert."""

    def __init__(self, codes: Callable[[], GeocodeLookup] | None) -> None:
        self._codes = codes

    def find(self, value_name: str, value: str) -> Polygon | MultiPolygon | None:
        return None if self._lookup is None else self._lookup(value_name, value)

    @cached_property
    def _lookup(self) -> GeocodeLookup | None:
        return None if self._codes is None else self._codes()
