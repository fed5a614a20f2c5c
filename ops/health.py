"""How the installation is: checks that say a sentence, figures that can be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that must hold for alerts to be sent."""

    #: A short word, e.g. ``database``, ``worker``, ``carrier:main``.
    name: str
    ok: bool
    #: What is so and, when it is not well, what to do. No number, no secret.
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """Whether alerts can be sent now."""

    checks: Sequence[Check]

    @property
    def is_ready(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One value of a metric."""

    value: float
    #: Never a phone number or a name.
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One figure for monitoring, in base units (seconds, bytes)."""

    #: In the words of Prometheus, e.g. ``tocsin_deliveries``.
    name: str
    help: str
    kind: Literal["counter", "gauge"]
    samples: Sequence[Sample]
