"""Writes ``docs/settings.md`` from the settings themselves.

Run ``python -m ops.config.settings_doc > docs/settings.md`` after changing a setting; a
test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ops.config.cap_settings import CapSourceSettings
from ops.config.settings import CarrierSettings, Settings
from ops.config.settings_sources import allowed, variable
from ops.config.source_settings import FeedSettings, PushSettings

_INTRODUCTION = """\
# Settings

Written by `python -m ops.config.settings_doc`; a test keeps it true.

A setting is taken from the environment, else from the TOML file that `TOCSIN_CONFIG`
names (`tocsin.toml` by default), else from its default; `tocsin doctor` checks all.
A variable that starts with `TOCSIN_` and is no setting stops the start: it is a typing
mistake. Lists are separated by commas in the environment and are arrays in the file.
"""

_CARRIERS = """\
## Carriers

One table for each, `[carriers.NAME]`. In the environment NAME stands in capitals:
`TOCSIN_CARRIERS__MAIN__AUTH_TOKEN` is `auth_token` of `[carriers.main]`, so that a file
need not hold secrets.
"""

_FEEDS = """\
## Feeds

One table for each, `[feeds.NAME]`; see [receiving alerts](how-to/receive-alerts.md).
"""

_PUSHERS = """\
## Systems that push

One table for each, `[pushers.NAME]`; it sends to `/intake/cap/NAME`.
"""

_CAP_SOURCES = """\
## Sources of CAP

One table for each, `[cap_sources.NAME]`; see [signatures](cap.md#signatures).
"""

_EXAMPLE = """\
## Example

```toml
public_url = "https://warning.example.org"
default_language = "km"
country_box = [102.3, 9.9, 107.7, 14.7]

[carriers.main]
base_url = "https://api.somleng.example.org"
account_sid = "0c5a4a3e-8f4c-4a6e-9d2b-000000000000"
auth_token = "keep-this-in-the-environment"
dialect = "somleng"
sms_from = "1294"
voice_from = "1294"
calls_per_s = 1
concurrent_calls = 80
prefixes = ["+855"]
```
"""


def render() -> str:
    """Return the whole page."""
    return "\n".join(
        [
            _INTRODUCTION,
            *_table(Settings, ()),
            "",
            _CARRIERS,
            *_table(CarrierSettings, ("carriers", "NAME")),
            "",
            _FEEDS,
            *_table(FeedSettings, ("feeds", "NAME")),
            "",
            _PUSHERS,
            *_table(PushSettings, ("pushers", "NAME")),
            "",
            _CAP_SOURCES,
            *_table(CapSourceSettings, ("cap_sources", "NAME")),
            "",
            _EXAMPLE.rstrip(),
            "",
        ]
    )


def _table(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[str]:
    yield "| key | variable | what it is | allowed | default |"
    yield "|---|---|---|---|---|"
    for name, field in model.model_fields.items():
        key = ".".join((*path, name))
        yield (
            f"| `{key}` | `{variable((*path, name))}` | {field.description} "
            f"| {allowed(field)} | {_default(field)} |"
        )


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "must be given"
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return f"`{value.as_posix() if isinstance(value, Path) else value}`"


if __name__ == "__main__":
    sys.stdout.write(render())
