"""Inputs of a decision that no decision can be made from are refused."""

import numpy as np
import pytest

from responders.deciding.decision_errors import DecisionInputError
from responders.deciding.facts import CaseFacts


@pytest.mark.parametrize(
    ("lon", "lat"), [(181.0, 0.0), (0.0, 91.0), (float("nan"), 0.0)]
)
def test_a_case_is_on_earth(lon: float, lat: float) -> None:
    """A case without usable coordinates is refused."""
    with pytest.raises(DecisionInputError, match="No place on earth"):
        CaseFacts(lon, lat)


@pytest.mark.parametrize("times", [{"elapsed_s": -1.0}, {"ems_eta_s": -1.0}])
def test_times_do_not_run_backwards(times: dict[str, float]) -> None:
    """Negative times of a case are refused."""
    with pytest.raises(DecisionInputError, match="0 or more"):
        CaseFacts(0.0, 0.0, **times)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("ids", 7, "twice"),
        ("p_accept", 1.5, "p_accept"),
        ("p_accept", np.nan, "p_accept"),
        ("channel", 3, "channel"),
        ("distance_m", np.nan, "distance_m"),
        ("position_age_s", -1.0, "position_age_s"),
        ("alerts_30d", -1.0, "alerts_30d"),
    ],
)
def test_candidates_name_the_column_that_is_wrong(
    make_candidates, column, value, words
) -> None:
    """Repeated ids, impossible chances, and positions in the future are refused."""
    with pytest.raises(DecisionInputError, match=words):
        make_candidates([100.0, 200.0], **{column: value})


def test_columns_have_one_length(make_candidates) -> None:
    """A column of another length is refused by name."""
    people = make_candidates([100.0, 200.0])
    columns = {**vars(people), "lon": np.zeros(3)}
    columns.pop("travel_s", None)
    with pytest.raises(DecisionInputError, match="Column lon"):
        type(people)(**columns)


def test_rows_keep_their_people(make_candidates) -> None:
    """A mask and row numbers choose the same people."""
    people = make_candidates([100.0, 200.0, 300.0])
    by_mask = people.rows(np.array([True, False, True]))
    assert by_mask.ids.tolist() == people.rows(np.array([0, 2])).ids.tolist() == [1, 3]
    assert len(by_mask) == 2
