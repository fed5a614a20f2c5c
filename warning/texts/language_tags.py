"""Language tags (BCP 47, RFC 5646): well-formed or not, and in canonical letters.

Stricter than the grammar in one point: two letters must be a registered language.
``kh`` for Khmer (it is ``km``) is the commonest mistake in lists of people, and would
leave somebody without a single text in their language.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TAG = re.compile(
    r"""
    (?P<language> [a-z]{2,3} ) (?P<extlang> (?: -[a-z]{3} ){0,3} )
    (?: - (?P<script> [a-z]{4} ) )?
    (?: - (?P<region> [a-z]{2} | [0-9]{3} ) )?
    (?P<variants> (?: - (?: [a-z0-9]{5,8} | [0-9][a-z0-9]{3} ) )* )
    (?P<extensions> (?: - [0-9a-wy-z] (?: -[a-z0-9]{2,8} )+ )* )
    (?P<private> (?: -x (?: -[a-z0-9]{1,8} )+ )? )
    """,
    re.VERBOSE | re.ASCII,
)
#: Letters of a code of ISO 639-1; longer ones are too many to list.
_SHORT = 2
#: ISO 639-1, all two-letter languages of the IANA registry that are not deprecated.
_TWO_LETTERS = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu
    cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he
    hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko
    kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd
    ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se
    sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw
    ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 - a hundred and eighty quoted words would be unreadable
)


@lru_cache(maxsize=4096)
def canonical_language(text: str) -> str:
    """Return a language tag in the letters the registry uses.

    Parameters
    ----------
    text : str
        A tag in any case, ``-`` or ``_`` between its parts.

    Returns
    -------
    str
        For example ``km``, ``zh-Hant-TW``, ``cjm-Cham``.

    Raises
    ------
    ValueError
        If it is not well-formed, or its two letters are no language.

    Examples
    --------
    >>> canonical_language("ZH_hant_tw")
    'zh-Hant-TW'
    """
    found = _TAG.fullmatch(text.strip().lower().replace("_", "-"))
    if found is None:
        raise ValueError(f"{text!r} is not a language tag such as km, en or zh-Hant")
    language = found["language"]
    if len(language) == _SHORT and language not in _TWO_LETTERS:
        raise ValueError(f"{text!r} is not the code of a language (Khmer is km)")
    return "".join(
        (
            language,
            found["extlang"],
            f"-{found['script'].title()}" if found["script"] else "",
            f"-{found['region'].upper()}" if found["region"] else "",
            found["variants"],
            found["extensions"],
            found["private"],
        )
    )
