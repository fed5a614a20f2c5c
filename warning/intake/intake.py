"""How alerts come in: a CAP document or a form becomes a draft, or is refused.

A draft reaches nobody. Whatever comes in, an operator sees the same verdict as
``tocsin cap check`` gives, and a defect that blocks never becomes a draft.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from warning.alert import AlertCase, AlertId, AlertState
from warning.alert_form import AlertForm, cap_alert
from warning.arrival import (
    API,
    SAME_FOR,
    Arrival,
    Document,
    digest_of,
    fingerprint,
)
from warning.cap import CapStatus, MsgType, Scope
from warning.cap_documents import cap_check, cap_xml
from warning.cap_documents.attachments import with_files
from warning.cap_documents.cap_gate import CapGate, alert_of
from warning.cap_documents.target import target
from warning.errors import (
    ChangedAlertError,
    DuplicateAlertError,
    InvalidAlertError,
)
from warning.intake.linking import linked, settled, worded
from warning.intake.submitting import submitted
from warning.texts.fitting import one_line
from warning.texts.manner import PLAINLY, Manners
from warning.texts.own_sounds import NO_OWN_SOUNDS, OwnSounds
from warning.validity import valid_until

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from warning.arrival_ports import UnitOfWork
    from warning.cap import Alert
    from warning.cap_documents.attachments import Beside
    from warning.cap_documents.target import GeocodeLookup


class AlertIntake:
    """Take alerts in.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    sender : str
        Who our own alerts come from: a CAP sender, e.g. a host name.
    now : callable
        Aware UTC.
    gate : CapGate, optional
        Judges documents; by default without sources and without a table of codes.
    sounds : OwnSounds, optional
        Makes what an alert brings to be played ready, before anybody needs it.
    manners : Manners, optional
        Knows our texts, for what comes without a word.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        sender: str,
        now: Callable[[], datetime],
        gate: CapGate | None = None,
        sounds: OwnSounds = NO_OWN_SOUNDS,
        manners: Manners = PLAINLY,
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._sender = sender
        self._now = now
        self._gate = gate or CapGate(now=now)
        self._sounds = sounds
        self._manners = manners

    def check_cap(self, data: bytes) -> Mapping[str, object]:
        """Judge a CAP document; the answer is that of ``tocsin cap check --json``."""
        return self._gate.check(data).as_dict()

    def draft_from_cap(
        self,
        data: bytes,
        *,
        by: str,
        source: str = API,
        beside: Beside | None = None,
    ) -> AlertCase:
        """Take a CAP document in as a draft.

        A document without references that says what another one of its sender said
        within the hour is kept as a draft and marked as its duplicate.

        Parameters
        ----------
        data : bytes
            The document as it came.
        by : str
            Operator's name.
        source : str
            Where it came from, e.g. ``feed:met``.
        beside : callable, optional
            Reads the sounds that came with it as files.

        Raises
        ------
        InvalidAlertError
            If a defect blocks it; every one is named.
        DuplicateAlertError
            If this very document is known; carries its id.
        ChangedAlertError
            If another document with this sender, identifier and sent time is known.
        """
        cap = self._gate.accept(data, origin=source)
        if beside is not None:
            cap = with_files(cap, beside)
        return self.draft(cap, by=by, document=Document(source, data))

    def check_form(self, form: AlertForm) -> Mapping[str, object]:
        """Judge a form as ``check_cap`` judges the document it becomes."""
        written = cap_xml.write(self._from_form(form))
        return cap_check.check(written, filename="request").as_dict()

    def draft_from_form(self, form: AlertForm, *, by: str) -> AlertCase:
        """Take a form in as a draft; judged and refused as ``draft_from_cap``."""
        written = cap_xml.write(self._from_form(form))
        return self.draft(usable(written), by=by)

    def draft(
        self, cap: Alert, *, by: str, document: Document | None = None
    ) -> AlertCase:
        """Take an alert in as a draft.

        A Cancel without a word gets ours, and is submitted at once. One of an alert
        that nobody has heard of yet withdraws that and is closed itself; an Update of
        a draft takes its place.

        Parameters
        ----------
        document : Document, optional
            What it was read from, if it came from elsewhere.

        Raises
        ------
        InvalidAlertError
            If it says nothing, has no area, or its end is past.
        DuplicateAlertError
            If it is known; carries its id.
        ChangedAlertError
            If one of this sender, identifier and sent time says something else.
        """
        is_wordless = not cap.infos
        with self._read_uow() as uow:
            cap = worded(uow, cap, self._manners.texts_in(uow))
        case = new_draft(cap, by=by, now=self._now(), lookup=self._gate.table())
        for info in case.cap.infos:
            self._sounds.of(case.cap, [info])
        with self._new_uow() as uow:
            source = None if document is None else document.source
            case = linked(uow, case)
            case = settled(uow, case, source=source, at=case.created_at)
            if is_wordless and case.state is AlertState.DRAFT:
                # There is nothing to write.
                case = submitted(uow, case, by=by, at=case.created_at)
            try:
                uow.alerts.add(case)
            except DuplicateAlertError as error:
                _require_same(uow, AlertId(error.alert_id), cap, document)
                raise
            arrival = None if document is None else self._arrival(uow, case, document)
            note_draft(uow, case, arrival)
            uow.commit()
        return case

    def arrivals(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, Arrival]:
        """How these alerts came in; those that did not as a document are absent."""
        with self._read_uow() as uow:
            return uow.arrivals.find(alert_ids)

    def _arrival(self, uow: UnitOfWork, case: AlertCase, document: Document) -> Arrival:
        said = fingerprint(case.cap)
        since = case.created_at - SAME_FOR
        arrival = Arrival(
            alert_id=case.alert_id,
            source=document.source,
            digest=digest_of(document.data),
            fingerprint=said,
            received_at=case.created_at,
            duplicate_of=None if said is None else uow.arrivals.same(said, since=since),
        )
        uow.arrivals.add(arrival)
        return arrival

    def _from_form(self, form: AlertForm) -> Alert:
        return cap_alert(
            form,
            identifier=uuid.uuid4().urn,
            sender=self._sender,
            sent=self._now(),
        )


