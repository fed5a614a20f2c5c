"""What the tests of whole calls share: one phone, one menu, and how to call it."""

from __future__ import annotations

from typing import Any

from simulator.config import Dialect
from tests.unit.simulator.conftest import MakeRig

PHONE = "+85512345678"
MENU = (
    '<Response><Gather numDigits="1" timeout="5" actionOnEmptyResult="true"'
    ' action="https://tocsin.example/keys"><Say language="en">Press 1</Say></Gather>'
    "</Response>"
)


async def place(rig: Any, **fields: str) -> dict[str, Any]:
    """Place a call, let everything happen; the call's resource afterwards."""
    form = {"To": PHONE, "From": "1294", "Url": "https://tocsin.example/voice",
            "StatusCallback": "https://tocsin.example/calls",
            "StatusCallbackEvent": "initiated ringing answered completed"}  # fmt: skip
    status, made = await rig.api("POST", "/Calls.json", **{**form, **fields})
    assert status == 201, made
    await rig.settle()
    _, made = await rig.api("GET", f"/Calls/{made['sid']}.json")
    return dict(made)


def by_digits(form: dict[str, str]) -> str:
    """Repeat after 2, thank for 1, say goodbye otherwise."""
    if form.get("Digits") == "2":
        return MENU
    word = "Thank you" if form.get("Digits") == "1" else "Goodbye"
    return f"<Response><Say>{word}</Say><Hangup/></Response>"


def answering(make_rig: MakeRig, dialect: Dialect) -> Any:
    """A telco whose customer asks for a key, and repeats, thanks or says goodbye."""
    rig = make_rig(dialect=dialect)
    rig.service.documents = {"/voice": MENU, "/keys": by_digits}
    return rig
