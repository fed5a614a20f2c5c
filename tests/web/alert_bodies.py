"""Alerts as clients of the API write them."""

from __future__ import annotations

import json
from typing import Any

from shapely.geometry import mapping

from tests.web.fakes import SQUARE

URL = "/api/v1/alerts"
CAP = "application/cap+xml"
AREA = json.loads(json.dumps(mapping(SQUARE)))


def body(**changes: Any) -> dict[str, Any]:
    """A flood warning as a client writes it."""
    return {
        "status": "Actual",
        "categories": ["Met"],
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Observed",
        "area": AREA,
        "area_desc": "Kandal",
        "texts": {
            "km": {
                "event": "ទឹកជំនន់",
                "headline": "ទឹកជំនន់ទន្លេមេគង្គ",
                "description": "ទឹកកំពុងឡើង។",
                "instruction": "ទៅទីទួល។",
                "area_desc": "កណ្ដាល",
            },
            "EN": {
                "event": "Flood",
                "headline": "Flood on the Mekong",
                "description": "The river rises.",
                "instruction": "Go to high ground.",
            },
        },
        "expires": "2026-09-01T16:00:00+07:00",
        "web": "https://warning.example.org/flood",
        **changes,
    }
