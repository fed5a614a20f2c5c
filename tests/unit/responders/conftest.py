"""People and AEDs around a patient, laid out in metres."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from responders.deciding.facts import Candidates, CaseFacts, Skill
from responders.deciding.roles import Acceptor, AedSites
from responders.deciding.travel import EARTH_RADIUS_M, Mode

LON, LAT = 4.9, 0.0
METRE = float(np.degrees(1.0 / EARTH_RADIUS_M))


@pytest.fixture
def make_case() -> Callable[..., CaseFacts]:
    """A case at the equator, where a metre is the same both ways."""

    def make(**changes: Any) -> CaseFacts:
        return CaseFacts(**{"lon": LON, "lat": LAT, **changes})

    return make


@pytest.fixture
def make_candidates() -> Callable[..., Candidates]:
    """People at distances, east of the patient; columns may be given or one for all."""

    def make(metres: list[float], **columns: Any) -> Candidates:
        n = len(metres)
        values: dict[str, Any] = {
            "ids": np.arange(1, n + 1),
            "lon": LON + METRE * np.array(metres, dtype=float),
            "lat": LAT,
            "distance_m": metres,
            "mode": Mode.DENSE,
            "position_age_s": 0.0,
            "p_accept": 0.35,
            "channel": 0,
            "skills": int(Skill.CPR | Skill.VERIFIED),
            "alerts_30d": 0.0,
            "bars": 0,
            **columns,
        }
        return Candidates(
            **{name: np.broadcast_to(each, (n,)) for name, each in values.items()}
        )

    return make


@pytest.fixture
def make_acceptor() -> Callable[..., Acceptor]:
    """Somebody some metres east and north of the patient."""

    def make(east_m: float, north_m: float = 0.0, responder_id: int = 1) -> Acceptor:
        lon, lat = LON + METRE * east_m, LAT + METRE * north_m
        return Acceptor(responder_id, lon, lat, Mode.DENSE)

    return make


@pytest.fixture
def make_aeds() -> Callable[..., AedSites]:
    """AEDs some metres east of the patient, outdoors and open unless given."""

    def make(east_m: list[float], **columns: Any) -> AedSites:
        n = len(east_m)
        values: dict[str, Any] = {
            "ids": np.arange(101, 101 + n),
            "lon": LON + METRE * np.array(east_m, dtype=float),
            "lat": LAT,
            "access_s": 40.0,
            "open_from_s": 0.0,
            "open_until_s": np.inf,
            **columns,
        }
        return AedSites(
            **{name: np.broadcast_to(each, (n,)) for name, each in values.items()}
        )

    return make
