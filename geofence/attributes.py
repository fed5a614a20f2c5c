"""The 32-bit word that travels with a point: fields in it, and filters over it.

The index never interprets the word; the caller lays out language, channels, status
or area number in it as `Field` values and asks with a `Mask`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofence.errors import InvalidArrayError, InvalidQueryError

WORD_BITS = 32
ALL_BITS = 0xFFFF_FFFF
#: A field wider than this has too many values to count or to list.
MAX_FIELD_BITS = 20


@dataclass(frozen=True, slots=True)
class Field:
    """A run of bits in the attribute word.

    Parameters
    ----------
    name : str
        As it appears in a breakdown.
    shift : int
        Lowest bit, 0 to 31.
    bits : int
        Width, 1 to 20; a field of n bits holds 0 to 2**n - 1.

    Raises
    ------
    InvalidQueryError
        If it does not fit into the word.

    Examples
    --------
    >>> language = Field("language", shift=4, bits=3)
    >>> language.put(5)
    80
    >>> int(language.of(80))
    5
    """

    name: str
    shift: int
    bits: int

    def __post_init__(self) -> None:
        fits = self.shift >= 0 and self.shift + self.bits <= WORD_BITS
        if not (fits and 1 <= self.bits <= MAX_FIELD_BITS):
            msg = (
                f"Field {self.name!r} of {self.bits} bits at bit {self.shift} is not "
                f"1 to {MAX_FIELD_BITS} bits inside a word of {WORD_BITS}."
            )
            raise InvalidQueryError(msg)

    @property
    def size(self) -> int:
        """How many values the field can hold."""
        return 1 << self.bits

    def put(self, value: int) -> int:
        """Return the bits of the word that hold a value.

        Parameters
        ----------
        value : int
            0 to ``size - 1``.

        Returns
        -------
        int
            To be or-ed with the other fields.

        Raises
        ------
        InvalidQueryError
            If the value does not fit.
        """
        if not 0 <= value < self.size:
            msg = f"{value} does not fit into field {self.name!r} of {self.bits} bits."
            raise InvalidQueryError(msg)
        return value << self.shift

    def of(self, words: ArrayLike) -> NDArray[np.int64]:
        """Return the values of the field in some words.

        Parameters
        ----------
        words : array_like of uint32
            Attribute words.

        Returns
        -------
        ndarray of int64
            Of the same shape.
        """
        return (np.asarray(words, dtype=np.int64) >> self.shift) & (self.size - 1)


class Filter(NamedTuple):
    """A `Mask`, as the kernels take it.

    Parameters
    ----------
    asks : bool
        False if every word satisfies it.
    all_of, any_of, none_of : int
        As in the mask; `any_of` 0 asks nothing.
    shift, size_mask, first : ndarray of int64, shape (n_fields,)
        Where each listed field lies in the word, and in `allowed`.
    allowed : ndarray of bool
        For each field, which values are wanted.
    """

    asks: bool
    all_of: int
    any_of: int
    none_of: int
    shift: NDArray[np.int64]
    size_mask: NDArray[np.int64]
    first: NDArray[np.int64]
    allowed: NDArray[np.bool_]


@dataclass(frozen=True)
class Mask:
    """Which attribute words are wanted; every condition given must hold.

    Parameters
    ----------
    all_of : int
        Bits that must all be set.
    any_of : int
        Bits of which one must be set; 0 asks nothing.
    none_of : int
        Bits that must all be clear.
    among : mapping of Field to iterable of int, optional
        Values a field may have.

    Raises
    ------
    InvalidQueryError
        If bits lie outside the word or a value does not fit its field.

    Examples
    --------
    >>> language = Field("language", shift=0, bits=3)
    >>> Mask(none_of=8, among={language: [1, 2]}).matches([1, 2, 3, 9]).tolist()
    [True, True, False, False]
    """

    all_of: int = 0
    any_of: int = 0
    none_of: int = 0
    among: Mapping[Field, Iterable[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("all_of", "any_of", "none_of"):
            if not 0 <= getattr(self, name) <= ALL_BITS:
                msg = f"{name} = {getattr(self, name)} is not a 32-bit word."
                raise InvalidQueryError(msg)
        among = {f: frozenset(values) for f, values in self.among.items()}
        for wanted, values in among.items():
            for value in values:
                wanted.put(value)
        object.__setattr__(self, "among", among)

    @cached_property
    def filter(self) -> Filter:
        """The same conditions in numbers; made once, a question takes microseconds."""
        fields = list(self.among)
        sizes = [wanted.size for wanted in fields]
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        allowed = np.zeros(int(first[-1]), dtype=np.bool_)
        for wanted, start in zip(fields, first, strict=False):
            allowed[[start + value for value in self.among[wanted]]] = True
        return Filter(
            bool(self.all_of or self.any_of or self.none_of or fields),
            self.all_of,
            self.any_of,
            self.none_of,
            np.array([wanted.shift for wanted in fields], dtype=np.int64),
            np.array(sizes, dtype=np.int64) - 1,
            first[:-1],
            allowed,
        )

    def matches(self, words: ArrayLike) -> NDArray[np.bool_]:
        """Say which words satisfy the mask.

        Parameters
        ----------
        words : array_like of uint32
            Attribute words.

        Returns
        -------
        ndarray of bool
            Of the same shape.
        """
        word = np.asarray(words, dtype=np.int64)
        good: NDArray[np.bool_] = (word & self.all_of) == self.all_of
        good &= (word & self.none_of) == 0
        if self.any_of:
            good &= (word & self.any_of) != 0
        for wanted, values in self.among.items():
            good &= np.isin(wanted.of(word), list(values))
        return good


#: Everybody is wanted.
ANYBODY = Mask()


def as_words(attributes: ArrayLike | None, n: int) -> NDArray[np.uint32]:
    """Check and convert an array of attribute words.

    Parameters
    ----------
    attributes : array_like of int, shape (n,), or None
        0 to 2**32 - 1; None means all zero.
    n : int
        How many are needed.

    Returns
    -------
    ndarray of uint32, shape (n,)

    Raises
    ------
    InvalidArrayError
        If type, length or a value is wrong; names the value and its index.
    """
    if attributes is None:
        return np.zeros(n, dtype=np.uint32)
    words = np.asarray(attributes)
    if words.shape != (n,) or (n and words.dtype.kind not in "iu"):
        msg = (
            f"attributes must be {n} whole numbers, not {words.dtype} of shape "
            f"{words.shape}."
        )
        raise InvalidArrayError(msg)
    if words.dtype != np.uint32 and n:
        bad = (words < 0) | (words > ALL_BITS)
        if bad.any():
            index = int(np.argmax(bad))
            msg = f"attributes[{index}] = {words[index]} is not a 32-bit word."
            raise InvalidArrayError(msg)
    return np.ascontiguousarray(words, dtype=np.uint32)
