"""Every table, in one place: the whole of what survives a restart.

Foreign keys go by table name and there are no relationships: rows are turned into
domain values beside each repository. States are kept as their ranks, so that "only
forward" is a comparison. The order of columns in an index is the order of a query;
each index says which one.
"""

from __future__ import annotations

from store.sql.base import metadata
from store.tables import (
    accounts,
    alerts,
    carrier_events,
    citizens,
    deliveries,
    drafts,
    escalation_rules,
    feeds,
    imports,
    message_texts,
    operation,
    people,
    prompt_recordings,
    responders,
    second_factors,
    sensors,
    tallies,
    telephone_faults,
    webhooks,
)

__all__ = [
    "accounts",
    "alerts",
    "carrier_events",
    "citizens",
    "deliveries",
    "drafts",
    "escalation_rules",
    "feeds",
    "imports",
    "message_texts",
    "metadata",
    "operation",
    "people",
    "prompt_recordings",
    "responders",
    "second_factors",
    "sensors",
    "tallies",
    "telephone_faults",
    "webhooks",
]
