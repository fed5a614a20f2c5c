"""Our schema of CAP gives the verdict of the official XSDs, document by document.

The official files are not part of the project; they are read where the data lies beside
it, and the tests are skipped where it does not.
"""

import random
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.etree import _Element

from warning.cap_documents import schema as cap_schema
from warning.cap_documents.tree import NAMESPACES

DATA = Path(__file__).parents[3] / "shared" / "data" / "cap"
EXAMPLES = sorted(DATA.glob("examples/*.xml"))
VERSIONS = sorted(NAMESPACES)
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"The official CAP schemas are not at {DATA}."
)

#: Texts that sit on the edge of some datatype or enumeration.
TEXTS = (
    "",
    " ",
    "x",
    "Actual",
    "actual",
    "Actual ",
    "Draft",
    "Public",
    "Alert",
    "Very Likely",
    "Likely",
    "Observed",
    "CBRNE",
    "Met",
    "Avoid",
    "AllClear",
    "Shelter",
    "Unknown",
    "en",
    "en_US",
    "en-US ",
    "abcdefghi",
    "12",
    "-5",
    "+5.",
    " 7 ",
    ".",
    "1e3",
    "9" * 30,
    "http://a b/ü?x=[1]#y[2]",
    "http://a:port/",
    "http://[::1]:80/",
    "%zz",
    "//:",
    "a:b",
    "1a:b",
    "2026-10-01T06:00:00+07:00",
    " 2026-10-01T06:00:00+07:00\n",
    "2026-10-01T06:00:00-00:00",
    "2026-10-01T06:00:00Z",
    "2026-10-01T06:00:00",
    "2026-10-01T06:00:00.5+07:00",
    "2026-10-01T24:00:00+07:00",
    "2026-10-01T24:00:01+07:00",
    "2026-10-01T06:00:60+07:00",
    "2026-02-29T06:00:00+07:00",
    "2024-02-29T06:00:00+07:00",
    "2026-10-01T06:00:00+14:00",
    "2026-10-01T06:00:00+14:01",
    "2026-10-01T06:00:00,07:00",
    "0000-10-01T06:00:00+07:00",
    "12026-10-01T06:00:00+07:00",
    "02026-10-01T06:00:00+07:00",
    "-2026-10-01T06:00:00+07:00",
    "2568-10-01 06:00:00+07:00",
    "٢٠٢٦-10-01T06:00:00+07:00",
)
NAMES = """
identifier sender sent status msgType password source scope restriction addresses code
note references incidents info language category event responseType urgency severity
certainty audience eventCode effective onset expires senderName headline description
instruction web contact parameter resource area resourceDesc mimeType size uri derefUri
digest areaDesc polygon circle geocode altitude ceiling valueName value alert nonsense
Signature
""".split()  # noqa: SIM905 - fifty names, one by line, would hide the test

MINIMAL = (
    "<alert xmlns='{ns}'><identifier>i</identifier><sender>s</sender>"
    "<sent>2026-10-01T06:00:00+07:00</sent><status>Actual</status>"
    "<msgType>Alert</msgType><scope>Public</scope>{info}</alert>"
)
INFO = (
    "<info><language>en</language><category>Met</category><event>e</event>"
    "{response}<urgency>Past</urgency><severity>Minor</severity>"
    "<certainty>Likely</certainty>{pair_1}<effective>2026-10-01T06:00:00+07:00"
    "</effective><expires>2026-10-01T06:00:00+07:00</expires><web>http://a/</web>"
    "{pair_2}<resource><resourceDesc>d</resourceDesc><mimeType>m</mimeType>"
    "<size>1</size><uri>u</uri></resource><area><areaDesc>a</areaDesc>"
    "<polygon>1,1 1,2 2,2 1,1</polygon><circle>1,1 2</circle>{pair_3}"
    "<altitude>1</altitude><ceiling>2</ceiling></area></info>"
)


@cache
def official(version: str) -> etree.XMLSchema:
    """Return the official schema of a version."""
    return etree.XMLSchema(etree.parse(str(DATA / f"CAP-v{version}.xsd")))


@cache
def seeds(version: str) -> tuple[_Element, ...]:
    """Return valid documents of a version: two small ones and the real examples."""
    is_old = version == "1.0"
    inner = "a=b" if is_old else "<valueName>a</valueName><value>b</value>"
    info = INFO.format(
        response="" if is_old else "<responseType>Shelter</responseType>",
        pair_1=f"<eventCode>{inner}</eventCode>",
        pair_2=f"<parameter>{inner}</parameter>",
        pair_3=f"<geocode>{inner}</geocode>",
    )
    texts = [MINIMAL.format(ns=NAMESPACES[version], info=info * n) for n in (0, 1, 2)]
    documents = [etree.fromstring(text) for text in texts]
    if version == "1.2":
        documents += (etree.parse(str(path)).getroot() for path in EXAMPLES)
    return tuple(documents)


def assert_same_verdict(document: _Element, version: str) -> None:
    """Compare the two judges, and show the document where they differ."""
    # What counts is the document as a receiver gets it.
    received = etree.fromstring(etree.tostring(document))
    schema = official(version)
    theirs = schema.validate(received)
    ours = cap_schema.judge(received)
    shown = etree.tostring(received, encoding="unicode")[:3000]
    assert theirs == (not ours), f"{ours or schema.error_log}\n{shown}"


