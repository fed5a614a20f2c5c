"""What people would read of texts that are being written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ops.wiring.text_services import TextServices
from tests.fakes.message_texts import TextStore, make_texts
from warning.errors import UnknownTextError
from warning.texts.text_slots import GROUPS, Notice

NOW = datetime(2026, 9, 1, 3, tzinfo=UTC)


@pytest.fixture
def texts() -> TextServices:
    return make_texts(TextStore(), lambda: NOW)


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_is_shown_as_people_would_read_it(
    texts: TextServices, group: str
) -> None:
    """With the place, in the language; named by the text that it shows most of."""
    samples = texts.samples.of("en", group, {}, place="Kandal")
    assert {one.preview.language for one in samples} == {"en"}
    update = f"notices.{Notice.UPDATE.value}"
    for one in samples:
        assert one.path.startswith(group)
        assert "Kandal" in one.preview.sms_text
        words = texts.templates().texts["en"].text(one.path)
        begins = words.partition("{")[0] if group != update else words
        assert begins in one.preview.sms_text


def test_what_is_typed_is_shown_with_what_it_costs(texts: TextServices) -> None:
    """One letter outside the phone alphabet, and it is more parts."""
    path = "hazards.heat.act"
    plain, costly = (
        texts.samples.of("en", "hazards.heat", {path: words}, place="Kandal")[0]
        for words in ("Drink waterg " * 8, "Drink water\u011f " * 8)
    )
    assert "Drink water\u011f" in costly.preview.sms_text
    assert plain.preview.parts.n_parts < costly.preview.parts.n_parts
    assert costly.preview.costly


def test_samples_begin_with_no_drill_word_and_keep_nothing() -> None:
    """They are what the public would read."""
    store = TextStore()
    texts = make_texts(store, lambda: NOW)
    path = "hazards.flood.act"
    samples = texts.samples.of("en", "hazards.flood", {path: "New."}, place="Kandal")
    assert samples[0].preview.sms_text.startswith("own.example. DANGER: Flood, Kandal.")
    assert store.changes == []


def test_there_is_nothing_to_show_in_a_language_without_texts(
    texts: TextServices,
) -> None:
    """Nor by a name that is none."""
    with pytest.raises(UnknownTextError):
        texts.samples.of("sw", "hazards.flood", {}, place="Kandal")
    with pytest.raises(UnknownTextError):
        texts.samples.of("en", "hazards.flood", {"x": "y"}, place="Kandal")
