"""A carrier that costs little: nginx with one canned answer, on its own port, folder.

It accepts whatever it is sent, at once or after a latency, with an id that no answer
before had. nginx cannot wait by itself; Debian's ``libnginx-mod-http-echo`` can, in the
same event loop, so the same server stands behind both latencies.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.waiting import StuckError, wait_until_listening
from ops.listening import LOOPBACK, free_port

NGINX = Path("/usr/sbin/nginx")
ECHO_MODULE = Path("/usr/lib/nginx/modules/ngx_http_echo_module.so")
ACCOUNT_SID = "AC" + "b" * 32
TOKEN = "bench-token"
SENDER = "+85510000000"
_START_S = 10.0

#: What Twilio answers to a message, with all its fields: clients read all of it.
_ANSWER = json.dumps(
    {
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "body": "The river rises. Go to higher ground now and take nobody's word "
        "but ours. Reply 1 when you are safe.",
        "date_created": "Sat, 21 Nov 2026 20:00:00 +0000",
        "date_sent": None,
        "date_updated": "Sat, 21 Nov 2026 20:00:00 +0000",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": SENDER,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "sid": "SM$request_id",
        "status": "queued",
        "subresource_uris": {"media": "/2010-04-01/Messages/SM$request_id/Media.json"},
        "to": "+85512000000",
        "uri": "/2010-04-01/Messages/SM$request_id.json",
    }
)
_CONFIG = """
load_module {module};
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  default_type application/json;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {servers}
}}
"""
_AT_ONCE = "server {{ listen {at}; location / {{ return 201 '{answer}'; }} }}"
_LATE = (
    "server {{ listen {at}; location / {{ echo_status 201; echo_read_request_body; "
    "echo_sleep {latency_s}; echo -n '{answer}'; }} }}"
)


class TelcoMissingError(Exception):
    """nginx cannot be had on this machine; the message says what to install."""


@contextmanager
def canned_telco(folder: Path, latencies_ms: Sequence[int]) -> Iterator[dict[int, str]]:
    """Run nginx while the block runs.

    Parameters
    ----------
    folder : Path
        Where it keeps what it must.
    latencies_ms : sequence of int
        After how long it is to answer.

    Yields
    ------
    dict of int to str
        Latency → base URL of a carrier that answers so.

    Raises
    ------
    TelcoMissingError
        If nginx or its module is not installed, or does not start.
    """
    if not NGINX.exists() or not ECHO_MODULE.exists():
        raise TelcoMissingError(
            "nginx answers for the carrier and is not here; on Debian: "
            "sudo apt-get install nginx-light libnginx-mod-http-echo"
        )
    folder.mkdir(parents=True, exist_ok=True)
    ports = {latency_ms: free_port() for latency_ms in latencies_ms}
    config = folder / "nginx.conf"
    config.write_text(_config(folder.resolve(), ports))
    process = subprocess.Popen(
        [str(NGINX), "-p", str(folder.resolve()), "-c", str(config.resolve())],
        stderr=subprocess.DEVNULL,
    )
    try:
        try:
            wait_until_listening(
                process, list(ports.values()), timeout_s=_START_S, what="nginx"
            )
        except StuckError as error:
            raise TelcoMissingError(f"{error}; see {folder / 'error.log'}") from error
        yield {ms: f"http://{LOOPBACK}:{port}" for ms, port in ports.items()}
    finally:
        process.terminate()
        process.wait(30)


def _config(folder: Path, ports: dict[int, int]) -> str:
    answer = _ANSWER.replace("'", "\\'")
    servers = [
        (_LATE if latency_ms else _AT_ONCE).format(
            at=f"{LOOPBACK}:{port}", answer=answer, latency_s=latency_ms / 1000
        )
        for latency_ms, port in ports.items()
    ]
    return _CONFIG.format(
        module=ECHO_MODULE, folder=folder, servers="\n  ".join(servers)
    )
