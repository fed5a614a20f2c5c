"""Between the API's models and what previews, reports and schedules are made of."""

from __future__ import annotations

from datetime import timedelta

from warning.approval.preview import Preview, Saying
from warning.figures.report import AlertReport
from warning.schedule import Schedule
from warning.texts.message_preview import TextPreview
from web.models.alert_forms import alert_out
from web.models.answers import ProgressOut
from web.models.follow_up_answers import (
    CountsOut,
    DifferencesOut,
    OverlapOut,
    PreviewOut,
    ReportOut,
    ReportStepOut,
    SaidOut,
    SayingOut,
    SharesOut,
)
from web.models.follow_up_schemas import ScheduleIn


def schedule_of(body: ScheduleIn) -> Schedule:
    """Turn a checked body into a schedule."""
    every_s = body.repeat_every_s
    return Schedule(
        send_at=body.send_at,
        repeat_every=None if every_s is None else timedelta(seconds=every_s),
        repeat_until=body.repeat_until,
        repeat_to=body.repeat_to,
    )


def preview_out(preview: Preview) -> PreviewOut:
    """Turn a preview into what is answered."""
    return PreviewOut(
        counts=CountsOut.model_validate(preview.counts),
        by_variant=dict(preview.by_variant),
        by_first_channel=dict(preview.by_first_channel),
        told_in=dict(preview.told_in),
        sayings=[_saying(one) for one in preview.sayings],
        sms_parts=preview.sms_parts,
        seconds_to_reach_all=preview.seconds_to_reach_all,
        starts_at=preview.starts_at,
        overlaps=[OverlapOut.model_validate(one) for one in preview.overlaps],
        differences=None
        if preview.differences is None
        else DifferencesOut.model_validate(preview.differences),
    )


def report_out(report: AlertReport) -> ReportOut:
    """Turn a report into what is answered."""
    return ReportOut(
        alert=alert_out(report.case),
        made_at=report.made_at,
        steps=[ReportStepOut.model_validate(one) for one in report.steps],
        by_variant=dict(report.by_variant),
        subscribers_total=report.subscribers_total,
        rounds=report.rounds,
        progress=ProgressOut.model_validate(report.progress),
        shares=SharesOut.model_validate(report.shares),
        drafting_s=report.drafting_s,
        open_s=report.open_s,
        is_balanced=report.is_balanced,
        followers=[alert_out(one) for one in report.followers],
    )


def _saying(one: Saying) -> SayingOut:
    texts = [_said(text) for text in one.texts]
    return SayingOut(variant=one.variant, people=one.people, texts=texts)


def _said(text: TextPreview) -> SaidOut:
    return SaidOut(
        language=text.language,
        is_right_to_left=text.is_right_to_left,
        sms_text=text.sms_text,
        sms_encoding=text.parts.encoding.value,
        sms_parts=text.parts.n_parts,
        voice_text=text.voice_text,
        sound=text.sound,
        missing_elements=[element.value for element in text.missing_elements],
        is_unreviewed=text.is_unreviewed,
        valid_until=text.valid_until,
    )
