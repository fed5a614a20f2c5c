"""What packages export, how they are named, and how large their files are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source_tree import (
    PACKAGES,
    ROOT,
    module_name,
    source_files,
    tree_of,
)

#: What each package offers at its door; a longer list needs a reason.
MAX_EXPORTS = 12
#: Names that say nothing about what is inside.
EMPTY_NAMES = {"utils", "util", "helpers", "common", "core", "manager", "misc"}
MAX_LINES = 400
#: Longer all the same: the one public face of the index, most of it its descriptions.
LONG = {"geofence.index"}
FILES = list(source_files())


def exports_of(path: Path) -> list[str] | None:
    """The literal ``__all__`` of a file; None if it has none."""
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__"
            for target in node.targets
        ):
            value = ast.literal_eval(node.value)
            assert isinstance(value, list | tuple)
            return list(value)
    return None


def sorted_as_ruff_does(names: list[str]) -> list[str]:
    """Constants, then classes, then the rest."""
    return sorted(names, key=lambda n: (not n.isupper(), not n[:1].isupper(), n))


def test_all_is_sorted() -> None:
    """``__all__`` is sorted, and names nothing twice."""
    for path in FILES:
        exports = exports_of(path)
        if exports is not None:
            assert exports == sorted_as_ruff_does(exports), path
            assert len(set(exports)) == len(exports), path


@pytest.mark.parametrize("package", PACKAGES)
def test_doors_are_small(package: str) -> None:
    """A package exports few names at its door, or none."""
    exports = exports_of(ROOT / package / "__init__.py") or []

    assert len(exports) <= MAX_EXPORTS


def test_module_says_why_it_exists() -> None:
    """Every module starts with its reason, in a sentence."""
    for path in FILES:
        reason = ast.get_docstring(tree_of(path))
        assert reason, path
        assert reason.splitlines()[0].endswith((".", ":", "!", "?")), path


def test_names_say_what_is_inside() -> None:
    """No drawer for odds and ends."""
    offenders = [
        path for path in FILES if EMPTY_NAMES & set(module_name(path).split("."))
    ]

    assert offenders == []


def test_files_are_short_enough_to_read_at_once() -> None:
    """No file grows beyond what a reader can hold."""
    offenders = [
        path
        for path in FILES
        if len(path.read_text(encoding="utf-8").splitlines()) > MAX_LINES
        and module_name(path) not in LONG
    ]

    assert offenders == []


def test_errors_are_named_as_errors() -> None:
    """Every exception of ours is called an error or a failure, and no builtin."""
    builtin = set(dir(__builtins__)) | {"Warning", "TimeoutError", "OSError"}
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.ClassDef):
                continue
            bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
            if any(base.endswith(("Error", "Exception")) for base in bases):
                assert node.name.endswith(("Error", "Failure")), (path, node.name)
                assert node.name not in builtin


def test_every_package_is_watched() -> None:
    """A new package must be named here, in the layers and in the wheel."""
    found = {
        path.parent.name
        for path in ROOT.glob("*/__init__.py")
        if path.parent.name not in {"migrations", "tests", "bench"}
    }

    assert found == set(PACKAGES)
