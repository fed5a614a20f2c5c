"""Decisions as plain JSON values: who was weighed, who was chosen and why not the rest.

A record holds all that its decision knew, so that `replay_wave` and `replay_role` come
to the same end from it. Numbers are written so that they come back bit by bit. A wave's
record holds no position; a role's does, until `without_positions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Final, TypeVar

import numpy as np

from responders.deciding.decision_errors import DecisionInputError
from responders.deciding.facts import Bar, Candidates, CaseFacts, Promise, Role, Silent
from responders.deciding.outlook import Hoped
from responders.deciding.ranking import RankingPolicy
from responders.deciding.roles import (
    Acceptor,
    AedSites,
    RoleChoice,
    RolePolicy,
    assign_role,
)
from responders.deciding.waves import Progress, WaveDecision, WavePolicy, decide_wave

T = TypeVar("T")

#: Of a record's form; older records stay readable by their own number.
FORM: Final = 1
#: Ids of barred people written out for each reason; beyond them only the count.
MOST_BARRED: Final = 1_000
INFINITE: Final = "inf"


def wave_record(
    case: CaseFacts,
    progress: Progress,
    decision: WaveDecision,
    *,
    policy: WavePolicy,
    seed: int,
) -> dict[str, Any]:
    """Describe a wave.

    Parameters
    ----------
    case, progress, policy, seed
        As given to `waves.decide_wave`.
    decision : WaveDecision
        What came out.

    Returns
    -------
    dict
        Plain JSON values: the arguments, ``weighed`` (columns of everybody who was
        weighed against each other), ``barred`` (reason to ids and count),
        ``choices``, ``outcome``.
    """
    record: dict[str, Any] = {
        "form": FORM,
        "kind": "wave",
        "case": plain(case),
        "progress": plain(progress),
        "policy": plain(policy),
        "seed": seed,
        "weighed": None,
        "barred": {},
        "choices": plain(decision.choices),
        "outcome": {
            "stop": plain(decision.stop),
            "notice": plain(decision.notice),
            "expected_yes": decision.expected_yes,
            "n_wanted": decision.n_wanted,
            "radius_m": decision.radius_m,
        },
    }
    if decision.ranking is not None and decision.ranked is not None:
        rows = decision.ranking.shortlist
        weighed = plain(decision.ranked.rows(rows))
        # A wave asks how far, not where: positions stay out of the record.
        del weighed["lon"], weighed["lat"]
        weighed["gain"] = decision.ranking.gain[rows].tolist()
        record["weighed"] = weighed
        record["barred"] = _barred(decision.ranked.ids, decision.ranking.bars)
        record["outcome"]["passed_gain"] = decision.ranking.passed_gain
    return record


def replay_wave(record: Mapping[str, Any]) -> WaveDecision:
    """Decide a recorded wave again.

    Parameters
    ----------
    record : mapping
        Of `wave_record`, also after a way through JSON.

    Returns
    -------
    WaveDecision
        With the same choices, stop, notice and expected yeses.

    Raises
    ------
    DecisionInputError
        If the record is not that of a wave in a known form, or its positions have
        been removed.
    """
    _require(record, "wave")
    _require_positions(record["case"])
    weighed = record["weighed"] or {}
    n = len(weighed.get("ids", ()))
    unknown = np.zeros(n)
    columns = {
        each.name: _numbers(weighed.get(each.name, unknown))
        for each in fields(Candidates)
    }
    policy = _values(record["policy"])
    ranking = RankingPolicy(**policy.pop("ranking"))
    policy["radii_m"] = tuple(policy["radii_m"])
    return decide_wave(
        CaseFacts(**_values(record["case"])),
        Candidates(**columns),
        _progress(record["progress"]),
        policy=WavePolicy(**policy, ranking=ranking),
        seed=record["seed"],
    )


def role_record(
    case: CaseFacts,
    acceptor: Acceptor,
    aeds: AedSites,
    promises: Sequence[Promise],
    choice: RoleChoice,
    *,
    hoped: Sequence[Hoped] = (),
    nobody_on_scene: bool,
    policy: RolePolicy,
) -> dict[str, Any]:
    """Describe how a role was decided.

    Parameters
    ----------
    case, acceptor, aeds, promises, hoped, nobody_on_scene, policy
        As given to `roles.assign_role`.
    choice : RoleChoice
        What came out.

    Returns
    -------
    dict
        Plain JSON values.
    """
    return {
        "form": FORM,
        "kind": "role",
        "case": plain(case),
        "acceptor": plain(acceptor),
        "aeds": plain(aeds),
        "promises": plain(tuple(promises)),
        "hoped": plain(tuple(hoped)),
        "nobody_on_scene": nobody_on_scene,
        "policy": plain(policy),
        "choice": plain(choice),
    }


def replay_role(record: Mapping[str, Any]) -> RoleChoice:
    """Decide a recorded role again.

    Parameters
    ----------
    record : mapping
        Of `role_record`, also after a way through JSON.

    Returns
    -------
    RoleChoice
        Equal to the recorded one.

    Raises
    ------
    DecisionInputError
        If the record is not that of a role in a known form, or its positions have
        been removed.
    """
    _require(record, "role")
    _require_positions(record["acceptor"])
    return assign_role(
        CaseFacts(**_values(record["case"])),
        Acceptor(**_values(record["acceptor"])),
        AedSites(**{name: _numbers(each) for name, each in record["aeds"].items()}),
        tuple(_promise(each) for each in record["promises"]),
        hoped=tuple(Hoped(**_values(each)) for each in record["hoped"]),
        nobody_on_scene=record["nobody_on_scene"],
        policy=RolePolicy(**record["policy"]),
    )


def without_positions(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without where anybody was, as kept after 24 hours.

    Parameters
    ----------
    record : mapping
        Of `wave_record` or `role_record`.

    Returns
    -------
    dict
        Choices, reasons, times and distances stay; the patient's place, the acceptor's
        position and those of the silent go.
    """
    kept = {name: value for name, value in record.items() if name != "hoped"}
    for part in ("case", "acceptor"):
        if part in kept:
            kept[part] = {
                name: value
                for name, value in kept[part].items()
                if name not in {"lon", "lat"}
            }
    return kept


