"""Several open cases share the volunteers: nobody is asked for two at once."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.case_world import PATIENT, CaseWorld, a_person, phone

_METRE = 1 / 110_574.0
_STEPS = st.lists(
    st.tuples(st.sampled_from(["open", "wait", "yes", "no"]), st.integers(1, 14)),
    min_size=2,
    max_size=12,
)


@given(steps=_STEPS)
@settings(max_examples=30, deadline=None)
def test_nobody_is_asked_for_two_that_still_need_them(
    steps: list[tuple[str, int]],
) -> None:
    """Whatever is opened and answered in whatever order, also close to each other.

    One who has not answered may be asked again once the first case has enough people;
    one who said yes goes to that patient alone.
    """
    world = CaseWorld()
    world.people(*(a_person(n, 90.0 * n) for n in range(1, 15)))
    opened = [world.running()]
    for verb, n in steps:
        if verb == "open":
            lon, lat = PATIENT
            opened.append(world.running(lon=lon, lat=lat + 60 * n * _METRE))
        elif verb == "wait":
            world.move(seconds=15)
        else:
            world.text(phone(n), "1" if verb == "yes" else "2")
            world.tick()
        engaged: Counter[int] = Counter()
        needed: Counter[int] = Counter()
        for case_id in opened:
            is_short = world.case(case_id).state.value == "alerting"
            for number, offer in world.offers(case_id).items():
                engaged[number] += offer.state.is_engaged
                needed[number] += offer.state.is_open and is_short
        assert max(engaged.values()) <= 1
        assert max(needed.values()) <= 1
