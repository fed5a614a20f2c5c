"""What the demo of a case says, from what the API shows."""

from __future__ import annotations

from typing import Any

from ops.demo.case import Story, _phones, _summary


def an_offer(number: int, state: str, role: str | None = None) -> dict[str, Any]:
    return {
        "responder": str(number),
        "state": state,
        "role": role,
        "tier": "cpr",
        "distance_m": 249.6,
    }


def a_case(state: str, *offers: dict[str, Any], notices: int = 0) -> dict[str, Any]:
    said = [{"text": f"Notice {n}."} for n in range(notices)]
    return {"state": state, "code": "4K", "offers": list(offers), "notices": said}


def test_only_news_are_told() -> None:
    """Each state of each person once; a notice once."""
    said: list[str] = []
    story = Story(said.append)
    story.tell(a_case("alerting", an_offer(1, "sent"), notices=1), 0.5)
    story.tell(a_case("alerting", an_offer(1, "sent"), notices=1), 1.0)
    story.tell(a_case("staffed", an_offer(1, "role_sent", "via_aed"), notices=1), 2.0)
    assert [line.split("s  ")[1] for line in said] == [
        "case 4K is alerting",
        "Notice 0.",
        "volunteer 1 (cpr, 250 m): sent",
        "case 4K is staffed",
        "volunteer 1 (cpr, 250 m): role sent, via aed",
    ]


def test_everybody_is_counted_once() -> None:
    """Yes, no, and those who need not come."""
    offers = an_offer(1, "released", "direct"), an_offer(2, "declined")
    summary = _summary(a_case("closed", *offers, an_offer(3, "stood_down")))
    assert summary.startswith("3 asked: 1 said yes")
    assert "1 said no, 1 were told" in summary


def test_numbers_of_a_file() -> None:
    """The first column, without its name."""
    assert _phones("phone,name\n+85597000000,A\n+85597000001,B\n") == [
        "+85597000000",
        "+85597000001",
    ]
