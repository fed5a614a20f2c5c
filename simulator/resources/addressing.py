"""From whom and to whom: the checks that messages and calls have in common.

The order is the telcos' own: what is missing, magic numbers, what is no number, and at
last what the account or a forced phone does not allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.dialect_rules import DialectRules
from simulator.numbering import is_dialable
from simulator.phones import Phones
from simulator.refusals import MAGIC_VALID_FROM, Reason
from simulator.resources.checks import RefusedError


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressing:
    """How one kind of request is refused for its numbers."""

    to_missing: Reason
    #: For a phone that was told to refuse.
    to_forbidden: Reason
    magic_to: Mapping[str, Reason]
    from_missing: Reason
    magic_from: Mapping[str, Reason]

    def check_to(self, to: str, rules: DialectRules, phones: Phones) -> None:
        """Let a recipient pass.

        Raises
        ------
        RefusedError
            If nothing can be sent there.
        """
        if not to:
            raise RefusedError(self.to_missing)
        if rules.has_magic_numbers and to in self.magic_to:
            raise RefusedError(self.magic_to[to])
        if not is_dialable(to):
            raise RefusedError(Reason.TO_INVALID)
        forced = phones.forced(to)
        if forced is not None and forced.refuse:
            raise RefusedError(self.to_forbidden, code=forced.refuse)

    def is_magic_from(self, from_: str, rules: DialectRules) -> bool:
        """Whether a sender is valid by magic, whoever owns it.

        Raises
        ------
        RefusedError
            If it is missing, or refused by magic.
        """
        if not from_:
            raise RefusedError(self.from_missing)
        if not rules.has_magic_numbers:
            return False
        if from_ in self.magic_from:
            raise RefusedError(self.magic_from[from_])
        return from_ == MAGIC_VALID_FROM
