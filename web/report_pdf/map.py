"""The map of a report: areas, the alert's outline, people by area; drawn as lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    from fpdf import FPDF
    from shapely.geometry.base import BaseGeometry

    from warning.ports import AreaRow

#: Millimetres on the page.
HEIGHT = 95.0
#: Share of the alert's size that is shown around it.
_AROUND = 0.15
#: Finer than a printer shows.
_DETAIL_MM = 0.1
_WIDEST_MM, _SMALLEST_MM = 5.0, 0.8
_MIN_SPAN_DEG = 0.02

_WATER, _LAND, _LINE = (223, 231, 238), (244, 242, 236), (160, 157, 148)
_ALERT, _INK, _SOFT = (214, 40, 40), (28, 33, 38), (86, 93, 100)
_CARD, _CONFIRMED, _BAD = (255, 255, 255), (27, 122, 61), (179, 38, 30)
_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class Frame:
    """Degrees to millimetres, true to scale in the middle.

    Parameters
    ----------
    x, y, width, height : float
        Of the map on the page, mm.
    west, north : float
        Of its upper left corner, degrees.
    mm_per_deg : float
        Of latitude.
    shrink : float
        A degree of longitude as a share of one of latitude.
    """

    x: float
    y: float
    width: float
    height: float
    west: float
    north: float
    mm_per_deg: float
    shrink: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place is on the page, mm."""
        x = self.x + (lon - self.west) * self.shrink * self.mm_per_deg
        return x, self.y + (self.north - lat) * self.mm_per_deg


def draw_map(
    pdf: FPDF,
    outline: BaseGeometry,
    areas: Sequence[AreaRow],
    people: Mapping[str, Mapping[str, int]],
) -> None:
    """Draw the map over the width of the page, and go on below it.

    Parameters
    ----------
    pdf : FPDF
    outline : shapely geometry
        Of the alert: degrees, x = longitude.
    areas : sequence of AreaRow
        What lies around it.
    people : mapping
        Area code → ``people``, ``confirmed``, ``help``.
    """
    frame = _frame(pdf, outline)
    # Both: one restores what the page knows, the other what the document thinks.
    clip = pdf.rect_clip(frame.x, frame.y, frame.width, frame.height)
    with pdf.local_context(), clip:
        pdf.set_fill_color(*_WATER)
        pdf.rect(frame.x, frame.y, frame.width, frame.height, style="F")
        pdf.set_draw_color(*_LINE)
        pdf.set_fill_color(*_LAND)
        pdf.set_line_width(0.15)
        for area in areas:
            _polygons(pdf, frame, area.geometry)
        pdf.set_draw_color(*_ALERT)
        pdf.set_fill_color(*_ALERT)
        pdf.set_line_width(0.5)
        with pdf.local_context(fill_opacity=0.2):
            _polygons(pdf, frame, outline)
        _people(pdf, frame, areas, people)
    pdf.set_draw_color(*_LINE)
    pdf.set_line_width(0.2)
    pdf.rect(frame.x, frame.y, frame.width, frame.height)
    _scale(pdf, frame)
    pdf.set_text_color(*_INK)
    pdf.set_y(frame.y + frame.height + 2)


def _frame(pdf: FPDF, outline: BaseGeometry) -> Frame:
    west, south, east, north = outline.bounds
    shrink = max(0.05, math.cos(math.radians((south + north) / 2)))
    wide = max((east - west) * shrink, _MIN_SPAN_DEG) * (1 + 2 * _AROUND)
    high = max(north - south, _MIN_SPAN_DEG) * (1 + 2 * _AROUND)
    mm = min(pdf.epw / wide, HEIGHT / high)
    return Frame(
        x=pdf.l_margin,
        y=pdf.get_y(),
        width=pdf.epw,
        height=HEIGHT,
        west=(west + east) / 2 - pdf.epw / mm / shrink / 2,
        north=(south + north) / 2 + HEIGHT / mm / 2,
        mm_per_deg=mm,
        shrink=shrink,
    )


def _polygons(pdf: FPDF, frame: Frame, geometry: BaseGeometry) -> None:
    simple = shapely.simplify(geometry, _DETAIL_MM / frame.mm_per_deg)
    for part in shapely.get_parts(simple):
        if part.geom_type == "Polygon" and not part.is_empty:
            points = [frame.at(lon, lat) for lon, lat in part.exterior.coords]
            pdf.polygon(points, style="DF")


def _people(
    pdf: FPDF,
    frame: Frame,
    areas: Sequence[AreaRow],
    people: Mapping[str, Mapping[str, int]],
) -> None:
    """A disc as large as people are many, filled as far as they confirmed; its name."""
    most = max((sums["people"] for sums in people.values()), default=1)
    pdf.set_font(style="", size=7)
    pdf.set_line_width(0.3)
    for area in areas:
        middle = area.geometry.representative_point()
        x, y = frame.at(middle.x, middle.y)
        sums = people.get(area.code)
        radius = 0.0
        if sums is not None:
            radius = max(_SMALLEST_MM, _WIDEST_MM * math.sqrt(sums["people"] / most))
            pdf.set_draw_color(*(_BAD if sums.get("help") else _SOFT))
            pdf.set_fill_color(*_CARD)
            pdf.circle(x, y, radius, style="DF")
            share = sums["confirmed"] / max(1, sums["people"])
            pdf.set_fill_color(*_CONFIRMED)
            if share:
                pdf.circle(x, y, radius * math.sqrt(share), style="F")
        pdf.set_text_color(*_SOFT)
        pdf.set_xy(x - 20, y + radius)
        pdf.cell(40, 3.5, area.name, align="C")


def _scale(pdf: FPDF, frame: Frame) -> None:
    """A line of whole kilometres, at most a quarter of the map."""
    mm_per_km = frame.mm_per_deg / 111.2
    fitting = [km for km in _KM if km * mm_per_km <= frame.width / 4]
    km = fitting[-1] if fitting else _KM[0]
    end = frame.x + frame.width - 4
    y = frame.y + frame.height - 4
    pdf.set_draw_color(*_INK)
    pdf.set_line_width(0.5)
    pdf.line(end - km * mm_per_km, y, end, y)
    pdf.set_text_color(*_INK)
    pdf.set_font(style="", size=8)
    pdf.set_xy(end - 30, y - 4)
    pdf.cell(30, 3.5, f"{km} km", align="R")