def plain(value: Any) -> Any:
    """Turn values, tuples and arrays into what JSON can say.

    Parameters
    ----------
    value : object
        Dataclass, enum, array, tuple or scalar.

    Returns
    -------
    object
        Dicts, lists, strings, numbers and None; infinity is the word ``inf``.
    """
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return INFINITE if value == float("inf") else value


def _barred(ids: Any, bars: Any) -> dict[str, Any]:
    """Reason to the people it keeps away."""
    reasons = {}
    for bar in Bar:
        held = ids[(bars & bar) != 0]
        if len(held):
            name = (bar.name or "").lower()
            reasons[name] = {"n": len(held), "ids": held[:MOST_BARRED].tolist()}
    return reasons


def _require(record: Mapping[str, Any], kind: str) -> None:
    """Refuse records of another kind or form.

    Raises
    ------
    DecisionInputError
        If it is one.
    """
    if record.get("kind") != kind or record.get("form") != FORM:
        msg = (
            f"This is no record of a {kind} in form {FORM}: kind = "
            f"{record.get('kind')!r}, form = {record.get('form')!r}."
        )
        raise DecisionInputError(msg)


def _require_positions(place: Mapping[str, Any]) -> None:
    """Refuse what `without_positions` has left.

    Raises
    ------
    DecisionInputError
        If there is no position.
    """
    if "lon" not in place:
        msg = "The positions of this decision were deleted: it cannot be replayed."
        raise DecisionInputError(msg)


def _number(value: T) -> T | float:
    """Infinity back from its word."""
    return float("inf") if value == INFINITE else value


def _numbers(values: Any) -> Any:
    """A column back from its list."""
    return np.array([_number(each) for each in values])


def _values(record: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments back from a record, one level of mappings deep."""
    return {
        name: _values(each) if isinstance(each, Mapping) else _number(each)
        for name, each in record.items()
    }


def _promise(record: Mapping[str, Any]) -> Promise:
    """A promise back from its record."""
    values = _values(record)
    return Promise(**{**values, "role": Role(values["role"])})


def _progress(record: Mapping[str, Any]) -> Progress:
    """The progress back from its record."""
    values = dict(record)
    values["silent"] = tuple(Silent(**_values(each)) for each in values["silent"])
    values["promises"] = tuple(_promise(each) for each in values["promises"])
    return Progress(**values)
