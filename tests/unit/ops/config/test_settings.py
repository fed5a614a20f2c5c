"""Settings: where they come from, what is refused, what is shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from ops.config.settings import CarrierSettings, Settings
from ops.config.settings_doc import render
from ops.config.settings_sources import allowed, load_settings
from ops.errors import SettingsError

SECRET = "s3cret-that-nobody-may-see"
CARRIER = f"""
[carriers.main]
base_url = "http://telco.example.org/"
account_sid = "AC1"
auth_token = "{SECRET}"
sms_from = "1294"
"""


@pytest.fixture(autouse=True)
def bare_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> pytest.MonkeyPatch:
    """No setting of the machine reaches these tests, and no file but their own."""
    for name in list(os.environ):
        if name.upper().startswith("TOCSIN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def write(text: str) -> None:
    Path("tocsin.toml").write_text(text, encoding="utf-8")


def problems(**overrides: object) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(overrides)
    return caught.value.problems


def test_defaults_need_nothing() -> None:
    """A fresh machine needs no setting at all."""
    settings = load_settings()

    assert settings == Settings()
    assert settings.database_url.get_secret_value() == "sqlite:///var/tocsin.db"
    assert settings.callback_url == "http://127.0.0.1:8080"


def test_environment_over_file_over_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line wins over the environment, that over the file."""
    write('port = 1001\nhost = "file"\nsms_attempts = 5\n')
    monkeypatch.setenv("TOCSIN_PORT", "1002")
    monkeypatch.setenv("TOCSIN_HOST", "environment")

    settings = load_settings({"host": "command-line"})

    assert (settings.sms_attempts, settings.port) == (5, 1002)
    assert settings.host == "command-line"


def test_building_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only ``load_settings`` reads the environment."""
    monkeypatch.setenv("TOCSIN_PORT", "1002")

    assert Settings().port == 8080


def test_config_names_another_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """TOCSIN_CONFIG chooses the file."""
    other = tmp_path / "other.toml"
    other.write_text("port = 1003", encoding="utf-8")
    monkeypatch.setenv("TOCSIN_CONFIG", str(other))

    assert load_settings().port == 1003


def test_carriers_from_file_with_secret_from_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A carrier's secret may live in the environment while the rest is in the file."""
    write(CARRIER.replace(SECRET, "placeholder"))
    monkeypatch.setenv("TOCSIN_CARRIERS__MAIN__AUTH_TOKEN", SECRET)
    monkeypatch.setenv("TOCSIN_CARRIERS__MAIN__PREFIXES", "+855, +84")

    carrier = load_settings().carriers["main"]

    assert carrier.auth_token.get_secret_value() == SECRET
    assert carrier.base_url == "http://telco.example.org"
    assert carrier.prefixes == ("+855", "+84")


def test_carrier_wholly_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container needs no file."""
    for key, value in {
        "BASE_URL": "https://telco.example.org",
        "ACCOUNT_SID": "AC1",
        "AUTH_TOKEN": SECRET,
        "VOICE_FROM": "+85512345678",
        "CALLS_PER_S": "2.5",
    }.items():
        monkeypatch.setenv(f"TOCSIN_CARRIERS__MAIN__{key}", value)

    assert load_settings().carriers["main"].calls_per_s == 2.5


def test_lists_from_environment_and_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commas in the environment mean what an array means in the file."""
    write("country_box = [102.3, 9.9, 107.7, 14.7]")
    from_file = load_settings().country_box
    monkeypatch.setenv("TOCSIN_COUNTRY_BOX", "102.3, 9.9, 107.7, 14.7")

    assert load_settings().country_box == from_file == (102.3, 9.9, 107.7, 14.7)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("PORT", "70000", "0 to 65535, not '70000'"),
        ("PORT", "eighty", "0 to 65535, not 'eighty'"),
        ("PUBLIC_URL", "example.org", "an http or https URL, not 'example.org'"),
        ("PUBLIC_URL", "https://h/?a=1", "without query"),
        ("DEFAULT_LANGUAGE", "Khmer", "a BCP 47 tag such as km, not 'Khmer'"),
        ("COUNTRY_BOX", "1,2,3", "west, south, east, north"),
        ("COUNTRY_BOX", "9,102,14,107", "west, south, east, north"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR, not 'LOUD'"),
        ("SECRET_KEY", "short", "at least 32 characters"),
    ],
)
def test_wrong_value_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: str
) -> None:
    """A wrong value names the variable, the key and what is allowed."""
    monkeypatch.setenv(f"TOCSIN_{name}", value)

    (problem, *others) = problems()

    assert not [o for o in others if not o.startswith(f"TOCSIN_{name} ")]
    assert problem.startswith(f"TOCSIN_{name} (in the settings file: {name.lower()})")
    assert wanted in problem


