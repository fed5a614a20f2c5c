"""Which rules each dialect has."""

from __future__ import annotations

from simulator.config import Dialect
from simulator.dialect_rules import DialectRules
from simulator.somleng_rules import SomlengRules
from simulator.twilio_rules import TwilioRules


def rules_of(dialect: Dialect, account_sid: str) -> DialectRules:
    """Rules of a dialect for one account."""
    kinds = {Dialect.TWILIO: TwilioRules, Dialect.SOMLENG: SomlengRules}
    return kinds[dialect](account_sid)
