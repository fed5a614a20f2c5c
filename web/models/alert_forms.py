"""Between the API's models and the values of the warning package."""

from __future__ import annotations

from geofence.area import from_geojson
from warning.alert import AlertCase
from warning.alert_form import AlertForm, FormText
from warning.arrival import Arrival
from warning.progress import DeliveryLine
from warning.schedule import NO_SCHEDULE, Schedule
from web.models.answers import AlertOut, DeliveryOut, ScheduleOut
from web.models.schemas import AlertFormIn, AlertIn
from web.services import options


def form_of(body: AlertFormIn) -> AlertForm:
    """Turn a checked body into a form; its times are those of an ``AlertIn``.

    Raises
    ------
    GeofenceError
        If the area cannot be used.
    """
    times = body if isinstance(body, AlertIn) else None
    return AlertForm(
        status=body.status,
        categories=tuple(body.categories),
        urgency=body.urgency,
        severity=body.severity,
        certainty=body.certainty,
        response_types=tuple(body.response_types),
        area=from_geojson(body.area.root, limits=options().area_limits),
        effective=times.effective if times else None,
        onset=times.onset if times else None,
        expires=times.expires if times else None,
        sender_name=body.sender_name,
        contact=body.contact,
        web=body.web,
        texts={
            language: FormText(
                event=text.event,
                headline=text.headline,
                description=text.description,
                instruction=text.instruction,
                area_desc=text.area_desc or body.area_desc,
                phone_text=text.phone_text,
            )
            for language, text in body.texts.items()
        },
    )


def alert_out(case: AlertCase, arrival: Arrival | None = None) -> AlertOut:
    """Turn an alert into what is answered, with how it came in if it is known."""
    cap = case.cap
    first = cap.infos[0] if cap.infos else None
    return AlertOut(
        id=case.alert_id,
        state=case.state,
        identifier=cap.identifier,
        sender=cap.sender,
        sent=cap.sent,
        status=cap.status,
        event=first.event if first else "",
        headlines={info.language: info.headline or info.event for info in cap.infos},
        urgency=first.urgency if first else None,
        severity=first.severity if first else None,
        certainty=first.certainty if first else None,
        expires=max((i.expires for i in cap.infos if i.expires), default=None),
        area_desc=[area.area_desc for area in first.areas] if first else [],
        created_by=case.created_by,
        created_at=case.created_at,
        submitted_by=case.submitted_by,
        submitted_at=case.submitted_at,
        approved_by=case.approved_by,
        approved_at=case.approved_at,
        closed_by=case.closed_by,
        closed_at=case.closed_at,
        source=arrival.source if arrival else None,
        duplicate_of=arrival.duplicate_of if arrival else None,
        kind=case.kind,
        follows=case.follows,
        starts_at=case.starts_at,
        live_at=case.live_at,
        paused_at=case.paused_at,
        extended_until=case.extended_until,
        schedule=_schedule_out(case.schedule),
        follow_up=None,
    )


def _schedule_out(schedule: Schedule) -> ScheduleOut | None:
    if schedule == NO_SCHEDULE:
        return None
    every = schedule.repeat_every
    return ScheduleOut(
        send_at=schedule.send_at,
        repeat_every_s=None if every is None else int(every.total_seconds()),
        repeat_until=schedule.repeat_until,
        repeat_to=schedule.repeat_to,
    )


def delivery_out(line: DeliveryLine) -> DeliveryOut:
    """Turn a delivery into what is answered."""
    return DeliveryOut(
        id=str(line.delivery_id),
        subscriber=str(line.subscriber_id),
        channel=line.channel.word,
        language=line.language,
        state=line.state.name.lower(),
        attempts=line.attempts,
        code=line.code,
        updated_at=line.updated_at,
    )
