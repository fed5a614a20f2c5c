"""Cancelling a live alert stops what is queued, however much that is.

``CANCEL_PEOPLE=100000`` measures the case that the product is built for.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tests.scenario.alert_desk import WEST, Desk, a_form, desk
from tests.scenario.installation import wait_for

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.timed,
    pytest.mark.enable_socket,
    pytest.mark.timeout(600),
]

N_PEOPLE = int(os.environ.get("CANCEL_PEOPLE", "1000"))
PER_S = float(os.environ.get("CANCEL_PACE", "60"))
#: Nothing leaves the queue later than this after the request to cancel.
MAX_S = 1.0


class Watch:
    """Notes when the telco last took something."""

    def __init__(self, one: Desk) -> None:
        self._desk = one
        self._stop = threading.Event()
        self.n = 0
        self.last_at = 0.0

    def run(self) -> None:
        """Look every few milliseconds until told to stop."""
        while not self._stop.wait(0.02):
            n = self._desk.n_taken()
            if n != self.n:
                self.n, self.last_at = n, time.monotonic()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()


def test_nothing_leaves_after_a_cancel(
    tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    """Of thousands queued, only what was under way still arrives."""
    with desk(tmp_path, sms_per_s=PER_S) as one:
        one.register(
            [
                f"+85512{n:06d},en,{104.1 + 0.8 * n / N_PEOPLE:.6f},11.5,sms"
                for n in range(N_PEOPLE)
            ]
        )
        alert = one.ask("POST", "/alerts", a_form(WEST, "Flood"))["id"]
        one.ask("POST", f"/alerts/{alert}/submit")
        one.approve(alert)
        one.wait_for_texts(20)
        wait_for(lambda: n_planned(one, alert) == N_PEOPLE, timeout_s=240)

        watch = Watch(one)
        watching = threading.Thread(target=watch.run)
        watching.start()
        asked_at = time.monotonic()
        answer = one.ask("POST", f"/alerts/{alert}/cancel")
        answered_at = time.monotonic()
        threading.Event().wait(3)
        watch.stop()
        watching.join()

        late_s = watch.last_at - asked_at
        told = f"{N_PEOPLE:,} queued: answered in {answered_at - asked_at:.2f} s, "
        record_property("cancel", f"{told}last text {late_s:.2f} s after the request")
        print(f"{told}last text {late_s:.2f} s after the request")  # noqa: T201 - shown by the long form
        assert late_s <= MAX_S
        assert watch.n < N_PEOPLE
        progress = one.ask("GET", f"/alerts/{alert}/progress")
        assert progress["state"] == "cancelled"
        withdrawn = progress["sms"]["failed"]["cancelled"]
        assert progress["people_attempted"] + withdrawn == N_PEOPLE
        waiting = one.ask("GET", f"/alerts/{answer['follow_up']}/preview")
        assert waiting["counts"]["n"] == progress["people_attempted"]


def n_planned(one: Desk, alert: object) -> int:
    planned = one.ask("GET", f"/alerts/{alert}/progress")["planned"]
    return int(planned)
