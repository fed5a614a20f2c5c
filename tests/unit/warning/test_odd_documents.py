"""What real issuers send: read or refused, and always with the reason and the line."""

from __future__ import annotations

import pytest

from tests.unit.warning.odd_contents import CONTENTS
from tests.unit.warning.odd_documents import FORMS, Odd
from warning.cap_documents.cap_check import check

ODD = (*FORMS, *CONTENTS)


@pytest.mark.parametrize("odd", ODD, ids=[odd.name for odd in ODD])
def test_an_odd_document_is_judged_as_the_page_says(odd: Odd) -> None:
    """Usable or held, aimed somewhere or not for a named reason, and what was odd."""
    verdict = check(odd.document, filename="a.xml", lookup=lambda *_: None)
    codes = {defect.code for defect in verdict.defects}
    found = (verdict.usable, verdict.target.state.value)
    assert found == (odd.usable, odd.targeting), sorted(map(str, verdict.defects))
    assert codes >= set(odd.codes)
    assert all(one.line for one in verdict.defects if one.blocks)
    assert verdict.targetable <= (verdict.target.area is not None)
