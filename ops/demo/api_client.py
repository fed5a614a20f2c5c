"""A small client of our own API: the demo is a user like any other."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ops.errors import ApiCallError

#: The first question after an update waits for the geofence to be compiled.
_TIMEOUT_S = 180.0


class ApiClient:
    """Calls ``/api/v1`` of one installation as one operator.

    Parameters
    ----------
    base_url : str
        Scheme, host and port.
    token : str
        Bearer token.
    """

    def __init__(self, base_url: str, token: str) -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "", parts.port
        self._token = token

    def get(self, path: str) -> Any:
        """Ask for something.

        Raises
        ------
        ApiCallError
            If the answer is no success; carries the problem's own words.
        """
        return self._call("GET", path, b"", {})

    def post(
        self, path: str, body: bytes = b"", content_type: str = "application/json"
    ) -> Any:
        """Do something; raises as ``get``."""
        return self._call("POST", path, body, {"Content-Type": content_type})

    def _call(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Any:
        connection = http.client.HTTPConnection(
            self._host, self._port, timeout=_TIMEOUT_S
        )
        authorization = {"Authorization": f"Bearer {self._token}"}
        try:
            connection.request(
                method, f"/api/v1{path}", body, {**headers, **authorization}
            )
            response = connection.getresponse()
            document = json.loads(response.read() or b"null")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ApiCallError(f"{method} {path} got no answer: {error}") from error
        finally:
            connection.close()
        if response.status >= http.client.BAD_REQUEST:
            problem = document if isinstance(document, dict) else {}
            reason = problem.get("detail") or problem.get("title") or "no reason given"
            raise ApiCallError(f"{method} {path}: {response.status}, {reason}")
        return document
