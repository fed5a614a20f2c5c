"""Addresses to listen on: free ones, and those that are not, told before the start."""

from __future__ import annotations

import errno
import http.client
import os
import socket

from ops.errors import AddressError

LOOPBACK = "127.0.0.1"
#: What a server that is bound to every address is reached by on this machine.
_EVERYWHERE = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 - compared, not bound


def free_port(host: str = LOOPBACK) -> int:
    """A port that nothing listens on now.

    Raises
    ------
    AddressError
        If the host is not one of this machine.
    """
    return _bound_once(host, 0, setting="TOCSIN_PORT")


def require_free(host: str, port: int, *, setting: str) -> None:
    """Refuse an address that cannot be listened on.

    Parameters
    ----------
    setting : str
        The variable that chooses another port, for the message.

    Raises
    ------
    AddressError
        If it is taken, forbidden, or no address of this machine.
    """
    _bound_once(host, port, setting=setting)


def is_listening(host: str, port: int) -> bool:
    """Whether something answers there now."""
    try:
        socket.create_connection((_EVERYWHERE.get(host, host), port), 1.0).close()
    except OSError:
        return False
    return True


def is_ready(host: str, port: int) -> bool:
    """Whether our web server there says that all is well, a worker included."""
    connection = http.client.HTTPConnection(host, port, timeout=5.0)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _bound_once(host: str, port: int, *, setting: str) -> int:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do: the leavings of one that just ended are no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise AddressError(_why_not(error, host, port, setting)) from None


def _why_not(error: OSError, host: str, port: int, setting: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is taken by another program. Stop that one, or "
            f"choose another port with {setting}."
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return (
            f"Port {port} of {host} is not for ordinary users; choose one from 1024 "
            f"up with {setting}."
        )
    why = error.strerror or os.strerror(error.errno or 0)
    return (
        f"{host} cannot be listened on ({why}); set TOCSIN_HOST to an address of this "
        "machine, such as 127.0.0.1."
    )
