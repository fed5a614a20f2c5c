"""The report as pages of A4, in the operator's language and direction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import FontFace

from web.report_pdf.fonts import FAMILY, add_fonts, breakable
from web.report_pdf.map import draw_map
from web.report_pdf.pages import Pages, Table

_INK, _SOFT = (28, 33, 38), (86, 93, 100)
_DRILL, _DRILL_LIGHT, _WHITE = (29, 79, 145), (42, 95, 165), (255, 255, 255)
_STRIPE_MM, _BAND_MM = 6, 8
_MAP_NEEDS_MM = 100
#: How high a line is, and from which size on it is higher.
_LINE_MM, _LARGE_LINE_MM, _LARGE_PT = 6, 8, 13


def render(pages: Pages) -> bytes:
    """Lay the report out.

    Raises
    ------
    FontsMissingError
        If its letters are not installed.
    """
    pdf = _Document(pages)
    pdf.add_page()
    pdf.heading(pages.title, 16)
    for line in pages.lines:
        pdf.paragraph(line, colour=_SOFT)
    pdf.figures(pages.figures)
    for note in pages.notes:
        pdf.paragraph(note)
    pdf.heading(pages.map_title, room_mm=_MAP_NEEDS_MM)
    draw_map(pdf, pages.outline, pages.areas, pages.people)
    pdf.set_font(FAMILY, size=10)
    for table in pages.tables:
        pdf.tabular(table)
    pdf.heading(pages.texts_title)
    for language, paragraphs in pages.texts:
        pdf.said(language, paragraphs)
    pdf.tabular(pages.steps)
    return bytes(pdf.output())


class _Document(FPDF):
    """A4 with our letters, a foot on every page, and stripes on those of a drill."""

    def __init__(self, pages: Pages) -> None:
        super().__init__(format="A4")
        self._pages = pages
        self._side = Align.R if pages.is_right_to_left else Align.L
        add_fonts(self, _letters(pages))
        self.set_margins(18, 16)
        self.set_auto_page_break(auto=True, margin=18)
        self.set_title(pages.title)
        self.set_creation_date(pages.made_at)
        self.set_text_color(*_INK)

    def header(self) -> None:
        """Say on every page that a drill was one."""
        if not self._pages.drill:
            return
        with self.local_context(), self.rect_clip(0, 0, self.w, _BAND_MM):
            self.set_fill_color(*_DRILL)
            self.rect(0, 0, self.w, _BAND_MM, style="F")
            self.set_fill_color(*_DRILL_LIGHT)
            for n in range(0, int(self.w) + 2 * _STRIPE_MM, 2 * _STRIPE_MM):
                slant = [(n, 0), (n + _STRIPE_MM, 0), (n, _BAND_MM)]
                self.polygon([*slant, (n - _STRIPE_MM, _BAND_MM)], style="F")
        self.set_text_color(*_WHITE)
        self.set_font(FAMILY, "B", 11)
        self.set_xy(0, 0)
        self.cell(self.w, _BAND_MM, self._pages.drill, align=Align.C)
        self.set_text_color(*_INK)
        self.set_xy(self.l_margin, _BAND_MM + 8)

    def footer(self) -> None:
        """Name the alert and the page."""
        self.set_y(-14)
        self.set_font(FAMILY, size=8)
        self.set_text_color(*_SOFT)
        foot = self._pages.foot.replace("{page}", str(self.page_no()))
        self.cell(0, 8, foot.replace("{pages}", "{nb}"), align=Align.C)
        self.set_text_color(*_INK)

    def heading(self, text: str, size: float = 12, *, room_mm: float = 30) -> None:
        """A heading that is never the last thing on its page."""
        if self.get_y() + room_mm > self.page_break_trigger:
            self.add_page()
        self.ln(3)
        self.set_font(FAMILY, "B", size)
        self._text(text)
        self.ln(1)
        self.set_font(FAMILY, size=10)

    def paragraph(
        self, text: str, *, colour: tuple[int, int, int] = _INK, side: str | None = None
    ) -> None:
        """Words over the whole width."""
        self.set_text_color(*colour)
        self._text(text, side)
        self.set_text_color(*_INK)

    def figures(self, figures: Mapping[str, str]) -> None:
        """Large figures beside each other, each with its name below."""
        if not figures:
            return
        self.ln(2)
        width, top = self.epw / len(figures), self.get_y()
        named = list(figures.items())
        if self._pages.is_right_to_left:
            named.reverse()
        for number, (name, figure) in enumerate(named):
            x = self.l_margin + number * width
            self.set_xy(x, top)
            self.set_font(FAMILY, "B", 15)
            self.cell(width, 8, figure, align=self._side)
            self.set_xy(x, top + 8)
            self.set_font(FAMILY, size=8)
            self.set_text_color(*_SOFT)
            self.cell(width, 4, name, align=self._side)
            self.set_text_color(*_INK)
        self.set_xy(self.l_margin, top + 14)
        self.set_font(FAMILY, size=10)

    def tabular(self, table: Table) -> None:
        """A table whose head is on each of its pages."""
        if not table.rows:
            return
        self.heading(table.title)
        self.set_font(FAMILY, size=8.5)
        self.set_line_width(0.1)
        aligned = [self._side, *_others(table, self._side)]
        rows, widths = [table.head, *table.rows], table.widths
        if self._pages.is_right_to_left:
            rows = [list(reversed(row)) for row in rows]
            widths, aligned = widths[::-1], aligned[::-1]
        with self.table(
            borders_layout="HORIZONTAL_LINES",
            col_widths=widths,
            text_align=tuple(aligned),
            headings_style=FontFace(emphasis="BOLD", color=_SOFT),
            line_height=5,
        ) as drawn:
            for row in rows:
                drawn.row([breakable(cell) for cell in row])
        self.set_font(FAMILY, size=10)

    def said(self, language: str, paragraphs: Iterable[str]) -> None:
        """What was said in one language."""
        self.ln(1)
        self.set_font(FAMILY, size=8)
        self.paragraph(language, colour=_SOFT)
        self.set_font(FAMILY, size=10)
        for paragraph in paragraphs:
            side = "R" if _is_right_to_left(paragraph) else "L"
            self.paragraph(paragraph, side=side)

    def _text(self, text: str, side: str | None = None) -> None:
        self.multi_cell(
            0,
            _LINE_MM if self.font_size_pt < _LARGE_PT else _LARGE_LINE_MM,
            breakable(text),
            align=side or self._side,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )


def _others(table: Table, side: Align) -> list[Align]:
    far = Align.L if side is Align.R else Align.R
    return [far if table.is_figures else side] * (len(table.head) - 1)


def _is_right_to_left(text: str) -> bool:
    return any("\u0590" <= letter <= "\u08ff" for letter in text)


def _letters(pages: Pages) -> set[str]:
    """Every letter that is printed."""
    tables = [*pages.tables, pages.steps]
    printed = [
        pages.title,
        pages.drill,
        pages.map_title,
        pages.texts_title,
        pages.foot,
        *pages.lines,
        *pages.notes,
        *pages.figures,
        *pages.figures.values(),
        *(area.name for area in pages.areas),
        *(text for language, texts in pages.texts for text in (language, *texts)),
        *(table.title for table in tables),
        *(
            cell
            for table in tables
            for row in (table.head, *table.rows)
            for cell in row
        ),
    ]
    return set().union(*map(str, printed))
