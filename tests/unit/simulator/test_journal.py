"""The journal: what was accepted survives whoever is killed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import JournalError
from simulator.journal import Journal, read_journal

PHONE = "+85512345678"
MakeRig = Callable[..., Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "telco.jsonl"


async def send(rig: Any) -> str:
    _, message = await rig.api(
        "POST", "/Messages.json", To=PHONE, From="1294", Body="Leave now",
        StatusCallback="https://tocsin.example/status",
    )  # fmt: skip
    return str(message["sid"])


def test_a_restart_remembers(make_rig: MakeRig, path: Path) -> None:
    """After a restart lists are complete, and what was open goes on."""
    before, after = make_rig(journal=path), make_rig(journal=path)
    sids: list[str] = []

    async def first_life() -> None:
        await before.control("PUT", f"phones/{PHONE}", {"sms": "delivered"})
        sids.append(await send(before))
        await before.settle()
        sids.append(await send(before))
        form = {"To": PHONE, "From": "1294", "Url": "https://tocsin.example/voice"}
        await before.api("POST", "/Calls.json", **form)

    async def second_life() -> None:
        await after.control("PUT", f"phones/{PHONE}", {"sms": "delivered"})
        _, listed = await after.api("GET", "/Messages.json", To=PHONE)
        assert [m["sid"] for m in listed["messages"]] == sids[::-1]
        await after.settle()
        told = [form["MessageSid"] for form in after.service.at("/status")]
        assert set(told) == {sids[1]}
        _, calls = await after.api("GET", "/Calls.json")
        assert [call["status"] for call in calls["calls"]] == ["failed"]

    before.play(first_life)
    after.play(second_life)


def test_a_torn_line_is_cut(path: Path) -> None:
    """A line that a kill cut short was never answered for: it is removed."""
    path.write_text('{"ended":"a","status":"sent","at":1,"error_code":null}\n{"acc')
    assert [entry["ended"] for entry in read_journal(path)] == ["a"]
    Journal(path).close()
    assert path.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize("line", ["nonsense", "[1]", '{"accepted":"message"}'])
def test_a_foreign_file(make_rig: MakeRig, path: Path, line: str) -> None:
    """A file that is no journal stops the start with its line number."""
    path.write_text(line + "\n")
    rig = make_rig(journal=path)

    async def story() -> None:
        pytest.fail("the telco must not start")

    with pytest.raises(JournalError, match="line 1"):
        rig.play(story)
