"""The signature values that Twilio's own libraries are tested with."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from telephony.carriers.signature import sign, verify

VECTORS = (
    Path(__file__).parents[2] / "../shared/data/twilio/x_twilio_signature_vectors.json"
)


def vectors() -> Iterator[Any]:
    """One case a vector; one skipped case when the file is not there."""
    if not VECTORS.exists():
        reason = pytest.mark.skip(reason=f"{VECTORS.name} is not beside the checkout")
        yield pytest.param("", {}, marks=reason, id="missing")
        return
    document = json.loads(VECTORS.read_text("utf-8"))
    for vector in document["vectors"]:
        yield pytest.param(document["token"], vector, id=vector["name"])


def pairs(params: dict[str, str] | list[list[str]]) -> list[tuple[str, str]]:
    """The form of a vector, which is an object or a list of pairs."""
    items = params.items() if isinstance(params, dict) else params
    return [(name, value) for name, value in items]


@pytest.mark.parametrize(("token", "vector"), list(vectors()))
def test_vector(token: str, vector: dict[str, Any]) -> None:
    """Each published signature gets the published verdict."""
    body = vector.get("body")
    verdict = verify(
        token,
        vector["url"],
        pairs(vector.get("params", {})),
        vector["signature"],
        body=None if body is None else body.encode(),
    )
    assert verdict is vector["valid"]


def test_signing_reproduces_a_published_value() -> None:
    """The first vector of every library, also when the file is not there."""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign("12345", url, list(form.items())) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
