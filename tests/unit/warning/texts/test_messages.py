"""What people read and hear: short enough, in their language, and never half a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_scripts.catalogue import load_catalogue
from telephony.delivery import Content
from tests.use_cases.warning.world import (
    EAST_SQUARE,
    SQUARE,
    START,
    an_alert,
    an_info,
    in_languages,
)
from warning.alert import AlertCase, AlertId, AlertState
from warning.cap import (
    Alert,
    Area,
    CapStatus,
    Info,
    MsgType,
    NamedValue,
    ResponseType,
)
from warning.texts.elements import until_words
from warning.texts.fitting import units
from warning.texts.manner import PLAIN, Manner
from warning.texts.messages import (
    MAX_SMS_CHARACTERS,
    messages_of,
    script_of,
)
from warning.texts.sms_parts import SmsEncoding, sms_parts
from warning.validity import valid_until

#: Asks whether people are safe; and a script that no alert may choose.
ASKS = (NamedValue("TocsinScript", "check_in"),)
OTHER = (NamedValue("TocsinScript", "record_prompt"),)


def a_case(*infos: Info, **changes: object) -> AlertCase:
    return AlertCase(
        alert_id=AlertId("a1"),
        cap=an_alert(*infos, **changes),
        state=AlertState.DRAFT,
        created_by="anna",
        created_at=START,
    )


def contents_of(case: AlertCase, manner: Manner = PLAIN) -> list[Content]:
    return [message.content for message in messages_of(case, manner)]


def text(*infos: Info, language: str = "en", **changes: object) -> str:
    contents = {c.language: c for c in contents_of(a_case(*infos, **changes))}
    return contents[language].sms_text


def spoken(*infos: Info, **changes: object) -> dict[str, str]:
    return dict(contents_of(a_case(*infos, **changes))[0].variables)


def in_phone_words(*words: str) -> tuple[NamedValue, ...]:
    return tuple(NamedValue("layer:SOREM:1.0:Broadcast_Text", word) for word in words)


def test_a_text_says_who_what_where_what_to_do_and_until_when() -> None:
    """In the order that was tested best; the description comes last."""
    info = an_info(description="The river rises fast\n  and will rise more")
    assert text(info) == (
        "Ministry of Water. Flood of the Mekong. Kandal. Go to high ground. "
        "This warning holds until: Tuesday 1 September 09:00 UTC. "
        "The river rises fast and will rise more."
    )


def test_what_is_blank_is_left_out() -> None:
    """Blank headline and sender: the event and the sender's address stand in."""
    info = an_info(headline="  ", sender_name="\n", instruction=None, event="Flood!")
    said = text(info)
    assert said.startswith("alerts.example. Flood! Kandal. Move to high ground")
    assert ".." not in said


def test_a_text_made_for_phones_is_taken_as_it_is() -> None:
    """The authority wrote it for this."""
    info = an_info(parameters=in_phone_words(" ", "Run uphill now"))
    assert text(info) == "Run uphill now"


def test_the_fullest_text_made_for_phones_wins() -> None:
    """360 characters say more than 90."""
    short = NamedValue("CMAMtext", "Run")
    long = NamedValue("CMAMlongtext", "Run uphill and stay there")
    assert text(an_info(parameters=(short, long))) == long.value


@pytest.mark.parametrize("status", [s for s in CapStatus if s is not CapStatus.ACTUAL])
@pytest.mark.parametrize("language", sorted(load_catalogue().texts))
def test_whatever_is_not_actual_starts_with_the_drill_word(
    status: CapStatus, language: str
) -> None:
    """In the language of the text, or of one that its speakers understand."""
    catalogue = load_catalogue()
    word = next(
        catalogue.texts[tag].drill_word
        for tag in catalogue.chain(language)
        if catalogue.texts[tag].drill_word
    )
    for parameters in ((), in_phone_words("Run uphill now")):
        info = an_info(language=language, parameters=parameters)
        (content,) = contents_of(a_case(info, status=status))
        assert content.sms_text.startswith(word)
        assert content.variables["source"].startswith(word)
        assert content.script == "drill"


