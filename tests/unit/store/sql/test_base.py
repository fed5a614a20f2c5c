"""Types that cross the border to the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from store.sql.base import JsonText, UTCDateTime

DIALECTS = [sqlite, postgresql]
instants = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(9000, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=7, minutes=30))]),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(at=instants)
def test_an_instant_comes_back_to_the_microsecond(
    dialect: ModuleType, at: datetime
) -> None:
    """Whatever its offset was, it is the same instant, in UTC."""
    kind, chosen = UTCDateTime(), dialect.dialect()
    kept = kind.bind_processor(chosen)(at)
    back = kind.result_processor(chosen, None)(kept)
    assert back == at
    assert back is not None
    assert back.tzinfo is UTC


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_naive_datetime_is_refused(dialect: ModuleType) -> None:
    """A time without a zone would be wrong by hours, silently."""
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="no time zone"):
        UTCDateTime().bind_processor(dialect.dialect())(naive)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_stays_nothing(dialect: ModuleType) -> None:
    """An unknown time is kept as unknown."""
    kind, chosen = UTCDateTime(), dialect.dialect()
    assert kind.bind_processor(chosen)(None) is None
    assert kind.result_processor(chosen, None)(None) is None


def test_sqlite_orders_instants_as_they_follow() -> None:
    """What is kept can be compared: whole microseconds since 1970."""
    keep = UTCDateTime().bind_processor(sqlite.dialect())
    assert keep(datetime(1970, 1, 1, 0, 0, 1, 5, UTC)) == 1_000_005
    assert keep(datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)) == -1


@given(value=json_values)
def test_json_comes_back_as_it_was(value: object) -> None:
    """Numbers, order and letters are what they were: hashes depend on it."""
    kind, chosen = JsonText(), sqlite.dialect()
    kept = kind.process_bind_param(value, chosen)
    back = kind.process_result_value(kept, chosen)
    assert back == value
    assert kind.process_bind_param(back, chosen) == kept
