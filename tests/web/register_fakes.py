"""People, areas and operators in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from shapely.geometry import Polygon

from accounts.errors import (
    OperatorExistsError,
    SignInError,
    UnknownOperatorError,
    WeakPasswordError,
)
from accounts.operators import MIN_PASSWORD_LENGTH, Operator, Role, proper_name
from tests.web.ground import PASSWORD, PROVINCES, SQUARE, START
from warning.areas import AreaFileOptions, AreaImport
from warning.citizens.known_places import KnownPlace
from warning.people.registration import ImportReport, NewSubscriber, Registered
from warning.people.subscriber_batches import Rejected
from warning.people.subscriber_fields import FieldError
from warning.people.subscriber_header import SubscriberFileError
from warning.ports import AreaRow


@dataclass
class FakePeople:
    """People by number; a CSV line is ``phone,...`` and must start with ``+``."""

    phones: dict[str, int] = field(default_factory=dict)
    persons: list[NewSubscriber] = field(default_factory=list)

    def import_csv(
        self,
        stream: BinaryIO,
        *,
        dry_run: bool,
        by: str,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> ImportReport:
        del by
        data = stream.read()
        lines = data.decode().splitlines()[1:]
        if not lines:
            raise SubscriberFileError("The file has no line below its header.")
        if on_progress is not None:
            on_progress(len(lines), len(data))
        good = [line for line in lines if line.startswith("+")]
        if not dry_run:
            for line in good:
                self.phones.setdefault(line.split(",")[0], len(self.phones) + 1)
        return ImportReport(
            read=len(lines),
            added=len(good),
            updated=0,
            places=len(good),
            rejected=[
                Rejected(n, "phone", "Not a phone number.", "phone")
                for n, line in enumerate(lines, start=2)
                if line not in good
            ],
        )

    def add(self, person: NewSubscriber, *, by: str) -> Registered:
        del by
        if not person.phone.startswith("+"):
            raise FieldError("phone", "phone", "Write the number with + first.")
        is_new = person.phone not in self.phones
        number = self.phones.setdefault(person.phone, len(self.phones) + 1)
        self.persons.append(person)
        return Registered(subscriber_id=number, is_new=is_new)

    def erase(self, subscriber_id: int, *, by: str) -> bool:
        del by
        known = {number: phone for phone, number in self.phones.items()}
        return self.phones.pop(known.get(subscriber_id, ""), None) is not None


@dataclass
class FakeAreas:
    """Provinces, and what was uploaded."""

    uploads: list[tuple[str, bytes, int | None]] = field(default_factory=list)
    #: Of every one of them.
    outline: Polygon = SQUARE

    def import_file(
        self, path: Path, options: AreaFileOptions, *, by: str
    ) -> AreaImport:
        del by
        self.uploads.append((path.suffix, path.read_bytes(), options.level))
        return AreaImport(n_areas=25, repairs=["KH-1: A ring was closed."])

    def names(self) -> Mapping[str, str]:
        return PROVINCES

    def list(self, *, level: int | None, after: str, limit: int) -> Sequence[AreaRow]:
        del level
        return [
            AreaRow(
                code=code,
                name=name,
                names={},
                level=1,
                parent=None,
                geometry=self.outline,
            )
            for code, name in sorted(PROVINCES.items())
            if code > after
        ][:limit]


class FakePlaces:
    """Two towns."""

    def search(self, words: str, *, language: str, limit: int) -> Sequence[KnownPlace]:
        del language
        towns = [
            KnownPlace(name="Ta Khmau", within="Kandal", lon=104.95, lat=11.48),
            KnownPlace(name="Takeo", within="", lon=104.78, lat=10.99),
        ]
        return [one for one in towns if words.casefold() in one.name.casefold()][:limit]


class FakeAccounts:
    """One operator a role, named like it; the token of ``viewer`` is ``t-viewer``."""

    def __init__(self) -> None:
        self.operators = {
            role.value: Operator(name=role.value, role=role, created_at=START)
            for role in Role
        }
        self.passwords: dict[str, str] = {}

    def by_token(self, token: str) -> Operator | None:
        return self.by_name(token.removeprefix("t-")) if token[:2] == "t-" else None

    def by_name(self, name: str) -> Operator | None:
        operator = self.operators.get(name)
        return operator if operator and operator.is_active else None

    def create_token(
        self, name: str, *, role: Role | None, lasts: timedelta | None, by: str
    ) -> str:
        del lasts, by
        if name not in self.operators:
            raise UnknownOperatorError(f"There is no operator {name!r}.")
        return f"t-{role or self.operators[name].role}"

    def add(self, name: str, *, role: Role, password: str | None, by: str) -> Operator:
        del by
        if name in self.operators:
            raise OperatorExistsError(f"There is an operator {name!r}.")
        made = Operator(name=proper_name(name), role=role, created_at=START)
        self.operators[name] = made
        self.passwords[name] = password or ""
        return made

    def change_password(self, name: str, *, old: str, new: str) -> None:
        self.sign_in(name, old)
        if len(new) < MIN_PASSWORD_LENGTH:
            raise WeakPasswordError("The password needs at least 12 characters.")
        self.passwords[name] = new

    def reset_password(self, name: str, *, by: str) -> str:
        del by
        if name not in self.operators:
            raise UnknownOperatorError(f"There is no operator {name!r}.")
        self.passwords[name] = "abcd-efgh-jkmn-pqrs"
        return self.passwords[name]

    def sign_in(self, name: str, password: str) -> Operator:
        operator = self.by_name(name)
        if operator is None or password != self.passwords.get(name, PASSWORD):
            raise SignInError("Name or password is wrong.")
        return operator
