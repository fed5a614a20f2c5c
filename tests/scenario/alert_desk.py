"""An installation with a telco, two people at the desk, and a few who are warned."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ops.config.settings import CarrierSettings
from simulator.citizens import CitizenMix
from simulator.config import Dialect, PaceLimits, SimulatorConfig
from simulator.testing import RunningSimulator, running
from tests.scenario.installation import Installation, wait_for

#: Everybody has a phone that works and says nothing.
SILENT = CitizenMix(dead=0, unreachable=0, replies=0)
WEST = [[[104.0, 11.0], [105.0, 11.0], [105.0, 12.0], [104.0, 12.0], [104.0, 11.0]]]
EAST = [[[104.6, 11.0], [106.0, 11.0], [106.0, 12.0], [104.6, 12.0], [104.6, 11.0]]]


class Desk:
    """Two people who work over the API, and the telco that carries what they say."""

    def __init__(self, place: Installation, telco: RunningSimulator) -> None:
        self.place = place
        self.telco = telco
        self._tokens = {
            name: place.token(name, role)
            for name, role in (("anna", "operator"), ("boran", "approver"))
        }

    def ask(
        self, method: str, path: str, body: Any = None, *, by: str = "anna"
    ) -> Mapping[str, Any]:
        """One request that succeeds."""
        data = b"" if body is None else json.dumps(body).encode()
        return self._send(method, path, data, "application/json", by=by)

    def post_cap(self, document: bytes) -> Mapping[str, Any]:
        """Bring a CAP document, by the first person; it becomes a draft."""
        return self._send("POST", "/alerts", document, "application/cap+xml", by="anna")

    def _send(
        self, method: str, path: str, data: bytes, content_type: str, *, by: str
    ) -> Mapping[str, Any]:
        answer = self.place.ask(
            method,
            f"/api/v1{path}",
            data,
            Authorization=f"Bearer {self._tokens[by]}",
            Content_Type=content_type,
        )
        assert answer.status < 300, answer.body
        return answer.document

    def approve(self, alert_id: object) -> Mapping[str, Any]:
        """By the second person, who knows that calls may fall back."""
        path = f"/alerts/{alert_id}/approve?accept_fallback=1"
        return self.ask("POST", path, by="boran")

    def register(self, lines: Iterable[str]) -> None:
        """Import people: phone, language, lon, lat."""
        file = self.place.folder / "people.csv"
        header = "phone,language,lon,lat,channels\n"
        file.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
        done = self.place.run("import", "subscribers", file, timeout_s=300)
        assert done.returncode == 0, done.stderr

    def n_taken(self) -> int:
        """Texts that the telco took."""
        return self.telco.counters().get("messages.accepted", 0)

    def wait_for_texts(self, n: int) -> None:
        """Wait until that many were taken."""
        wait_for(lambda: self.n_taken() >= n, timeout_s=60)

    def texts(self, phone: str) -> list[str]:
        """What a phone has read, oldest first."""
        newest_first = self.telco.inbox(phone)["texts"]
        return [one["body"] for one in reversed(newest_first)]


@contextmanager
def desk(folder: Path, *, sms_per_s: float, **choices: object) -> Iterator[Desk]:
    """Web and worker as processes, over a telco on this machine."""
    config = SimulatorConfig(
        dialect=Dialect.TWILIO, mix=SILENT, pace=PaceLimits(), seed=3
    )
    with running(config) as telco:
        carrier = CarrierSettings.model_validate(
            {
                "base_url": telco.base_url,
                "account_sid": config.account_sid,
                "auth_token": config.auth_token,
                "sms_from": "+85510000000",
                "voice_from": "+85510000000",
                "sms_per_s": sms_per_s,
            }
        )
        place = Installation(folder, carriers={"main": carrier}, **choices)
        assert place.run("db", "upgrade").returncode == 0
        with place.web(), place.process("worker"):
            yield Desk(place, telco)


def a_form(area: object, headline: str, **changes: object) -> dict[str, object]:
    """A warning in two languages, for six hours from now."""
    now = datetime.now(UTC)  # noqa: TID251 - real processes read the real clock
    words = {"event": "Flood", "description": "The river rises."}
    return {
        "status": "Actual",
        "categories": ["Met"],
        "urgency": "Immediate",
        "severity": "Extreme",
        "certainty": "Observed",
        "sender_name": "Ministry of Water",
        "area": {"type": "Polygon", "coordinates": area},
        "area_desc": "Kandal",
        "expires": (now + timedelta(hours=6)).isoformat(),
        "texts": {
            "en": {
                **words,
                "headline": headline,
                "instruction": "Go to high ground.",
            },
            "fr": {
                "event": "Crue",
                "headline": f"Crue: {headline}",
                "description": "L'eau monte.",
                "instruction": "Gagnez les hauteurs.",
            },
        },
        **changes,
    }
