"""What the demo found: as JSON for machines, as a table for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

#: What people say for the carriers' codes and for our own words.
_WORDS = {
    "30003": "switched off or out of reach",
    "30004": "blocked",
    "30005": "no such number",
    "30006": "landline",
    "failed": "line failed",
    "no-answer": "nobody answered",
    "needs_help": "needs help",
}


def result_of(
    alert_id: str,
    subscribers: int,
    progress: Mapping[str, Any],
    areas: Mapping[str, str],
) -> dict[str, Any]:
    """Put the figures of an alert together.

    Parameters
    ----------
    alert_id : str
    subscribers : int
        Registered in all.
    progress : mapping
        As ``GET /alerts/{id}/progress`` answers.
    areas : mapping of str to str
        Area code → name.

    Returns
    -------
    dict
        Keys as in the README; ``balanced`` says whether everybody is accounted for.
    """
    affected, excluded = progress["affected"], progress["excluded"]
    n_attempted = progress["people_attempted"]
    return {
        "alert": alert_id,
        "subscribers": subscribers,
        "affected": affected,
        "geofence_ms": progress["geofence_ms"],
        "by_language": progress["by_language"],
        "by_area": {
            areas.get(code, code): sum(states.values())
            for code, states in progress["by_area"].items()
        },
        "attempted": n_attempted,
        "sms": _channel(progress["sms"], with_heard=False),
        "voice": _channel(progress["voice"], with_heard=True),
        "confirmed": progress["confirmed"],
        "needs_help": progress["needs_help"],
        "people": progress["by_state"],
        "excluded": excluded,
        "first_message_s": progress["first_message_s"],
        "last_message_s": progress["last_message_s"],
        "messages_per_s": progress["messages_per_s"],
        "settled": progress["settled"],
        "balanced": n_attempted + sum(excluded.values()) == affected,
    }


def live_view(progress: Mapping[str, Any], seconds: float) -> RenderableType:
    """The figures while they move."""
    states = progress["by_state"]
    line = Text.assemble(
        (f"{seconds:5.0f} s  ", "dim"),
        f"{progress['planned'] - sum(progress['excluded'].values()):,}"
        f" of {progress['affected']:,} people queued   ",
        (f"confirmed {progress['confirmed']:,}", "bold green"),
    )
    table = Table("")
    for title in ("tried", "reached", "heard", "confirmed", "failed", "open"):
        table.add_column(title, justify="right", min_width=9)
    for name in ("sms", "voice"):
        channel = progress[name]
        table.add_row(
            {"sms": "text", "voice": "call"}[name],
            *(
                f"{channel[k]:,}"
                for k in ("attempted", "reached", "heard", "confirmed")
            ),
            f"{sum(channel['failed'].values()):,}",
            f"{channel['open']:,}",
        )
    return Group(line, table, Text(_parts(_in_words(states)), "dim"))


def plain_line(progress: Mapping[str, Any], seconds: float) -> str:
    """The figures at one moment, where no terminal can show them move."""
    sms, voice = progress["sms"], progress["voice"]
    return (
        f"{seconds:.0f} s: {sms['attempted']:,} texts and {voice['attempted']:,} calls "
        f"tried, {progress['confirmed']:,} of {progress['affected']:,} people "
        f"confirmed, {sms['open'] + voice['open']:,} still open"
    )


def final_table(result: Mapping[str, Any]) -> Table:
    """The result as a person reads it."""
    table = Table(title=f"Alert {result['alert']}", show_header=False)
    for label, value in _lines(result):
        table.add_row(label, value)
    return table


def _lines(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    sms, voice = result["sms"], result["voice"]
    found = f"{result['affected']:,}, found in {_figure(result['geofence_ms'], 1)} ms"
    times = (
        f"first message {_figure(result['first_message_s'], 2)} s, last "
        f"{_figure(result['last_message_s'], 1)} s, "
        f"{_figure(result['messages_per_s'], 0)}/s"
    )
    n_left_out = sum(result["excluded"].values())
    sum_of_all = (
        f"{'yes' if result['balanced'] else 'NO'}: {result['attempted']:,} tried + "
        f"{n_left_out:,} left out = {result['affected']:,}"
    )
    return [
        ("people registered", f"{result['subscribers']:,}"),
        ("people in the area", found),
        ("by language", _parts(result["by_language"])),
        ("by province", _parts(result["by_area"])),
        ("left out", _parts(_in_words(result["excluded"])) or "nobody"),
        ("texts", _channel_line(sms)),
        ("calls", f"{_channel_line(voice)}, {voice['heard']:,} heard"),
        ("confirmed", f"{result['confirmed']:,}"),
        ("asked for help", f"{result['needs_help']:,}"),
        ("people by how far reached", _parts(_in_words(result["people"]))),
        ("after approval", times),
        ("everybody accounted for", sum_of_all),
    ]


def _channel(channel: Mapping[str, Any], *, with_heard: bool) -> dict[str, Any]:
    names = ["attempted", "reached", "failed", "confirmed"]
    if with_heard:
        names.append("heard")
    return {name: channel[name] for name in names}


def _in_words(table: Mapping[str, int]) -> dict[str, int]:
    return {_WORDS.get(key, key.replace("_", " ")): n for key, n in table.items()}


def _figure(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def _channel_line(channel: Mapping[str, Any]) -> str:
    failed = _parts(_in_words(channel["failed"])) or "none"
    return (
        f"{channel['attempted']:,} tried, {channel['reached']:,} reached, "
        f"failed: {failed}"
    )


def _parts(table: Mapping[str, int]) -> str:
    ranked = sorted(table.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name or 'elsewhere'} {n:,}" for name, n in ranked)
