"""A real softphone on the loopback: dials, answers, plays, records, hears keys.

It is baresip. It has no sound card: a file is its microphone, and a bridge inside it
its loudspeaker.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

PROGRAM = "baresip"
MODULES = Path("/usr/lib/baresip/modules")
_START_S = 20.0

_CONFIG = """\
sip_listen 127.0.0.1:{sip}
net_interface 127.0.0.1
rtp_ports {rtp}-{rtp_end}
module_path {modules}
module g711.so
module aufile.so
module aubridge.so
{recorder}
module_tmp account.so
module_app menu.so
module ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
audio_source {microphone}
audio_player aubridge,loudspeaker
audio_alert aubridge,loudspeaker
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
snd_path {folder}
"""


def is_installed() -> bool:
    """Whether the program and the parts of it that are used are here."""
    parts = ("aufile", "aubridge", "ctrl_tcp", "g711", "sndfile")
    has_parts = all((MODULES / f"{part}.so").is_file() for part in parts)
    return shutil.which(PROGRAM) is not None and has_parts


class Softphone:
    """A running phone.

    Parameters
    ----------
    folder : Path
        Its settings and recordings.
    sip_port : int
        Where it is called.
    control : socket
        Takes commands, gives events.
    """

    def __init__(self, folder: Path, sip_port: int, control: socket.socket) -> None:
        self.folder = folder
        self.address = f"sip:phone@127.0.0.1:{sip_port}"
        self._control = control
        self._unread = b""

    def command(self, name: str, parameters: str = "") -> None:
        """Tell it what to do."""
        body = json.dumps({"command": name, "params": parameters}).encode()
        self._control.sendall(b"%d:%s," % (len(body), body))

    def wait_for(self, kind: str, *, timeout_s: float = 20.0) -> dict[str, object]:
        """Return the next event of a kind.

        Raises
        ------
        TimeoutError
            If none comes in time.
        """
        until = time.monotonic() + timeout_s
        while True:
            self._control.settimeout(max(0.01, until - time.monotonic()))
            event = self._next()
            if event.get("type") == kind:
                return event

    def recording(self) -> Path:
        """What came out of its loudspeaker."""
        (file,) = self.folder.glob("dump-*-dec.wav")
        return file

    def _next(self) -> dict[str, object]:
        """One message: its length, a colon, JSON, a comma."""
        while True:
            head, colon, rest = self._unread.partition(b":")
            if colon and len(rest) > int(head):
                self._unread = rest[int(head) + 1 :]
                message: dict[str, object] = json.loads(rest[: int(head)])
                return message
            self._unread += self._control.recv(65_536)


@contextmanager
def softphone(folder: Path, *, plays: Path | None = None) -> Iterator[Softphone]:
    """Start a phone; one that plays nothing answers, listens and records."""
    folder.mkdir()
    sip, control = _free_port(socket.SOCK_DGRAM), _free_port(socket.SOCK_STREAM)
    rtp = 20_000 + sip % 20_000 // 2 * 2
    config = _CONFIG.format(
        sip=sip,
        rtp=rtp,
        rtp_end=rtp + 20,
        control=control,
        modules=MODULES,
        recorder="module sndfile.so" if plays is None else "",
        microphone=f"aufile,{plays}" if plays else "aubridge,loudspeaker",
        folder=folder,
    )
    mode = "auto" if plays is None else "manual"
    account = f"<sip:phone@127.0.0.1:{sip}>;regint=0;answermode={mode}"
    (folder / "config").write_text(config)
    (folder / "accounts").write_text(f"{account};audio_codecs=pcma/8000/1\n")
    (folder / "contacts").write_text("")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - a Debian package, on the loopback
            [PROGRAM, "-f", str(folder), "-t", "120"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            with _connected(control, process) as connection:
                yield Softphone(folder, sip, connection)
        finally:
            process.terminate()
            process.wait(20)


def _connected(port: int, process: subprocess.Popen[bytes]) -> socket.socket:
    until, again = time.monotonic() + _START_S, Event()
    while process.poll() is None and time.monotonic() < until:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=5)
        except ConnectionRefusedError:
            again.wait(0.05)
    raise AssertionError("the softphone does not start; its log is in its folder")


def _free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
