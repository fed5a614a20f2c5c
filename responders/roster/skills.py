"""What proves that a volunteer can do something.

A skill counts as long as a credential for it is valid. Helpers need none: they are
asked only where a dispatcher wants them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from responders.deciding.facts import PROFESSIONALS, Skill
from responders.errors import InvalidResponderError

#: How long a credential holds when its file gives no end.
DEFAULT_VALIDITY = timedelta(days=730)
#: Those who can do CPR.
TRAINED = Skill.CPR | Skill.FIRST_RESPONDER | PROFESSIONALS
NO_SKILL = Skill(0)
#: What a person may be, the best first.
PROVABLE = tuple(skill for skill in Skill if skill is not Skill.VERIFIED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Credential:
    """Proof of one skill."""

    skill: Skill
    #: Not valid from here on.
    valid_until: datetime
    #: When somebody of the organisation has seen it; None for what a person declared.
    verified_at: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Whether it holds now."""
        return now < self.valid_until


def valid_skills(credentials: Iterable[Credential], now: datetime) -> Skill:
    """Sum the skills that are proved now.

    ``Skill.VERIFIED`` is among them if the organisation has seen one of the proofs.
    """
    skills = NO_SKILL
    for one in credentials:
        if one.is_valid(now):
            skills |= one.skill
            if one.verified_at is not None:
                skills |= Skill.VERIFIED
    return skills


def skill_word(skill: Skill) -> str:
    """The word for one skill in files and tables, e.g. ``first_responder``."""
    return (skill.name or "").lower()


def skill_words(skills: Skill) -> list[str]:
    """The words of several skills, the best first."""
    return [skill_word(skill) for skill in PROVABLE if skill & skills]


def parse_skill(text: str) -> Skill:
    """Read the word for one skill; case, blanks and hyphens do not matter.

    Raises
    ------
    InvalidResponderError
        If there is no such skill.

    Examples
    --------
    >>> parse_skill("First responder").name
    'FIRST_RESPONDER'
    """
    word = text.strip().lower().replace(" ", "_").replace("-", "_")
    for skill in PROVABLE:
        if skill_word(skill) == word:
            return skill
    known = ", ".join(map(skill_word, PROVABLE))
    raise InvalidResponderError(f"There is no skill {text[:40]!r}; there are {known}.")
