"""Errors at the command line: always a sentence, never a traceback."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import click
import pytest

from ops.cli.errors import LOG_FILE, Defect, Refusal, sentence_of, telling
from ops.errors import OpsError

NUMBER = "+85512345678"


class OurError(Exception):
    """Foreseen by the caller."""


def refused(error: BaseException) -> click.ClickException:
    """What becomes of an error that a command raises."""

    def command() -> None:
        raise error

    with pytest.raises(click.ClickException) as caught:
        telling(command, told=lambda: (OurError,))()
    return caught.value


@pytest.mark.parametrize("error", [OurError("Do this."), OpsError("Do this.")])
def test_foreseen_errors_keep_their_words(error: Exception) -> None:
    """What can go wrong on purpose says itself what to do."""
    told = refused(error)

    assert isinstance(told, Refusal)
    assert (told.message, told.exit_code) == ("Do this.", 1)


@pytest.mark.parametrize("code", [errno.ENOENT, errno.EACCES, errno.ENOSPC])
def test_system_errors_name_the_file_and_what_to_do(code: int) -> None:
    """The system's words, the file, and advice; no error number."""
    error = OSError(code, os.strerror(code), "/some/file")

    sentence = sentence_of(error)

    assert sentence.startswith(f"/some/file: {os.strerror(code)}; ")
    assert sentence.endswith(".")
    assert "Errno" not in sentence


def test_system_errors_with_words_of_their_own_keep_them() -> None:
    """The store's are system errors, too, and say more than a number could."""
    assert refused(OSError("The disk is full.")).message == "The disk is full."


def test_a_defect_is_told_with_its_log(tmp_path: Path) -> None:
    """One sentence; the traceback is in the log, without anybody's number."""
    told = refused(ZeroDivisionError(f"for {NUMBER}"))

    log = Path("var") / LOG_FILE
    assert isinstance(told, Defect)
    assert "defect of ours (ZeroDivisionError)" in told.message
    assert str(log) in told.message
    assert NUMBER not in told.message
    written = (tmp_path / log).read_text(encoding="utf-8")
    assert "Traceback" in written
    assert NUMBER not in written
    assert (tmp_path / log).stat().st_mode & 0o077 == 0


def test_a_defect_shows_nothing_more(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody is shown a traceback who has not asked for it."""
    refused(ZeroDivisionError())

    assert capsys.readouterr() == ("", "")


def test_debugging_shows_the_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """TOCSIN_LOG_LEVEL=DEBUG asks for it."""
    monkeypatch.setenv("TOCSIN_LOG_LEVEL", "DEBUG")

    refused(ZeroDivisionError(f"for {NUMBER}"))

    shown = capsys.readouterr().err
    assert "Traceback" in shown
    assert NUMBER not in shown


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Then, too, there is a sentence and a way to see more."""
    (tmp_path / "var").write_text("a file where a folder should be")

    assert "TOCSIN_LOG_LEVEL=DEBUG" in refused(ZeroDivisionError()).message


def test_broken_settings_do_not_hide_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the log is can still be said."""
    monkeypatch.setenv("TOCSIN_PORT", "x")

    assert "defect of ours" in refused(ZeroDivisionError()).message


@pytest.mark.parametrize(
    "error", [click.UsageError("wrong"), click.Abort(), KeyboardInterrupt()]
)
def test_what_the_command_line_knows_passes(error: BaseException) -> None:
    """Wrong use and Ctrl-C are not ours to tell."""

    def command() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        telling(command, told=tuple)()

    assert caught.value is error
