"""Texts of citizens: what each does, and the one answer it gets."""

from __future__ import annotations

import pytest

from tests.use_cases.warning.citizen_world import Citizens
from tests.use_cases.warning.world import World, a_phone, an_alert, an_info
from warning.citizens.conversation import MAX_ANSWERS, MAX_VITAL_ANSWERS


@pytest.fixture
def citizens(world: World) -> Citizens:
    return Citizens(world)


def test_joining_with_a_place_takes_one_text(citizens: Citizens) -> None:
    """JOIN and a code: registered, placed, welcomed."""
    assert citizens.write(1, "join KH-0801") == citizens.words(
        "welcome", place="Ta Khmau"
    )
    assert (citizens.status(1), citizens.place(1)) == ("active", "KH-0801")


def test_joining_asks_for_the_place(citizens: Citizens) -> None:
    """JOIN alone: the next text is the place, and a wrong one is asked for again."""
    assert citizens.write(1, "JOIN") == citizens.words("welcome_no_place")
    assert citizens.write(1, "Atlantis") == citizens.words("place_unknown")
    assert citizens.write(1, "roka  KHPOS.") == citizens.words(
        "welcome", place="Roka Khpos"
    )


def test_an_english_word_says_nothing_of_the_language(world: World) -> None:
    """Where English is not the country's language, JOIN asks for it first."""
    citizens = Citizens(world, language="km")
    (asked,) = citizens.write(1, "JOIN")
    tags = [tag for tag, _ in citizens.writer.languages()]
    number = tags.index("vi") + 1
    assert f"{number} Tiếng Việt" in asked
    assert citizens.write(1, str(number)) == citizens.words("welcome_no_place", "vi")
    assert citizens.write(1, "KH-12") == citizens.words(
        "welcome", "vi", place="Phnom Penh"
    )


def test_the_word_tells_the_language(world: World) -> None:
    """Whoever joins in Khmer is answered in Khmer."""
    citizens = Citizens(world, language="en")
    word = citizens.writer.catalogue.texts["km"].keywords["JOIN"][0]
    assert citizens.write(1, word) == citizens.words("welcome_no_place", "km")


def test_stop_holds_and_is_told_to_the_number_itself(citizens: Citizens) -> None:
    """Whoever forged the sender has not unsubscribed anybody unseen."""
    citizens.write(1, "JOIN KH-12")
    assert citizens.write(1, "stop") == citizens.words("stopped")
    assert citizens.status(1) == "opted_out"
    assert citizens.write(1, "START") == citizens.words("started")
    assert citizens.status(1) == "active"


def test_a_strangers_stop_outlives_a_later_import(citizens: Citizens) -> None:
    """Nobody is re-subscribed against their will by a list."""
    assert citizens.write(1, "STOP") == citizens.words("stopped")
    citizens.world.register(1)
    assert citizens.status(1) == "opted_out"


@pytest.mark.parametrize(
    "text", ["PLACE KH-12", "LANG km", "SAFE", "1", "INFO", "HELP", "what?", "YES"]
)
def test_nothing_but_join_and_start_takes_a_stop_back(
    citizens: Citizens, text: str
) -> None:
    """A person who left stays left, whatever else they write."""
    citizens.write(1, "JOIN KH-12")
    citizens.write(1, "STOP")
    citizens.write(1, text)
    assert citizens.status(1) == "opted_out"


def test_place_and_language_are_changed(citizens: Citizens) -> None:
    """PLACE and LANG; what we do not know is asked for again."""
    citizens.write(1, "JOIN KH-12")
    changed = citizens.words("place_changed", place="Ta Khmau")
    assert citizens.write(1, "PLACE Ta Khmau") == changed
    assert citizens.write(1, "LANG km") == citizens.words("language_changed", "km")
    (unknown,) = citizens.write(1, "LANG klingon")
    assert "ខ្មែរ" in unknown
    status = citizens.words("status", "km", place="Ta Khmau", language="ភាសាខ្មែរ")
    assert citizens.write(1, "STATUS")[0].split()[-3:] == status[0].split()[-3:]


def test_of_two_places_of_one_name_the_larger_is_meant(citizens: Citizens) -> None:
    """Whoever is warned for the province is warned for the commune in it."""
    citizens.write(1, "JOIN Kandal")
    assert citizens.place(1) == "KH-08"


