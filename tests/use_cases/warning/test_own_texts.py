"""An authority's own texts: what is approved is what is sent, in every process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from store.database import Database
from tests.use_cases.warning.world import World, an_alert, an_info
from warning.alert import AlertCase
from warning.approval.desk import alert_desk
from warning.audience.planner import Planner
from warning.cap import Severity
from warning.errors import UnrecordedError
from warning.intake.follow_up_cap import withdrawn
from warning.intake.hearing import AskFirst
from warning.texts.template_book import InstallationManners, TemplateBook
from warning.texts.text_desk import TextDesk

ACT = "hazards.flood.act"
ALL_CLEAR = "notices.all_clear.do"


class OwnWords:
    """A world whose alerts say the texts of its database, as a process of its own."""

    def __init__(self, world: World, database: Database) -> None:
        self.world, self.database = world, database
        self.n_drafts = 0
        new_uow, read_uow = database.unit_of_work, database.read_only
        self.desk = TextDesk(new_uow=new_uow, read_uow=read_uow, now=world.clock)
        self.manners = InstallationManners(read_uow=read_uow, book=TemplateBook())
        self.alerts = alert_desk(
            new_uow=new_uow,
            read_uow=read_uow,
            registry=world.registry,
            sender="own.example",
            now=world.clock,
            country_language="en",
            manners=self.manners,
        )

    def draft(self, instruction: str | None = None) -> AlertCase:
        """A flood; without an instruction our texts say what to do."""
        self.n_drafts += 1
        info = replace(
            an_info(),
            event="Flood",
            severity=Severity.SEVERE,
            instruction=instruction,
        )
        cap = an_alert(info, identifier=f"KH-{self.n_drafts}")
        return self.world.intake.draft(cap, by="anna")

    def shown(self, case: AlertCase) -> str:
        """What the approver reads."""
        return self.alerts.previews.preview(case.alert_id).texts["en"]

    def write(self, words: str, path: str = ACT) -> None:
        """Write a text anew, as an operator who has just looked."""
        seen = self.desk.language("en").revision
        assert self.desk.save("en", {path: words}, seen=seen, by="anna") == [path]

    def sent(self) -> list[str]:
        """Write out what is live; return the texts that leave."""
        planner = Planner(
            new_uow=self.database.unit_of_work,
            read_uow=self.database.read_only,
            area_of=lambda ids: self.world.registry().area_of(ids),
            country_language="en",
            now=self.world.clock,
            manners=self.manners,
        )
        while planner.run_once():
            pass
        claimed = self.world.claim()
        with self.database.read_only() as uow:
            return [uow.outbox.content(one.content_id).sms_text for one in claimed]


@pytest.fixture
def here(world: World) -> OwnWords:
    """The process of the console."""
    world.register(1)
    return OwnWords(world, world.database)


@pytest.fixture
def there(world: World) -> Iterator[OwnWords]:
    """Another process over the same database: the worker."""
    url = world.database._engine.url.render_as_string()
    with Database(url) as database:
        yield OwnWords(world, database)


def test_what_was_approved_is_what_is_sent(here: OwnWords, there: OwnWords) -> None:
    """Texts that change between submitting and sending change nothing of it."""
    here.write("Go to the pagoda.")
    case = here.alerts.alerts.submit(here.draft().alert_id, by="anna")
    assert "Go to the pagoda." in here.shown(case)

    here.write("Climb a tree.")
    assert "Go to the pagoda." in here.shown(case)
    assert "Go to the pagoda." in there.shown(case)
    there.alerts.alerts.approve(case.alert_id, by="boran")
    here.write("Swim.")
    (text,) = there.sent()
    assert "Go to the pagoda." in text


def test_a_draft_says_what_is_in_force(here: OwnWords, there: OwnWords) -> None:
    """Also in the process that has read the texts before; and sent back, it is one."""
    draft = there.draft()
    assert "Move to high ground now." in there.shown(draft)
    here.write("Go to the pagoda.")
    assert "Go to the pagoda." in there.shown(draft)

    here.alerts.alerts.submit(draft.alert_id, by="anna")
    here.alerts.alerts.reject(draft.alert_id, by="boran")
    here.write("Climb a tree.")
    assert "Climb a tree." in there.shown(draft)
    case = here.alerts.alerts.submit(draft.alert_id, by="anna")
    assert case.texts_revision == 2
    here.alerts.alerts.approve(case.alert_id, by="boran")
    (text,) = there.sent()
    assert "Climb a tree." in text


def test_a_prepared_end_says_what_was_in_force_when_it_was_prepared(
    here: OwnWords, there: OwnWords
) -> None:
    """It stands in the document that the second person reads."""
    here.write("Wash your hands.", ALL_CLEAR)
    case = here.alerts.alerts.submit(here.draft().alert_id, by="anna")
    here.alerts.alerts.approve(case.alert_id, by="boran")
    assert len(there.sent()) == 1
    end = here.alerts.follow_ups.all_clear(case.alert_id, by="anna")
    here.write("Boil your water.", ALL_CLEAR)
    assert "Wash your hands." in there.shown(end)
    assert "Boil" not in there.shown(end)


def test_the_cancel_that_programs_read_stays_the_same(here: OwnWords) -> None:
    """Each time it is asked for, whatever we say by then."""
    path = "notices.withdrawn.do"
    case = here.alerts.alerts.submit(here.draft().alert_id, by="anna")
    here.alerts.alerts.approve(case.alert_id, by="boran")
    gone = here.alerts.alerts.cancel(case.alert_id, by="anna")

    def written() -> object:
        texts = here.manners.of(gone).texts
        return withdrawn(gone, sender="own.example", texts=texts)

    before = written()
    here.write("Never mind.", path)
    assert written() == before


def test_new_words_want_a_new_recording(here: OwnWords) -> None:
    """What was recorded are the old words; the approver is asked."""
    recorded = {"Move to high ground now. Do not walk or drive through water."}

    def is_hearable(language: str, words: str) -> bool:
        del language
        return words in recorded or "high ground" not in words

    hearing = AskFirst(is_hearable, here.manners)
    old = here.alerts.alerts.submit(here.draft().alert_id, by="anna")
    here.write("Run to high ground!")
    hearing.require(old)
    new = here.alerts.alerts.submit(here.draft().alert_id, by="anna")
    with pytest.raises(UnrecordedError):
        hearing.require(new)
    recorded.add("Run to high ground!")
    hearing.require(new)


def test_words_that_nobody_has_read_are_marked_where_they_are_approved(
    here: OwnWords,
) -> None:
    """Ours by themselves, and ours that an author asked for; until somebody has."""

    def marked(case: AlertCase) -> bool:
        (saying,) = here.alerts.previews.preview(case.alert_id).sayings
        return saying.texts[0].is_unreviewed

    draft = here.draft()
    assert not marked(draft)
    here.write("Go to the pagoda.")
    assert marked(draft)
    filled = here.draft("Go to the pagoda.")
    assert marked(filled)
    assert not marked(here.draft("Go to the hill."))
    here.desk.review("en", [ACT], seen=1, by="boran")
    assert not marked(draft)
    assert not marked(filled)
