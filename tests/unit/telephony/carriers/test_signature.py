"""Signatures: the library's validator is the judge."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from telephony.carriers.signature import sign, verify

TOKEN = "12345"
URL = "https://tocsin.example/telephony/status?attempt=7"
FORM = [("To", "+85512000001"), ("MessageStatus", "sent"), ("ErrorCode", "")]

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
forms = st.lists(st.tuples(words, words), max_size=6)
urls = st.builds(
    "{}://{}{}{}/{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["", "user@"]),
    st.sampled_from(["Tocsin.example", "10.0.0.7"]),
    st.sampled_from(["", ":443", ":80", ":8443"]),
    st.sampled_from(["", "hook", "hook?a=1&b=", "hook?attempt=7"]),
)


@given(token=words, url=urls, form=forms)
def test_signature_equals_the_library(
    token: str, url: str, form: list[tuple[str, str]]
) -> None:
    """Every form, repeated and blank fields too, is signed as the library signs it."""
    judge = RequestValidator(token)
    assert sign(token, url, form) == judge.compute_signature(url, MultiDict(form))


@given(url=urls, form=forms, signed_url=urls)
def test_verdict_equals_the_library(
    url: str, form: list[tuple[str, str]], signed_url: str
) -> None:
    """Ports are forgiven exactly where the library forgives them."""
    signature = sign(TOKEN, signed_url, form)
    judge = RequestValidator(TOKEN)
    assert verify(TOKEN, url, form, signature) == judge.validate(
        url, MultiDict(form), signature
    )


def test_order_of_fields_does_not_matter() -> None:
    """The carrier's field order plays no part."""
    assert sign(TOKEN, URL, FORM) == sign(TOKEN, URL, FORM[::-1])


@pytest.mark.parametrize("signature", ["", "x", "é", "\udcff", "=" * 1000])
def test_any_text_as_signature_is_refused_quietly(signature: str) -> None:
    """Rubbish in the header is a refusal, never an error."""
    assert not verify(TOKEN, URL, FORM, signature)


def test_undecodable_form_is_refused_quietly() -> None:
    """A form with a lone surrogate is judged, not a crash."""
    signature = sign(TOKEN, URL, FORM)
    assert not verify(TOKEN, URL, [("Body", "\udcff")], signature)


@pytest.mark.parametrize(
    ("token", "url", "form"),
    [
        ("12346", URL, FORM),
        (TOKEN, URL + "1", FORM),
        (TOKEN, URL, FORM[:-1]),
        (TOKEN, URL, [*FORM, ("To", "+85512000002")]),
    ],
)
def test_any_change_is_refused(
    token: str, url: str, form: list[tuple[str, str]]
) -> None:
    """Another token, URL or form breaks the signature."""
    assert verify(TOKEN, URL, FORM, sign(TOKEN, URL, FORM))
    assert not verify(token, url, form, sign(TOKEN, URL, FORM))


def test_port_beside_credentials_and_ipv6_is_toggled() -> None:
    """The port is found behind a password and behind an IPv6 literal."""
    for with_port, without in [
        ("https://u:p@h.example:443/x", "https://u:p@h.example/x"),
        ("http://[::1]:80/x", "http://[::1]/x"),
    ]:
        assert verify(TOKEN, with_port, FORM, sign(TOKEN, without, FORM))
        assert verify(TOKEN, without, FORM, sign(TOKEN, with_port, FORM))


def test_unknown_scheme_has_no_port_to_add() -> None:
    """A URL of another scheme is compared as it stands."""
    assert verify(TOKEN, "x://h/p", FORM, sign(TOKEN, "x://h/p", FORM))
    assert not verify(TOKEN, "x://h/p", FORM, "")


def test_body_that_is_no_form_counts_by_its_hash() -> None:
    """A JSON body is signed through its hash in the URL."""
    body = b'{"property": "value"}'
    url = f"{URL}&bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = sign(TOKEN, url, [])
    assert verify(TOKEN, url, FORM, signature, body=body)
    assert not verify(TOKEN, url, FORM, signature, body=body + b" ")
    assert not verify(TOKEN, URL, [], sign(TOKEN, URL, []), body=body)
