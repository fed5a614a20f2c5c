"""How a command tells that something went wrong: in a sentence, never as a traceback.

What can go wrong on purpose has a sentence of its own. Anything else is a defect of
ours: one sentence that says where the log is, and the traceback only there, or on the
screen for somebody who asks for it with ``TOCSIN_LOG_LEVEL=DEBUG``.
"""

from __future__ import annotations

import errno
import functools
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ops.errors import OpsError
from ops.logs import mask_numbers

#: Below the data folder.
LOG_FILE = Path("log") / "tocsin.log"
_ADVICE = {
    errno.ENOENT: "check the path",
    errno.EACCES: "let this user reach it",
    errno.EPERM: "let this user reach it",
    errno.EROFS: "choose a folder that can be written",
    errno.ENOSPC: "make room on the disk",
    errno.EADDRINUSE: "stop what uses it, or choose another port in the settings",
}

Told = tuple[type[Exception], ...]


class Refusal(click.ClickException):
    """Something that can go wrong on purpose, in its own sentence."""

    def show(self, file: Any = None) -> None:
        """Print the sentence, on standard error unless told otherwise."""
        click.echo(f"tocsin: {self.message}", file=file, err=file is None)


class Defect(Refusal):
    """Something that should not have happened."""


def telling(
    callback: Callable[..., Any], *, told: Callable[[], Told]
) -> Callable[..., Any]:
    """Wrap a command so that whatever it raises is told in a sentence.

    Parameters
    ----------
    callback : callable
        What the command does.
    told : callable
        Gives the classes of what can go wrong on purpose; asked only when something
        did, so that naming them need not load what raises them.

    Raises
    ------
    Refusal
        Instead of whatever the command raised.
    """

    @functools.wraps(callback)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return callback(*args, **kwargs)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 - the last place that can tell it
            raise _in_words(error, told()) from None

    return guarded


def _in_words(error: Exception, told: Told) -> click.ClickException:
    if isinstance(error, (OpsError, *told)):
        return Refusal(str(error))
    if isinstance(error, OSError):
        return Refusal(sentence_of(error))
    return Defect(_defect(error))


def sentence_of(error: OSError) -> str:
    """What the system refused, about which file, and what to do."""
    if error.strerror is None:
        return str(error) or type(error).__name__
    what = error.strerror
    if error.filename is not None:
        what = f"{error.filename}: {what}"
    advice = _ADVICE.get(error.errno or 0)
    return f"{what}; {advice}." if advice else f"{what}."


def _defect(error: Exception) -> str:
    """Write down what happened; say where."""
    report = mask_numbers("".join(traceback.format_exception(error)))
    data_dir, is_debug = _where()
    if is_debug:
        click.echo(report, err=True)
    what = f"This is a defect of ours ({type(error).__name__}), nothing you did"
    try:
        file = _write_down(report, data_dir / LOG_FILE)
    except OSError:
        return (
            f"{what}, and {data_dir / LOG_FILE} cannot be written. See it on the "
            "screen with TOCSIN_LOG_LEVEL=DEBUG, and report it."
        )
    return f"{what}. Please report it with the end of {file}."


def _where() -> tuple[Path, bool]:
    """The data folder, and whether details are wanted on the screen."""
    from ops.config.settings_sources import load_settings

    try:
        settings = load_settings()
    except OpsError:
        return Path("var"), os.environ.get("TOCSIN_LOG_LEVEL") == "DEBUG"
    return settings.data_dir, settings.log_level == "DEBUG"


def _write_down(report: str, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(report)
    return path
