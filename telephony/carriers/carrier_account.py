"""How to reach one carrier and who we are there, checked before anything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from telephony.delivery import is_carrier_ref
from telephony.errors import CarrierConfigError

#: Nothing of an address: blanks, control characters, what is not ASCII.
_ODD = re.compile(r"[^!-~]")
_NUMBER = re.compile(r"\+?[0-9]{3,15}", re.ASCII)
#: Alphanumeric sender: up to 11 characters, at least one letter.
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierAccount:
    """One carrier's table in the settings.

    Raises
    ------
    CarrierConfigError
        If it cannot work; says which setting and what it should look like.
    """

    #: The carrier's name in the settings.
    name: str
    #: Scheme, host and port; a path if the API does not start at the root.
    base_url: str
    account_sid: str
    auth_token: str = field(repr=False)
    #: Number or alphanumeric name; None if the carrier sends no texts for us.
    sms_from: str | None = None
    #: Number; None if the carrier places no calls for us.
    voice_from: str | None = None
    #: Whether it is to tell machines from people, where a call asks for that.
    tells_machines: bool = False

    def __post_init__(self) -> None:
        if not _is_base_url(self.base_url):
            self._refuse("base_url must look like https://host:port, nothing after it")
        if not is_carrier_ref(self.account_sid):
            self._refuse("account_sid must be letters, digits, '-' or '_'")
        if not self.auth_token:
            self._refuse("auth_token is missing")
        if not _fits(self.sms_from, _NUMBER, _NAME):
            self._refuse("sms_from must be a number or a name of up to 11 characters")
        if not _fits(self.voice_from, _NUMBER):
            self._refuse("voice_from must be a number")

    def _refuse(self, fault: str) -> None:
        raise CarrierConfigError(f"Carrier {self.name!r}: {fault}.")


def _is_base_url(text: str) -> bool:
    try:
        url = urlsplit(text)
        is_plain = not (url.query or url.fragment or url.username)
        is_whole = url.scheme in {"http", "https"} and bool(url.hostname)
        return is_plain and is_whole and url.port != 0 and not _ODD.search(text)
    except ValueError:
        return False


def _fits(sender: str | None, *patterns: re.Pattern[str]) -> bool:
    return sender is None or any(pattern.fullmatch(sender) for pattern in patterns)
