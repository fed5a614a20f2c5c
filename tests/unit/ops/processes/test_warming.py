"""What a worker loads before the first alert."""

from __future__ import annotations

import asyncio

import pytest

from ops.processes import warming


def test_what_fails_keeps_nothing_from_being_loaded(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, for sending needs none of it."""
    monkeypatch.setattr(warming, "collect_rarely", lambda: None)
    done = []

    def fail() -> None:
        raise OSError("no registry")

    asyncio.run(warming.warm_up(fail, lambda: done.append(1)))
    assert done == [1]
    assert "not loaded ahead" in caplog.text
