"""Services: put together without opening anything, closed once."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from app import create_services
from ops.config.settings import CarrierSettings, Settings

TOKEN = "s3cret-token"


def settings_in(folder: Path) -> Settings:
    carrier = CarrierSettings(
        base_url="http://127.0.0.1:1",
        account_sid="AC1",
        auth_token=SecretStr(TOKEN),
        sms_from="1294",
    )
    return Settings(
        database_url=SecretStr(f"sqlite:///{folder}/deep/x.db"),
        data_dir=folder,
        carriers={"main": carrier},
    )


def test_nothing_is_opened_by_putting_together(tmp_path: Path) -> None:
    """A process says what is wrong with its database when it needs it."""
    services = create_services(settings_in(tmp_path))

    assert list((tmp_path / "deep").iterdir()) == []
    services.close()


def test_the_clock_is_the_one_that_was_given(tmp_path: Path) -> None:
    """One clock for everything."""
    services = create_services(settings_in(tmp_path))

    assert services.now().tzinfo is not None
    services.close()


def test_no_secret_in_its_words(tmp_path: Path) -> None:
    """Whoever prints it, prints no token."""
    services = create_services(settings_in(tmp_path))

    assert TOKEN not in repr(services.settings)
    services.close()
