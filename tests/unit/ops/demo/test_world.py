"""The world of the demo: numbers that could be, provinces, an alert for today."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from ops.demo.phones import landline_numbers, mobile_numbers
from ops.demo.world import (
    ALERT_FILE,
    NODE_MODULES,
    VALIDITY,
    World,
    alert_for,
    make_population,
    remove,
    settle,
    start_from,
)
from ops.errors import DemoError
from ops.wiring.services import Services
from telephony.numbers import parse_number
from warning.cap_documents import cap_check

NOW = datetime(2027, 3, 4, 5, 6, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(folder=tmp_path, n_people=1_000, seed=3)


def test_every_number_is_a_valid_one_of_cambodia() -> None:
    """So that nothing but the built-in telco's own rules can refuse one."""
    rng = np.random.default_rng(5)
    numbers = mobile_numbers(5_000, rng) + landline_numbers(["23", "63"] * 50, rng)

    assert all(number.startswith("+855") for number in numbers)
    assert [parse_number(number) for number in numbers] == numbers
    assert len(set(numbers)) == len(numbers)


def test_the_files_are_found_from_anywhere() -> None:
    """The demo can be started in any folder."""
    assert ALERT_FILE.is_absolute()
    assert ALERT_FILE.is_file()
    assert NODE_MODULES.is_absolute()


def test_the_alert_is_of_today() -> None:
    """New identifier, sent now, valid for hours, and still proper CAP."""
    document = alert_for(NOW, file=ALERT_FILE, identifier="urn:uuid:1")

    verdict = cap_check.check(document, filename="x")
    assert verdict.usable
    assert verdict.alert is not None
    assert verdict.alert.identifier == "urn:uuid:1"
    assert verdict.alert.sent == NOW
    for info in verdict.alert.infos:
        assert info.effective == NOW
        assert info.expires == NOW + VALIDITY
        assert info.onset is None or NOW <= info.onset < NOW + timedelta(days=1)


def test_each_demo_starts_from_a_clean_copy(world: World) -> None:
    """No trace of the last one: not its log, not its inbox of callbacks."""
    world.population.write_bytes(b"people")
    for suffix in ("", "-wal", "-shm", "-inbox", "-inbox-wal", "-worker"):
        Path(f"{world.database}{suffix}").write_bytes(b"old")

    start_from(world)

    assert world.database.read_bytes() == b"people"
    assert sorted(world.folder.iterdir()) == [world.population, world.database]


def test_a_population_of_other_sources_is_not_used(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """After an update with other tables it is made anew, not found broken."""
    before = world.population
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / "migrations" / "versions" / "0001_other.py").touch()
    monkeypatch.setattr("ops.demo.world._ROOT", tmp_path)

    assert world.population.name != before.name
    assert world.population.name.startswith("population-1000-3-")


def test_removing_a_database_spares_others(tmp_path: Path) -> None:
    """Only what begins with its name."""
    (tmp_path / "a.db").touch()
    (tmp_path / "a.db-wal").touch()
    (tmp_path / "b.db").touch()

    remove(tmp_path / "a.db")

    assert [file.name for file in tmp_path.iterdir()] == ["b.db"]


def test_a_settled_database_is_one_file(tmp_path: Path) -> None:
    """What was in the log is in the file that is copied."""
    file = tmp_path / "x.db"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (n)")
    connection.commit()

    settle(file)

    copy = tmp_path / "copy.db"
    copy.write_bytes(file.read_bytes())
    connection.close()
    with sqlite3.connect(copy) as other:
        assert other.execute("SELECT count(*) FROM t").fetchone() == (0,)
    other.close()


def test_missing_map_packages_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has not run set-up is told how."""
    monkeypatch.setattr("ops.demo.world.NODE_MODULES", world.folder / "nowhere")
    untouched = cast("Services", None)

    with pytest.raises(DemoError, match="make demo"):
        make_population(world, untouched, lambda _n, _s: None)


def test_an_alert_that_is_none_is_told(tmp_path: Path) -> None:
    """With what is wrong in it."""
    file = tmp_path / "x.xml"
    file.write_text(json.dumps({}))

    with pytest.raises(DemoError, match="well-formed"):
        alert_for(NOW, file=file, identifier="x")
