"""Letters for reports: Noto, from npm by the lock file, and what the machine has.

Khmer and Arabic need shaping, which HarfBuzz does; Khmer has no blanks between words,
so places where a line may break are marked before it is laid out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF

#: What npm installed at set-up, by the lock file.
_PACKAGES = Path(__file__).parents[2] / "node_modules" / "@fontsource"
_NOTO = _PACKAGES / "noto-sans" / "files"
#: The letters that most is written in, thin and bold.
_LATIN = "noto-sans-latin-{weight}-normal.woff"
#: Debian's `fonts-noto-core`, where it is installed.
_MACHINE = Path("/usr/share/fonts/truetype/noto")
#: First and last letter that a font is asked for, and the font; the first one wins.
_OTHERS: Sequence[tuple[str, str, Path]] = (
    ("\u0100", "\u024f", _NOTO / "noto-sans-latin-ext-400-normal.woff"),
    ("\u0100", "\u1eff", _NOTO / "noto-sans-vietnamese-400-normal.woff"),
    ("\u0370", "\u03ff", _NOTO / "noto-sans-greek-400-normal.woff"),
    ("\u0400", "\u04ff", _NOTO / "noto-sans-cyrillic-400-normal.woff"),
    ("\u0590", "\u05ff", _MACHINE / "NotoSansHebrew-Regular.ttf"),
    (
        "\u0600",
        "\u08ff",
        _PACKAGES / "noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff",
    ),
    ("\u0900", "\u097f", _NOTO / "noto-sans-devanagari-400-normal.woff"),
    ("\u0980", "\u09ff", _MACHINE / "NotoSansBengali-Regular.ttf"),
    ("\u0b80", "\u0bff", _MACHINE / "NotoSansTamil-Regular.ttf"),
    ("\u0e00", "\u0e7f", _MACHINE / "NotoSansThai-Regular.ttf"),
    ("\u0e80", "\u0eff", _MACHINE / "NotoSansLao-Regular.ttf"),
    ("\u1000", "\u109f", _MACHINE / "NotoSansMyanmar-Regular.ttf"),
    ("\u1200", "\u137f", _MACHINE / "NotoSansEthiopic-Regular.ttf"),
    (
        "\u1780",
        "\u200b",
        _PACKAGES / "noto-sans-khmer/files/noto-sans-khmer-khmer-400-normal.woff",
    ),
    ("\u2190", "\u2bff", _MACHINE / "NotoSansSymbols2-Regular.ttf"),
)

FAMILY = "noto"
#: A consonant or vowel begins a syllable unless a subscript sign joins it to the last.
_KHMER_SYLLABLE = re.compile("(?<=[\u1780-\u17d1\u17d3-\u17ff])(?=[\u1780-\u17b3])")
_MAY_BREAK = "\u200b"


class FontsMissingError(Exception):
    """The letters of reports are not installed; says what to do."""


def add_fonts(pdf: FPDF, letters: Collection[str]) -> None:
    """Teach a document the letters that it needs.

    Raises
    ------
    FontsMissingError
        If set-up was not run.
    """
    for style, weight in (("", 400), ("B", 700)):
        path = _NOTO / _LATIN.format(weight=weight)
        if not path.is_file():
            raise FontsMissingError("The fonts of reports are missing; run: make setup")
        pdf.add_font(FAMILY, style, str(path))
    found = [
        path
        for first, last, path in _OTHERS
        if any(first <= letter <= last for letter in letters) and path.is_file()
    ]
    for path in found:
        pdf.add_font(path.stem, "", str(path))
    pdf.set_fallback_fonts([path.stem for path in found], exact_match=False)
    pdf.set_font(FAMILY, size=10)
    pdf.set_text_shaping(use_shaping_engine=True)


def breakable(text: str) -> str:
    """Mark where a line of Khmer may break: between syllables, never within one.

    Examples
    --------
    >>> breakable("Phnom Penh")
    'Phnom Penh'
    >>> breakable("ភ្នំពេញ").split(chr(0x200B))
    ['ភ្នំ', 'ពេ', 'ញ']
    """
    return _KHMER_SYLLABLE.sub(_MAY_BREAK, text)
