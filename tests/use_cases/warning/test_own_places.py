"""Each person is told of the place they are in, and of no other."""

from __future__ import annotations

import pytest

from telephony.delivery import Content
from tests.use_cases.warning.world import (
    EAST_SQUARE,
    SQUARE,
    World,
    an_alert,
    an_area,
    an_info,
)
from warning.cap import Alert, Area, Info, NamedValue

WEST = Area(area_desc="Kandal", polygons=(SQUARE,))
EAST = Area(area_desc="Takeo", polygons=(EAST_SQUARE,))
IN_WEST = {"lon": 104.5, "lat": 11.5}
IN_EAST = {"lon": 105.5, "lat": 11.5}


def told(world: World, cap: Alert) -> dict[int, Content]:
    """Person → what they are told, of an alert that goes live now."""
    world.go_live(cap)
    world.plan()
    with world.read() as uow:
        return {
            one.recipient_id: uow.outbox.content(one.content_id)
            for one in world.claim()
        }


def test_the_other_place_is_not_named(world: World) -> None:
    """Two areas of one info: text and call name the person's own."""
    west = world.register(1, places=[IN_WEST])
    east = world.register(2, places=[IN_EAST])
    both = world.register(3, places=[IN_WEST, IN_EAST])
    said = told(world, an_alert(an_info(areas=(WEST, EAST))))
    assert "Kandal" in said[west].sms_text
    assert "Takeo" not in said[west].sms_text
    assert said[east].variables["area"] == "Takeo"
    assert said[both].variables["area"] == "Kandal, Takeo"


def test_what_to_do_is_that_of_the_own_place(world: World) -> None:
    """One district leaves, the next gets ready; on the border one hears both."""
    leave = an_info(instruction="Leave now.", areas=(WEST,))
    wait = an_info(instruction="Be ready.", areas=(EAST,))
    west = world.register(1, places=[IN_WEST])
    east = world.register(2, places=[IN_EAST])
    border = world.register(3, places=[{"lon": 105.0, "lat": 11.5}])
    said = told(world, an_alert(leave, wait))
    assert "Be ready" not in said[west].sms_text
    assert "Leave now" not in said[east].sms_text
    assert said[border].variables["instruction"] == "Leave now. Be ready."


def test_the_language_is_one_that_the_own_place_has(world: World) -> None:
    """A Khmer text for the west does not tell a Khmer speaker in the east anything."""
    infos = (
        an_info(areas=(WEST,)),
        an_info(language="km", headline="ទឹក", areas=(WEST,)),
        an_info(headline="Far", areas=(EAST,)),
    )
    west = world.register(1, language="km", places=[IN_WEST])
    east = world.register(2, language="km", places=[IN_EAST])
    said = told(world, an_alert(*infos))
    assert (said[west].language, said[east].language) == ("km", "en")
    assert "Far" in said[east].sms_text


def test_whoever_has_moved_since_approval_hears_everything(world: World) -> None:
    """In no place of the alert any more, but in its audience."""
    person = world.register(1, places=[IN_WEST])
    case = world.go_live(an_alert(an_info(areas=(WEST, EAST))))
    world.register(1, places=[{"lon": 20.0, "lat": 50.0}])
    world.plan()
    (delivery,) = world.claim()
    with world.read() as uow:
        said = uow.outbox.content(delivery.content_id)
    assert delivery.recipient_id == person
    assert said.variables["area"] == "Kandal, Takeo"
    assert said.owner_ref == case.owner_ref


def test_codes_of_imported_areas_are_places_too(world: World) -> None:
    """An alert with nothing but codes finds people, each in their own area."""
    world.add_areas(an_area("KH08", 104), an_area("KH21", 105))
    west = world.register(1, places=[IN_WEST])
    east = world.register(2, places=[IN_EAST])
    areas = tuple(
        Area(area_desc=name, geocodes=(NamedValue("ISO3166-2", code),))
        for name, code in (("Kandal", "KH08"), ("Takeo", "KH21"))
    )
    said = told(world, an_alert(an_info(areas=areas)))
    assert said[west].variables["area"] == "Kandal"
    assert said[east].variables["area"] == "Takeo"


@pytest.mark.parametrize("n", [1, 64])
def test_one_place_or_too_many_are_not_told_apart(world: World, n: int) -> None:
    """One text for all is better than a thousand."""
    areas = tuple(
        Area(
            area_desc=f"District {k}", polygons=(SQUARE.replace("104", f"104.{k:03}"),)
        )
        for k in range(n)
    )
    person = world.register(1, places=[{"lon": 104.5, "lat": 11.5}])
    info: Info = an_info(areas=areas)
    said = told(world, an_alert(info))
    assert said[person].variant == "warning"
