"""Which carrier carries a number: by prefix and priority, the next one if it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from telephony.delivery import Channel
from telephony.errors import CarrierConfigError

_PREFIX = re.compile(r"\+[1-9]\d{0,14}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """What one carrier can carry."""

    #: The carrier's name in the settings.
    carrier: str
    #: Channels it has a sender for.
    channels: Channel
    #: E.164 beginnings, e.g. ``+855``; empty carries every number.
    prefixes: tuple[str, ...] = ()
    #: The lowest goes first.
    priority: int = 0


class RoutingTable:
    """Finds the carriers of a number.

    Parameters
    ----------
    routes : iterable of Route
        One for each carrier.

    Raises
    ------
    CarrierConfigError
        If a carrier is named twice or a prefix is not the beginning of an E.164 number.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = tuple(routes)
        names = [route.carrier for route in self._routes]
        for name in names:
            if names.count(name) > 1:
                raise CarrierConfigError(f"Carrier {name!r} is configured twice.")
        for route in self._routes:
            _check_prefixes(route)
        self._n_digits = max(
            (len(prefix) for route in self._routes for prefix in route.prefixes),
            default=0,
        )
        self._known: dict[tuple[str, Channel], tuple[str, ...]] = {}

    def carriers(self, number: str, channel: Channel) -> Sequence[str]:
        """Carriers of a number on a channel, the one to ask first first.

        Parameters
        ----------
        number : str
            E.164.
        channel : Channel
            One channel.

        Returns
        -------
        sequence of str
            By priority, then by the longer prefix, then by name; empty if none serves
            the number.

        Examples
        --------
        >>> table = RoutingTable([
        ...     Route(carrier="world", channels=Channel.SMS, priority=2),
        ...     Route(carrier="home", channels=Channel.SMS, prefixes=("+855",)),
        ... ])
        >>> table.carriers("+85512345678", Channel.SMS)
        ('home', 'world')
        >>> table.carriers("+33612345678", Channel.SMS)
        ('world',)
        >>> table.carriers("+33612345678", Channel.VOICE)
        ()
        """
        # No prefix looks further than this, so a country's numbers share few entries.
        key = (number[: self._n_digits], channel)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(*key)
        return found

    def choose(
        self, number: str, channel: Channel, is_available: Callable[[str], bool]
    ) -> str | None:
        """Return the first carrier that is available now; None if there is none."""
        return next(filter(is_available, self.carriers(number, channel)), None)

    def _find(self, beginning: str, channel: Channel) -> tuple[str, ...]:
        ranked = []
        for route in self._routes:
            matching = [
                len(p) for p in route.prefixes or ("",) if beginning.startswith(p)
            ]
            if matching and route.channels & channel:
                ranked.append((route.priority, -max(matching), route.carrier))
        return tuple(carrier for _, _, carrier in sorted(ranked))


def _check_prefixes(route: Route) -> None:
    for prefix in route.prefixes:
        if not _PREFIX.fullmatch(prefix):
            raise CarrierConfigError(
                f"Carrier {route.carrier!r}: prefix {prefix!r} is not the beginning of "
                "an E.164 number; write it like '+855'."
            )