def test_an_unknown_language_has_the_english_drill_word() -> None:
    """Better a foreign word than none."""
    said = text(an_info(language="sw"), language="sw", status=CapStatus.EXERCISE)
    assert said.startswith("EXERCISE EXERCISE: ")


def test_actual_alerts_carry_no_drill_word() -> None:
    """Nobody may take the real thing for an exercise."""
    (content,) = contents_of(a_case())
    assert "EXERCISE" not in content.sms_text + str(content.variables)


@settings(max_examples=25, deadline=None)
@given(
    letters=st.sampled_from(["a", "word ", "ទឹកជំនន់", "😀", "ក្ដ", "é. "]),
    lengths=st.tuples(*(st.integers(0, 1_200) for _ in range(3))),
    n_areas=st.integers(1, 60),
    n_infos=st.integers(1, 4),
    status=st.sampled_from(CapStatus),
)
def test_no_text_is_longer_than_a_carrier_takes(
    letters: str,
    lengths: tuple[int, int, int],
    n_areas: int,
    n_infos: int,
    status: CapStatus,
) -> None:
    """Whatever the authority wrote; and it never says nothing."""
    infos = [
        an_info(
            headline=letters * lengths[0],
            instruction=letters * lengths[1],
            description=letters * lengths[2],
            areas=(
                Area(
                    area_desc="",
                    polygons=(SQUARE.replace("104", str(104 + n / 100)),),
                ),
                *(Area(area_desc=f"District {k}") for k in range(n_areas)),
            ),
        )
        for n in range(n_infos)
    ]
    said = text(*infos, status=status)
    assert said.strip()
    assert units(said) <= MAX_SMS_CHARACTERS


def test_many_districts_do_not_take_the_room_of_the_guidance() -> None:
    """The first of them are named; what to do is never cut for them."""
    areas = tuple(
        Area(area_desc=f"District number {n}", polygons=(SQUARE,)) for n in range(400)
    )
    said = text(an_info(areas=areas, instruction="Go up. " * 100))
    assert "District number 0, District number 1" in said
    assert said.count("Go up.") == 100


def test_a_text_in_the_phone_alphabet_stays_in_it() -> None:
    """One curly quote, or the dots of a cut, would double the price."""
    info = an_info(instruction="Don\u2019t wait \u2013 go. " + "Go on. " * 300)
    assert sms_parts(text(info)).encoding is SmsEncoding.GSM_7


def test_each_part_of_an_alert_has_its_own_words() -> None:
    """Two infos of one language and two areas: nobody hears of the other's alone."""
    near = an_info(headline="Leave now", instruction="Go to the school.")
    far = an_info(
        headline="Be ready",
        instruction="Pack your things.",
        areas=(Area(area_desc="Takeo", polygons=(EAST_SQUARE,)),),
        expires=START + timedelta(hours=9),
    )
    (message,) = messages_of(a_case(near, far))
    said = message.content.sms_text
    for words in ("Leave now. Kandal.", "school", "Be ready. Takeo.", "Pack"):
        assert words in said
    assert message.valid_until == far.expires
    assert message.content.variables["area"] == "Kandal, Takeo"
    assert message.content.variables["event"] == "Leave now. Be ready."
    assert message.content.variables["instruction"] == (
        "Go to the school. Pack your things."
    )


def test_an_area_without_words_in_a_language_is_told_in_another() -> None:
    """Khmer speakers in the area of which only English speaks are not misled."""
    everywhere = an_info(language="km", headline="ទឹក")
    east = Area(area_desc="Takeo", polygons=(EAST_SQUARE,))
    infos = (
        everywhere,
        an_info(headline="Near"),
        an_info(headline="Far", areas=(east,)),
    )
    assert text(*infos, language="km").index("ទឹក") == len("Ministry of Water. ")
    assert "Far. Takeo." in text(*infos, language="km")
    assert "Near" not in text(*infos, language="km")
    assert "ទឹក" not in text(*infos, language="en")


