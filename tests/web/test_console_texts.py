"""Our texts are written anew, looked at, read over; what cannot be kept is said."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import PUBLIC_URL
from tests.web.fakes import FakeServices
from tests.web.test_console_admin import csrf_of, get, post

Browser = Callable[[str], FlaskClient]
EDIT = "/settings/texts/km/hazards.flood"
ACT = "hazards.flood.act"


def seen_of(client: FlaskClient, path: str = EDIT) -> str:
    """The moment that a form says it has seen."""
    return get(client, path).text.split('name="seen" value="')[1].split('"')[0]


def keep(client: FlaskClient, seen: str, **typed: str) -> TestResponse:
    """Send the form of the floods."""
    fields = {f"hazards.flood.{key}": text for key, text in typed.items()}
    return post(client, EDIT, EDIT, seen=seen, **fields)


def back(client: FlaskClient, text: str, seen: str) -> TestResponse:
    """Go back to the words of the release."""
    form = {"csrf_token": csrf_of(get(client, EDIT)), "path": text, "seen": seen}
    return client.post(f"{EDIT}/back", data=form, base_url=PUBLIC_URL)


def test_a_text_is_written_anew(browser: Browser, services: FakeServices) -> None:
    """It is said from then on, in every door; the page says whose words these are."""
    admin = browser("admin")
    assert keep(admin, "0", act="ទៅ ទីខ្ពស់\r\nឥឡូវ!").status_code == 303

    assert services.texts.desk.language("km").n_own == 1
    assert services.texts.templates().texts["km"].text(ACT) == "ទៅ ទីខ្ពស់ ឥឡូវ!"
    shown = get(admin, EDIT).text
    assert "our own words" in shown
    assert "The release says:" in shown
    assert "wrote other words" in shown
    assert "our own words" in get(admin, "/settings/texts?language=km").text
    (entry,) = services.text_store.entries
    assert (entry.actor, entry.action) == ("admin", "text.written")
    assert entry.details["after"] == "ទៅ ទីខ្ពស់ ឥឡូវ!"


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("act", "", "Write something here."),
        ("act", "x" * 121, "at most 120 characters"),
        ("act", "Go to {place}", "these and no others"),
        ("act", "Go } up", "A brace that belongs to no placeholder."),
        ("act", "Go \u202eup", "a sign that nobody sees"),
        ("words", "flood,,high water", "Two commas with no word between them."),
    ],
)
def test_what_cannot_be_said_is_told_beside_its_field(
    browser: Browser, services: FakeServices, key: str, text: str, says: str
) -> None:
    """Nothing is kept, and what was typed is still there."""
    admin = browser("admin")
    answer = keep(admin, "0", **{key: text, "prepare": "Kept in the form."})

    assert answer.status_code == 422
    assert says in answer.text
    assert f'id="why-hazards.flood.{key}"' in answer.text
    assert "Kept in the form." in answer.text
    assert services.text_store.changes == []


def test_the_second_of_two_is_told(browser: Browser, services: FakeServices) -> None:
    """Both are shown, nothing is overwritten; sent again their form counts."""
    admin = browser("admin")
    seen = seen_of(admin)
    services.texts.desk.save("km", {ACT: "ឡើង!"}, seen=0, by="anna")

    late = keep(admin, seen, act="ទៅ!")
    assert late.status_code == 409
    assert "nothing was overwritten" in late.text
    assert "<bdi>anna</bdi>" in late.text
    assert "ឡើង!" in late.text
    assert "ទៅ!" in late.text
    assert services.texts.templates().texts["km"].text(ACT) == "ឡើង!"

    again = late.text.split('name="seen" value="')[1].split('"')[0]
    assert keep(admin, again, act="ទៅ!").status_code == 303
    assert services.texts.templates().texts["km"].text(ACT) == "ទៅ!"


def test_the_words_of_the_release_come_back(
    browser: Browser, services: FakeServices
) -> None:
    """One text at a time; late again, the page says so."""
    admin = browser("admin")
    services.texts.desk.save("km", {ACT: "ឡើង!"}, seen=0, by="anna")
    assert back(admin, ACT, "0").status_code == 409

    assert back(admin, ACT, seen_of(admin)).status_code == 303
    assert services.texts.desk.language("km").n_own == 0
    assert back(admin, "hazards.heat.act", "9").status_code == 404


def test_a_speaker_reads_them_over(browser: Browser, services: FakeServices) -> None:
    """Who and when stand beside the text; the author is not the one."""
    admin = browser("admin")
    services.texts.desk.save("km", {ACT: "ឡើង!"}, seen=0, by="admin")
    own = post(admin, f"{EDIT}/read", EDIT, seen=seen_of(admin))
    assert own.status_code == 409
    assert "somebody else whose language it is" in own.text

    services.texts.desk.save("km", {ACT: "ទៅ!"}, seen=1, by="anna")
    assert post(admin, f"{EDIT}/read", EDIT, seen=seen_of(admin)).status_code == 303
    shown = get(admin, EDIT).text
    assert "read by <bdi>admin</bdi>" in shown
    assert "○ not read by a speaker yet" not in shown

    doubted = post(admin, f"{EDIT}/read", EDIT, seen=seen_of(admin), doubt="1")
    assert doubted.status_code == 303
    assert "○ not read by a speaker yet" in get(admin, EDIT).text


def test_a_language_is_read_over_as_a_whole(
    browser: Browser, services: FakeServices
) -> None:
    """Its mark goes from the page, and from what is sent."""
    admin = browser("admin")
    page = "/settings/texts?language=km"
    assert "Not read by a speaker yet" in get(admin, page).text
    done = post(admin, "/settings/texts/km/read", page, seen="0")
    assert done.status_code == 303
    assert "Not read by a speaker yet" not in get(admin, page).text
    assert services.texts.templates().texts["km"].is_reviewed


def test_how_it_reads_is_shown_before_it_is_kept(
    browser: Browser, services: FakeServices
) -> None:
    """With its parts; a text that cannot be used shows the one that is kept."""
    admin = browser("admin")
    typed = {"seen": "0", ACT: "NEW WORDS", "hazards.flood.prepare": "{"}
    whole = post(admin, f"{EDIT}/look", EDIT, **typed)
    assert "NEW WORDS" in whole.text
    assert "Parts: " in whole.text
    (area,) = services.areas.list(level=1, after="", limit=1)
    assert area.name in whole.text

    token = csrf_of(get(admin, EDIT))
    part = admin.post(
        f"{EDIT}/look",
        data={"csrf_token": token, **typed},
        base_url=PUBLIC_URL,
        headers={"X-Tocsin": "part"},
    )
    assert part.text.count("<figure") == 2
    assert "NEW WORDS" in part.text
    assert "<form" not in part.text
    assert services.text_store.changes == []


@pytest.mark.parametrize("group", ["words", "notices.update", "notices.all_clear"])
def test_every_group_has_its_form(browser: Browser, group: str) -> None:
    """With what people would read of it."""
    page = get(browser("admin"), f"/settings/texts/km/{group}").text
    assert f'name="{group}.' in page
    assert "<figure" in page


@pytest.mark.parametrize("path", ["xx/words", "km/hazards.rain", "km/oops"])
def test_what_there_is_not_is_not_found(browser: Browser, path: str) -> None:
    """A language without texts, a hazard that is none."""
    page = browser("admin").get(f"/settings/texts/{path}", base_url=PUBLIC_URL)
    assert page.status_code == 404


def test_texts_go_out_as_a_file_and_in_again(
    browser: Browser, services: FakeServices
) -> None:
    """A file that cannot be used changes nothing and says why."""
    admin = browser("admin")
    file = admin.get("/settings/texts/en.toml", base_url=PUBLIC_URL)
    assert file.mimetype == "application/toml"

    def send(text: str) -> TestResponse:
        form = {
            "csrf_token": csrf_of(get(admin, "/settings/texts")),
            "file": (io.BytesIO(text.encode()), "en.toml"),
        }
        return admin.post("/settings/texts/file", data=form, base_url=PUBLIC_URL)

    old = services.texts.templates().texts["en"].text(ACT)
    assert send(file.text.replace(old, "Go up.")).status_code == 303
    assert services.texts.templates().texts["en"].text(ACT) == "Go up."
    refused = send("[" * 5_000)
    assert refused.status_code == 422
    assert 'class="problem"' in refused.text


@pytest.mark.parametrize(
    "path", ["", "/sources", "/texts", "/escalation", "/kept"], ids=lambda it: it or "/"
)
def test_the_tab_that_one_is_on_says_so(browser: Browser, path: str) -> None:
    """To eyes and to screen readers; one of them."""
    page = get(browser("admin"), f"/settings{path}").text
    tabs = page.split('<nav class="tabs" aria-label="Settings">')[1].split("</nav>")[0]
    assert tabs.count("aria-current") == 1
    assert f'href="/settings{path}" aria-current="page"' in tabs


def test_only_an_admin_changes_texts(browser: Browser) -> None:
    """Whoever approves sees them in every warning."""
    page = browser("approver").get("/settings/texts", base_url=PUBLIC_URL)
    assert page.status_code == 403
