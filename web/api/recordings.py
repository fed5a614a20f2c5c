"""Recordings of what calls say, over the API."""

from __future__ import annotations

from http import HTTPStatus

from accounts.operators import Operator, Role
from telephony.sound.decoding import MAX_BYTES
from telephony.sound.service import Spoken
from web.api.declaration import Api
from web.bodies import Raw, read_bytes
from web.models.sounds import RecordingList, RecordingOut, SpokenIn, recording_out
from web.services import services

api = Api("recordings")

_SOUND = Raw("WAV, MP3 or OGG, at most 20 MB and three minutes")
#: As browsers and programs name them.
_TYPES = (
    "audio/wav", "audio/x-wav", "audio/vnd.wave", "audio/mpeg", "audio/mp3",
    "audio/ogg", "application/ogg",
)  # fmt: skip


@api.operation(
    "POST",
    "/recordings",
    role=Role.OPERATOR,
    summary="Keep a sound file as the recording of a text",
    query=SpokenIn,
    body=dict.fromkeys(_TYPES, _SOUND),
    answer=RecordingOut,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def add_recording(*, by: Operator, query: SpokenIn, body: str) -> RecordingOut:
    """Calls play it from here on wherever they say these words in this language.

    It is brought to 8 kHz mono and to the loudness of all others. A recording that is
    there already is replaced.
    """
    del body
    spoken = Spoken(language=query.language, key=query.key, words=query.words)
    data = read_bytes(MAX_BYTES)
    return recording_out(services().recordings.add(spoken, data, by=by.name))


@api.operation(
    "GET",
    "/recordings",
    role=Role.VIEWER,
    summary="List the recordings there are",
    answer=RecordingList,
)
def list_recordings(*, by: Operator) -> RecordingList:
    """By language, then by text."""
    del by
    items = [recording_out(one) for one in services().recordings.all()]
    return RecordingList(items=items)
