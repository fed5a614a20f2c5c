"""The command line on a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import SecretStr

from app import _store_errors, create_services
from ops.cli import main as cli
from ops.config.settings import Settings
from tests.unit.ops.conftest import bare_environment

__all__ = ["Result", "Run", "assert_refused", "bare_environment"]


class Result(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of this release with nothing in them; made once, copied."""
    file = tmp_path_factory.mktemp("database") / "empty.db"
    services = create_services(Settings(database_url=SecretStr(f"sqlite:///{file}")))
    services.database.upgrade()
    services.close()
    return file


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Path:
    """The database that the command line finds."""
    (tmp_path / "var").mkdir()
    return Path(shutil.copy(empty_database, tmp_path / "var" / "tocsin.db"))


@pytest.fixture
def tocsin(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run ``tocsin`` with arguments, as the shell would."""

    def run(*arguments: str | Path) -> Result:
        capfd.readouterr()
        status = cli.run(
            create_services, [str(one) for one in arguments], also_told=_store_errors
        )
        out, err = capfd.readouterr()
        return Result(status, out, err)

    return run


def assert_refused(result: Result, *words: str, status: int = 1) -> None:
    """One sentence on standard error, nothing on standard output, no traceback."""
    assert result.status == status
    assert result.out == ""
    assert "Traceback" not in result.err
    assert result.err.count("\n") == 1
    for word in words:
        assert word in result.err
