"""The registry is written by a process that ends; whether it did is known."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from app import create_services
from ops.config.settings import Settings
from ops.processes.registry_process import write_in_process


def settings_in(folder: Path) -> Settings:
    return Settings(
        database_url=SecretStr(f"sqlite:///{folder / 'tocsin.db'}"), data_dir=folder
    )


def test_the_files_are_there_when_it_ends(tmp_path: Path) -> None:
    """And this process may open them."""
    settings = settings_in(tmp_path)
    services = create_services(settings)
    services.database.upgrade()

    assert write_in_process(create_services, settings)
    assert (tmp_path / "registry" / "registry.json").exists()
    services.close()


def test_a_failure_is_told(tmp_path: Path) -> None:
    """Here the database has no tables."""
    assert not write_in_process(create_services, settings_in(tmp_path))


def test_one_that_hangs_is_killed(tmp_path: Path) -> None:
    """It is not waited for longer than was said."""
    assert not write_in_process(create_services, settings_in(tmp_path), timeout_s=0.0)
