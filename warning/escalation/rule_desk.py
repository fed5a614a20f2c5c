"""What is done with the rules of escalation: read, written anew, gone back on.

They are kept as a whole, in the minutes of the file that comes with the release.
Whoever saves names the revision that they have seen; what somebody else has kept since
is not overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warning.cap import Severity
from warning.errors import InvalidRulesError, StaleRulesError, TemplateError
from warning.escalation.escalation_plans import USUAL, brought_rules, plans_of
from warning.escalation_ports import Rules, RuleSet, UnitOfWork

#: What a step does that does not say it.
_USUAL: Mapping[str, Any] = {
    "after_min": 0,
    "unless": "confirmed",
    "tell_phones": False,
}
#: Changes that are shown.
_N_CHANGES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class RulesNow:
    """The rules that are in force."""

    revision: int
    rules: Rules
    #: Whether they are those that come with the release.
    is_brought: bool
    #: The newest first.
    changes: Sequence[RuleSet]


class RuleDesk:
    """The use cases of escalation rules.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._now = now

    def rules(self) -> RulesNow:
        """What is in force, and what was done to it."""
        with self._read_uow() as uow:
            return _rules_in(uow)

    def save(self, rules: Rules, *, seen: int, by: str) -> bool:
        """Let other rules hold for alerts that are submitted from now on.

        Parameters
        ----------
        rules : Rules
            For ``Severe`` at least; a severity that is not there is treated as Severe.
        seen : int
            Revision that was on the author's screen.
        by : str
            Operator's name.

        Returns
        -------
        bool
            Whether that changes anything.

        Raises
        ------
        InvalidRulesError
            If they cannot be followed.
        StaleRulesError
            If somebody else changed them meanwhile.
        """
        require_usable(rules)
        return self._change(tidied(rules), seen=seen, by=by)

    def bring_back(self, *, seen: int, by: str) -> bool:
        """Let those of the release hold again; False if they do.

        Raises
        ------
        StaleRulesError
            If somebody else changed them meanwhile.
        """
        return self._change(tidied(brought_rules()), seen=seen, by=by)

    def _change(self, rules: Rules, *, seen: int, by: str) -> bool:
        with self._new_uow() as uow:
            before = _rules_in(uow)
            revision = uow.escalation_rules.take_revision()
            if revision - 1 != seen:
                last = uow.escalation_rules.find(revision - 1)
                who = "somebody" if last is None else last.by
                raise StaleRulesError(
                    f"{who} changed the rules of escalation meanwhile. Nothing was "
                    "overwritten: read them again, and choose what is to stand."
                )
            if rules == before.rules:
                return False
            is_brought = rules == tidied(brought_rules())
            at = self._now()
            uow.escalation_rules.add(
                RuleSet(
                    revision=revision,
                    rules=None if is_brought else rules,
                    by=by,
                    at=at,
                )
            )
            uow.audit.append(
                at=at,
                actor=by,
                action="escalation.brought" if is_brought else "escalation.written",
                subject="escalation",
                details={"before": before.rules, "after": rules},
            )
            uow.commit()
        return True


def require_usable(rules: Rules) -> None:
    """Let only rules through that can be followed.

    Raises
    ------
    InvalidRulesError
        With what is wrong.
    """
    try:
        plans_of(rules, USUAL)
    except TemplateError as error:
        raise InvalidRulesError(str(error)) from None


def tidied(rules: Rules) -> dict[str, Any]:
    """The same rules with nothing said that goes without saying.

    Two that come to the same are equal.
    """
    return {name: _plan(rules[name]) for name in Severity if rules.get(name)}


def _plan(plan: Mapping[str, Any]) -> dict[str, Any]:
    steps = [_without_usual(step) for step in plan["steps"]]
    focal = plan.get("focal_points")
    if focal is None:
        return {"steps": steps}
    # When they are told is always said.
    return {
        "steps": steps,
        "focal_points": {"after_min": 0, **_without_usual(focal)},
    }


def _without_usual(values: Mapping[str, Any]) -> dict[str, Any]:
    plain = {
        key: float(str(value)) if key == "after_min" else value
        for key, value in values.items()
    }
    return {key: value for key, value in plain.items() if _USUAL.get(key, "") != value}


def _rules_in(uow: UnitOfWork) -> RulesNow:
    changes = uow.escalation_rules.newest(limit=_N_CHANGES)
    kept = changes[0].rules if changes else None
    return RulesNow(
        revision=changes[0].revision if changes else 0,
        rules=tidied(brought_rules()) if kept is None else kept,
        is_brought=kept is None,
        changes=changes,
    )
