"""Colours that can be read, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from web.console.assets import FOLDER

CSS = (FOLDER / "console.css").read_text(encoding="utf-8")
TEXT = ("ink", "soft", "bad", "focus", "extreme", "severe", "moderate", "minor")
SHAPES = ("reached", "heard", "confirmed")


def palettes() -> dict[str, dict[str, str]]:
    """The colours of each theme; dark changes what it names."""
    light, dark = (
        dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    )
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it, 0 to 1."""
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_text_can_be_read(theme: str, ground: str) -> None:
    """Text has a contrast of at least 4.5, shapes of at least 3."""
    palette = palettes()[theme]
    weak_text = [n for n in TEXT if contrast(palette[n], palette[ground]) < 4.5]
    weak_shapes = [n for n in SHAPES if contrast(palette[n], palette[ground]) < 3]

    assert weak_text == []
    assert weak_shapes == []


@pytest.mark.parametrize("stripe", ["#1d4f91", "#2a5fa5"])
def test_words_on_stripes_can_be_read(stripe: str) -> None:
    """White on either stripe of a drill, and on the primary button."""
    assert stripe in CSS
    assert contrast("#ffffff", stripe) >= 4.5


def test_style_loads_nothing() -> None:
    """No font and no picture from anywhere."""
    assert "url(" not in CSS
    assert "@import" not in CSS


@pytest.mark.parametrize("script", sorted((FOLDER / "js").glob("*.js")), ids=str)
def test_scripts_reach_nobody_else(script: Path) -> None:
    """No script names another host, runs text as code, or writes markup."""
    text = script.read_text(encoding="utf-8")

    for word in ("http:", "https:", "//cdn", "innerHTML", "eval(", "new Function"):
        assert word not in text