def test_every_problem_at_once() -> None:
    """All problems are told in one go."""
    write('port = -1\nsms_attempts = 99\n[carriers.main]\naccount_sid = "AC1"\n')

    found = problems()

    assert [p.split()[0] for p in found] == [
        "TOCSIN_PORT",
        "TOCSIN_CARRIERS__MAIN__BASE_URL",
        "TOCSIN_CARRIERS__MAIN__AUTH_TOKEN",
        "TOCSIN_SMS_ATTEMPTS",
    ]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ('base_url = "ftp://x"', "http or https URL, not 'ftp://x'"),
        ('voice_from = "TOCSIN"', "digits only"),
        ('prefixes = ["855"]', "a prefix starts with +"),
        ("sms_per_s = 0", "0.01 to 10000"),
        ('colour = "red"', "COLOUR (in the settings file: carriers.main.colour)"),
        ('dialect = "esperanto"', "twilio or somleng"),
        ('dialect = "somleng"\nsms_from = "TOCSIN"', "digits only at Somleng"),
    ],
)
def test_wrong_carrier(line: str, wanted: str) -> None:
    """A carrier's wrong key is told with the carrier's name."""
    taken = {part.split(" = ")[0] for part in line.splitlines()}
    kept = [row for row in CARRIER.splitlines() if row.split(" = ")[0] not in taken]
    write("\n".join([*kept, line]))

    told = "\n".join(problems())

    assert wanted in told
    assert "carriers.main" in told
    assert SECRET not in told


def test_carrier_without_sender() -> None:
    """A carrier that can send nothing is a mistake."""
    write(CARRIER.replace('sms_from = "1294"', ""))

    assert "sms_from or voice_from is needed" in problems()[0]


def test_carrier_name() -> None:
    """A carrier's name goes into URLs and must fit there."""
    write(CARRIER.replace("carriers.main", 'carriers."My Telco"'))

    assert "'My Telco' cannot be the name of a carrier" in problems()[0]


def test_misspelt_variable_is_not_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A typing mistake in a variable's name stops the start and gets a suggestion."""
    monkeypatch.setenv("TOCSIN_PUBLIC_ULR", "https://example.org")

    assert problems() == (
        "TOCSIN_PUBLIC_ULR is not a setting; did you mean TOCSIN_PUBLIC_URL?",
    )


def test_misspelt_key_is_not_ignored() -> None:
    """The same in the file."""
    write("prot = 1")

    (problem,) = problems()

    assert problem.startswith("TOCSIN_PROT (in the settings file: prot) is not a")


def test_file_that_is_not_toml() -> None:
    """A broken file is told with its line."""
    write("port = = 1")

    assert "is not TOML" in problems()[0]
    assert "line 1" in problems()[0]


def test_file_that_is_not_text() -> None:
    """Bytes that are no text are told as a broken file."""
    Path("tocsin.toml").write_bytes(b"\xff\xfe")

    assert "is not TOML" in problems()[0]


def test_file_that_cannot_be_read() -> None:
    """A folder in the place of the file is a sentence, too."""
    Path("tocsin.toml").mkdir()

    assert "cannot be read" in problems()[0]


def test_named_file_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file asked for by name is not optional."""
    monkeypatch.setenv("TOCSIN_CONFIG", "missing.toml")

    assert problems() == ("TOCSIN_CONFIG names missing.toml, which does not exist.",)


def test_environment_table_that_is_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table in the environment is JSON or a sentence."""
    monkeypatch.setenv("TOCSIN_CARRIERS", SECRET)

    assert "written as JSON" in problems()[0]
    assert SECRET not in problems()[0]


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the text of the settings nor an error repeats a secret."""
    write(CARRIER)
    monkeypatch.setenv("TOCSIN_SECRET_KEY", SECRET * 2)
    monkeypatch.setenv("TOCSIN_DATABASE_URL", f"postgresql://u:{SECRET}@h/d")

    settings = load_settings()
    assert SECRET not in f"{settings!r} {settings}"

    monkeypatch.setenv("TOCSIN_DATABASE_URL", f"mysql://u:{SECRET}@h/d")
    monkeypatch.setenv("TOCSIN_SECRET_KEY", SECRET)
    told = problems()
    assert len(told) == 2
    assert SECRET not in "".join(told)


def test_settings_are_frozen() -> None:
    """What was checked at the start stays as it was."""
    with pytest.raises(ValidationError):
        Settings().port = 1


def test_document_agrees() -> None:
    """docs/settings.md is what the settings say; the command in it writes it."""
    page = Path(__file__).parents[4] / "docs" / "settings.md"

    assert page.read_text(encoding="utf-8") == render()


@pytest.mark.parametrize("model", [Settings, CarrierSettings])
def test_every_field_is_described(model: type[Settings | CarrierSettings]) -> None:
    """Every setting says what it is and what it takes."""
    for name, field in model.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
        assert allowed(field), name
