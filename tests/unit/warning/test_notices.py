"""What people hear who were told of an alert, when it changes or ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr_scripts.catalogue import load_catalogue
from tests.unit.warning.test_messages import a_case, contents_of
from tests.use_cases.warning.world import START, an_alert, an_info, in_languages
from warning.cap import Alert, CapStatus, Info, MsgType
from warning.message_templates import Notice
from warning.messages import Manner
from warning.notices import notices_of

ENDS = [notice for notice in Notice if notice is not Notice.UPDATE]
TOLD = an_alert()


def text(notice: Notice, *infos: Info, about: Alert = TOLD, **changes: object) -> str:
    """The notice about one alert, in its first language."""
    case = a_case(*infos, **({"msg_type": MsgType.CANCEL} | changes))
    return notices_of(case, notice, about=about)[0].content.sms_text


def test_who_is_left_out_by_an_update_is_told_so() -> None:
    """The event and the place are those they were told of, not the new ones."""
    moved = an_info(headline="Flood moves on", instruction="Run.")
    said = text(Notice.NO_LONGER_AFFECTED, moved, msg_type=MsgType.UPDATE)
    assert said == (
        "Ministry of Water. UPDATE: the warning (Flood of the Mekong) no longer holds "
        "for Kandal. You need do nothing more now. Keep listening: this may change."
    )


def test_an_all_clear_says_that_it_is_over() -> None:
    """A cancel without a word of its own gets ours."""
    case = a_case(an_info(instruction=None), msg_type=MsgType.CANCEL)
    (message,) = notices_of(case, Notice.ALL_CLEAR, about=TOLD)
    assert message.content.sms_text == (
        "Ministry of Water. ALL CLEAR: Flood of the Mekong, Kandal. The danger is "
        "over. Take care: roads and buildings may be damaged."
    )
    assert message.content.variant == "all_clear"
    assert message.content.script == "notice"


def test_the_authoritys_own_guidance_replaces_ours() -> None:
    """It knows whether the roads are open."""
    own = an_info(instruction="Boil water until Friday.")
    assert text(Notice.ALL_CLEAR, own).endswith("Boil water until Friday.")
    other = an_info(instruction="ដាំទឹក", language="km")
    assert text(Notice.ALL_CLEAR, other).endswith("buildings may be damaged.")


def test_a_correction_says_that_there_is_no_danger() -> None:
    """Hawaii, 13 January 2018: it took 38 minutes to find these words."""
    said = text(Notice.CORRECTION, an_info(instruction=None))
    assert "was sent by mistake. There is no danger." in said


@pytest.mark.parametrize("notice", ENDS)
def test_everybody_is_told_in_the_language_they_were_told_in(notice: Notice) -> None:
    """One text a language, under the name of the message that ends it."""
    languages = ("km", "en", "da", "es", "fr", "ar", "vi")
    about = an_alert(*in_languages(*languages))
    messages = notices_of(a_case(msg_type=MsgType.CANCEL), notice, about=about)
    assert tuple(one.content.language for one in messages) == languages
    assert {one.content.owner_ref for one in messages} == {"alert:a1"}
    script = load_catalogue().script("notice")
    for message in messages:
        spoken = message.content.variables
        assert script.variables <= spoken.keys()
        assert spoken["event"]
        assert spoken["instruction"]
        assert spoken["source"]


@pytest.mark.parametrize("drill", ["the first", "the second"])
def test_the_end_of_a_drill_is_a_drill(drill: str) -> None:
    """Whichever of the two messages says that it is one."""
    statuses = {"the first": CapStatus.ACTUAL, "the second": CapStatus.EXERCISE}
    about = an_alert(status=statuses[drill])
    case = a_case(
        msg_type=MsgType.CANCEL,
        status=CapStatus.EXERCISE if drill == "the first" else CapStatus.ACTUAL,
    )
    (message,) = notices_of(case, Notice.ALL_CLEAR, about=about)
    assert message.content.sms_text.startswith("EXERCISE EXERCISE: ")
    assert message.content.script == "drill"


def test_an_end_is_news_also_after_the_alert_has_expired() -> None:
    """It holds for a day from when it is said."""
    case = a_case(msg_type=MsgType.CANCEL)
    (message,) = notices_of(case, Notice.ALL_CLEAR, about=TOLD)
    assert message.valid_until == START + timedelta(hours=24)
    later = START + timedelta(days=3)
    (message,) = notices_of(
        case, Notice.ALL_CLEAR, about=TOLD, sent=later, valid_for=timedelta(hours=1)
    )
    assert message.valid_until == later + timedelta(hours=1)


def test_an_update_says_first_that_it_is_one() -> None:
    """Those still inside must not take it for a second flood."""
    manner = Manner(variant="update", is_update=True)
    (content,) = contents_of(a_case(msg_type=MsgType.UPDATE), manner)
    assert content.sms_text.startswith("UPDATE of our earlier message. Ministry of")
    assert content.variables["event"].startswith("UPDATE of our earlier message.")
    assert content.variant == "update"
