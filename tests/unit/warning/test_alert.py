"""The life of an alert never leaves its table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.delivery import Lane
from tests.use_cases.warning.world import START, an_alert
from warning.alert import (
    TRANSITIONS,
    AlertCase,
    AlertId,
    AlertState,
    Step,
    next_state,
    owner_ref,
)
from warning.cap import CapStatus
from warning.errors import FourEyesError, TransitionError

HOUR = timedelta(hours=1)


def a_draft(status: CapStatus = CapStatus.ACTUAL) -> AlertCase:
    return AlertCase(
        alert_id=AlertId("a1"),
        cap=an_alert(status=status),
        state=AlertState.DRAFT,
        created_by="anna",
        created_at=START,
    )


def take(case: AlertCase, step: Step, by: str) -> AlertCase:
    take_it: dict[Step, Callable[[], AlertCase]] = {
        Step.SUBMIT: lambda: case.submit(by, START),
        Step.APPROVE: lambda: case.approve(by, START),
        Step.SCHEDULE: lambda: case.approve(by, START, starts_at=START + HOUR),
        Step.START: lambda: case.start(START),
        Step.REJECT: case.reject,
        Step.CANCEL: lambda: case.cancel(by, START),
        Step.END: lambda: case.end(START),
        Step.PAUSE: lambda: case.pause(by, START),
        Step.RESUME: case.resume,
        Step.EXTEND: lambda: case.extend(START + HOUR),
    }
    return take_it[step]()


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(Step), st.sampled_from(["anna", "boran", "chea"]))
    )
)
def test_whatever_people_do_the_table_holds(steps: list[tuple[Step, str]]) -> None:
    """And nothing goes live on the word of one person."""
    case = a_draft()
    for step, by in steps:
        expected = TRANSITIONS.get((case.state, step))
        try:
            after = take(case, step, by)
        except TransitionError:
            assert expected is None
        except FourEyesError:
            assert by in {case.created_by, case.submitted_by}
        else:
            assert after.state is expected
            case = after
        assert (case.state is AlertState.SUBMITTED) <= (case.submitted_at is not None)
        if case.approved_by is not None:
            assert case.approved_by not in {case.created_by, case.submitted_by}


def test_a_refusal_says_what_is_possible() -> None:
    """What, and what to do next."""
    with pytest.raises(TransitionError, match="draft and cannot approve; it can"):
        next_state(AlertState.DRAFT, Step.APPROVE)
    with pytest.raises(TransitionError, match="ended and cannot cancel; nothing can"):
        next_state(AlertState.ENDED, Step.CANCEL)


def test_a_rejected_alert_is_a_draft_again() -> None:
    """As if it had not been submitted."""
    assert a_draft().submit("boran", START).reject() == a_draft()


@pytest.mark.parametrize("status", CapStatus)
def test_only_the_actual_is_no_drill(status: CapStatus) -> None:
    """Drills queue behind everything else."""
    case = a_draft(status)
    assert case.is_drill is (status is not CapStatus.ACTUAL)
    assert case.lane is (Lane.DRILL if case.is_drill else Lane.WARNING)
    assert case.owner_ref == owner_ref(AlertId("a1")) == "alert:a1"
