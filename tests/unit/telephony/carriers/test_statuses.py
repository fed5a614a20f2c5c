"""Every word either carrier can say has a meaning here."""

import pytest
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.message import MessageInstance

from telephony.carriers.statuses import (
    CALL_STATUSES,
    MESSAGE_STATUSES,
    UNKNOWN_STATUS,
    carrier_status,
)
from telephony.delivery import AttemptState, Channel


def words_of(status_class: type) -> set[str]:
    """The values of one of the library's status classes."""
    return {
        value for name, value in vars(status_class).items() if not name.startswith("_")
    }


def test_every_message_status_of_the_library_is_mapped() -> None:
    """The library's next release cannot bring a word nobody has thought of."""
    assert words_of(MessageInstance.Status) <= set(MESSAGE_STATUSES)


def test_every_call_status_of_the_library_is_mapped() -> None:
    """``initiated`` comes in callbacks only; the class does not have it."""
    assert words_of(CallInstance.Status) | {"initiated"} == set(CALL_STATUSES)


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.VOICE])
@pytest.mark.parametrize("word", ["", "teleported", "DELIVERED!", "none"])
def test_unknown_word_changes_nothing(channel: Channel, word: str) -> None:
    """A word from no table is told apart and claims nothing."""
    assert carrier_status(channel, word) is UNKNOWN_STATUS
    assert (UNKNOWN_STATUS.state, UNKNOWN_STATUS.is_known) == (None, False)


def test_case_and_blanks_do_not_matter() -> None:
    """A carrier that shouts means the same."""
    assert carrier_status(Channel.VOICE, " No-Answer ").state is AttemptState.FAILED


def test_no_word_claims_more_than_reached() -> None:
    """Heard and confirmed are for a key press or a reply, not for a word."""
    for table in (MESSAGE_STATUSES, CALL_STATUSES):
        assert all((row.state or 0) <= AttemptState.REACHED for row in table.values())


def test_what_is_under_way_is_not_final() -> None:
    """Polling goes on while the carrier may have more to say."""
    for table in (MESSAGE_STATUSES, CALL_STATUSES):
        for row in table.values():
            assert row.is_final == (row.state is not AttemptState.ACCEPTED) or (
                row is CALL_STATUSES["in-progress"]
            )
