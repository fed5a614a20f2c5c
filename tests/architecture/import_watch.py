"""Run as a program: imports modules one by one and tells what each does meanwhile.

Prints one line ``MODULE EVENT DETAIL`` for every file written, file of the product
read, socket, process or database opened by the module's own code, and ``MODULE loads
NAME`` for every heavy package that has come in.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import FrameType

ROOT = str(Path(__file__).parents[2])
#: Audit events that mean work, and those that do only with certain arguments.
WORK = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "os.posix_spawn",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "sqlite3.connect",
    "ctypes.dlopen",
)
current = ""
lines: list[str] = []


def is_ours(frame: FrameType | None) -> bool:
    """Whether the code of a module of ours is at work, not that of one it imports."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            return False
        if name.startswith(ROOT) and "/.venv/" not in name and name != __file__:
            return True
        frame = frame.f_back
    return False


def is_work(event: str, arguments: tuple[object, ...]) -> bool:
    if event != "open":
        return event in WORK
    path, mode = str(arguments[0]), str(arguments[1])
    writes = any(letter in mode for letter in "wax+")
    is_data = path.startswith(ROOT) and not path.endswith((".py", ".pyc"))
    return writes or (is_data and "/.venv/" not in path)


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if current and is_work(event, arguments) and is_ours(sys._getframe(1)):
        lines.append(f"{current} {event} {arguments[0] if arguments else ''}")


def main(heavy: list[str], modules: list[str]) -> None:
    global current  # noqa: PLW0603 - an audit hook can be told in no other way
    sys.addaudithook(watch)
    seen: set[str] = set()
    for module in modules:
        current = module
        importlib.import_module(module)
        for name in heavy:
            if name in sys.modules and name not in seen:
                seen.add(name)
                lines.append(f"{module} loads {name}")
    current = ""
    sys.stdout.write("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1].split(","), sys.argv[2].split(","))
