"""Logs as lines of ``key=value``: one verb an event, no phone numbers."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime

#: What every record has; anything else came in ``extra``.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "taskName"}
#: An international number; the plus tells it from counts and ids.
_NUMBER = re.compile(r"\+\d[\d ]{5,18}\d")


def mask_numbers(text: str) -> str:
    """Take the telephone numbers out of a text.

    The last line of defence: what logs a number is a defect all the same, but a
    library's words, or a traceback, must not give away whose phone it was.

    Examples
    --------
    >>> mask_numbers("no route to +855 12 345 678")
    'no route to +***'
    """
    return _NUMBER.sub("+***", text)


class KeyValueFormatter(logging.Formatter):
    """Time, level, logger, message, and what was given in ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; a traceback follows on lines of its own."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(
            timespec="milliseconds"
        )
        extra = "".join(
            f" {key}={value!r}"
            for key, value in record.__dict__.items()
            if key not in _STANDARD
        )
        # One line an event, also when somebody sends us a line break.
        message = record.getMessage().replace("\r", "\\r").replace("\n", "\\n")
        line = f"{at} {record.levelname} {record.name}: {message}{extra}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return mask_numbers(line)


def configure_logging(level: str) -> None:
    """Send what this process logs to standard error; may be called again.

    Parameters
    ----------
    level : str
        ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``.
    """
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old.formatter, KeyValueFormatter):
            root.removeHandler(old)
    handler = logging.StreamHandler()
    handler.setFormatter(KeyValueFormatter())
    root.addHandler(handler)
    root.setLevel(level)
    # Libraries that log requests would log the numbers in them.
    # Those that make a report tell of every letter.
    for name in ("twilio", "urllib3", "alembic", "fontTools", "fpdf", "PIL"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # What a library warns its programmers of is not for operators.
    logging.captureWarnings(capture=True)
    quiet = logging.NOTSET if level == "DEBUG" else logging.ERROR
    logging.getLogger("py.warnings").setLevel(quiet)
