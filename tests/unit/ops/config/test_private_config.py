"""Settings as a file: what goes in comes out, and nobody else reads it."""

from __future__ import annotations

import tomllib
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from ops.config.cap_settings import CapSourceSettings
from ops.config.private_config import _toml, write_config
from ops.config.settings import CarrierSettings, Settings
from ops.config.settings_sources import load_settings
from ops.config.source_settings import FeedSettings, PushSettings

CARRIER = CarrierSettings(
    base_url="http://127.0.0.1:1",
    account_sid="AC1",
    auth_token=SecretStr('t"o\\k\u00e9n\x7f\n'),
    sms_from="1294",
    prefixes=("+855", "+856"),
    sms_per_s=0.5,
)

FEED = FeedSettings(
    url="https://met.example/feed.xml",
    policy="submitted",
    author="anna",
    approver="boran",
    live=("Flash Flood/Extreme",),
    hosts=("files.met.example",),
)


def test_what_goes_in_comes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of value survives, secrets of odd letters, too."""
    settings = Settings(
        database_url=SecretStr("sqlite:///x.db"),
        data_dir=tmp_path,
        port=1234,
        country_box=(102.3, 9.9, 107.7, 14.7),
        quiet_from=time(21, 30, 15),
        cap_key_file=tmp_path / "key.pem",
        carriers={"main": CARRIER, "second-one": CARRIER},
        feeds={"met": FEED},
        pushers={"composer": PushSettings(secret=SecretStr("0123456789abcdef"))},
        cap_sources={"met": CapSourceSettings(senders=("*@met.example", "x"))},
    )

    file = write_config(settings, tmp_path / "deep" / "x.toml")

    monkeypatch.setenv("TOCSIN_CONFIG", str(file))
    assert load_settings() == settings


def test_readable_by_its_owner_alone(tmp_path: Path) -> None:
    """Also where a file that everybody could read was before."""
    file = tmp_path / "x.toml"
    file.write_text("old")
    file.chmod(0o644)

    write_config(Settings(carriers={"main": CARRIER}), file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert "old" not in file.read_text(encoding="utf-8")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Nobody can make us write secrets where they like."""
    target, link = tmp_path / "target", tmp_path / "x.toml"
    link.symlink_to(target)

    write_config(Settings(), link)

    assert not target.exists()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_toml(text: str) -> None:
    """Whatever a token is made of."""
    assert tomllib.loads(f"x = {_toml(text)}") == {"x": text}
