"""``tocsin doctor``: what to fix, in one look, and a status for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.config import SimulatorConfig
from simulator.testing import running
from tests.cli.conftest import Run

TOKEN = "the-right-token"


def write_carrier(base_url: str, token: str = TOKEN, *, name: str = "main") -> None:
    Path("tocsin.toml").write_text(
        f'[carriers.{name}]\nbase_url = "{base_url}"\n'
        f'account_sid = "{SimulatorConfig().account_sid}"\n'
        f'auth_token = "{token}"\nsms_from = "1294"\n'
    )


def sentences(tocsin: Run) -> dict[str, tuple[bool, str]]:
    result = tocsin("doctor", "--json")
    found = {c["check"]: (c["ok"], c["sentence"]) for c in json.loads(result.out)}
    assert result.status == (0 if all(ok for ok, _ in found.values()) else 1)
    assert TOKEN not in result.out + result.err
    return found


def test_a_fresh_machine_is_told_every_step(tocsin: Run) -> None:
    """No tables, no carrier: both at once, exit 1."""
    result = tocsin("doctor")

    assert result.status == 1
    assert "FIX  database: The tables are not those of this release" in result.out
    assert "FIX  carriers: No carrier is configured" in result.out


@pytest.mark.usefixtures("database")
def test_without_worker_nothing_leaves(tocsin: Run) -> None:
    """The sentence names the command."""
    assert "tocsin worker" in sentences(tocsin)["worker"][1]


@pytest.mark.enable_socket
@pytest.mark.usefixtures("database")
def test_a_carrier_is_asked(tocsin: Run) -> None:
    """It answers and knows us, or does not know us, or is not there."""
    with running(SimulatorConfig(auth_token=TOKEN)) as telco:
        write_carrier(telco.base_url)
        good = sentences(tocsin)["carrier:main"]
        write_carrier(telco.base_url, "a-wrong-token")
        stranger = sentences(tocsin)["carrier:main"]
    away = sentences(tocsin)["carrier:main"]

    assert good == (True, "It answers, and knows our account.")
    assert not stranger[0]
    assert "a-wrong-token" not in stranger[1]
    assert not away[0]


@pytest.mark.enable_socket
@pytest.mark.usefixtures("database")
def test_a_real_carrier_needs_an_address_for_callbacks(tocsin: Run) -> None:
    """The loopback can be reached by the built-in telco alone."""
    write_carrier("http://127.0.0.1:9")
    real = sentences(tocsin)["public_url"]
    write_carrier("http://127.0.0.1:9", name="simulator")
    built_in = sentences(tocsin)["public_url"]

    assert not real[0]
    assert "TOCSIN_PUBLIC_URL" in real[1]
    assert built_in == (True, "Carriers call back http://127.0.0.1:8080.")


@pytest.mark.usefixtures("database")
def test_a_carrier_that_cannot_work_is_told(tocsin: Run) -> None:
    """One bad table does not hide the other checks."""
    write_carrier("http://127.0.0.1:9/path?query")

    result = tocsin("doctor")

    assert result.status == 1
    assert "BASE_URL" in result.err + result.out


@pytest.mark.usefixtures("database")
def test_sources_are_looked_at(tocsin: Run, tmp_path: Path) -> None:
    """Operators of record that are not there, and the folder for files."""
    Path("tocsin.toml").write_text(
        f'drop_dir = "{tmp_path}"\n[feeds.met]\nurl = "https://met.example.org/x"\n'
        'live = ["Flood/Severe"]\nauthor = "met"\napprover = "duty"\n'
    )
    tocsin("operator", "add", "met", "--no-password")
    found = sentences(tocsin)

    assert found["drop_dir"][0] is True
    assert found["feeds.met"][0] is False
    assert "No active operator duty (approver)" in found["feeds.met"][1]
    tocsin("operator", "add", "duty", "--no-password", "--role", "approver")
    assert sentences(tocsin)["feeds.met"][0] is True
