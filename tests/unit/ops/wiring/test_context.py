"""What every command is given, and how it is let go."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field
from typing import cast

import pytest

from ops.config.settings import Settings
from ops.errors import DatabaseNotReadyError
from ops.wiring.context import opened, operator_at_shell
from ops.wiring.services import Services


@dataclass
class FakeServices:
    """Remembers whether it was closed."""

    is_current: bool = True
    n_closed: int = 0
    settings: list[Settings] = field(default_factory=list)

    @property
    def database(self) -> FakeServices.Database:
        return self.Database(current=self.is_current)

    @dataclass
    class Database:
        current: bool

        def is_current(self) -> bool:
            return self.current

    def close(self) -> None:
        self.n_closed += 1

    def __call__(self, settings: Settings) -> Services:
        self.settings.append(settings)
        return cast("Services", self)


@pytest.fixture(autouse=True)
def quiet_logging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.logs.configure_logging", lambda _level: None)


def test_services_are_closed_whatever_happens() -> None:
    """Also a command that fails lets go of the database."""
    services = FakeServices()

    with pytest.raises(KeyError), opened(services):
        {}["a command fails"]

    assert services.n_closed == 1


def test_old_tables_are_refused_with_the_cure() -> None:
    """No command works on tables of another release."""
    services = FakeServices(is_current=False)

    with pytest.raises(DatabaseNotReadyError, match="tocsin db upgrade"):
        opened(services).__enter__()

    assert services.n_closed == 1


def test_what_makes_the_tables_may_do_without() -> None:
    """``db upgrade`` and ``doctor`` look at any database."""
    with opened(FakeServices(is_current=False), must_be_current=False) as services:
        assert services is not None


def test_given_settings_count() -> None:
    """The demo has settings of its own; nothing else is read then."""
    services, settings = FakeServices(), Settings(port=1234)

    with opened(services, settings=settings):
        assert services.settings == [settings]


def test_a_user_without_a_name_is_named_by_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a container the user may have no name; the audit names somebody even so."""

    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr(getpass, "getuser", nameless)

    assert operator_at_shell().startswith("uid-")


@pytest.mark.parametrize(
    ("level", "is_service", "expected"),
    [
        ("INFO", False, "WARNING"),
        ("INFO", True, "INFO"),
        ("DEBUG", False, "DEBUG"),
        ("ERROR", False, "ERROR"),
    ],
)
def test_only_services_log_what_goes_well(
    level: str, is_service: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who types a command reads its result, not our log; unless they ask for it."""
    levels: list[str] = []
    monkeypatch.setattr("ops.logs.configure_logging", levels.append)
    settings = Settings.model_validate({"log_level": level})

    with opened(FakeServices(), settings=settings, is_service=is_service):
        assert levels == [expected]
