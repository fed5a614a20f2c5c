"""The worker's jobs around alerts, as the settings ask for them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app import create_services
from ops.config.settings import Settings
from ops.wiring.services import Services
from ops.wiring.source_jobs import source_jobs
from tests.use_cases.warning.world import an_alert, an_info
from warning.alert import AlertState
from warning.cap_documents import cap_xml


@pytest.fixture
def services(upgraded_file: Path, tmp_path: Path) -> Iterator[Services]:
    database = shutil.copy(upgraded_file, tmp_path / "tocsin.db")
    settings = Settings.model_validate(
        {
            "database_url": SecretStr(f"sqlite:///{database}"),
            "data_dir": tmp_path,
            "drop_dir": tmp_path / "stick",
            "feeds": {
                "met": {"url": "http://127.0.0.1:9/feed", "timeout_s": 0.1},
                "hydro": {"url": "http://127.0.0.1:9/feed", "timeout_s": 0.1},
            },
        }
    )
    services = create_services(settings)
    yield services
    services.close()


def run(services: Services, name: str) -> int:
    """Run one job once, as the scheduler does."""
    (job,) = [job for job in source_jobs(services) if job.name == name]

    async def once() -> int:
        result = job.run()
        return result if isinstance(result, int) else await result

    return asyncio.run(once())


def test_each_feed_and_folder_has_a_job(services: Services) -> None:
    """Feeds apart, so that none waits for another."""
    names = [job.name for job in source_jobs(services)]

    assert names == [
        "feed hydro",
        "feed met",
        "drop folder",
        "queue webhooks",
        "send webhooks",
        "tidy sources",
    ]


@pytest.mark.enable_socket
def test_a_feed_that_is_down_is_told(services: Services) -> None:
    """Nothing listens there; the others are not touched."""
    assert run(services, "feed met") == 0

    lines = {line.feed.name: line for line in services.sources.feeds.lines()}
    assert "Nothing answers" in lines["met"].sentence
    assert lines["hydro"].state is None
    assert {check.name for check in services.sources.feed_checks()} == {
        "feed:hydro",
        "feed:met",
    }
    names = {metric.name for metric in services.sources.metrics()}
    assert "tocsin_feed_failures" in names


def test_a_dropped_file_becomes_a_draft(services: Services) -> None:
    """By the job itself, in the folder of the settings."""
    now = services.now()
    info = an_info(expires=now.replace(year=now.year + 1))
    stick = services.settings.drop_dir
    assert stick is not None
    stick.mkdir()
    (stick / "a.xml").write_bytes(cap_xml.write(an_alert(info, sent=now)))
    jobs = {job.name: job for job in source_jobs(services)}
    for _ in range(2):
        jobs["drop folder"].run()

    (case,) = services.board.list()
    assert case.state is AlertState.DRAFT


def test_queueing_and_tidying_have_little_to_do(services: Services) -> None:
    """An empty database is no error."""
    for name in ("queue webhooks", "send webhooks", "tidy sources"):
        assert run(services, name) == 0
