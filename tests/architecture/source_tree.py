"""The product's modules, as files and as names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "accounts",
    "geofence",
    "ivr_scripts",
    "ops",
    "responders",
    "simulator",
    "store",
    "telephony",
    "warning",
    "web",
)


def source_files() -> Iterator[Path]:
    """Every Python file of the product, ``app.py`` last."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))
    yield ROOT / "app.py"


def module_name(path: Path) -> str:
    """``web/console/assets.py`` → ``web.console.assets``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return found


def importers_of(name: str) -> set[str]:
    """The modules that import a module or anything below it."""
    return {
        module_name(path)
        for path in source_files()
        if any(one == name or one.startswith(f"{name}.") for one in imports_of(path))
    }
