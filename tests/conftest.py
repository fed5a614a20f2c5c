"""What holds for every test, whatever it is about."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator

import pytest

#: More digits in a row, after a plus, than anything but a telephone number has.
_PHONE = re.compile(r"\+\s?\d[\d\s]{6,}")
#: What every record has; the rest was given in ``extra``.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__)


@pytest.fixture(autouse=True)
def no_phone_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, no log record holds a phone number."""
    caplog.set_level(logging.DEBUG)
    yield
    told = [_everything_in(record) for record in caplog.get_records("call")]
    assert not [text for text in told if _PHONE.search(text)]


def _everything_in(record: logging.LogRecord) -> str:
    """Message, extras and traceback: all that a formatter could write."""
    extras = [str(v) for k, v in record.__dict__.items() if k not in _STANDARD]
    error = record.exc_info[1] if record.exc_info else None
    lines = traceback.format_exception(error) if error is not None else []
    return "\n".join([record.getMessage(), *extras, *lines])
