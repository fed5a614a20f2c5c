"""Two cases share people: each person is asked by one only."""

from responders.pool import Demand, share_pool
from responders.ranking import RankingPolicy, rank


def asked(turns) -> list[int]:
    return [choice.responder_id for choice in turns.choices]


def test_one_case_alone_asks_as_it_would(make_case, make_candidates) -> None:
    """Sharing with nobody is the plain ranking."""
    people = make_candidates([300.0, 100.0, 200.0, 700.0])
    policy = RankingPolicy(explore_share=0.0)
    (alone,) = share_pool((Demand(make_case(), people, 2, 3, policy=policy),))
    plain = rank(make_case(), people, at_least=2, at_most=3, policy=policy)
    assert asked(alone) == [choice.responder_id for choice in plain.choices]


def test_the_person_between_two_cases_goes_where_they_add_more(
    make_case, make_candidates
) -> None:
    """The same three people, near the one or near the other."""
    west = make_candidates([100.0, 400.0, 700.0])
    east = make_candidates([700.0, 400.0, 100.0])
    shares = share_pool(
        (Demand(make_case(), west, 1, 1), Demand(make_case(), east, 1, 1))
    )
    assert [asked(each) for each in shares] == [[1], [3]]


def test_equals_go_to_the_case_that_came_first(make_case, make_candidates) -> None:
    """Two cases at one door and one person: the earlier case gets them."""
    one = make_candidates([100.0])
    shares = share_pool(
        (Demand(make_case(), one, 1, 1), Demand(make_case(), one, 1, 1))
    )
    assert [asked(each) for each in shares] == [[1], []]


def test_a_case_with_its_least_number_asks_who_adds_something(
    make_case, make_candidates
) -> None:
    """Beyond it somebody must add 0.001; without it nobody is too far."""
    far = make_candidates([100.0, 1_400.0])
    (patient,) = share_pool((Demand(make_case(), far, 1, 2),))
    (eager,) = share_pool((Demand(make_case(), far, 2, 2),))
    assert asked(patient) == [1]
    assert asked(eager) == [1, 2]
