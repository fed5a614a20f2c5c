"""What is said of an alert after it: an update, its end, its correction; as CAP.

The words of an update are its author's. Those of an all-clear, a withdrawal and a
correction are the notices that we bring along, in every language of the alert that has
them, and in English if none has.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from warning.alert import AlertCase, AlertKind
from warning.alert_form import PHONE_TEXT
from warning.cap import (
    Alert,
    Area,
    Certainty,
    Info,
    MsgType,
    NamedValue,
    Reference,
    ResponseType,
    Scope,
    Severity,
    Urgency,
)
from warning.errors import InvalidAlertError
from warning.texts.fitting import listed, one_line, sentence
from warning.texts.language_choice import LAST_RESORT
from warning.texts.message_templates import MessageTemplates
from warning.texts.text_slots import Notice
from warning.validity import DEFAULT_VALIDITY

#: Place names in a notice, characters at most.
_MAX_PLACES = 120
_NOTICES: Mapping[AlertKind, Notice] = {
    AlertKind.ALL_CLEAR: Notice.ALL_CLEAR,
    AlertKind.WITHDRAWAL: Notice.WITHDRAWN,
    AlertKind.CORRECTION: Notice.CORRECTION,
}
_NOTES: Mapping[AlertKind, str] = {
    AlertKind.ALL_CLEAR: "The danger is over.",
    AlertKind.WITHDRAWAL: "The alert is withdrawn.",
    AlertKind.CORRECTION: "The alert was a false alarm.",
}


def updating(
    cap: Alert,
    old: AlertCase,
    references: Sequence[Reference],
    *,
    identity: Callable[[Alert], Alert],
) -> Alert:
    """Make a message the update of an alert.

    Parameters
    ----------
    cap : Alert
        What is to be said. An Update of its own keeps its identity and must refer to
        ``old``; a plain Alert is given one.
    old : AlertCase
        What it updates.
    references : sequence of Reference
        All that it has to refer to.
    identity : callable
        Gives a message identifier, sender and time of ours.

    Raises
    ------
    InvalidAlertError
        If it is no Update, means it in another earnest, or refers to something else.
    """
    if cap.msg_type not in {MsgType.ALERT, MsgType.UPDATE}:
        raise InvalidAlertError(
            f"The message is of type {cap.msg_type.value} and cannot update an alert. "
            "To end one use all-clear or cancel."
        )
    require_same_status(cap, old)
    if cap.msg_type is MsgType.ALERT:
        cap = identity(replace(cap, msg_type=MsgType.UPDATE, references=()))
    elif not refers_to(cap, old.cap):
        named = ", ".join(one.identifier for one in cap.references) or "nothing"
        raise InvalidAlertError(
            f"The update refers to {named}, not to {old.cap.identifier} of "
            f"{old.cap.sender}, which is the alert it was sent for."
        )
    if (cap.sender, cap.identifier) == (old.cap.sender, old.cap.identifier):
        raise InvalidAlertError(
            "The update has the identifier of the alert that it updates; it needs one "
            "of its own."
        )
    ours = {(one.sender, one.identifier) for one in references}
    others = [
        one
        for one in cap.references
        if one.sent is not None and (one.sender, one.identifier) not in ours
    ]
    return replace(cap, references=(*references, *others))


def refers_to(cap: Alert, other: Alert) -> bool:
    """Whether a message names another in its references; times may differ."""
    return any(
        (one.sender, one.identifier) == (other.sender, other.identifier)
        for one in cap.references
    )


def require_same_status(cap: Alert, old: AlertCase) -> None:
    """Refuse to follow an alert in another earnest.

    Raises
    ------
    InvalidAlertError
        If an exercise would follow a warning, or the other way round.
    """
    if cap.status is not old.cap.status:
        raise InvalidAlertError(
            f"The alert is {old.cap.status.value}, what follows it is "
            f"{cap.status.value}. Write a new alert; this one stays what it is."
        )


def closing(
    old: AlertCase,
    kind: AlertKind,
    references: Sequence[Reference],
    *,
    sent: datetime,
    texts: MessageTemplates,
    identity: Callable[[Alert], Alert],
) -> Alert:
    """Write the message that tells of an alert's end.

    Parameters
    ----------
    old : AlertCase
        What has come to its end.
    kind : AlertKind
        All-clear, withdrawal or correction.
    sent : datetime
        Aware; it is worth telling for a day.
    texts : MessageTemplates
        Whose words it is written in.
    """
    is_all_clear = kind is AlertKind.ALL_CLEAR
    return identity(
        Alert(
            identifier="-",
            sender="-",
            sent=sent,
            status=old.cap.status,
            msg_type=MsgType.UPDATE if is_all_clear else MsgType.CANCEL,
            scope=Scope.PUBLIC,
            note=_NOTES[kind],
            references=tuple(references),
            incidents=old.cap.incidents,
            infos=notices(
                old.cap, _NOTICES[kind], texts=texts, expires=sent + DEFAULT_VALIDITY
            ),
        )
    )


def withdrawn(old: AlertCase, *, sender: str, texts: MessageTemplates) -> Alert:
    """The Cancel of an alert that was cancelled, the same each time it is asked for.

    It is for whoever reads alerts by program, at once; what people are told of it is a
    message of its own, and waits for a second person.

    Parameters
    ----------
    old : AlertCase
        Cancelled after it went live.
    sender : str
        Who says so: our CAP sender.
    texts : MessageTemplates
        Those that the alert was submitted with: later ones would change what it says.
    """
    assert old.closed_at is not None, "only a closed alert was cancelled"
    sent = old.closed_at.replace(microsecond=0)
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{sender}/{old.alert_id}/cancelled").urn
    return closing(
        old,
        AlertKind.WITHDRAWAL,
        [old.cap.reference()],
        sent=sent,
        texts=texts,
        identity=lambda cap: replace(cap, identifier=name, sender=sender),
    )


def released(case: AlertCase, old: AlertCase, texts: MessageTemplates) -> AlertCase:
    """What an update says to those whom it does not concern any more.

    Parameters
    ----------
    case : AlertCase
        The update.
    old : AlertCase
        What it updates: the places are those that it names and the update does not.
    texts : MessageTemplates
        Those of the update.
    """
    new = {_places_of(info.areas) for info in case.cap.infos}
    expires = max(
        (info.expires for info in case.cap.infos if info.expires), default=None
    )
    infos = notices(
        old.cap, Notice.NO_LONGER_AFFECTED, texts=texts, expires=expires, but=new
    )
    return replace(case, cap=replace(case.cap, infos=infos))


def notices(
    cap: Alert,
    notice: Notice,
    *,
    texts: MessageTemplates,
    expires: datetime | None,
    but: set[str] | frozenset[str] = frozenset(),
) -> tuple[Info, ...]:
    """One notice about an alert in each of its languages that we can say it in."""
    languages = dict.fromkeys(info.language for info in cap.infos)
    sayable = [tag for tag in languages if texts.find(tag) is not None]
    return tuple(
        _notice(cap, notice, tag, texts=texts, expires=expires, but=but)
        for tag in sayable or [LAST_RESORT]
    )


def _notice(
    cap: Alert,
    notice: Notice,
    language: str,
    *,
    texts: MessageTemplates,
    expires: datetime | None,
    but: set[str] | frozenset[str],
) -> Info:
    about = [info for info in cap.infos if info.language == language] or [cap.infos[0]]
    first = about[0]
    areas = tuple(dict.fromkeys(area for info in about for area in info.areas))
    left = tuple(area for area in areas if _places_of([area]) not in but)
    event = one_line(first.event) or one_line(first.headline)
    own = texts.nearest(language)
    says = own.notice(notice, event=event, place=_places_of(left or areas))
    do = own.notices[notice].do
    parts = (sentence(one_line(first.sender_name)), says, do)
    return Info(
        language=language,
        event=first.event,
        categories=first.categories,
        response_types=(ResponseType.ALL_CLEAR,),
        urgency=Urgency.PAST,
        severity=Severity.MINOR,
        certainty=Certainty.OBSERVED,
        event_codes=first.event_codes,
        expires=expires,
        sender_name=first.sender_name,
        headline=says,
        instruction=do,
        contact=first.contact,
        web=first.web,
        parameters=(NamedValue(PHONE_TEXT, " ".join(filter(None, parts))),),
        areas=areas,
    )


def _places_of(areas: Sequence[Area]) -> str:
    return listed((one_line(area.area_desc) for area in areas), _MAX_PLACES)
