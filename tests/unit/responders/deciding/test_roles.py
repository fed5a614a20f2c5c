"""Roles at acceptance: straight there, by an AED, guide, or too late."""

import numpy as np
import pytest

from responders.deciding.decision_errors import DecisionInputError
from responders.deciding.facts import Promise, Role
from responders.deciding.outlook import Hoped
from responders.deciding.roles import AedSites, RolePolicy, Why, assign_role
from responders.deciding.routes import best_aed_route


def test_without_an_aed_one_goes_straight_there(make_case, make_acceptor) -> None:
    """And it is said why."""
    choice = assign_role(
        make_case(ems_eta_s=600.0), make_acceptor(200), AedSites.none()
    )
    assert (choice.role, choice.why) == (Role.DIRECT, Why.NO_AED)
    assert choice.direct_s == pytest.approx(200 * 1.3 / 1.8, rel=1e-4)
    assert choice.survival_direct > choice.survival_before == choice.survival_via_aed


def test_an_aed_on_the_way_is_fetched(make_case, make_acceptor, make_aeds) -> None:
    """Its few seconds save the minutes to the ambulance's shock."""
    choice = assign_role(
        make_case(ems_eta_s=600.0), make_acceptor(200), make_aeds([150.0])
    )
    assert (choice.role, choice.why) == (Role.VIA_AED, Why.SAVES_MORE)
    assert choice.route is not None
    assert choice.route.shock_s == pytest.approx(200 * 1.3 / 1.8 + 40, rel=1e-4)
    promise = choice.promise()
    assert promise is not None
    assert (promise.aed_id, promise.shock_s) == (101, choice.route.shock_s)


def test_a_far_aed_is_left_to_others(make_case, make_acceptor, make_aeds) -> None:
    """Whoever is 100 m away does not run a kilometre the other way first."""
    choice = assign_role(
        make_case(ems_eta_s=480.0), make_acceptor(100), make_aeds([-1000.0])
    )
    assert (choice.role, choice.why) == (Role.DIRECT, Why.SAVES_MORE)


def test_the_first_goes_direct_if_that_is_the_promise(
    make_case, make_acceptor, make_aeds
) -> None:
    """The organisation may put early CPR before survival; not if CPR goes on."""
    policy = RolePolicy(first_direct=True)
    near = (make_acceptor(200), make_aeds([150.0]))
    choice = assign_role(make_case(ems_eta_s=600.0), *near, policy=policy)
    assert (choice.role, choice.why) == (Role.DIRECT, Why.FIRST_GOES_DIRECT)
    going_on = make_case(ems_eta_s=600.0, cpr_in_progress=True)
    assert assign_role(going_on, *near, policy=policy).role is Role.VIA_AED


def test_with_cpr_going_on_the_aed_comes_first(
    make_case, make_acceptor, make_aeds
) -> None:
    """Even a detour that would not pay otherwise."""
    far = (make_acceptor(100), make_aeds([-350.0]))
    assert assign_role(make_case(ems_eta_s=900.0), *far).role is Role.DIRECT
    going_on = make_case(ems_eta_s=900.0, cpr_in_progress=True)
    assert assign_role(going_on, *far).role is Role.VIA_AED


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"open_until_s": 10.0}, "closes before pick-up"),
        ({"open_from_s": 900.0}, "opens after pick-up"),
    ],
)
def test_an_aed_closed_at_pick_up_is_not_fetched(
    make_case, make_acceptor, make_aeds, columns, why
) -> None:
    """Opening hours count when the person gets there, not now."""
    aeds = make_aeds([150.0], **columns)
    choice = assign_role(make_case(ems_eta_s=600.0), make_acceptor(200), aeds)
    assert choice.route is None, why
    assert choice.role is Role.DIRECT


