"""What is thrown at the door is refused in under a second, in flat memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.warning.cap_documents.test_tree import with_prolog
from tests.unit.warning.cap_samples import spoil, with_polygon
from warning.cap_documents.cap_check import check

ROOT = Path(__file__).parents[3]
XINCLUDE = "http://www.w3.org/2001/XInclude"
#: What the largest document that is parsed at all may take.
MOST_MIB = 64.0
#: A million laughs, were they expanded.
LAUGHS = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)

HOSTILE: dict[str, Callable[[], bytes]] = {
    "10 MB of text": lambda: spoil(("rising", "x" * 10_000_000)),
    "a million points": lambda: with_polygon("11.00001,104.00001 " * 1_000_000),
    "a million short points": lambda: with_polygon("1,1 " * 1_000_000),
    "deep nesting": lambda: spoil(("<area>", "<area>" * 500_000)),
    "nesting": lambda: spoil(("<area>", "<area>" * 150_000)),
    "many elements": lambda: spoil(("<area>", "<a/>" * 1_000_000 + "<area>")),
    "many attributes": lambda: spoil(
        ("<area>", "<area " + " ".join(f"a{n}=''" for n in range(450_000)) + ">")
    ),
    "many namespaces": lambda: spoil(
        (
            "<area>",
            "<area " + " ".join(f"xmlns:a{n}='u'" for n in range(410_000)) + ">",
        )
    ),
    "one open comment": lambda: with_prolog("<!--" * 1_000_000),
    "alerts in signatures in alerts": lambda: spoil(
        (
            "</alert>",
            "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'>"
            "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>"
            * 100
            + "</alert></Signature>" * 100
            + "</alert>",
        )
    ),
    "many polygons": lambda: spoil(("<polygon>", "<polygon/>" * 20_000 + "<polygon>")),
    "entities in entities": lambda: with_prolog(f"{LAUGHS}]>"),
    "an entity from a file": lambda: with_prolog(
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    ),
    "an inclusion": lambda: spoil(
        (
            "<area>",
            f"<i:include xmlns:i='{XINCLUDE}' href='/etc/passwd'/><area>",
        )
    ),
    "many alerts": lambda: b"<alerts>" + b"<alert/>" * 1000 + b"</alerts>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_too_much_is_refused_quickly(name: str) -> None:
    """Under a second, whatever is thrown at it, and never an alert."""
    document = HOSTILE[name]()
    started = time.process_time()
    verdict = check(document, filename="hostile.xml")
    assert time.process_time() - started < 1
    assert not verdict.usable


def test_memory_stays_flat() -> None:
    """All of them, one after the other, in a process of its own: C's memory counts."""
    code = (
        "import json\n"
        "from bench.cap_check import peak_kib\n"
        "from tests.property.warning.test_cap_hostile import HOSTILE\n"
        "from warning.cap_documents.cap_check import check\n"
        "documents = [make() for make in HOSTILE.values()]\n"
        "before = peak_kib()\n"
        "for one in documents: check(one, filename='hostile.xml')\n"
        "print(json.dumps((peak_kib() - before) / 1024))\n"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) < MOST_MIB
