"""Simulated citizens: repeatable, and shared out as the table says."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.citizens import (
    CallFate,
    CallPlan,
    CitizenMix,
    Citizens,
    Habit,
    SmsFate,
)
from simulator.errors import SimulatorConfigError
from simulator.populations import VILLAGES

PHONES = [f"+8551{n:07d}" for n in range(4000)]


@given(
    seed=st.integers(0, 2**32), phone=st.from_regex(r"\+[1-9]\d{7,14}", fullmatch=True)
)
def test_same_seed_same_person(seed: int, phone: str) -> None:
    """The same seed and number give the same plan in another process."""
    ours, theirs = (Citizens(CitizenMix(), seed=seed) for _ in range(2))
    assert ours.sms(phone, 0) == theirs.sms(phone, 0)
    assert ours.call(phone, 3) == theirs.call(phone, 3)


def test_another_seed_is_another_population() -> None:
    """A different seed changes most plans."""
    ours, theirs = (Citizens(CitizenMix(), seed=seed) for seed in (1, 2))
    same = sum(ours.call(phone, 0) == theirs.call(phone, 0) for phone in PHONES[:200])
    assert same < 20


def test_message_shares() -> None:
    """Texts meet their fates in the shares of the mix, within two percent points."""
    mix = CitizenMix(dead=0.1, unreachable=0.2, replies=0.3)
    plans = [Citizens(mix, seed=5).sms(phone, 0) for phone in PHONES]
    fates = Counter(plan.fate for plan in plans)
    assert fates[SmsFate.DEAD] / len(PHONES) == pytest.approx(0.1, abs=0.02)
    assert fates[SmsFate.UNREACHABLE] / len(PHONES) == pytest.approx(0.2, abs=0.02)
    n_replies = sum(plan.reply == "1" for plan in plans)
    assert n_replies / len(PHONES) == pytest.approx(0.3, abs=0.02)


def test_call_shares() -> None:
    """Calls meet their fates in the shares of the mix, within two percent points."""
    mix = CitizenMix(dead=0.1, busy=0.1, no_answer=0.2, voicemail=0.1)
    plans = [Citizens(mix, seed=6).call(phone, 0) for phone in PHONES]
    fates = Counter(plan.fate for plan in plans)
    for fate, share in (
        (CallFate.DEAD, 0.1),
        (CallFate.BUSY, 0.1),
        (CallFate.NO_ANSWER, 0.2),
        (CallFate.VOICEMAIL, 0.1),
        (CallFate.ANSWERED, 0.5),
    ):
        assert fates[fate] / len(PHONES) == pytest.approx(share, abs=0.02), fate


def test_the_dead_are_dead_on_both_channels() -> None:
    """A number that does not exist takes neither texts nor calls, ever."""
    citizens = Citizens(CitizenMix(dead=0.5), seed=1)
    for phone in PHONES[:200]:
        is_dead = citizens.sms(phone, 0).fate is SmsFate.DEAD
        assert is_dead == (citizens.call(phone, 0).fate is CallFate.DEAD)
        assert is_dead == (citizens.call(phone, 7).fate is CallFate.DEAD)


def test_busy_and_away_are_of_the_moment() -> None:
    """Who does not answer the first call may answer the second."""
    citizens = Citizens(CitizenMix(no_answer=0.5, voicemail=0.0), seed=1)
    fates = [
        {citizens.call(phone, nth).fate for nth in range(12)} for phone in PHONES[:50]
    ]
    assert sum(len(seen) > 1 for seen in fates) > 40


def test_machines_never_press_a_key() -> None:
    """Voicemail takes every call of its owner and has no fingers."""
    citizens = Citizens(CitizenMix(dead=0, busy=0, no_answer=0, voicemail=1), seed=1)
    plan = citizens.call(PHONES[0], 0)
    assert (plan.fate, plan.keys) == (CallFate.VOICEMAIL, ())


KEYS = {
    Habit.PRESS_1: ("1",),
    Habit.PRESS_2_THEN_1: ("2", "1"),
    Habit.PRESS_3: ("3",),
    Habit.WRONG_DIGIT: ("7",) * 9,
    Habit.SILENT: (),
    Habit.HANG_UP: (),
    Habit.OTHER_LANGUAGE: ("4", "1", "1"),
}


@pytest.mark.parametrize("habit", list(Habit))
def test_each_habit_alone(habit: Habit) -> None:
    """A weight given to one habit alone gives everyone that habit."""
    weights = {other.name.lower(): float(other is habit) for other in Habit}
    mix = CitizenMix(dead=0, busy=0, no_answer=0, voicemail=0, **weights)
    plan = Citizens(mix, seed=3).call(PHONES[0], 0)
    assert plan.fate is CallFate.ANSWERED
    assert plan.keys == KEYS[habit]
    assert (plan.patience_s < 6.0) is (habit is Habit.HANG_UP)


@pytest.mark.parametrize(
    "shares",
    [
        {"dead": -0.1},
        {"replies": 1.2},
        {"dead": 0.5, "unreachable": 0.3, "replies": 0.3},
        {"busy": 0.6, "no_answer": 0.6},
        {name.lower(): 0.0 for name in Habit.__members__},
    ],
)
def test_impossible_mixes_are_refused(shares: dict[str, float]) -> None:
    """Shares outside 0..1, sums above 1 and a population without habits are errors."""
    with pytest.raises(SimulatorConfigError):
        CitizenMix(**shares)


def test_the_deaf_are_never_reached_by_a_call_but_read_texts() -> None:
    """It rings unheard, at every call; a text arrives as with anybody."""
    mix = CitizenMix(dead=0, busy=0, no_answer=0, voicemail=0, deaf=1, unreachable=0)
    citizens = Citizens(mix, seed=4)
    for phone in PHONES[:20]:
        fates = {citizens.call(phone, nth).fate for nth in range(5)}
        assert fates == {CallFate.NO_ANSWER}
        assert citizens.sms(phone, 0).fate is SmsFate.DELIVERED


def test_a_shared_phone_is_taken_by_another_each_time() -> None:
    """What was pressed last time says nothing of the next."""
    sure = {"dead": 0.0, "busy": 0.0, "no_answer": 0.0, "voicemail": 0.0}
    shared = Citizens(CitizenMix(**sure, shared=1), seed=4)
    own = Citizens(CitizenMix(**sure), seed=4)
    for citizens, changes in ((shared, True), (own, False)):
        keys = [{citizens.call(p, nth).keys for nth in range(9)} for p in PHONES[:50]]
        assert any(len(each) > 1 for each in keys) is changes


def test_at_night_fewer_answer_and_all_of_them_later() -> None:
    """The same people, asleep."""
    mix = CitizenMix()
    day, night = (Citizens(mix, seed=4, is_night=dark) for dark in (False, True))
    awake = [day.call(phone, 0) for phone in PHONES]
    asleep = [night.call(phone, 0) for phone in PHONES]

    def answered(plans: list[CallPlan]) -> int:
        return sum(plan.fate is CallFate.ANSWERED for plan in plans)

    assert answered(awake) - answered(asleep) == pytest.approx(
        0.30 * len(PHONES), abs=0.05 * len(PHONES)
    )
    for by_day, by_night in zip(awake, asleep, strict=True):
        if by_night.fate is CallFate.ANSWERED:
            assert by_night.ring_s > by_day.ring_s
    replies = [p for p in PHONES if day.sms(p, 0).reply]
    assert all(
        night.sms(p, 0).reply_after_s > day.sms(p, 0).reply_after_s for p in replies
    )


def test_whoever_speaks_another_language_asks_for_it() -> None:
    """4, the first language, then understood."""
    sure = {"dead": 0.0, "busy": 0.0, "no_answer": 0.0, "voicemail": 0.0}
    habits = "press_1 press_2_then_1 press_3 wrong_digit silent hang_up"
    others = dict.fromkeys(habits.split(), 0.0)
    mix = CitizenMix(**sure, **others, other_language=1.0)

    assert Citizens(mix, seed=4).call(PHONES[0], 0).keys == ("4", "1", "1")


def test_the_villages_are_a_possible_population() -> None:
    """The table of docs/simulator.md has exactly these shares."""
    text = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text("utf-8")
    for field in fields(CitizenMix):
        share = getattr(VILLAGES, field.name)
        if share != field.default:
            assert f"| `{field.name}` | {share:.2f} |" in text
