"""What people who were told of an alert hear of what became of it.

An update speaks with its own words (``messages.messages_of``, ``is_update``). The rest
is said here: to those whom an update leaves out, when the danger is over, when a
warning is taken back, and when it was a mistake. Issuers cancel without a single word
(CAP lets them), so these words are ours; an instruction of theirs replaces ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from telephony.delivery import Content
from warning.alert import AlertCase
from warning.bidi import arranged
from warning.cap import Alert, CapStatus, Info
from warning.elements import MAX_PLACES, headline_of, is_all_clear, source_of
from warning.fitting import cut, listed, one_line, sentence
from warning.language_choice import primary
from warning.message_templates import Notice, load_templates
from warning.messages import MAX_SMS_CHARACTERS, Message, drill_prefix
from warning.sms_parts import in_plain_characters
from warning.validity import DEFAULT_VALIDITY

#: The script of a call that only tells what became of an alert.
SCRIPT = "notice"


def notices_of(
    case: AlertCase,
    notice: Notice,
    *,
    about: Alert,
    sent: datetime | None = None,
    valid_for: timedelta = DEFAULT_VALIDITY,
) -> list[Message]:
    """What is said, one a language in which people were told.

    Parameters
    ----------
    case : AlertCase
        The alert under whose name it is sent: the update, the cancel, or the alert
        itself when it is taken back without another message.
    notice : Notice
        What became of it; for ``UPDATE`` take `messages_of`.
    about : Alert
        What people were told; with at least one info. Its languages are spoken.
    sent : datetime, optional
        Aware; when it is said. By default when ``case`` was sent.
    valid_for : timedelta
        How long after that it is worth saying. The end of the alert does not matter:
        that a danger is over is news also when its time was up.

    Returns
    -------
    list of Message
        Their variant is the notice's value.
    """
    first_of: dict[str, list[Info]] = {}
    for info in about.infos:
        first_of.setdefault(info.language, []).append(info)
    until = (sent or case.cap.sent) + valid_for
    return [
        Message(_content(case, notice, infos, about), until)
        for infos in first_of.values()
    ]


def _content(
    case: AlertCase, notice: Notice, infos: list[Info], about: Alert
) -> Content:
    language = infos[0].language
    texts = load_templates().nearest(language)
    place = listed(
        (one_line(area.area_desc) for info in infos for area in info.areas), MAX_PLACES
    )
    event = headline_of(infos[0])
    says = texts.notice(notice, event=event, place=place or event)
    guidance = _own_guidance(case.cap, notice, language) or texts.notices[notice].do
    prefix = drill_prefix(_status(case.cap, about), language)
    source = source_of(infos[0], about)
    sms = arranged(f"{prefix}{sentence(source)} {says} {sentence(guidance)}", language)
    return Content(
        owner_ref=case.owner_ref,
        variant=notice.value,
        language=language,
        sms_text=cut(in_plain_characters(sms), MAX_SMS_CHARACTERS),
        script=SCRIPT if not prefix else "drill",
        variables={
            "source": prefix + source,
            "event": says,
            "area": place or event,
            "instruction": guidance,
            "until": "",
        },
    )


def _status(cap: Alert, about: Alert) -> CapStatus:
    """A drill stays a drill, whichever of the two messages says so."""
    return cap.status if cap.status is not CapStatus.ACTUAL else about.status


def _own_guidance(cap: Alert, notice: Notice, language: str) -> str:
    """What the authority says to do now; an update says it to others."""
    if notice is Notice.NO_LONGER_AFFECTED:
        return ""
    return next(_instructions(cap, language), "") if is_all_clear(cap) else ""


def _instructions(cap: Alert, language: str) -> Iterator[str]:
    for info in cap.infos:
        words = one_line(info.instruction)
        if words and primary(info.language) == primary(language):
            yield cut(words, MAX_SMS_CHARACTERS // 2)
