"""Common names of the demo's languages, to be put together by lot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ops.demo.people import LANGUAGES

#: Language → family names, given names; commas between them.
_NAMES = {
    "km": (
        (
            "សុខ, ចាន់, ហេង, គឹម, លី, មាស, នួន, អ៊ុក, ប៉ែន, ពេជ្រ, រស់, "
            "សៀង, តាំង, ទេព, វ៉ាន់, ឈឹម, ឡុង, ម៉ៅ, ជា, អ៊ុំ"
        ),
        (
            "សុភា, ដារ៉ា, វិសាល, បុប្ផា, ចន្ថា, រតនា, សុខា, ពិសិដ្ឋ, "
            "មករា, ស្រីមុំ, វណ្ណា, សំណាង, កុសល, ធីតា, ច័ន្ទ, សុវណ្ណ, "
            "ពិសី, រដ្ឋា, ណារី, វុទ្ធី, ម៉ាលី, សារ៉ាត់, កញ្ញា, បូរ៉ា"
        ),
    ),
    "en": (
        "Smith, Brown, Taylor, Wilson, Clark, Walker, Young, Harris",
        "Anna, David, Emma, James, Laura, Mark, Peter, Ruth, Simon",
    ),
    "vi": (
        "Nguyễn, Trần, Lê, Phạm, Huỳnh, Võ, Đặng, Bùi, Đỗ, Hồ",
        (
            "Văn An, Thị Hoa, Văn Bình, Thị Lan, Minh, Thị Mai, Văn Hùng, Thị Ngọc, "
            "Thanh, Thị Thu"
        ),
    ),
    "cjm": (
        "Math, Sles, Ly, Man, Yousos, Kae, El, Set, Tam, Ysa",
        (
            "Mohamad, Fatimah, Ismael, Aisah, Rohany, Sulaiman, Mariyah, Karim, "
            "Zainab, Hasan"
        ),
    ),
}
_NAMED_SHARE = 0.85


def names(spoken: NDArray[np.int64], rng: np.random.Generator) -> list[str]:
    """Give every person a name in their language; some have none on the list."""
    given = np.full(len(spoken), "", dtype=object)
    is_named = rng.random(len(spoken)) < _NAMED_SHARE
    for number, language in enumerate(LANGUAGES):
        families, firsts = (column.split(", ") for column in _NAMES[language])
        whose = np.flatnonzero((spoken == number) & is_named)
        pattern = "{1} {0}" if language == "en" else "{0} {1}"
        every = np.array(
            [pattern.format(family, first) for family in families for first in firsts],
            dtype=object,
        )
        given[whose] = every[rng.integers(0, len(every), len(whose))]
    result: list[str] = given.tolist()
    return result
