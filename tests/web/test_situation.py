"""The situation: what is happening, to whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from ops.health import Check
from tests.web.fakes import PUBLIC_URL, FakeServices, make_form, make_progress
from warning.alert import AlertState
from warning.cap import CapStatus

Browser = Callable[[str], FlaskClient]


def page_of(client: FlaskClient) -> str:
    return client.get("/", base_url=PUBLIC_URL).text


def words(html: str) -> str:
    """A page's text on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_stranger_signs_in_first(client: FlaskClient) -> None:
    """Without a session there is nothing to see."""
    answer = client.get("/")

    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_empty_page_says_what_will_appear(browser: Browser) -> None:
    """With no alert the page says how one gets here."""
    assert "No alert is live" in words(page_of(browser("viewer")))


def test_live_alert_with_its_figures(browser: Browser, services: FakeServices) -> None:
    """Reached includes heard, heard includes confirmed; each with its denominator."""
    services.alert(AlertState.LIVE)

    text = words(page_of(browser("viewer")))

    assert "Flood on the Mekong" in text
    assert "Reached 880 Heard 480 Confirmed 430 Failed 0" in text
    assert "of 1,000 people inside" in text
    assert "opted out 20" in text
    assert "Still under way" in text


def test_areas_with_the_least_confirmed_first(
    browser: Browser, services: FakeServices
) -> None:
    """Where fewest have confirmed something is wrong: that area stands first."""
    services.alert(AlertState.LIVE)

    text = words(page_of(browser("viewer")))

    assert "Kandal 480 380 180 130 0 Phnom Penh 500 500 300 300 0" in text


def test_need_for_help_stands_out(browser: Browser, services: FakeServices) -> None:
    """People who asked for help have a counter of their own."""
    case = services.alert(AlertState.LIVE)
    services.board.figures[case.alert_id] = make_progress(needs_help=3)

    assert "Need help 3" in words(page_of(browser("viewer")))


def test_submitted_alert_waits_for_somebody(
    browser: Browser, services: FakeServices
) -> None:
    """An alert that waits for approval says so and shows no figures."""
    services.alert(AlertState.SUBMITTED)

    text = words(page_of(browser("viewer")))

    assert "waits for a second person's approval" in text
    assert "Reached" not in text


def test_draft_is_nobody_elses_business(
    browser: Browser, services: FakeServices
) -> None:
    """Drafts are not shown."""
    services.alert()

    assert "No alert is live" in page_of(browser("viewer"))


def test_last_closed_alerts_stay_for_a_while(
    browser: Browser, services: FakeServices
) -> None:
    """The last three closed alerts stay below the open ones."""
    for _ in range(5):
        services.alert(AlertState.CANCELLED)

    assert page_of(browser("viewer")).count("<article") == 3


@pytest.mark.parametrize("status", [s for s in CapStatus if s is not CapStatus.ACTUAL])
def test_drill_is_marked(
    browser: Browser, services: FakeServices, status: CapStatus
) -> None:
    """What is not meant in earnest carries its word and its stripes."""
    case = services.intake.draft_from_form(make_form(status=status), by="operator")
    services.alerts.submit(case.alert_id, by="operator")

    page = page_of(browser("viewer"))

    assert f"{status.value.upper()}: not for the public" in page
    assert 'class="drill"' in page


def test_what_is_wrong_with_the_service_is_told(
    browser: Browser, services: FakeServices
) -> None:
    """A carrier that is down stands in the strip, in words."""
    sentence = "Carrier main rests after 5 failures; it is tried again in 30 s."
    services.health.checks.append(Check(name="carrier", ok=False, sentence=sentence))

    text = words(page_of(browser("viewer")))

    assert sentence in text
    assert "Ready to send" not in text


def test_words_of_an_alert_are_only_words(
    browser: Browser, services: FakeServices
) -> None:
    """Markup inside an alert's text is shown, not run."""
    texts = make_form().texts["en"]
    evil = type(texts)(
        event="<b>x</b>",
        headline="<script src=//evil.example></script>",
        description="d",
        instruction="i",
        area_desc="a",
    )
    case = services.intake.draft_from_form(make_form(texts={"en": evil}), by="o")
    services.alerts.submit(case.alert_id, by="o")

    page = page_of(browser("viewer"))

    assert "<script src=//evil" not in page
    assert "<b>x</b>" not in page


class _Collector(HTMLParser):
    """Everything a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.inline: list[str] = []
        self.labels: set[str] = set()
        self.inputs: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.urls += [found[name] or "" for name in ("src", "href") if name in found]
        self.inline += [name for name in found if name.startswith("on")]
        self.inline += ["style"] * ("style" in found)
        self.inline += [tag] * (tag == "style" or (tag == "script" and not found))
        if tag == "label":
            self.labels.add(found.get("for") or "")
        if tag == "input" and found.get("type") != "hidden":
            self.inputs.add(found.get("id") or "?")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere"])
def test_pages_load_nothing_from_elsewhere(
    client: FlaskClient, browser: Browser, services: FakeServices, path: str
) -> None:
    """No other host, nothing inline, every field labelled, every file there."""
    services.alert(AlertState.LIVE)
    if path == "/":
        client = browser("viewer")
    collector = _Collector()
    collector.feed(client.get(path, base_url=PUBLIC_URL).text)

    assert not collector.inline
    assert collector.inputs <= collector.labels
    assert collector.urls
    for url in collector.urls:
        assert url.startswith(("/", "#"))
        assert not url.startswith("//")
        if url.startswith("/static/"):
            with client.get(url) as file:
                assert file.status_code == 200


def test_page_renews_itself_with_and_without_script(browser: Browser) -> None:
    """A script where there is one, else the browser itself."""
    page = page_of(browser("viewer"))

    assert "situation.js" in page
    assert '<noscript><meta http-equiv="refresh"' in page
