"""A script as an SVG picture: boxes for steps, arrows for keys.

Drawn without other programs, so that it works on the machine of the operator. Steps
stand in rows by their distance from the start; within a row they are ordered by the
mean place of the steps that lead to them, which keeps arrows from crossing needlessly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from ivr_scripts.catalogue import Catalogue
from ivr_scripts.errors import TextMissingError
from ivr_scripts.flow import targets
from ivr_scripts.model import Script, Step, StepKind

BOX_WIDTH = 210  #: pixels, like all lengths here
BOX_HEIGHT = 66
_GAP_X = 36
_GAP_Y = 74
_MARGIN = 40
_LINE = 15
_WORDS = 30  #: letters of a line inside a box
_SWEEPS = 4
_DETOUR = 26
_FILLS: Mapping[StepKind, str] = {
    StepKind.SAY: "#eef2f7",
    StepKind.END: "#d9d9d9",
    StepKind.RECORD: "#fde7c8",
    StepKind.DIAL: "#fde7c8",
}
_QUESTION_FILL = "#d7e8fb"
# Attributes instead of a style sheet: the console forbids inline styles.
_TEXT = 'font-family="system-ui,sans-serif" fill="#111111" font-size="11"'
_LINES = 'fill="none" stroke="#334455" stroke-width="1.2"'
_SILENT = ' stroke="#888888" stroke-dasharray="4 3"'
_HALO = 'font-weight="600" stroke="#ffffff" stroke-width="4" paint-order="stroke"'
_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
    'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#334455" '
    'stroke="none"/></marker></defs>'
)


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow. ``is_silent`` marks what happens when nobody presses a key."""

    source: str
    target: str
    label: str
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class _Box:
    """Upper left corner of a step, and its row."""

    x: float
    y: float
    row: int


def draw(script: Script, catalogue: Catalogue, language: str = "en") -> str:
    """Return the SVG document of a script.

    Parameters
    ----------
    script : Script
        One that ``checks`` has found sound.
    catalogue : Catalogue
        Where the first words of each step come from.
    language : str
        In which to write them.
    """
    boxes = _place(script)
    width = max(box.x for box in boxes.values()) + BOX_WIDTH + _MARGIN * 2
    height = max(box.y for box in boxes.values()) + BOX_HEIGHT + _MARGIN
    title = escape(f"Telephone script {script.name}")
    arrows = _arrows(list(edges(script)), boxes, width)
    steps = (
        _box(script.steps[name], box, catalogue, language)
        for name, box in boxes.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label="{title}">'
        f"<title>{title}</title>{_TIP}"
        f"<g {_LINES}>{''.join(arrows)}</g><g {_TEXT}>{''.join(steps)}</g></svg>"
    )


def edges(script: Script) -> Iterator[Edge]:
    """Every way from a step to another; keys with the same target share an arrow."""
    for step in script.steps.values():
        keys: dict[str, list[str]] = {}
        for choice in step.choices:
            keys.setdefault(choice.to, []).append(choice.digit)
        for target, digits in keys.items():
            yield Edge(step.name, target, " ".join(digits))
        if step.to:
            yield Edge(step.name, step.to, _to_label(step))
        for target, label in ((step.on_give_up, "silence"), (step.on_empty, "none")):
            if target:
                yield Edge(step.name, target, label, is_silent=True)


def _to_label(step: Step) -> str:
    return {
        StepKind.LANGUAGE: "chosen",
        StepKind.LOOKUP: "chosen",
        StepKind.ENTER: "code",
        StepKind.RECORD: "spoken",
    }.get(step.kind, "")


def _place(script: Script) -> dict[str, _Box]:
    rows = _rows(script)
    widest = max(map(len, rows))
    boxes = {}
    for number, row in enumerate(rows):
        indent = (widest - len(row)) * (BOX_WIDTH + _GAP_X) / 2
        for place, name in enumerate(row):
            x = _MARGIN + indent + place * (BOX_WIDTH + _GAP_X)
            y = _MARGIN + number * (BOX_HEIGHT + _GAP_Y)
            boxes[name] = _Box(x, y, number)
    return boxes


