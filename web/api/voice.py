"""Speaking by phone: texts for calls, and what citizens said after the tone."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from flask import Response, send_file

from accounts.operators import Operator, Role
from telephony.sound.service import Spoken
from warning.citizens.voice_notes import VoiceNote
from web.api.answering import Answer, answered
from web.api.declaration import Api
from web.ids import number_of
from web.models.citizens import VoiceNoteList, VoiceNoteOut
from web.models.sounds import RecordingCallIn, RecordingCallOut, call_out
from web.services import services

api = Api("voice")

WAV = "audio/wav"


@api.operation(
    "POST",
    "/recordings/call",
    role=Role.OPERATOR,
    summary="Be called to speak a text after the tone",
    body=RecordingCallIn,
    answer=RecordingCallOut,
    status=HTTPStatus.ACCEPTED,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def call_to_record(*, by: Operator, body: RecordingCallIn) -> Answer[RecordingCallOut]:
    """The call plays what was spoken; key 1 keeps it, 2 plays it again, 3 records anew.

    Once it is kept, calls play it from then on, as any recording of these words.
    """
    spoken = Spoken(language=body.language, key=body.key, words=body.words)
    call = services().voice.recording_calls.ask(spoken, body.phone, by=by.name)
    at = f"recordings/calls/{call.number}"
    return answered(call_out(call), HTTPStatus.ACCEPTED, at=at)


@api.operation(
    "GET",
    "/recordings/calls/<call_id>",
    role=Role.OPERATOR,
    summary="See how far a call has come in which a text is spoken",
    answer=RecordingCallOut,
    problems=(HTTPStatus.NOT_FOUND,),
)
def recording_call(call_id: str, *, by: Operator) -> RecordingCallOut:
    """One that was not heard of for half an hour has ended."""
    del by
    number = number_of(call_id, "call")
    return call_out(services().voice.recording_calls.get(number))


@api.operation(
    "GET",
    "/help/<request_id>/recordings",
    role=Role.OPERATOR,
    summary="List what somebody who needs help said after the tone",
    answer=VoiceNoteList,
)
def help_recordings(request_id: str, *, by: Operator) -> VoiceNoteList:
    """The oldest first."""
    del by
    number = number_of(request_id, "request for help")
    return _list(services().voice.notes.of_request(number))


@api.operation(
    "GET",
    "/reports/<report_id>/recordings",
    role=Role.OPERATOR,
    summary="List what citizens said of one thing after the tone",
    answer=VoiceNoteList,
)
def report_recordings(report_id: str, *, by: Operator) -> VoiceNoteList:
    """Of all reports that were put together, the oldest first."""
    del by
    number = number_of(report_id, "report")
    return _list(services().voice.notes.of_reports(number))


@api.operation(
    "GET",
    "/voice-notes/<note_id>",
    role=Role.OPERATOR,
    summary="Listen to what a citizen said after the tone",
    answer={WAV: "WAV, 8 kHz, mono, 16 bit"},
    problems=(HTTPStatus.NOT_FOUND,),
)
def listen(note_id: str, *, by: Operator) -> Response:
    """Who listened is written into the audit."""
    number = number_of(note_id, "recording")
    path = services().voice.notes.listen(number, by=by.name)
    response = send_file(path.absolute(), mimetype=WAV)
    response.headers["Cache-Control"] = "no-store"
    return response


def _list(notes: Sequence[VoiceNote]) -> VoiceNoteList:
    return VoiceNoteList(items=[_out(note) for note in notes])


def _out(note: VoiceNote) -> VoiceNoteOut:
    return VoiceNoteOut(
        id=str(note.number),
        about=note.subject,
        state=note.state,
        duration_ms=note.duration_ms,
        trouble=note.trouble,
    )
