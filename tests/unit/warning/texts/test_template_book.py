"""Texts of every moment, in every process, read only when something changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.fakes.message_texts import TextStore, make_texts
from tests.use_cases.warning.world import an_alert
from warning.alert import AlertCase, AlertId, AlertState
from warning.texts.manner import PLAINLY
from warning.texts.template_book import TemplateBook
from warning.texts.text_files import brought_templates
from warning.texts.text_slots import SLOTS

NOW = datetime(2026, 9, 1, 3, tzinfo=UTC)
ACT = "hazards.flood.act"
BROUGHT = brought_templates().texts["km"].text(ACT)


def a_case() -> AlertCase:
    return AlertCase(
        alert_id=AlertId("a1"),
        cap=an_alert(),
        state=AlertState.DRAFT,
        created_by="anna",
        created_at=NOW,
    )


def submitted(revision: int) -> AlertCase:
    """An alert that was submitted after a change."""
    return replace(a_case(), state=AlertState.SUBMITTED, texts_revision=revision)


def test_an_alert_keeps_the_texts_it_was_submitted_with() -> None:
    """Those of any moment can be made; a draft says what is in force."""
    texts = make_texts(TextStore(), lambda: NOW)
    for n, words in enumerate(("First", "Second")):
        texts.desk.save("km", {ACT: words}, seen=n, by="anna")
    told = {
        n: texts.manners.of(submitted(n)).texts.texts["km"].text(ACT) for n in range(3)
    }
    assert told == {0: BROUGHT, 1: "First", 2: "Second"}
    assert texts.manners.of(a_case()).texts.texts["km"].text(ACT) == "Second"


def test_what_is_read_later_is_read() -> None:
    """It belongs to the words, whoever says them."""
    texts = make_texts(TextStore(), lambda: NOW)
    texts.desk.save("km", {ACT: "First"}, seen=0, by="anna")
    texts.desk.save("km", {ACT: "Second"}, seen=1, by="anna")
    assert ACT in texts.manners.of(submitted(1)).texts.texts["km"].unreviewed
    texts.desk.save("km", {ACT: "First"}, seen=2, by="anna")
    texts.desk.review("km", [ACT], seen=3, by="boran")
    assert ACT not in texts.manners.of(submitted(1)).texts.texts["km"].unreviewed
    assert ACT in texts.manners.of(submitted(2)).texts.texts["km"].unreviewed


def test_other_processes_see_a_change_at_once() -> None:
    """And read every change only once after each."""
    store = TextStore()
    here, there = (make_texts(store, lambda: NOW, TemplateBook()) for _ in range(2))
    assert there.templates().texts["km"].text(ACT) == BROUGHT
    here.desk.save("km", {ACT: "New"}, seen=0, by="anna")
    store.n_read = 0
    found = {there.templates().texts["km"].text(ACT) for _ in range(50)}
    assert (found, store.n_read) == ({"New"}, 1)


def test_a_transaction_that_began_before_sees_what_was() -> None:
    """It does not spoil what later ones see."""
    store = TextStore()
    texts = make_texts(store, lambda: NOW)
    with store.unit_of_work() as old:
        pass
    texts.desk.save("km", {ACT: "New"}, seen=0, by="anna")
    assert texts.templates().texts["km"].text(ACT) == "New"
    assert texts.manners.texts_in(old).texts["km"].text(ACT) == BROUGHT
    assert texts.templates().texts["km"].text(ACT) == "New"


def test_many_alerts_at_once_are_each_served_their_own() -> None:
    """More than are kept ready are made again."""
    texts = make_texts(TextStore(), lambda: NOW)
    for n in range(12):
        texts.desk.save("km", {ACT: f"No. {n}"}, seen=n, by="anna")
    for n in (1, 12, 2, 1):
        manner = texts.manners.of(submitted(n))
        assert manner.texts.texts["km"].text(ACT) == f"No. {n - 1}"


def test_a_language_of_ones_own_is_said() -> None:
    """To whoever speaks it, whatever their region; until then it is not there."""
    texts = make_texts(TextStore(), lambda: NOW)
    assert texts.templates().find("sw-KE") is None
    whole = {path: brought_templates().texts["en"].text(path) for path in SLOTS}
    texts.desk.save("sw", {**whole, ACT: "Panda!"}, seen=0, by="a", may_be_new=True)
    found = texts.templates().find("sw-KE")
    assert found is not None
    assert (found.text(ACT), found.is_reviewed) == ("Panda!", False)


def test_without_an_installation_it_is_the_release_that_speaks() -> None:
    """The same in every way it is asked for."""
    with TextStore().unit_of_work() as uow:
        assert PLAINLY.texts_in(uow) is brought_templates()
    assert PLAINLY.of(a_case()) is PLAINLY.now()
