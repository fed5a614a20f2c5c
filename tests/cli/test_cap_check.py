"""``tocsin cap check`` and the API's dry run: one answer, whatever the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from shapely import box

from accounts.operators import Role
from app import create_app, create_services
from ops.config.settings import Settings
from tests.cli.conftest import Run
from tests.unit.warning.cap_cases import CASES
from tests.unit.warning.cap_samples import PROPER, with_area
from tests.unit.warning.odd_contents import CONTENTS
from tests.unit.warning.odd_documents import FORMS
from warning.ports import AreaRow

EXAMPLES = Path(__file__).parents[3] / "shared" / "data" / "cap" / "examples"
CAP = "application/cap+xml"
URL = "/api/v1/alerts?dry_run=1"
KNOWN = "<geocode><valueName>ISO3166-2</valueName><value>KH-8</value></geocode>"


@pytest.fixture
def api(database: Path, tmp_path: Path) -> Iterator[tuple[FlaskClient, dict[str, str]]]:
    """The real application on the database of the command line, and a token."""
    settings = Settings(
        database_url=SecretStr(f"sqlite:///{database}"), data_dir=tmp_path / "var"
    )
    app = create_app(settings)
    services = app.extensions["services"]
    services.accounts.add("anna", role=Role.OPERATOR, password=None)
    token = services.accounts.create_token("anna")
    yield app.test_client(), {"Authorization": f"Bearer {token}"}
    services.close()


@pytest.fixture
def known_area(database: Path) -> None:
    """One imported area, with the code that an alert may name."""
    services = create_services(
        Settings(database_url=SecretStr(f"sqlite:///{database}"))
    )
    with services.database.unit_of_work() as uow:
        uow.areas.upsert(
            [
                AreaRow(
                    code="KH-8",
                    name="Kandal",
                    names={},
                    level=1,
                    parent=None,
                    geometry=box(104, 11, 105, 12),
                )
            ]
        )
        uow.commit()
    services.close()


def documents() -> dict[str, bytes]:
    """Every file the tests know: one a rule, one an oddity, and the real ones."""
    found = {f"rule {n} {case[0]}": case[1] for n, case in enumerate(CASES)}
    found |= {f"odd {odd.name}": odd.document for odd in (*FORMS, *CONTENTS)}
    found |= {f"real {path.name}": path.read_bytes() for path in EXAMPLES.glob("*.xml")}
    return found | {"proper": PROPER.encode(), "a known code": with_area(KNOWN)}


@pytest.mark.usefixtures("known_area")
def test_shell_and_api_give_the_same_answer(
    tocsin: Run, api: tuple[FlaskClient, dict[str, str]], tmp_path: Path
) -> None:
    """Every key of every verdict but the name of the file."""
    found = documents()
    for n, data in enumerate(found.values()):
        (tmp_path / f"{n:03}.xml").write_bytes(data)
    files = [tmp_path / f"{n:03}.xml" for n in range(len(found))]
    shell = json.loads(tocsin("cap", "check", "--json", *files).out)
    client, headers = api
    for name, data, told in zip(found, found.values(), shell, strict=True):
        answer = client.post(URL, data=data, content_type=CAP, headers=headers)
        assert answer.status_code == 200, (name, answer.text)
        assert keyed(answer.json) == keyed(told), name


@pytest.mark.usefixtures("known_area")
def test_a_known_code_is_targeted_at_its_area(tocsin: Run, tmp_path: Path) -> None:
    """The areas of the database count at the shell too."""
    file = tmp_path / "a.xml"
    file.write_bytes(with_area(KNOWN))
    told = json.loads(tocsin("cap", "check", file).out)
    assert (told["targeting"], told["targetable"]) == ("geocode", True)
    assert told["area"]["type"] == "Polygon"


def test_without_a_database_no_code_is_known_and_none_is_made(
    tocsin: Run, tmp_path: Path
) -> None:
    """A check changes nothing."""
    file = tmp_path / "a.xml"
    file.write_bytes(with_area(KNOWN))
    told = json.loads(tocsin("cap", "check", file).out)
    assert (told["targeting"], told["targetable"]) == ("geocode_unknown", False)
    assert not (tmp_path / "var").exists()


def test_a_file_that_is_held_tells_every_defect_with_element_and_line(
    tocsin: Run, tmp_path: Path
) -> None:
    """Exit 1; what blocks comes first, what only warns is told as well."""
    file = tmp_path / "a.xml"
    file.write_text(PROPER.replace("Severe", "Bad").replace("https://", "/"))
    result = tocsin("cap", "check", file)
    assert result.status == 1
    first, *others = result.out.splitlines()
    assert first.startswith(f"{file}: line 15, <severity> blocks: ")
    assert first.endswith("[bad_value]")
    assert any("line 24, <web> warns: " in line for line in others)


def test_several_files_are_one_answer(tocsin: Run, tmp_path: Path) -> None:
    """A list, in the order given; one bad file makes the exit status 1."""
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(PROPER)
    bad.write_text("<alert")
    told = tocsin("cap", "check", "--json", good, bad)
    assert told.status == 1
    assert [(one["file"], one["usable"]) for one in json.loads(told.out)] == [
        (str(good), True),
        (str(bad), False),
    ]


def keyed(verdict: Any) -> dict[str, object]:
    """A verdict without the name of its file."""
    keys = {"valid_xsd", "usable", "targetable", "defects", "alert", "area"}
    assert keys <= verdict.keys()
    return {key: value for key, value in verdict.items() if key != "file"}
