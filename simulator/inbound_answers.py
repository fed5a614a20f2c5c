"""What the customer's service answers to a text from a person: TwiML with messages."""

from __future__ import annotations

from simulator.errors import TwimlError
from simulator.twiml import Texted, parse


def texts_in(document: bytes) -> tuple[Texted, ...]:
    """Messages to send back, in order.

    Raises
    ------
    TwimlError
        If the document is empty or no TwiML.
    """
    if not document.strip():
        raise TwimlError("the answer to an inbound text is empty")
    return tuple(verb for verb in parse(document) if isinstance(verb, Texted))
