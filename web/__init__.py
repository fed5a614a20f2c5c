"""The only package (with ``app.py``) that speaks Flask: parse, call, render."""

from web.registration import register
from web.services import Services, WebOptions

__all__ = ["Services", "WebOptions", "register"]
