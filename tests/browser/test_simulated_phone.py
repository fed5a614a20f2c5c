"""A person at a simulated phone: picks up, hears the real sounds, presses a key."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from simulator.config import SimulatorConfig
from simulator.testing import RunningSimulator, running
from telephony.sound import wave_file
from tests.fakes.sounds import tone

PHONE = "+85512345678"
WAV = wave_file.write(tone(0.4))

pytestmark = [
    pytest.mark.browser,
    pytest.mark.scenario,
    pytest.mark.enable_socket,
    pytest.mark.xdist_group("browser"),
]


class _Sounds(BaseHTTPRequestHandler):
    """What a service would serve: a tone under every name."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "audio/wav")
        self.send_header("Content-Length", str(len(WAV)))
        self.end_headers()
        self.wfile.write(WAV)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def sounds() -> Iterator[str]:
    """Where sounds are."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Sounds) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def place_call(telco: RunningSimulator, twiml: str) -> None:
    """As a service does."""
    sid, token = telco.config.account_sid, telco.config.auth_token
    form = urlencode({"To": PHONE, "From": "+15005550006", "Twiml": twiml}).encode()
    pair = b64encode(f"{sid}:{token}".encode()).decode()
    url = f"{telco.base_url}/2010-04-01/Accounts/{sid}/Calls.json"
    with urlopen(Request(url, form, {"Authorization": f"Basic {pair}"})):  # noqa: S310 - the loopback
        pass


def test_a_call_is_heard_and_answered_in_the_browser(
    chromium: Browser, sounds: str
) -> None:
    """Sounds play one after the other by themselves; the key arrives."""
    config = SimulatorConfig()
    pair = {"username": config.account_sid, "password": config.auth_token}
    with running(config) as telco:
        context = chromium.new_context(http_credentials=pair)
        page = context.new_page()
        page.goto(f"{telco.base_url}/_simulator/phones/{PHONE.replace('+', '%2B')}")
        page.check("#human")
        expect(page.locator("#state")).to_have_text("No call.")
        place_call(
            telco,
            f"<Response><Gather timeout='5' numDigits='1'><Play>{sounds}/a.wav</Play>"
            f"<Play>{sounds}/b.wav</Play></Gather><Say>Thanks</Say></Response>",
        )
        page.click("#answer:enabled")
        page.wait_for_selector("audio >> nth=1", state="attached")
        last = page.locator("audio").nth(1)
        expect(last).to_have_js_property("ended", value=True)
        page.click("#keypad button:text-is('1')")
        expect(page.locator("#transcript")).to_contain_text("You pressed 1")
        context.close()
