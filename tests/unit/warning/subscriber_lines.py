"""Lines of subscriber files, and how tests read them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from warning.people.subscriber_batches import Batch
from warning.people.subscriber_csv import ImportRules, read_subscribers

CAMBODIA = (102.3, 10.3, 107.7, 14.7)
HEADER = "phone,language,lon,lat,area,name,channels,groups,vulnerable,consent_at"
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def parse_phone(text: str) -> str:
    if not text.startswith("+"):
        raise ValueError("The phone number has no country code; write it with +.")
    digits = text[1:].replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15):
        raise ValueError("The phone number is not one that can be dialled.")
    return f"+{digits}"


RULES = ImportRules(
    parse_phone=parse_phone, country=CAMBODIA, areas={"KH-12", "KH-8"}, now=NOW
)


def read(
    text: str | bytes, rules: ImportRules = RULES, *, batch_lines: int = 5_000
) -> list[Batch]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_subscribers(io.BytesIO(data), rules, batch_lines=batch_lines))


def read_lines(*lines: str, header: str = HEADER) -> Batch:
    """Read lines under a header as one batch."""
    batches = read("\n".join([header, *lines]) + "\n")
    assert len(batches) == 1
    return batches[0]


QUOTES = (
    "A quotation mark is not closed on its line, or stands inside a value; write it "
    "twice there, and keep every value on one line."
)

GOOD = {
    "phone": "+85512345678",
    "language": "km",
    "lon": "104.9",
    "lat": "11.5",
    "area": "",
    "name": "",
    "channels": "",
    "groups": "",
    "vulnerable": "",
    "consent_at": "",
}


def line_with(**cells: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow({**GOOD, **cells}.values())
    return out.getvalue()