def new_draft(
    cap: Alert, *, by: str, now: datetime, lookup: GeocodeLookup | None = None
) -> AlertCase:
    """Make a draft of an alert that can be said.

    Parameters
    ----------
    cap : Alert
    by : str
        Operator's name.
    now : datetime
        Aware.
    lookup : callable, optional
        Table of geocodes.

    Raises
    ------
    InvalidAlertError
        If it says nothing, has no area, or its end is past.
    """
    case = AlertCase(
        alert_id=new_alert_id(),
        cap=cap,
        state=AlertState.DRAFT,
        created_by=by,
        created_at=now,
    )
    require_sayable(case, now=now)
    geometry_of(cap, lookup=lookup)
    return case


def note_draft(
    uow: UnitOfWork,
    case: AlertCase,
    arrival: Arrival | None = None,
    *,
    about: Mapping[str, object] | None = None,
) -> None:
    """Write into the audit that there is a draft, and where it came from."""
    details: dict[str, object] = {
        "before": None,
        "state": case.state.value,
        "identifier": case.cap.identifier,
        **(about or {}),
    }
    if arrival is not None:
        details |= {"source": arrival.source, "duplicate_of": arrival.duplicate_of}
    uow.audit.append(
        at=case.created_at,
        actor=case.created_by,
        action="alert.draft",
        subject=case.owner_ref,
        details=details,
    )


def _require_same(
    uow: UnitOfWork, known: AlertId, cap: Alert, document: Document | None
) -> None:
    """Let only the very document pass that a known alert came from.

    Raises
    ------
    ChangedAlertError
        If it is another one: who published what cannot be told any more.
    """
    arrival = uow.arrivals.find([known]).get(known)
    if arrival is not None and document is not None:
        is_same = arrival.digest == digest_of(document.data)
    else:
        is_same = uow.alerts.get(known).cap == cap
    if not is_same:
        raise ChangedAlertError(
            f"The alert {cap.identifier} of {cap.sender} is here as {known} and says "
            "something else. A change needs an identifier of its own and a reference.",
            alert_id=known,
        )


def require_sayable(case: AlertCase, *, now: datetime) -> None:
    """Refuse an alert that says nothing, is not for people, or is over.

    Raises
    ------
    InvalidAlertError
        With what is missing.
    """
    if not case.cap.infos:
        raise InvalidAlertError("The alert has no info block: it says nothing.")
    for info in case.cap.infos:
        if not (one_line(info.headline) or one_line(info.event)):
            raise InvalidAlertError(
                f"The text in {info.language} has neither headline nor event."
            )
    _require_public(case.cap)
    until = valid_until(case)
    if until <= now:
        raise InvalidAlertError(
            f"The alert expired at {until.isoformat()}; give it a later end."
        )


def _require_public(cap: Alert) -> None:
    """Refuse what is meant for other systems, or for some people only.

    Raises
    ------
    InvalidAlertError
        Saying whom it is meant for.
    """
    if cap.msg_type in {MsgType.ACK, MsgType.ERROR}:
        raise InvalidAlertError(
            f"A message of type {cap.msg_type.value} is an answer to another system; "
            "it says nothing to people."
        )
    # A drill reaches nobody but the drill group, whoever its author had in mind.
    if cap.status is CapStatus.ACTUAL and cap.scope is not Scope.PUBLIC:
        raise InvalidAlertError(
            f"The scope of the alert is {cap.scope.value}: it is not meant for the "
            "public. Publish it with scope Public, or pass it on by other means."
        )


def usable(data: bytes) -> Alert:
    """Read a document that we have written ourselves, in which nothing blocks.

    Raises
    ------
    InvalidAlertError
        If something does; every defect is named.
    """
    return alert_of(cap_check.check(data, filename="request"))


def geometry_of(
    cap: Alert, *, lookup: GeocodeLookup | None = None
) -> Polygon | MultiPolygon:
    """The area in which people are warned: lon and lat in WGS 84 degrees.

    Parameters
    ----------
    cap : Alert
    lookup : callable, optional
        Table of geocodes; without it only shapes count.

    Raises
    ------
    InvalidAlertError
        If the alert has no area that people can be found in; says why.
    """
    aim = target(cap.infos, lookup=lookup)
    if aim.area is None:
        reasons = " ".join(aim.missing) or "It has no area."
        raise InvalidAlertError(
            f"Nobody can be found by this alert ({aim.state.value}). {reasons} "
            "Draw its area."
        )
    return aim.area.geometry


def new_alert_id() -> AlertId:
    """Make an id that nobody can guess and nobody need understand."""
    return AlertId(secrets.token_hex(8))