def test_an_aed_is_claimed_once(make_case, make_acceptor, make_aeds) -> None:
    """The next person takes the next best, or none."""
    claimed = (Promise(7, Role.VIA_AED, 200.0, 200.0, aed_id=101),)
    two, one = make_aeds([150.0, 100.0]), make_aeds([150.0])
    route = best_aed_route(make_case(), make_acceptor(200), two, claimed)
    assert route is not None
    assert route.aed_id == 102
    assert best_aed_route(make_case(), make_acceptor(200), one, claimed) is None


def test_equal_ways_go_to_the_lower_number(make_case, make_acceptor, make_aeds) -> None:
    """Ties are broken by id, so that a replay takes the same."""
    aeds = make_aeds([150.0, 150.0], ids=np.array([9, 4]))
    route = best_aed_route(make_case(), make_acceptor(200), aeds)
    assert route is not None
    assert route.aed_id == 4


def team(n: int) -> tuple[Promise, ...]:
    """People who are all there before anybody else could be."""
    roles = [Role.DIRECT, Role.VIA_AED, Role.DIRECT, Role.GUIDE, Role.VIA_AED]
    return tuple(
        Promise(
            50 + i,
            role,
            1.0,
            1.0 if role is Role.VIA_AED else None,
            aed_id=900 + i if role is Role.VIA_AED else None,
        )
        for i, role in enumerate(roles[:n])
    )


@pytest.mark.parametrize(
    ("n", "role"),
    [
        (2, Role.DIRECT),
        (3, Role.GUIDE),
        (4, Role.VIA_AED),
        (5, Role.TOO_LATE),
    ],
)
def test_who_adds_nothing_is_held_in_reserve(
    make_case, make_acceptor, make_aeds, n, role
) -> None:
    """A second pair of hands, a guide, a second AED; then it is enough."""
    choice = assign_role(
        make_case(ems_eta_s=900.0),
        make_acceptor(300),
        make_aeds([200.0]),
        team(n),
        nobody_on_scene=False,
    )
    assert choice.role is role
    assert (choice.promise() is None) == (role is Role.TOO_LATE)


def test_one_more_is_taken_while_nobody_is_there(
    make_case, make_acceptor, make_aeds
) -> None:
    """Some who accept never come."""
    choice = assign_role(
        make_case(ems_eta_s=900.0), make_acceptor(300), make_aeds([200.0]), team(5)
    )
    assert choice.role is Role.DIRECT


def test_somebody_much_nearer_is_never_too_late(make_case, make_acceptor) -> None:
    """A full team is still joined by who saves 0.005 more."""
    far = tuple(Promise(50 + i, Role.DIRECT, 500.0) for i in range(6))
    choice = assign_role(
        make_case(ems_eta_s=900.0), make_acceptor(50), AedSites.none(), far
    )
    assert choice.role is Role.DIRECT


def test_who_comes_after_the_ambulance_is_thanked(make_case, make_acceptor) -> None:
    """And told not to come."""
    choice = assign_role(make_case(ems_eta_s=60.0), make_acceptor(900), AedSites.none())
    assert (choice.role, choice.why) == (Role.TOO_LATE, Why.AFTER_AMBULANCE)


def test_an_aed_is_left_to_somebody_who_is_likely_to_accept_next_to_it(
    make_case, make_acceptor, make_aeds
) -> None:
    """The look ahead sends the near one direct and waits for the other."""
    case, aeds = make_case(ems_eta_s=720.0), make_aeds([-150.0])
    near = make_acceptor(60)
    beside = make_acceptor(-160, responder_id=2)
    hoped = Hoped(2, beside.lon, beside.lat, beside.mode, 0.0, 0.95)
    alone = assign_role(case, near, aeds)
    assert alone.role is Role.VIA_AED
    assert assign_role(case, near, aeds, hoped=(hoped,)).role is Role.DIRECT


def test_columns_of_aeds_have_one_length() -> None:
    """A column of another length is refused by name."""
    with pytest.raises(DecisionInputError, match="Column lat"):
        AedSites(
            np.array([1]),
            np.zeros(1),
            np.zeros(2),
            np.zeros(1),
            np.zeros(1),
            np.zeros(1),
        )
