"""What an operation answers beside a model: another status, and where something is."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeAlias, TypeVar

from pydantic import BaseModel

from web.api.declaration import PREFIX

M = TypeVar("M", bound=BaseModel)

#: Model, status, headers.
Answer: TypeAlias = tuple[M, HTTPStatus, dict[str, str]]


def answered(answer: M, status: HTTPStatus, *, at: str = "") -> Answer[M]:
    """A model with a status of its own.

    Parameters
    ----------
    at : str
        Where it is, below the prefix of the API; empty if nowhere.
    """
    return answer, status, {"Location": f"{PREFIX}/{at}"} if at else {}


def created(answer: M, *, at: str = "", is_new: bool = True) -> Answer[M]:
    """What was written: 201, or 200 if it was there already; ``at`` as above."""
    status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return answered(answer, status, at=at)
