"""The real application, put together: the fakes' rules hold for it, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr

from app import create_app
from ops.config.settings import Settings
from web.routing import access_of, unmarked
from web.services import services


@pytest.fixture
def real_app(tmp_path: Path) -> Flask:
    return create_app(
        Settings(
            database_url=SecretStr(f"sqlite:///{tmp_path}/tocsin.db"),
            data_dir=tmp_path,
        )
    )


def test_every_route_is_marked(real_app: Flask) -> None:
    """No route of the product says nothing about who may use it."""
    assert unmarked(real_app) == []
    kinds = {
        access.kind
        for view in real_app.view_functions.values()
        if (access := access_of(view))
    }
    assert kinds == {"PUBLIC", "ROLE", "SIGNED"}


def test_services_have_what_the_views_need(real_app: Flask) -> None:
    """Every door that a view may ask for is there."""
    with real_app.app_context():
        known = services()
        for door in (
            known.intake.draft_from_cap,
            known.intake.check_form,
            known.alerts.approve,
            known.board.deliveries,
            known.audiences.count,
            known.people.import_csv,
            known.areas.import_file,
            known.accounts.sign_in,
            known.callbacks.call_step,
            known.health.readiness,
            known.sources.pushed.take,
            known.sources.plans.save,
            known.sources.sensors.take,
            known.sources.publication.atom,
            known.sources.webhooks.register,
            known.sources.feeds.lines,
            known.sources.administration.verify,
            known.sources.metrics,
            known.now,
        ):
            assert callable(door)


def test_starting_opens_no_database(real_app: Flask, tmp_path: Path) -> None:
    """A server starts, and says so, before its database is there."""
    assert not (tmp_path / "tocsin.db").exists()
    assert real_app.test_client().get("/health/live").status_code == 200


def test_without_tables_it_is_not_ready(real_app: Flask) -> None:
    """An empty database is told in a sentence, not in a traceback."""
    answer = real_app.test_client().get("/health/ready")

    assert answer.status_code == 503
    assert answer.json is not None
    assert "tocsin db upgrade" in answer.text
