"""The report on paper: everything the page says, in letters of every language."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from fpdf import FPDF
from pypdf import PdfReader
from shapely.geometry import MultiPolygon, Point, box

from tests.use_cases.warning.registry_world import AREAS
from tests.web.conftest import csrf_of
from tests.web.fakes import PUBLIC_URL, START, FakeServices, make_form
from warning.alert import AlertState
from warning.alert_form import FormText
from warning.cap import CapStatus
from web.report_pdf.document import render
from web.report_pdf.map import draw_map
from web.report_pdf.pages import Pages, Table

Browser = Callable[[str], FlaskClient]
KHMER = "ទឹកជំនន់កំពុងឡើងសូមផ្លាស់ទីទៅទីទួលខេត្តកណ្តាលភ្នំពេញ"
ARABIC = "مياه الفيضان ترتفع بسرعة"
AREA = AREAS[0]
STEPS = Table(
    title="Steps",
    head=["When", "Who", "What"],
    rows=[["10:00", "anna", "alert.submit"]] * 3,
    widths=(1, 1, 1),
    is_figures=False,
)
PAGES = Pages(
    title="Flood on the Mekong",
    lines=["Severe · Flood · ended"],
    drill="",
    figures={"Inside": "12,431", "Confirmed": "8,214"},
    notes=["Told and left out make up everybody whom it concerned."],
    outline=box(104, 11, 105, 12),
    areas=[],
    people={},
    map_title="Where",
    tables=[],
    texts_title="Texts",
    texts=[("English", ["Go to high ground."])],
    steps=STEPS,
    foot="a1 · {page} / {pages}",
    made_at=START,
    is_right_to_left=False,
)


def read(data: bytes) -> list[str]:
    """The words of each page, blanks evened out."""
    pages = PdfReader(io.BytesIO(data)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def test_the_page_as_a_file(browser: Browser, services: FakeServices) -> None:
    """Viewers take it away; figures, texts and steps are in it."""
    case = services.alert(AlertState.LIVE)
    path = f"/alerts/{case.alert_id}/report"
    client = browser("viewer")
    assert f'href="{path}.pdf"' in client.get(path, base_url=PUBLIC_URL).text
    answer = client.get(f"{path}.pdf", base_url=PUBLIC_URL)
    assert answer.mimetype == "application/pdf"
    assert case.alert_id in answer.headers["Content-Disposition"]
    words = " ".join(read(answer.data))
    for said in (
        "Flood on the Mekong",
        "Go to high ground.",
        "What was done",
        "Inside",
    ):
        assert said in words


def test_a_drill_says_so_on_every_page(
    browser: Browser, services: FakeServices
) -> None:
    """In the operator's language."""
    texts = {
        "en": FormText(
            event="Flood",
            headline="Flood",
            description="",
            instruction="High ground. " * 40,
            area_desc="Kandal",
        )
    }
    form = make_form(status=CapStatus.EXERCISE, texts=texts)
    case = services.alert(AlertState.LIVE, form)
    client = browser("viewer")
    path = f"/alerts/{case.alert_id}/report.pdf"
    english = read(client.get(path, base_url=PUBLIC_URL).data)
    assert len(english) > 1
    assert all("EXERCISE: not for the public" in page for page in english)
    client.post(
        "/language",
        base_url=PUBLIC_URL,
        data={
            "language": "da",
            "csrf_token": csrf_of(client.get("/", base_url=PUBLIC_URL)),
        },
    )
    danish = read(client.get(path, base_url=PUBLIC_URL).data)
    assert danish
    assert not any("not for the public" in page for page in danish)


def test_an_alert_that_never_went_out_has_a_report(
    browser: Browser, services: FakeServices
) -> None:
    """Of nobody; and one that is unknown has none."""
    case = services.alert(AlertState.SUBMITTED)
    client = browser("viewer")
    path = f"/alerts/{case.alert_id}/report.pdf"
    assert client.get(path, base_url=PUBLIC_URL).status_code == 200
    unknown = client.get("/alerts/nothing/report.pdf", base_url=PUBLIC_URL)
    assert unknown.status_code == 404


def test_every_script_is_laid_out() -> None:
    """Also letters that no font has: the others stay readable."""
    said = [KHMER * 3, ARABIC * 3, "Nước lũ đang dâng", "æøå ÆØÅ", "🌊 水"]
    pages = replace(PAGES, texts=[("x", said)], is_right_to_left=True)
    words = " ".join(read(render(pages)))
    assert "12,431" in words
    assert "æøå" in words


def test_a_long_table_goes_on_over_pages() -> None:
    """With its head on each of them, and the number of pages below."""
    steps = replace(STEPS, rows=[["10:00", "anna", "alert.submit"]] * 80)
    pages = read(render(replace(PAGES, steps=steps)))
    assert len(pages) >= 3
    assert "When" in pages[-1]
    assert f"1 / {len(pages)}" in pages[0]


@pytest.mark.parametrize(
    "outline",
    [
        box(-180, -85, 180, 85),
        Point(104, 11).buffer(1e-7),
        MultiPolygon([box(179, -17, 180, -16), box(-180, -17, -179, -16)]),
        Point(104, 89.5).buffer(0.2),
        Point(104, 11).buffer(1, quad_segs=12_500),
    ],
    ids=["the world", "a spot", "antimeridian", "pole", "50,000 corners"],
)
def test_any_outline_is_drawn(outline: MultiPolygon) -> None:
    """Wherever it is and however large; the file stays small."""
    pdf = FPDF()
    pdf.set_font("helvetica", size=10)
    pdf.add_page()
    draw_map(pdf, outline, [AREA], {"E": {"people": 9, "confirmed": 4, "help": 1}})
    assert len(pdf.output()) < 50_000
