"""What ``tocsin doctor`` looks at of sources: folder, feeds, operators of record."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from accounts.operators import Role
from ops.health import Check

if TYPE_CHECKING:
    from ops.config.source_settings import SourceSettings
    from ops.wiring.services import Services


def source_checks(services: Services) -> Iterator[Check]:
    """Check everything that brings alerts in; asks no feed."""
    settings = services.settings
    folder = settings.drop_dir
    if folder is not None:
        is_usable = os.access(folder if folder.exists() else folder.parent, os.W_OK)
        sentence = "Files left in it are taken in."
        if not is_usable:
            sentence = f"{folder} cannot be written; let this user do so."
        yield Check(name="drop_dir", ok=is_usable, sentence=sentence)
    tables: dict[str, SourceSettings] = {
        **{f"feeds.{name}": feed for name, feed in settings.feeds.items()},
        **{f"pushers.{name}": one for name, one in settings.pushers.items()},
    }
    for name, source in tables.items():
        yield _operators_of(services, name, source)
    yield from services.sources.feed_checks()


def _operators_of(services: Services, name: str, source: SourceSettings) -> Check:
    """Whether those who answer for what a source does are there and may."""
    missing = [
        f"{operator} ({role.value})"
        for operator, role in (
            (source.author, Role.OPERATOR),
            (source.approver, Role.APPROVER),
        )
        if operator is not None and not _may(services, operator, role)
    ]
    sentence = "Its alerts go as far as they may."
    if missing:
        sentence = (
            f"No active operator {' and no '.join(missing)}: its alerts stay behind. "
            "Add them with: tocsin operator add"
        )
    return Check(name=name, ok=not missing, sentence=sentence)


def _may(services: Services, operator: str, role: Role) -> bool:
    known = services.accounts.by_name(operator)
    return known is not None and known.may(role)
