"""The worlds of the quick tests, for the long ones."""

from tests.use_cases.warning.conftest import folder, inhabited, upgraded_file, world

__all__ = ["folder", "inhabited", "upgraded_file", "world"]
