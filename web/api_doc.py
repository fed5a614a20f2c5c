"""Writes ``docs/api.md`` from the routes and the table of problems themselves.

Run ``python -m web.api_doc > docs/api.md`` after changing either; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from web import problems
from web.api.declaration import PREFIX, Operation
from web.api.openapi import path_of
from web.problems import PROBLEMS, TYPE_PREFIX, Kind
from web.registration import operations

_INTRODUCTION = f"""\
# HTTP API

Written by `python -m web.api_doc`; a test keeps it true. The whole description for
programs is served at `{PREFIX}/openapi.json` (OpenAPI 3.1), from the same definitions
that the server validates with.

- Every call carries `Authorization: Bearer TOKEN`; `tocsin token create NAME --role
  ROLE` makes a token and shows it once. The API reads no cookie.
- Bodies and answers are JSON unless the table says otherwise. An unknown member or
  parameter is refused: it is a misspelt one. Times carry an offset, positions are
  `[longitude, latitude]` in degrees (WGS 84), ids are opaque.
- Long lists come in pages: `?limit=` up to 1000, then `?cursor=` with the `next_cursor`
  of the page before, until it is `null`.
- `?dry_run=1` says what would happen and changes nothing.
- An alert goes live by two people: one submits it, another approves it. Nobody approves
  what they wrote or submitted, whatever their role.
"""

_EXAMPLES = """\
## A warning, call by call

```sh
api=http://127.0.0.1:8080/api/v1
auth="Authorization: Bearer $TOKEN"
other="Authorization: Bearer $TOKEN_OF_A_SECOND_PERSON"
post() { curl -sS -H "$auth" -H "Content-Type: $1" --data-binary "@$2" "$api/$3"; }

post text/csv people.csv 'subscribers/import?dry_run=1'
post application/geo+json area.geojson audience
post application/cap+xml flood.xml alerts
curl -sS -H "$auth" -X POST $api/alerts/ID/submit
curl -sS -H "$other" -X POST $api/alerts/ID/approve
curl -sS -H "$auth" $api/alerts/ID/progress
```

`how-to/import-subscribers.md` describes the columns of the CSV file.
"""

_OUTSIDE = """\
## Outside the API

For carriers, signed (`X-Twilio-Signature` over `TOCSIN_PUBLIC_URL` and the path, never
over what a proxy made of the address); a form of at most 64 KiB and 200 fields:

- `POST /telephony/CARRIER/messages/ATTEMPT/status`: state of a message; 204 when it is
  durable
- `POST /telephony/CARRIER/calls/ATTEMPT/status`: the same for a call
- `POST /telephony/CARRIER/calls/ATTEMPT/script[/POSITION]`: the next words of a call,
  as TwiML
- `POST /telephony/CARRIER/inbound/message`: a text that somebody sent us
- `POST /telephony/CARRIER/inbound/call`, `…/inbound/report`: a call to us, answered
  with the registration or the caller's settings, or with a report; TwiML
- `POST /telephony/CARRIER/inbound/missed-call`: a call that is refused and rung back

For anybody; keep `/metrics` inside your network:

- `GET /health/live`: 200 while the process answers
- `GET /health/ready`: 200 when alerts can be sent, else 503; a sentence for each check
- `GET /metrics`: figures for Prometheus

For operators, with name and password: the console at `/`.
"""

_PROBLEMS = """\
## Problems

Every error is a problem document (RFC 9457, `application/problem+json`): `type`,
`title`, `status`, `detail` (one sentence: what, where, what to do next), and where it
helps `errors` (each with a JSON `pointer` or a `parameter`), `defects` (of a CAP
document), `alert_id`, `swapped` (the area read the other way round), `incident` (an id
to look for in the log). Further kinds follow their HTTP status.
"""


def render() -> str:
    """Return the whole page."""
    parts = [_INTRODUCTION, "## Operations\n", *_operations(), "", _EXAMPLES, _OUTSIDE]
    return "\n".join([*parts, _PROBLEMS, *_problems(), ""])


def _operations() -> Iterator[str]:
    yield "| call | role | what |"
    yield "|---|---|---|"
    for operation in operations():
        path = f"{operation.method} {PREFIX}{path_of(operation)}"
        what = f"{operation.summary}. {operation.description}{_formats(operation)}"
        yield f"| `{path}` | {operation.role} | {what} |"


def _formats(operation: Operation) -> str:
    if not operation.bodies:
        return ""
    return " Takes " + ", ".join(f"`{media}`" for media in operation.bodies) + "."


def _problems() -> Iterator[str]:
    yield f"| type (after `{TYPE_PREFIX}`) | status | title |"
    yield "|---|---|---|"
    own = [kind for kind in vars(problems).values() if isinstance(kind, Kind)]
    known = {kind.slug: kind for kind in (*own, *PROBLEMS.values())}
    for slug, kind in sorted(known.items()):
        yield f"| `{slug}` | {kind.status.value} | {kind.title} |"


if __name__ == "__main__":
    sys.stdout.write(render())
