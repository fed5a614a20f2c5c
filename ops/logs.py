"""Logs as lines of ``key=value``: one verb an event, no phone numbers."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

#: What every record has; anything else came in ``extra``.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "taskName"}


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
        line = f"{at} {record.levelname} {record.name}: {record.getMessage()}{extra}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def configure_logging(level: str) -> None:
    """Send what this process logs to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(KeyValueFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Libraries that log requests would log the numbers in them.
    for name in ("twilio", "urllib3", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
