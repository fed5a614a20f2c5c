"""``kill -9`` of the web server under load: what was answered 204 is kept for good.

``make soak`` kills more often.
"""

from __future__ import annotations

import http.client
import itertools
import os
import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr

from app import create_services
from ops.config.settings import CarrierSettings
from ops.listening import LOOPBACK
from telephony.carriers.signature import sign
from tests.scenario.installation import Installation, wait_for

TOKEN = "carrier-token"
PATH = "/telephony/main/messages/1/status"
N_CONNECTIONS = 12
N_KILLS = int(os.environ.get("SOAK_WEB_KILLS", "3"))
CARRIER = CarrierSettings(
    base_url="http://127.0.0.1:9",
    account_sid="AC1",
    auth_token=SecretStr(TOKEN),
    sms_from="1294",
)


class Callbacks:
    """A carrier that reports without pause, and remembers what was acknowledged."""

    def __init__(self, place: Installation) -> None:
        self._place = place
        self._numbers = itertools.count()
        self._stop = threading.Event()
        self.acknowledged: list[str] = []

    def run(self) -> None:
        """Report over one connection after another until told to stop."""
        while not self._stop.is_set():
            connection = http.client.HTTPConnection(
                LOOPBACK, self._place.settings.port, timeout=10
            )
            try:
                while not self._stop.is_set():
                    self._report(connection)
            except (OSError, http.client.HTTPException):
                self._stop.wait(0.05)  # killed in the middle: come again
            finally:
                connection.close()

    def stop(self) -> None:
        """Let every connection end."""
        self._stop.set()

    def _report(self, connection: http.client.HTTPConnection) -> None:
        sid = f"SM{next(self._numbers):032x}"
        form = [("MessageSid", sid), ("MessageStatus", "delivered")]
        url = self._place.settings.callback_url + PATH
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": sign(TOKEN, url, form),
        }
        connection.request("POST", PATH, urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status == 204:
            self.acknowledged.append(sid)


@pytest.mark.scenario
@pytest.mark.enable_socket
@pytest.mark.timeout(60 + 20 * N_KILLS)
def test_every_acknowledged_callback_is_kept(tmp_path: Path) -> None:
    """Killed again and again, also while it commits: no 204 was a lie."""
    place = Installation(tmp_path, carriers={"main": CARRIER}, log_level="WARNING")
    assert place.run("db", "upgrade").returncode == 0
    callbacks, rng = Callbacks(place), random.Random(11)
    with ThreadPoolExecutor(N_CONNECTIONS) as threads:
        for _ in range(N_CONNECTIONS):
            threads.submit(callbacks.run)
        try:
            for _ in range(N_KILLS):
                n_before = len(callbacks.acknowledged)
                n_more = rng.randint(100, 600)
                with place.web() as process:
                    wait_for(
                        lambda n=n_before + n_more: len(callbacks.acknowledged) >= n,
                        timeout_s=30,
                    )
                    process.kill()
        finally:
            callbacks.stop()

    kept = kept_sids(place)
    print(  # noqa: T201 - shown by the long form
        f"{N_KILLS} kills: {len(callbacks.acknowledged)} callbacks acknowledged, "
        f"{len(kept)} kept"
    )
    assert len(kept) == len(set(kept)), "a callback is kept twice"
    assert set(callbacks.acknowledged) <= set(kept)
    assert len(callbacks.acknowledged) >= 100 * N_KILLS


def kept_sids(place: Installation) -> Sequence[str]:
    """What the database holds when all has been collected, as the worker would."""
    services = create_services(place.settings)
    try:
        while services.database.collect_callbacks():
            pass
        with services.database.read_only() as uow:
            events = uow.events.unfolded(limit=1_000_000)
    finally:
        services.close()
    return [dict(event.form)["MessageSid"] for event in events]