@pytest.mark.parametrize("areas", [(), (Area(area_desc="ខេត្ត"),)])
def test_a_translation_need_not_repeat_the_shape(areas: tuple[Area, ...]) -> None:
    """An info without a shape speaks of whatever the alert aims at."""
    infos = (an_info(), an_info(language="km", headline="ទឹក", areas=areas))
    assert "Flood" not in text(*infos, language="km").split("ទឹក")[1]
    assert "ទឹក" not in text(*infos)


def test_the_same_shape_in_other_digits_is_the_same() -> None:
    """Translators of some issuers round differently."""
    twin = SQUARE.replace("104", "104.000000").replace(" ", "\n  ")
    infos = (an_info(), an_info(language="km", headline="ទឹក", polygon=twin))
    assert "Flood" not in text(*infos, language="km")


def test_geocodes_tell_areas_apart_where_nothing_is_drawn() -> None:
    """And stand back where something is."""
    one, two = (
        an_info(
            headline=code,
            areas=(Area(area_desc=code, geocodes=(NamedValue("ISO", code),)),),
        )
        for code in ("KH-1", "KH-2")
    )
    assert ". KH-1. Go" in text(one, two)
    assert ". KH-2. Go" in text(one, two)


def test_the_time_is_the_senders_and_says_when_it_is_not_local() -> None:
    """UTC read as local time would be hours off."""
    local = timezone(timedelta(hours=7))
    at = datetime(2026, 9, 1, 16, 0, tzinfo=local)
    assert until_words(an_info(expires=at), an_alert()) == "Tuesday 1 September 16:00"
    utc = an_info(expires=at.astimezone(UTC))
    assert until_words(utc, an_alert()) == "Tuesday 1 September 09:00 UTC"


@pytest.mark.parametrize("language", ["km", "cjm", "sw", "zh-Hant-TW", "tlh", "x-y"])
def test_times_are_written_in_any_language(language: str) -> None:
    """In its own words, those of one its speakers understand, or English."""
    words = until_words(an_info(language=language), an_alert())
    assert "09:00" in words
    khmer = until_words(an_info(language="km"), an_alert())
    assert (words == khmer) is (language in {"km", "cjm"})


def test_an_info_without_an_end_holds_for_a_day() -> None:
    """From when it was sent or takes effect, whatever the clock says."""
    day = timedelta(hours=24)
    assert valid_until(a_case(an_info(expires=None))) == START + day
    later = an_info(expires=None, effective=START + day)
    assert valid_until(a_case(later)) == START + 2 * day
    early = an_info(expires=None, effective=START - day)
    assert valid_until(a_case(early, an_info())) == START + day


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "This warning holds until: further notice."),
        ("da", "Dette varsel gælder indtil: videre."),
        ("fr", "Cette alerte est valable jusqu'à : nouvel ordre."),
    ],
)
def test_no_end_is_made_up(language: str, says: str) -> None:
    """The day for which an open message is delivered is told to nobody as its end."""
    case = a_case(an_info(language=language, expires=None))
    message = messages_of(case)[0]
    assert says in message.content.sms_text
    assert "2 September" not in message.content.sms_text
    assert message.content.variables["until"] == says[:-1].rpartition(": ")[2]
    assert message.valid_until == START + timedelta(hours=24)


def test_a_language_without_texts_of_ours_says_from_and_until() -> None:
    """A bare date says neither; what is open says nothing."""
    info = an_info(language="de", expires=START + timedelta(hours=6))
    told = "Dienstag 1 September 03:00 UTC - Dienstag 1 September 09:00 UTC"
    assert told in text(info, language="de")
    endless = messages_of(a_case(an_info(language="de", expires=None)))[0]
    assert "September" not in endless.content.sms_text
    assert endless.content.variables["until"] == "further notice"


