"""One person, as operators see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from telephony.delivery import Channel, DeliveryState
from telephony.numbers import parse_number
from warning.people.people_board import KnownPlace, Profile, SentMessage

START = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
PERSON = Profile(
    subscriber_id=7,
    phone="+85512345678",
    name="Sok <Dara>",
    language="km",
    channels=Channel.SMS,
    groups=("drill",),
    is_vulnerable=True,
    consent_at=START,
    status="resting",
    status_at=START,
    created_at=START,
    places=[KnownPlace(lon=104.9, lat=11.5, area_code="KH-12", source="import")],
    rests={"sms": START + timedelta(days=30)},
)


class FakePeopleBoard:
    """One person, and one text to them."""

    def search(
        self, *, phone: str = "", name: str = "", area_code: str = "", limit: int
    ) -> Sequence[Profile]:
        is_theirs = bool(phone) and parse_number(phone) == PERSON.phone
        is_named = bool(name) and name.casefold() in PERSON.name.casefold()
        return [PERSON][:limit] if is_theirs or is_named or area_code else []

    def profile(self, subscriber_id: int) -> Profile | None:
        return PERSON if subscriber_id == PERSON.subscriber_id else None

    def messages(self, subscriber_id: int) -> Sequence[SentMessage]:
        del subscriber_id
        return [
            SentMessage(
                owner_ref="alert:a1",
                channel=Channel.SMS,
                language="en",
                text="Flood. Go to high ground.",
                state=DeliveryState.CONFIRMED,
                code="",
                at=START,
            )
        ]

    def export(self, subscriber_id: int, *, by: str) -> Mapping[str, object] | None:
        del by
        person = self.profile(subscriber_id)
        return None if person is None else {"phone": person.phone, "at": START}
