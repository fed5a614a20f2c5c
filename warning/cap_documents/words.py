"""CAP's lists inside one text: ``addresses`` and ``incidents``.

Members are separated by white space; one that contains white space stands in double
quotes (CAP 1.2, section 3.2.1).
"""

import re
from collections.abc import Iterable

_WORD = re.compile(r'"([^"]*)"|(\S+)')


def split_words(text: str) -> tuple[str, ...]:
    """Split the text of a list element into its members.

    >>> split_words('a@b "fire brigade" c')
    ('a@b', 'fire brigade', 'c')
    """
    found = (match[1] or match[2] for match in _WORD.finditer(text))
    return tuple(word for word in found if word)


def join_words(words: Iterable[str]) -> str:
    """Join members into the text of a list element; quotes where they are needed.

    >>> join_words(["a@b", "fire brigade"])
    'a@b "fire brigade"'
    """
    return " ".join(f'"{word}"' if len(word.split()) > 1 else word for word in words)
