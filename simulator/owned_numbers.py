"""The numbers that belong to the account, and where their inbound traffic goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from simulator.config import OwnedNumber
from simulator.numbering import normalized


class OwnedNumbers:
    """Senders of the account.

    Parameters
    ----------
    numbers : iterable of OwnedNumber
        Empty: every sender counts as the account's own.
    sms_url, voice_url : str or None
        For numbers that name none.
    """

    def __init__(
        self,
        numbers: Iterable[OwnedNumber],
        *,
        sms_url: str | None,
        voice_url: str | None,
    ) -> None:
        self._numbers = {
            normalized(own.number): replace(own, number=normalized(own.number))
            for own in numbers
        }
        self._takes_any = not self._numbers
        self._sms_url = sms_url
        self._voice_url = voice_url

    def __iter__(self) -> Iterator[OwnedNumber]:
        return iter(self._numbers.values())

    def lists(self, number: str) -> bool:
        """Whether it is one of the numbers named as the account's own."""
        return number in self._numbers

    def owns(self, number: str) -> bool:
        """Whether the account may send from it."""
        return self._takes_any or number in self._numbers

    def sms_url(self, number: str) -> str | None:
        """Who is told of texts to it."""
        own = self._numbers.get(normalized(number))
        return (own.sms_url if own else None) or self._sms_url

    def voice_url(self, number: str) -> str | None:
        """Who is asked about calls to it."""
        own = self._numbers.get(normalized(number))
        return (own.voice_url if own else None) or self._voice_url

    def connect(
        self, number: str, *, sms_url: str | None, voice_url: str | None
    ) -> OwnedNumber:
        """Set a number's addresses; makes it the account's own."""
        number = normalized(number)
        own = self._numbers.get(number) or OwnedNumber(number=number)
        own = replace(own, sms_url=sms_url, voice_url=voice_url)
        self._numbers[number] = own
        return own
