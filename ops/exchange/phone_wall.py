"""The phones of the built-in telco, looked at and answered from the console.

Over its control interface, which answers on the loopback alone; where the installation
has another telco there are no phones to look at.
"""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from ops.listening import LOOPBACK
from telephony.errors import CarrierUnavailableError

if TYPE_CHECKING:
    from ops.config.settings import CarrierSettings

_TIMEOUT_S = 2.0
#: Texts and calls of a phone that are shown.
_N_NEWS = 3
ACTS = frozenset({"answer", "hang-up", "keys", "texts"})


@dataclass(frozen=True, kw_only=True, slots=True)
class WallPhone:
    """One phone as a person who holds it sees it."""

    number: str
    #: ``idle``, ``ringing`` or ``talking``.
    state: str
    #: Texts it got, the newest first.
    texts: Sequence[str]
    #: What was said in its newest call, line by line.
    heard: Sequence[str]


class PhoneWall:
    """Phones with news.

    Parameters
    ----------
    carrier : CarrierSettings, optional
        The built-in telco as this installation's carrier; None where it is not.
    """

    def __init__(self, carrier: CarrierSettings | None) -> None:
        address = urlsplit(carrier.base_url) if carrier is not None else None
        is_ours = address is not None and address.hostname == LOOPBACK
        self._carrier = carrier if is_ours else None
        self._port = address.port if address is not None else None

    @property
    def is_there(self) -> bool:
        """Whether the built-in telco is this installation's carrier."""
        return self._carrier is not None

    def phones(self, *, limit: int) -> Sequence[WallPhone]:
        """Phones that something happened to lately, newest first.

        Raises
        ------
        CarrierUnavailableError
            If the telco does not answer.
        """
        numbers = self._ask("GET", "phones")["phones"][:limit]
        return [_phone(self._ask("GET", f"phones/{_part(n)}/inbox")) for n in numbers]

    def act(self, number: str, what: str, said: str = "") -> None:
        """Do what a person who holds a phone does.

        Parameters
        ----------
        what : str
            One of ``ACTS``.
        said : str
            Keys that are pressed, or the words of a text.

        Raises
        ------
        CarrierUnavailableError
            If the telco does not answer, or the phone cannot do this now.
        """
        values: dict[str, str] = {}
        if what == "keys":
            values = {"keys": said}
        if what == "texts":
            inbox = self._ask("GET", f"phones/{_part(number)}/inbox")
            values = {"to": next(iter(inbox["numbers"]), ""), "body": said}
        self._ask("POST", f"phones/{_part(number)}/{what}", values)

    def _ask(
        self, method: str, path: str, values: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Ask the control interface.

        Raises
        ------
        CarrierUnavailableError
            If it does not answer with what was asked for.
        """
        if self._carrier is None:
            raise CarrierUnavailableError("The built-in telco is not our carrier.")
        sid, token = self._carrier.account_sid, self._carrier.auth_token
        pair = base64.b64encode(f"{sid}:{token.get_secret_value()}".encode()).decode()
        link = http.client.HTTPConnection(LOOPBACK, self._port, timeout=_TIMEOUT_S)
        try:
            link.request(
                method,
                f"/_simulator/{path}",
                json.dumps(values) if values is not None else None,
                {"Authorization": f"Basic {pair}", "Content-Type": "application/json"},
            )
            answer = link.getresponse()
            told: dict[str, Any] = json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise CarrierUnavailableError(
                "The built-in telco does not answer; see that it runs."
            ) from error
        finally:
            link.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise CarrierUnavailableError(
                f"The phone cannot do this now: {told.get('error', answer.reason)}."
            )
        return told


def _part(number: str) -> str:
    return quote(number, safe="")


def _phone(inbox: Mapping[str, Any]) -> WallPhone:
    calls = inbox["calls"]
    return WallPhone(
        number=inbox["phone"],
        state=inbox["state"],
        texts=[
            str(one["body"]) for one in inbox["texts"] if one["to"] == inbox["phone"]
        ][:_N_NEWS],
        heard=[str(line) for line in calls[0]["transcript"]] if calls else [],
    )
