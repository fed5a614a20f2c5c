"""What an installation chooses about recordings."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ops.config.settings import CarrierSettings, Settings

CARRIER = {
    "base_url": "https://telco.example",
    "account_sid": "AC1",
    "auth_token": "secret",
    "voice_from": "1294",
}


def test_hosts_of_recordings_are_names() -> None:
    """None but the carrier's own, or a list as it stands in the environment."""
    assert CarrierSettings.model_validate(CARRIER).recording_hosts == ()
    told = CarrierSettings.model_validate(
        CARRIER | {"recording_hosts": "s3.example.org, files.telco.example"}
    )
    assert told.recording_hosts == ("s3.example.org", "files.telco.example")


@pytest.mark.parametrize(
    "host", ["https://s3.example", "s3.example/x", "*", "A b", "-"]
)
def test_what_is_no_host_is_refused(host: str) -> None:
    """An address, a pattern, nonsense: recordings would never come."""
    with pytest.raises(ValidationError, match="host"):
        CarrierSettings.model_validate(CARRIER | {"recording_hosts": host})


@pytest.mark.parametrize("days", [0, 3_651])
def test_voices_are_kept_for_some_time_and_not_for_ever(days: int) -> None:
    """A day at least, ten years at most."""
    with pytest.raises(ValidationError):
        Settings.model_validate({"voice_note_days": days})
