"""Settings of CAP become a gate and a publisher, or one sentence on what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ops.config.settings import Settings
from ops.config.settings_sources import load_settings
from ops.errors import SettingsError
from ops.wiring.cap_parts import build_gate, build_publisher
from tests.unit.warning.cap_samples import PROPER
from tests.unit.warning.certificates import NOW, key_pair
from warning.cap_documents import cap_xml

CONFIG = """
time_zone = "Asia/Phnom_Penh"
[cap_sources.office]
senders = ["office@*"]
signatures = "require"
certificates = ["office.pem"]
origins = ["feed:office"]
"""


@pytest.fixture
def files() -> None:
    """Key and certificate in the folder of the test."""
    key, certificate = key_pair("office")
    Path("office.key").write_bytes(key)
    Path("office.pem").write_text(certificate, encoding="ascii")
    Path("tocsin.toml").write_text(CONFIG, encoding="utf-8")


@pytest.mark.usefixtures("files")
def test_a_source_of_the_settings_must_sign() -> None:
    """Its policy and certificate count for its sender."""
    settings = load_settings()
    gate = build_gate(settings, now=lambda: NOW, codes=None)
    told = gate.check(PROPER.encode()).as_dict()["signature"]
    assert (told["source"], told["state"]) == ("office", "missing")
    assert settings.zone is not None
    assert str(settings.zone) == "Asia/Phnom_Penh"


@pytest.mark.usefixtures("files")
def test_our_alerts_are_signed_with_the_key_of_the_settings() -> None:
    """And with no key they are not."""
    alert = cap_xml.read(PROPER.encode()).alert
    assert alert is not None
    settings = Settings(
        cap_sender=alert.sender,
        cap_key_file=Path("office.key"),
        cap_certificate_file=Path("office.pem"),
    )
    assert b"SignatureValue" in build_publisher(settings).document(alert)
    assert b"SignatureValue" not in build_publisher(Settings()).document(alert)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (Settings(cap_key_file=Path("office.key")), "go together"),
        (
            Settings(
                cap_key_file=Path("nowhere"), cap_certificate_file=Path("office.pem")
            ),
            "cap_key_file: nowhere cannot be read",
        ),
        (
            Settings(
                cap_key_file=Path("office.key"), cap_certificate_file=Path("office.key")
            ),
            "office.key is no certificate",
        ),
    ],
)
def test_a_key_that_cannot_be_used_is_told(settings: Settings, says: str) -> None:
    """With the setting and the file."""
    with pytest.raises(SettingsError, match=says):
        build_publisher(settings)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ('certificates = ["office.pem"]', "certificates are needed"),
        ('senders = ["office@*"]', r"senders\) is missing"),
        ('"require"', "require, verify_if_present or ignore"),
        ("Asia/Phnom_Penh", "not a zone"),
    ],
)
def test_settings_that_contradict_themselves_are_told(change: str, says: str) -> None:
    """In one sentence that names the key."""
    new = {'"require"': '"always"', "Asia/Phnom_Penh": "Asia/Atlantis"}
    text = CONFIG.replace(change, new.get(change, ""))
    Path("tocsin.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=says):
        load_settings()


def test_a_certificate_that_is_not_there_stops_the_start() -> None:
    """Better than holding every alert of its source."""
    Path("tocsin.toml").write_text(CONFIG, encoding="utf-8")
    now = datetime(2026, 10, 1, tzinfo=UTC)
    with pytest.raises(SettingsError, match=r"certificates: office\.pem cannot"):
        build_gate(load_settings(), now=lambda: now, codes=None)