def test_each_language_ends_with_its_own_info() -> None:
    """The alert ends with the last of them."""
    early = an_info(language="km", expires=START + timedelta(hours=1))
    case = a_case(early, an_info())
    assert [m.valid_until for m in messages_of(case)] == [
        early.expires,
        an_info().expires,
    ]
    assert valid_until(case) == an_info().expires


@pytest.mark.parametrize(
    ("cap", "script"),
    [
        (an_alert(), "flood_warning"),
        (an_alert(an_info(event="Storm")), "warning"),
        (an_alert(an_info(event="ទឹក"), an_info(event="Flash FLOOD")), "flood_warning"),
        (an_alert(msg_type=MsgType.CANCEL), "all_clear"),
        (an_alert(an_info(response_types=(ResponseType.ALL_CLEAR,))), "all_clear"),
        (
            an_alert(an_info(response_types=(ResponseType.ALL_CLEAR,)), an_info()),
            "flood_warning",
        ),
        (an_alert(status=CapStatus.TEST, msg_type=MsgType.CANCEL), "drill"),
        (an_alert(an_info(parameters=ASKS), an_info(parameters=ASKS)), "check_in"),
        # In one language only: everybody is warned, nobody is asked by mistake.
        (an_alert(an_info(parameters=ASKS), an_info()), "flood_warning"),
        (an_alert(an_info(parameters=OTHER)), "flood_warning"),
        (an_alert(an_info(parameters=ASKS), status=CapStatus.EXERCISE), "drill"),
        (an_alert(an_info(parameters=ASKS), msg_type=MsgType.CANCEL), "all_clear"),
    ],
)
def test_the_script_fits_the_alert(cap: Alert, script: str) -> None:
    """A drill says so first; the end of a danger, or a question, is not one."""
    assert script_of(cap) == script


def test_an_all_clear_does_not_say_that_the_warning_holds() -> None:
    """The end of a danger has no end."""
    assert "holds" not in text(an_info(), msg_type=MsgType.CANCEL)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"instruction": None},
        {"instruction": None, "description": " ", "headline": None, "expires": None},
        {"areas": (Area(area_desc=" ", polygons=(SQUARE,)),), "sender_name": ""},
    ],
)
def test_a_script_finds_everything_it_says(changes: dict[str, object]) -> None:
    """No prompt stands before an empty word."""
    (content,) = contents_of(a_case(an_info(**changes)))
    script = load_catalogue().script(content.script)
    assert script.variables <= content.variables.keys()
    assert all(content.variables[name].strip() for name in script.variables)


def test_one_text_a_language_in_the_order_of_the_alert() -> None:
    """Under the alert's name, as the variant that was asked for."""
    case = a_case(*in_languages("km", "en"))
    contents = contents_of(case, Manner(variant="update"))
    assert [c.language for c in contents] == ["km", "en"]
    assert {c.owner_ref for c in contents} == {"alert:a1"}
    assert {c.variant for c in contents} == {"update"}


def test_an_update_says_first_that_it_is_one() -> None:
    """Those still inside must not take it for a second flood."""
    manner = Manner(variant="update", is_update=True)
    (content,) = contents_of(a_case(msg_type=MsgType.UPDATE), manner)
    assert content.sms_text.startswith("UPDATE of our earlier message. Ministry of")
    assert content.variables["event"].startswith("UPDATE of our earlier message.")
    assert content.variant == "update"


@pytest.mark.parametrize("variant", ["released", "all_clear", "withdrawal"])
def test_what_became_of_an_alert_is_read_out_as_news(variant: str) -> None:
    """Neither as a new danger, nor as the end of one that goes on elsewhere."""
    assert script_of(an_alert(), Manner(variant=variant)) == "notice"
    drill = an_alert(status=CapStatus.TEST)
    assert script_of(drill, Manner(variant=variant)) == "drill"
