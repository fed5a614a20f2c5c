"""What may be heard at a desk: three things, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence

from warning.alert import AlertState
from web.console.panels import Panel
from web.console.situation.overview import OpenCase
from web.console.situation.strip import Strip


def alarms(panels: Sequence[Panel], cases: Sequence[OpenCase], strip: Strip) -> str:
    """What is alarming now, as JSON; whom it concerns is decided at each desk.

    ``cases``: open cases with nobody coming; ``carriers``: those that do not send;
    ``approvals``: who submitted each alert that waits for somebody else.
    """
    waiting = [
        panel.case.submitted_by
        for panel in panels
        if panel.case.state is AlertState.SUBMITTED
    ]
    return json.dumps(
        {
            "cases": sum(one.is_alarming for one in cases),
            "carriers": sum(bool(one.trouble) for one in strip.carriers),
            "approvals": waiting,
        },
        ensure_ascii=False,
    )
