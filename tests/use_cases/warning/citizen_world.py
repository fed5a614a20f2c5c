"""Citizens who write and ring, on a real database with a clock moved by hand."""

from __future__ import annotations

from shapely import box

from ivr_scripts.catalogue import Catalogue, load_catalogue
from ivr_scripts.keywords import Keywords
from store.database import Database
from store.unit_of_work import SqlUnitOfWork
from telephony.callbacks.event_reading import InboundCall, InboundText
from telephony.callbacks.replies import Replies
from telephony.delivery import Channel
from telephony.sealing import Seals
from tests.use_cases.warning.world import World, a_phone, an_area
from warning.citizens.citizen_answers import AnswerWriter
from warning.citizens.citizen_calls import CitizenCalls
from warning.citizens.citizen_dialogue import Dialogue
from warning.citizens.citizen_menus import CitizenMenus
from warning.citizens.citizen_ports import UnitOfWork
from warning.citizens.citizen_texts import CitizenTexts
from warning.citizens.current_warnings import CurrentWarnings
from warning.citizens.inbound import InboundTexts
from warning.citizens.place_book import CurrentPlaces, PlaceEntry

AREAS = (
    an_area("KH-08", 104, name="Kandal", names={"km": "កណ្ដាល"}, level=1),
    an_area("KH-0801", 104, name="Ta Khmau", level=2, parent="KH-08"),
    an_area("KH-080101", 104, name="Roka Khpos", level=3, parent="KH-0801"),
    an_area("KH-080102", 104, name="Kandal", level=3, parent="KH-0801"),
    an_area("KH-12", 105, name="Phnom Penh", level=1, geometry=box(105, 11, 106, 12)),
)
CATALOGUE: Catalogue = load_catalogue()
SEALS = Seals(lambda: "a key")
KEYWORDS = Keywords(CATALOGUE.texts)


class Areas:
    """Where places are read from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self) -> int:
        with self._database.read_only() as uow:
            return uow.areas.revision()

    def entries(self) -> list[PlaceEntry]:
        with self._database.read_only() as uow:
            return list(uow.citizens.places())


class Citizens:
    """People at their phones."""

    def __init__(self, world: World, *, language: str = "en") -> None:
        self.world = world
        world.add_areas(*AREAS)
        self.writer = AnswerWriter(CATALOGUE)
        places = CurrentPlaces(Areas(world.database), now=world.clock)
        warnings = CurrentWarnings(now=world.clock)
        self.calls = CitizenCalls(
            writer=self.writer, places=places, default_language=language
        )
        self.menus = CitizenMenus(
            read_uow=world.database.read_only,
            catalogue=CATALOGUE,
            calls=self.calls,
            places=places,
            warnings=warnings,
        )
        self.texts = CitizenTexts(
            understand=KEYWORDS.parse,
            writer=self.writer,
            dialogue=Dialogue(
                writer=self.writer,
                places=places,
                warnings=warnings,
                default_language=language,
                is_answered_elsewhere=is_volunteer,
                seal_of=SEALS.of,
            ),
            is_thanking=True,
            default_language=language,
        )
        self._meaning = Replies(KEYWORDS)
        self._listener = InboundTexts(now=world.clock)
        self._n_events = 0

    def write(self, n: int, body: str) -> list[str]:
        """Text us; what comes back by text."""
        self._n_events += 1
        phone = a_phone(n)
        text = InboundText(
            phone=phone,
            body=SEALS.in_text(phone, body),
            at=self.world.clock(),
            event_id=self._n_events,
        )
        with self.world.database.unit_of_work() as uow:
            if not self.texts.read_text(uow, text):
                language = self.texts.language_of(uow, phone)
                self._listener.on_text(uow, phone, self._meaning(body, language))
            uow.commit()
        return self.received(n)

    def press(self, n: int, *answers: str, owner_ref: str = "") -> list[str]:
        """Choose something in a call; what comes back by text."""
        self._n_events += 1
        call = InboundCall(
            phone=a_phone(n),
            at=self.world.clock(),
            answers=answers,
            event_id=self._n_events,
            owner_ref=owner_ref,
        )
        with self.world.database.unit_of_work() as uow:
            self.calls.on_call(uow, call)
            uow.commit()
        return self.received(n)

    def received(self, n: int, channel: Channel = Channel.SMS) -> list[str]:
        """What is due for a phone now: words of texts, scripts of calls."""
        claimed = self.world.claim(channel)
        with self.world.read() as uow:
            contents = [
                uow.outbox.content(one.content_id)
                for one in claimed
                if one.phone == a_phone(n)
            ]
        if channel is Channel.VOICE:
            return [f"{one.script}/{one.language}" for one in contents]
        return [one.sms_text for one in contents]

    def words(self, key: str, tag: str = "en", /, **values: str) -> list[str]:
        """The one text that is expected."""
        return [self.writer.words(tag, key, **values)]

    def status(self, n: int) -> str | None:
        """Status of a number in the register."""
        with self.world.read() as uow:
            row = uow.subscribers.find_by_phone(a_phone(n))
        return row.status if row else None

    def place(self, n: int) -> str | None:
        """Area for which a number is warned."""
        with self.world.read() as uow:
            row = uow.subscribers.find_by_phone(a_phone(n))
            return uow.citizens.whereabout(row.subscriber_id).area_code if row else None

    def read(self) -> SqlUnitOfWork:
        """Look at the rows."""
        return self.world.database.read_only()


def is_volunteer(uow: UnitOfWork, phone: str) -> bool:
    """Number 9 is a volunteer."""
    del uow
    return phone == a_phone(9)