def test_strangers_are_told_how_to_join(citizens: Citizens) -> None:
    """PLACE, LANG and STATUS need somebody who is registered."""
    for text in ("PLACE KH-12", "STATUS"):
        assert citizens.write(1, text) == citizens.words("not_registered")
    assert citizens.write(1, "LANG vi") == citizens.words("not_registered", "vi")
    assert citizens.status(1) is None


def test_help_opens_one_case(citizens: Citizens) -> None:
    """Each cry is answered; the operator has one line with all that was said."""
    person = citizens.world.register(1, vulnerable=True)
    assert citizens.write(1, "HELP") == citizens.words("help_noted")
    assert citizens.write(1, "help two children here") == citizens.words("help_noted")
    with citizens.read() as uow:
        (request,) = uow.help_requests.all(states=["open"], limit=9)
    assert (request.subscriber_id, request.vulnerable) == (person, True)
    assert (request.n_calls, request.where.lon) == (2, 104.5)
    assert "two children" in request.words


def test_a_cry_for_help_belongs_to_the_warning_before_it(citizens: Citizens) -> None:
    """Whoever looks at the alert sees who needs somebody, and until it is closed."""
    citizens.world.register(1)
    citizens.write(2, "HELP")
    case = citizens.world.go_live()
    citizens.world.plan()
    citizens.world.send()
    citizens.write(1, "3")
    with citizens.read() as uow:
        states = {"states": ["open"], "limit": 9}
        (request,) = uow.help_requests.all(**states, owner_ref=case.owner_ref)
        assert len(uow.help_requests.all(**states)) == 2
    assert request.phone == a_phone(1)


def test_a_digit_answers_the_last_message(citizens: Citizens) -> None:
    """1, 2 and 3 mean nothing before anything was sent, and then what was offered."""
    citizens.world.register(1)
    assert citizens.write(1, "1") == citizens.words("unclear")
    citizens.world.go_live()
    citizens.world.plan()
    citizens.world.send()
    citizens.world.clock.move(minutes=11)
    for digit, key in (("1", "confirmed"), ("2", "safe_noted"), ("3", "help_noted")):
        assert citizens.write(1, digit) == citizens.words(key)


def test_a_report_is_taken(citizens: Citizens) -> None:
    """REPORT with words, or REPORT and then the words."""
    citizens.world.register(1)
    assert citizens.write(1, "REPORT") == citizens.words("report_empty")
    noted = citizens.words("report_noted")
    assert citizens.write(1, "the bridge is under water") == noted
    assert citizens.write(1, "REPORT fire at the market") == noted
    with citizens.read() as uow:
        seen = uow.citizen_reports.newest(before=None, limit=9)
    assert {one.words for one in seen} <= {
        "the bridge is under water",
        "fire at the market",
    }


def test_info_tells_what_holds_for_a_place(citizens: Citizens) -> None:
    """By the registered place, or by one that is named."""
    citizens.write(1, "JOIN KH-08")
    none = citizens.words("no_warnings", place="Kandal")
    assert citizens.write(1, "INFO") == none
    citizens.world.go_live(an_alert(an_info(headline="Flood on the Mekong")))
    citizens.world.clock.move(minutes=11)
    (told,) = citizens.write(1, "INFO")
    assert told == "Kandal: Flood on the Mekong"
    assert citizens.write(2, "INFO Ta Khmau") == ["Ta Khmau: Flood on the Mekong"]
    assert citizens.write(3, "INFO") == citizens.words("not_registered")


@pytest.mark.parametrize("text", ["😀😀😀", "x" * 1_600, "", "\x00", "*#", "12345678"])
def test_what_nobody_understands_gets_one_answer(citizens: Citizens, text: str) -> None:
    """One helpful answer, then silence for some hours."""
    assert citizens.write(1, text) == citizens.words("unclear")
    assert citizens.write(1, f"{text} again") == []
    citizens.world.clock.move(hours=7)
    assert citizens.write(1, text) == citizens.words("unclear")


def test_a_flood_gets_one_answer(citizens: Citizens) -> None:
    """The same text a hundred times is answered once."""
    citizens.world.register(1)
    answers = [citizens.write(1, "STATUS") for _ in range(20)]
    assert sum(map(len, answers)) == 1


def test_a_flood_of_different_texts_is_answered_so_often(citizens: Citizens) -> None:
    """So many answers an hour and no more; what is asked is done all the same."""
    citizens.world.register(1)
    wishes = ["STATUS", "SAFE", "START"]
    answers = [citizens.write(1, wishes[n % 3]) for n in range(MAX_ANSWERS + 8)]
    assert sum(map(len, answers)) == MAX_ANSWERS


