"""Logs: one line an event, and nobody's number in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.logs import KeyValueFormatter, configure_logging, mask_numbers


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = [
        one for one in handlers if not isinstance(one.formatter, KeyValueFormatter)
    ]
    yield root
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


def line(message: str, **extra: object) -> str:
    record = logging.makeLogRecord(
        {"name": "a.b", "levelname": "INFO", "msg": message, "created": 0.0, **extra}
    )
    return KeyValueFormatter().format(record)


def test_time_level_logger_message_and_extras() -> None:
    """Whoever reads a line knows when, how bad, where, what, and with which values."""
    assert line("sent", n=3, carrier="main") == (
        "1970-01-01T00:00:00.000+00:00 INFO a.b: sent n=3 carrier='main'"
    )


@given(st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True))
def test_numbers_are_masked_wherever_they_stand(number: str) -> None:
    """Whatever somebody logs, no number comes out: message, extra or traceback."""
    assert number not in mask_numbers(f"a {number} b")
    assert number not in line(f"call to {number}", to=number)


def test_counts_and_times_are_not_taken_for_numbers() -> None:
    """What is no number stays."""
    text = "2026-01-01T00:00:00+00:00 took 1234567890 ms at +07:00"

    assert mask_numbers(text) == text


def test_traceback_is_masked() -> None:
    """An exception's words may hold a number; the log does not."""
    error = ValueError("no such phone +85512345678")

    text = line("job failed", exc_info=(ValueError, error, None))

    assert "ValueError: no such phone +***" in text


def test_nobody_can_forge_a_line() -> None:
    """A line break that somebody sends us does not begin a new event."""
    assert "\n" not in line("name: x\n1970-01-01 INFO accounts: signed in")


def test_configuring_again_does_not_double_the_lines(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each event is written once, at the level of the last call."""
    strangers = len(root.handlers)
    configure_logging("DEBUG")
    configure_logging("WARNING")

    logging.getLogger("x").warning("heard")
    logging.getLogger("x").info("not heard")

    assert len(root.handlers) == strangers + 1
    err = capsys.readouterr().err
    assert err.count("heard") == 1


def test_warnings_of_libraries_are_not_for_operators(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    """A deprecated call in a library is shown to those who look for it."""
    assert root
    configure_logging("INFO")
    logging.getLogger("py.warnings").warning("old")  # where Python sends them now

    assert capsys.readouterr().err == ""
