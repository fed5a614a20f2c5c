"""What people would read and hear, over the API: asked while an alert is written."""

from __future__ import annotations

from http import HTTPStatus

from accounts.operators import Operator, Role
from warning.texts.message_desk import Wording
from warning.texts.template_alert import TemplateChoice
from web.api.alerts import CAP, MAX_CAP_BYTES
from web.api.declaration import Api
from web.bodies import JSON, Raw, read_bytes
from web.models.alert_forms import form_of
from web.models.messages import (
    MessagePreviewIn,
    MessagePreviewOut,
    TemplateIn,
    TextOut,
)
from web.services import services

api = Api("messages")


@api.operation(
    "POST",
    "/messages/preview",
    role=Role.OPERATOR,
    summary="Show what people would read and hear",
    body={JSON: MessagePreviewIn, CAP: Raw("A CAP 1.2 document")},
    answer=MessagePreviewOut,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def preview_messages(
    *, by: Operator, body: MessagePreviewIn | str
) -> MessagePreviewOut:
    """Nothing is kept and nobody is told."""
    del by
    messages = services().messages
    if not isinstance(body, MessagePreviewIn):
        return _out(messages.of_cap(read_bytes(MAX_CAP_BYTES)))
    if body.template is not None:
        choice = _choice(body.template)
        return _out(messages.of_choice(choice, body.languages))
    assert body.alert is not None, "the model lets exactly one through"
    return _out(messages.of_form(form_of(body.alert), body.languages))


def _choice(template: TemplateIn) -> TemplateChoice:
    return TemplateChoice(
        hazard=template.hazard,
        severity=template.severity,
        places=template.places,
        source=template.source,
        expires=template.expires,
        status=template.status,
    )


def _out(wording: Wording) -> MessagePreviewOut:
    items = [TextOut.model_validate(text.as_dict()) for text in wording.texts]
    return MessagePreviewOut(items=items, told_in=dict(wording.told_in))
