"""What the texts of a language are called on the page, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from warning.texts.text_changes import Change
from warning.texts.text_slots import Complaint, Fault, Notice, Slot
from web.console.words import noted

#: The last part of a text's name → what it is.
KINDS: Mapping[str, str] = {
    "until": noted("Until when"),
    "headline_act": noted("How it begins, severe"),
    "headline_prepare": noted("How it begins, less"),
    "name": noted("Name of the hazard"),
    "act": noted("Severe: do now"),
    "prepare": noted("Less: get ready"),
    "short": noted("What to do, in few words"),
    "words": noted("Words by which it is recognised, with commas between them"),
    "says": noted("What has become of it"),
    "do": noted("What to do"),
}
#: What is said after a warning.
NOTICES: Mapping[Notice, str] = {
    Notice.UPDATE: noted("Before an update"),
    Notice.NO_LONGER_AFFECTED: noted("To those whom an update leaves out"),
    Notice.ALL_CLEAR: noted("The danger is over"),
    Notice.WITHDRAWN: noted("The warning is withdrawn"),
    Notice.CORRECTION: noted("It was a false alarm"),
}
CHANGES: Mapping[Change, str] = {
    Change.WRITTEN: noted("wrote other words"),
    Change.BROUGHT: noted("went back to the words of the release"),
    Change.REVIEWED: noted("read it over"),
    Change.DOUBTED: noted("took back that it was read over"),
}
_FAULTS: Mapping[Fault, str] = {
    Fault.EMPTY: noted("Write something here."),
    Fault.TOO_LONG: noted("This is too long: at most %(longest)s characters."),
    Fault.PLACEHOLDERS: noted("Of words in braces, these and no others: %(names)s"),
    Fault.BRACE: noted("A brace that belongs to no placeholder."),
    Fault.LETTERS: noted("A line break or a sign that nobody sees."),
    Fault.COMMA: noted("Two commas with no word between them."),
}


def kind_of(path: str) -> str:
    """What a text is, in the operator's language."""
    return str(_(KINDS[path.rpartition(".")[2]]))


def placeholders_of(slot: Slot) -> str:
    """What has to stand in a text in braces; empty if nothing may."""
    return " ".join(f"{{{name}}}" for name in sorted(slot.placeholders))


def sentence_for(slot: Slot, complaints: Sequence[Complaint]) -> str:
    """What is wrong with a text, in the operator's language."""
    names = placeholders_of(slot) or "0"
    return " ".join(
        str(_(_FAULTS[one.fault], longest=slot.longest, names=names))
        for one in complaints
    )
