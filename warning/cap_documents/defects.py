"""A defect: one thing wrong with a CAP document, said so that a person can act."""

from dataclasses import dataclass
from enum import StrEnum


class DefectSeverity(StrEnum):
    """What a defect does to the alert."""

    #: The alert must not be sent as it is; a person has to look.
    BLOCKS = "blocks"
    #: The alert is read, perhaps repaired; the defect is shown and kept.
    WARNS = "warns"


@dataclass(frozen=True, slots=True)
class Defect:
    """One finding about one element."""

    #: Stable word for programs, for example ``circle_radius_zero``.
    code: str
    severity: DefectSeverity
    #: CAP name of the element, for example ``polygon``; ``alert`` for the whole.
    element: str
    #: Line in the file, from 1; None if the document has none to show.
    line: int | None
    #: What, where, and what to do, in one or two sentences.
    message: str

    @property
    def blocks(self) -> bool:
        """Whether the alert must not be sent as it is."""
        return self.severity is DefectSeverity.BLOCKS

    def __str__(self) -> str:
        """One line for a person: where, how grave, what, and the code to look up."""
        where = f"line {self.line}, " if self.line is not None else ""
        said = f"{where}<{self.element}> {self.severity.value}: {self.message}"
        return f"{said} [{self.code}]"

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form used by the command line and the API."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "element": self.element,
            "line": self.line,
            "message": self.message,
        }


def blocks(code: str, element: str, line: int | None, message: str) -> Defect:
    """Return a defect that keeps the alert from being sent as it is."""
    return Defect(code, DefectSeverity.BLOCKS, element, line, message)


def warns(code: str, element: str, line: int | None, message: str) -> Defect:
    """Return a defect that is shown and does not stop the alert."""
    return Defect(code, DefectSeverity.WARNS, element, line, message)
