"""Importing does no work; each outside thing has one door; layers hold."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import (
    PACKAGES,
    ROOT,
    importers_of,
    imports_of,
    module_name,
    source_files,
    tree_of,
)

#: Costs a second or more: never at import.
NEVER_AT_IMPORT = ("geopandas", "pandas", "numba", "pyogrio", "signxml")
#: The compiled part of the geofence: numba looks for its cache when it is loaded, and
#: whatever needs it loads it in a function.
COMPILED = "geofence.kernels"
WATCH = Path(__file__).parent / "import_watch.py"


def watch(modules: list[str], heavy: tuple[str, ...]) -> list[str]:
    """Import modules in a fresh interpreter and return what they did."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and file
        [sys.executable, "-W", "ignore", WATCH, ",".join(heavy), ",".join(modules)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def loads(modules: list[str], names: tuple[str, ...]) -> list[str]:
    """Import modules in a fresh interpreter and return which of the names came in."""
    return [line for line in watch(modules, names) if " loads " in line]


def is_compiled(path: Path) -> bool:
    """Whether a module belongs to the compiled part or lives directly on it."""
    at_top = {
        node.module
        for node in tree_of(path).body
        if isinstance(node, ast.ImportFrom) and node.module
    }
    return any(name.startswith(COMPILED) for name in {module_name(path), *at_top})


def all_modules() -> list[str]:
    return [module_name(path) for path in source_files()]


def modules_of(package: str) -> list[str]:
    return [name for name in all_modules() if name.partition(".")[0] == package]


def test_importing_does_no_work() -> None:
    """No module writes, connects, starts, or reads a data file when imported."""
    told = [
        line
        for line in watch(all_modules(), ())
        if "/geofence/kernels/__pycache__/" not in line
    ]

    assert told == []


@pytest.mark.parametrize("package", [*PACKAGES, "app"])
def test_importing_is_light(package: str) -> None:
    """What costs a second is imported where it is needed, not with the package."""
    light = [
        module_name(path)
        for path in source_files()
        if module_name(path).partition(".")[0] == package and not is_compiled(path)
    ]

    assert loads(light, NEVER_AT_IMPORT) == []


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("warning", ("flask", "sqlalchemy", "apscheduler", "pydantic")),
        ("telephony", ("flask", "sqlalchemy", "apscheduler", "pydantic")),
        ("geofence", ("flask", "sqlalchemy", "twilio", "pydantic")),
        ("ivr_scripts", ("flask", "sqlalchemy", "numpy", "shapely", "lxml")),
        ("accounts", ("flask", "sqlalchemy", "numpy", "shapely", "lxml")),
        ("simulator", ("flask", "sqlalchemy", "numpy", "shapely")),
        ("store", ("flask", "twilio", "requests", "apscheduler")),
        ("ops", ("flask", "sqlalchemy")),
        ("web", ("sqlalchemy", "apscheduler", "twilio", "requests")),
    ],
)
def test_package_stays_free_of(package: str, forbidden: tuple[str, ...]) -> None:
    """A package pulls in nothing that is not its business, by whatever way."""
    assert loads(modules_of(package), forbidden) == []


@pytest.mark.parametrize(
    ("door", "allowed"),
    [
        ("geopandas", {"geofence.boundaries"}),
        ("flask", {"web", "app"}),
        ("sqlalchemy", {"store", "app"}),
        ("alembic", {"store", "app"}),
        ("twilio", {"telephony"}),
        ("pycurl", {"telephony", "ops.exchange.curl_http"}),
        ("apscheduler", {"ops"}),
        ("lxml", {"warning", "simulator"}),
        ("signxml", {"warning"}),
        ("phonenumbers", {"telephony"}),
        ("granian", {"ops", "app"}),
        ("requests", set()),
        ("niquests", set()),
        ("unittest", set()),
    ],
)
def test_doors(door: str, allowed: set[str]) -> None:
    """What comes from outside is imported behind its own door only."""
    strangers = {
        name
        for name in importers_of(door)
        if not any(name == one or name.startswith(f"{one}.") for one in allowed)
    }

    assert strangers == set()


@pytest.mark.parametrize("name", ["twilio.rest", "geopandas"])
def test_one_importer(name: str) -> None:
    """The carrier's client and the boundary reader have one importer each."""
    assert len(importers_of(name)) == 1


def test_no_relative_or_star_imports() -> None:
    """Every import says where from and what."""
    for path in source_files():
        assert not any(name.endswith(".*") for name in imports_of(path)), path


def test_layers_hold() -> None:
    """The contracts of the layers in pyproject.toml."""
    command = shutil.which("lint-imports", path=Path(sys.executable).parent)
    assert command is not None
    done = subprocess.run(  # noqa: S603 - the tool of this environment
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
