"""Request bodies: which formats a route takes, how large, and how they are read.

A body that comes as a file is received whole before anything is done with it, so that a
connection that breaks leaves nothing half-done.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn, TypeVar, cast

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.wrappers import Request

from geofence.errors import AreaTooLargeError
from web.problems import (
    BAD_REQUEST,
    INVALID,
    NO_LENGTH,
    UNSUPPORTED,
    ProblemError,
)
from web.services import options

JSON = "application/json"
#: Bytes of a JSON body that is not a file.
MAX_JSON_BYTES = 16 * 1024 * 1024
#: Bytes kept in memory; a larger upload waits on disk.
_SPOOL_BYTES = 1024 * 1024
#: More than anybody repairs at once.
_MAX_ERRORS = 100

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Raw:
    """A body that is not JSON of ours: CSV, XML, GeoJSON, a map file.

    Parameters
    ----------
    description : str
        For the API's description.
    model : type or None
        What it is described as, when a model can say it.
    """

    description: str
    model: type[BaseModel] | None = None


#: Media type → how its body is read.
Bodies = Mapping[str, type[BaseModel] | Raw]


def media_type_of(accepted: Sequence[str], asked: Request = request) -> str:
    """Return which of the accepted media types a request has.

    Raises
    ------
    ProblemError
        415 for any other.
    """
    given = asked.mimetype
    if given in accepted:
        return given
    wanted = " or ".join(accepted)
    raise ProblemError(
        UNSUPPORTED,
        f"Content-Type is {given[:60] or 'missing'!r}; send {wanted}.",
        headers={"Accept-Post": ", ".join(accepted)},
    )


def read_model(model: type[M]) -> M:
    """Read a JSON body.

    Raises
    ------
    ProblemError
        400 if it is not JSON, 422 with every fault if it is not what is asked for.
    AreaTooLargeError
        If it can only be an area with too many points.
    """
    request.max_content_length = MAX_JSON_BYTES
    data = request.get_data(cache=False)
    # Each point of an area is a list: a million are told before they are parsed.
    if data.count(b"[") > 2 * options().area_limits.max_vertices:
        raise AreaTooLargeError("The body holds an area of far too many points.")
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        _refuse(error, "pointer")


def read_query(model: type[M]) -> M:
    """Read the query of the URL.

    Raises
    ------
    ProblemError
        422 with every fault; also for a parameter that the route does not know, for a
        misspelt ``dry_run`` must not become a real import.
    """
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        _refuse(error, "parameter")


def read_bytes(max_bytes: int) -> bytes:
    """Return the whole body; raises 413 if it is larger."""
    request.max_content_length = max_bytes
    return request.get_data(cache=False)


@contextmanager
def spooled(max_bytes: int) -> Iterator[BinaryIO]:
    """Receive the whole body into a seekable file that is gone afterwards."""
    request.max_content_length = max_bytes
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES) as spool:
        upload = cast("BinaryIO", spool)
        _receive(upload)
        upload.seek(0)
        yield upload


@contextmanager
def saved(max_bytes: int, suffix: str) -> Iterator[Path]:
    """Receive the whole body into a named file that is gone afterwards."""
    request.max_content_length = max_bytes
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        path = Path(folder) / f"upload{suffix}"
        with path.open("wb") as upload:
            _receive(upload)
        yield path


def _receive(upload: BinaryIO) -> None:
    """Copy the body, whole or not at all.

    A connection that breaks looks like the end of the body: its length alone tells the
    two apart, so a file without one cannot be taken.

    Raises
    ------
    ProblemError
        411 if the length is not announced, 400 if less came.
    """
    announced = request.content_length
    if announced is None:
        raise ProblemError(
            NO_LENGTH, "Send the file with a Content-Length, not in chunks."
        )
    shutil.copyfileobj(request.stream, upload)
    if upload.tell() < announced:
        raise ProblemError(
            BAD_REQUEST,
            f"The connection broke after {upload.tell():,} of {announced:,} bytes; "
            "nothing was taken. Send the file again.",
        )


def _refuse(error: ValidationError, member: str) -> NoReturn:
    faults = error.errors(include_url=False, include_input=False)
    if faults[0]["type"] == "json_invalid":
        sentence = f"The body is not JSON: {_message(faults[0])}."
        raise ProblemError(BAD_REQUEST, sentence) from None
    told = [
        {member: _place(fault, member), "detail": _message(fault)}
        for fault in faults[:_MAX_ERRORS]
    ]
    first = told[0]
    n = len(faults)
    more = f" ({n - 1} more)" if n > 1 else ""
    detail = f"{first[member]}: {first['detail']}{more}."
    raise ProblemError(INVALID, detail, {"errors": told}) from None


def _place(fault: ErrorDetails, member: str) -> str:
    parts = [str(part) for part in fault["loc"] if part != "[key]"]
    if member == "parameter":
        return ".".join(parts)
    escaped = [part.replace("~", "~0").replace("/", "~1") for part in parts]
    return "#" + "".join(f"/{part}" for part in escaped)


def _message(fault: ErrorDetails) -> str:
    """What is wrong, without the value: it may be a phone number."""
    message = fault["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:].rstrip(".")