def mutate(document: _Element, version: str, rng: random.Random) -> None:
    """Change one thing in a document, anywhere outside its signature."""
    namespace = NAMESPACES[version]
    elements = list(document.iter(f"{{{namespace}}}*"))
    element = rng.choice(elements)
    parent = element.getparent()
    change = rng.choice(
        ("text", "text", "drop", "double", "move", "rename", "insert", "attribute")
    )
    if change == "text":
        element.text = rng.choice(TEXTS)
    elif change == "insert":
        name = rng.choice(NAMES)
        where = XMLDSIG if name == "Signature" else namespace
        new = etree.Element(f"{{{where}}}{name}")
        new.text = rng.choice(TEXTS)
        element.insert(rng.randint(0, len(element)), new)
    elif change == "attribute":
        xsi = "{http://www.w3.org/2001/XMLSchema-instance}"
        names = ("lang", f"{xsi}schemaLocation", f"{xsi}nil")
        element.set(rng.choice(names), "a b")
    elif parent is None:
        return
    elif change == "drop":
        parent.remove(element)
    elif change == "double":
        parent.insert(rng.randint(0, len(parent)), deepcopy(element))
    elif change == "move":
        parent.remove(element)
        parent.insert(rng.randint(0, len(parent)), element)
    else:
        element.tag = f"{{{namespace}}}{rng.choice(NAMES)}"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_real_alerts_are_judged_alike(path: Path) -> None:
    """The six real alerts are valid for both."""
    root = etree.parse(str(path)).getroot()
    assert official("1.2").validate(root)
    assert cap_schema.judge(root) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_seeds_are_valid(version: str) -> None:
    """Spoiling starts from documents with nothing wrong."""
    for seed in seeds(version):
        assert official(version).validate(seed), official(version).error_log


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("seed", range(40))
def test_spoilt_documents_are_judged_alike(version: str, seed: int) -> None:
    """Dropped, doubled, moved, renamed, misspelt: valid for both or for neither."""
    rng = random.Random(f"{version} {seed}")
    for _ in range(25):
        document = deepcopy(rng.choice(seeds(version)))
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            mutate(document, version, rng)
        if document.tag == f"{{{NAMESPACES[version]}}}alert":
            assert_same_verdict(document, version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("text", TEXTS)
def test_every_element_takes_a_text_alike(version: str, text: str) -> None:
    """Each edge of each datatype, in each element."""
    pristine = seeds(version)[1]
    for index in range(1, len(list(pristine.iter()))):
        document = deepcopy(pristine)
        element = list(document.iter())[index]
        element.text = text
        assert_same_verdict(document, version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", NAMES)
def test_every_element_may_stand_in_the_same_places(version: str, name: str) -> None:
    """Each name, empty, before and after each element there is."""
    pristine = seeds(version)[1]
    namespace = XMLDSIG if name == "Signature" else NAMESPACES[version]
    for index in range(len(list(pristine.iter()))):
        for end in (True, False):
            document = deepcopy(pristine)
            element = list(document.iter())[index]
            new = etree.Element(f"{{{namespace}}}{name}")
            element.insert(len(element) if end else 0, new)
            assert_same_verdict(document, version)


@pytest.mark.parametrize(
    "inside",
    [
        "<a/>",
        "<a b='c'>text<d/></a>",
        "<a><value xmlns='{ns}'>v</value></a>",
        "<a><value xmlns='{ns}'><b/></value></a>",
        "<a><alert xmlns='{ns}'/></a>",
        "<a><nonsense xmlns='{ns}'><value/></nonsense></a>",
        "<a><nonsense xmlns='{ns}'><alert/></nonsense></a>",
        "<a>" + MINIMAL.replace("{info}", "") + "</a>",
    ],
)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_stands_in_a_signature_is_judged_alike(version: str, inside: str) -> None:
    """Only CAP elements inside a signature are looked at (lax processing)."""
    namespace = NAMESPACES[version]
    signature = f"<Signature xmlns='{XMLDSIG}'>{inside.replace('{ns}', namespace)}"
    text = MINIMAL.format(ns=namespace, info=f"{signature}</Signature>")
    assert_same_verdict(etree.fromstring(text), version)


URI_PIECES = r"""
http:// https: // / a b.c ? # %20 % %zz [ ] [::1] @ : :80 :abc é < \ ^ ~ * ' ( ) ; = & ,
$ ! + urn:oid:1.2 1http: _ - { } ` |
""".split()  # noqa: SIM905 - as above


@given(st.lists(st.sampled_from([*URI_PIECES, " ", "\t"]), max_size=7).map("".join))
@settings(max_examples=300, deadline=None)
def test_web_addresses_are_judged_alike(address: str) -> None:
    """Any string is an ``xs:anyURI`` for both or for neither."""
    document = deepcopy(seeds("1.2")[1])
    web = document.find(f".//{{{NAMESPACES['1.2']}}}web")
    assert web is not None
    web.text = address
    assert_same_verdict(document, "1.2")