def test_after_a_flood_help_and_stop_are_still_answered(citizens: Citizens) -> None:
    """Whoever is in need, or leaves, knows that it was heard; a forger gets no more."""
    citizens.world.register(1)
    for n in range(MAX_ANSWERS):
        citizens.write(1, ["STATUS", "SAFE"][n % 2])
    assert citizens.write(1, "STATUS") == []
    assert citizens.write(1, "HELP on the roof") == citizens.words("help_noted")
    assert citizens.write(1, "STOP") == citizens.words("stopped")
    assert citizens.status(1) == "opted_out"
    n_more = sum(len(citizens.write(1, f"HELP {n} of us")) for n in range(20))
    assert n_more == MAX_VITAL_ANSWERS - 2
    with citizens.read() as uow:
        (request,) = uow.help_requests.all(states=["open"], limit=9)
    assert request.n_calls == 21


def test_the_place_is_asked_for_until_it_is_known(citizens: Citizens) -> None:
    """A language, or a cry for help, in between is no answer to where they live."""
    assert citizens.write(1, "JOIN") == citizens.words("welcome_no_place")
    assert citizens.write(1, "LANG km") == citizens.words("welcome_no_place", "km")
    assert citizens.write(1, "HELP") == citizens.words("help_noted", "km")
    welcome = citizens.words("welcome", "km", place="Ta Khmau")
    assert citizens.write(1, "Ta Khmau") == welcome
    assert citizens.place(1) == "KH-0801"


def test_a_place_that_is_named_unasked_is_where_somebody_lives(
    citizens: Citizens,
) -> None:
    """Days later, and only as long as we know no other."""
    citizens.write(1, "JOIN")
    citizens.world.clock.move(days=3)
    welcome = citizens.words("welcome", place="Ta Khmau")
    assert citizens.write(1, "ta khmau") == welcome
    assert citizens.write(1, "Phnom Penh") == citizens.words("unclear")
    assert citizens.place(1) == "KH-0801"


@pytest.mark.parametrize("code", ["0801", " 0801 ", "០៨០១", "PLACE 0801", "KH-0801"])
def test_a_code_of_four_digits_is_a_place(citizens: Citizens, code: str) -> None:
    """It comes in sealed like a volunteer's PIN, and is known all the same."""
    citizens.write(1, "JOIN")
    welcome = citizens.words("welcome", place="Ta Khmau")
    assert citizens.write(1, code) == welcome
    assert citizens.write(2, "JOIN") == citizens.words("welcome_no_place")
    assert citizens.write(2, "0802") == citizens.words("place_unknown")


def test_whoever_left_is_asked_for_no_place(citizens: Citizens) -> None:
    """STOP takes our question back; a name is no wish to be warned again."""
    citizens.write(1, "JOIN")
    citizens.write(1, "STOP")
    assert citizens.write(1, "Ta Khmau") == citizens.words("unclear")
    assert (citizens.status(1), citizens.place(1)) == ("opted_out", None)


def test_a_robot_that_echoes_is_left_alone(citizens: Citizens) -> None:
    """Our own words back are no cry for help, though HELP stands in them."""
    (said,) = citizens.write(1, "your message could not be delivered")
    assert citizens.write(1, said) == []
    with citizens.read() as uow:
        assert uow.help_requests.all(states=["open"], limit=9) == []


def test_two_robots_fall_silent(citizens: Citizens) -> None:
    """A machine that answers each text with another gets no more than one."""
    said, n = citizens.write(1, "Out of office 0"), 0
    while said and n < 20:
        n += 1
        said = citizens.write(1, f"Out of office {n}")
    assert n == 1


def test_a_volunteers_stop_is_answered_once(citizens: Citizens) -> None:
    """Their own side answers it; the warnings stop all the same."""
    citizens.world.register(9)
    assert citizens.write(9, "STOP") == []
    assert citizens.status(9) == "opted_out"


def test_an_answer_goes_ahead_of_a_large_alert(
    citizens: Citizens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever joins amid a warning to many is not answered after the last of them."""
    for n in range(2, 6):
        citizens.world.register(n)
    citizens.world.go_live()
    citizens.world.plan()
    citizens.world.clock.move(minutes=1)
    with citizens.world.database.unit_of_work() as uow:
        uow.commit()
    monkeypatch.setattr(citizens, "received", lambda *_: [])
    citizens.write(1, "JOIN KH-12")
    first = citizens.world.claim()[0]
    assert first.phone == a_phone(1)
