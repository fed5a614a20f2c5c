"""``warning.intake.drafts.DraftRepository`` on every database."""

from __future__ import annotations

from dataclasses import replace

from store.database import Database
from tests.store.rows import NOW, after
from warning.alert import AlertId
from warning.intake.drafts import Draft, DraftId

DRAFT = Draft(
    draft_id=DraftId("d1"),
    version=1,
    fields={"area_desc": "ភ្នំពេញ", "headline-ar": "فيضان"},
    follows=AlertId("a1"),
    begun_by="anna",
    begun_at=NOW,
    saved_by="anna",
    saved_at=NOW,
)


def test_a_draft_comes_back_and_goes(database: Database) -> None:
    """Every letter of it; once it is removed it is gone."""
    with database.unit_of_work() as uow:
        uow.drafts.add(DRAFT)
        assert uow.drafts.find(DRAFT.draft_id) == DRAFT
        assert uow.drafts.remove(DRAFT.draft_id)
        assert uow.drafts.find(DRAFT.draft_id) is None
        assert not uow.drafts.remove(DRAFT.draft_id)


def test_only_the_version_before_is_written_over(database: Database) -> None:
    """Whoever has read an older one changes nothing."""
    second = replace(DRAFT, version=2, fields={"hours": "6"}, saved_by="boran")
    with database.unit_of_work() as uow:
        uow.drafts.add(DRAFT)
        assert uow.drafts.replace(second)
        assert not uow.drafts.replace(replace(second, fields={"hours": "12"}))
        assert uow.drafts.find(DRAFT.draft_id) == second


def test_the_one_saved_last_comes_first(database: Database) -> None:
    """As many as are asked for."""
    with database.unit_of_work() as uow:
        for n in range(3):
            one = replace(DRAFT, draft_id=DraftId(f"d{n}"), saved_at=after(minutes=n))
            uow.drafts.add(one)
        assert [one.draft_id for one in uow.drafts.list(limit=2)] == ["d2", "d1"]


def test_what_nobody_saved_since_comes_the_oldest_first(database: Database) -> None:
    """Up to that instant and not at it; as many as are asked for."""
    with database.unit_of_work() as uow:
        for n in (3, 1, 2, 4):
            one = replace(DRAFT, draft_id=DraftId(f"d{n}"), saved_at=after(minutes=n))
            uow.drafts.add(one)
        old = uow.drafts.untouched_since(after(minutes=4), limit=2)
        assert [one.draft_id for one in old] == ["d1", "d2"]
        old = uow.drafts.untouched_since(after(minutes=4), limit=9)
        assert [one.draft_id for one in old] == ["d1", "d2", "d3"]