def _rows(script: Script) -> list[list[str]]:
    """Names of steps by distance from the start, ordered within a row."""
    rows, seen = [[script.start]], {script.start}
    while True:
        row = []
        for name in rows[-1]:
            fresh = [to for to in targets(script.steps[name]) if to not in seen]
            row.extend(fresh)
            seen.update(fresh)
        if not row:
            break
        rows.append(row)
    left_out = [name for name in script.steps if name not in seen]
    rows += [left_out] if left_out else []
    for _ in range(_SWEEPS):
        for above, row in pairwise(rows):
            row.sort(key=lambda name: _mean_place(script, above, name))
    return rows


def _mean_place(script: Script, above: Sequence[str], name: str) -> float:
    """Mean place of the steps of the row above that lead to one, in shares of it."""
    places = [
        place
        for place, other in enumerate(above)
        if name in set(targets(script.steps[other]))
    ]
    return sum(places) / len(places) / len(above) if places else 1.0


def _arrows(
    arrows: Sequence[Edge], boxes: Mapping[str, _Box], width: float
) -> Iterator[str]:
    leaving: dict[str, int] = {}
    totals = {name: sum(arrow.source == name for arrow in arrows) for name in boxes}
    for arrow in arrows:
        place = leaving.get(arrow.source, 0)
        leaving[arrow.source] = place + 1
        share = (place + 1) / (totals[arrow.source] + 1)
        yield _arrow(arrow, boxes, share, width)


def _arrow(arrow: Edge, boxes: Mapping[str, _Box], share: float, width: float) -> str:
    source, target = boxes[arrow.source], boxes[arrow.target]
    x1, y1 = source.x + BOX_WIDTH * share, source.y + BOX_HEIGHT
    x2, y2 = target.x + BOX_WIDTH / 2, target.y
    if target.row > source.row:
        bend = y1 + _GAP_Y / 2
        path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {bend:.0f} {x2:.0f} {y2 - 40:.0f} "
        path += f"{x2:.0f} {y2:.0f}"
    else:
        # Back up, or to the side: around the nearer end of the row.
        x2 = target.x + BOX_WIDTH if x1 > width / 2 else target.x
        side = x2 + _DETOUR if x1 > width / 2 else x2 - _DETOUR
        y2 = target.y + BOX_HEIGHT * share
        path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + _DETOUR:.0f} {side:.0f} "
        path += f"{y1 + _DETOUR:.0f} {side:.0f} {(y1 + y2) / 2:.0f}"
        path += f"S{side:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    kind = _SILENT if arrow.is_silent else ""
    label = ""
    if arrow.label:
        label = f'<text {_TEXT} {_HALO} x="{x1 - 4:.0f}" y="{y1 + _LINE:.0f}">'
        label += f"{escape(arrow.label)}</text>"
    return f'<path{kind} d="{path}" marker-end="url(#tip)"/>{label}'


def _box(step: Step, box: _Box, catalogue: Catalogue, language: str) -> str:
    fill = _FILLS.get(step.kind, _QUESTION_FILL)
    words = _words(step, catalogue, language)
    results = [*step.results, *(r for choice in step.choices for r in choice.results)]
    notes = " ".join(dict.fromkeys(str(result) for result in results))
    x, y = box.x + 8, box.y + _LINE + 3
    bold = ' font-weight="600"'
    lines = [(bold, f"{step.name} · {step.kind}"), ("", words), ("", notes)]
    texts = "".join(
        f'<text{style} x="{x:g}" y="{y + _LINE * place + place * 3:g}">'
        f"{escape(_cut(line))}</text>"
        for place, (style, line) in enumerate(lines)
        if line
    )
    return (
        f"<g><title>{escape(f'{words} {notes}'.strip())}</title>"
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{BOX_WIDTH}" '
        f'height="{BOX_HEIGHT}" rx="6" fill="{fill}" stroke="#334455"/>{texts}</g>'
    )


def _words(step: Step, catalogue: Catalogue, language: str) -> str:
    words = []
    for piece in step.say:
        try:
            text = piece if piece[0] in "$@>" else catalogue.text(language, piece)
        except TextMissingError:
            text = piece
        words.append(text)
    return " ".join(words)


def _cut(line: str) -> str:
    return line if len(line) <= _WORDS else f"{line[: _WORDS - 1]}…"
