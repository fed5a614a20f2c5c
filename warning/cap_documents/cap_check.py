"""The verdict on a CAP document: can it be read, may it be sent, and to where.

One answer for the command line, the API's dry run and the intake; what depends on the
installation (its sources, its areas) comes in by ``cap_gate``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geofence.area import to_geojson
from warning.cap import Alert
from warning.cap_documents import rules as cap_rules
from warning.cap_documents.cap_xml import ReadResult, read, read_all
from warning.cap_documents.defects import Defect
from warning.cap_documents.plain import alert_to_json, identity_to_json
from warning.cap_documents.rule import Context
from warning.cap_documents.signature import SignaturePolicy, SignatureVerdict
from warning.cap_documents.target import GeocodeLookup, Target, Targeting, target
from warning.cap_documents.tree import DEFAULT_LIMITS, CapLimits


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whose alert it is by our settings, and what its signature is worth."""

    #: Name of the source; None for a sender that nobody has configured.
    source: str | None
    policy: SignaturePolicy
    signature: SignatureVerdict
    #: What else is wrong with where it came from.
    also: tuple[Defect, ...] = ()

    @property
    def defects(self) -> tuple[Defect, ...]:
        """What counts in the verdict like any other defect."""
        told = self.signature.defect
        return self.also if told is None else (*self.also, told)

    def as_dict(self) -> dict[str, str | None]:
        """Return it as JSON-ready values."""
        reason = self.signature.reason
        return {
            "source": self.source,
            "policy": self.policy.value,
            "state": self.signature.state.value,
            "reason": reason.value if reason is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """All there is to say about one alert of a file."""

    #: The name given; with ``#2`` and so on for the members of an ``<alerts>`` root.
    file: str
    read: ReadResult
    #: Of the reading, the schema and the rules; blocking ones first, then by line.
    defects: tuple[Defect, ...]
    target: Target
    #: None where nobody has looked at signatures.
    vouched: Vouched | None = None

    @property
    def alert(self) -> Alert | None:
        """The alert; None if its identity cannot be read."""
        return self.read.alert

    @property
    def valid_xsd(self) -> bool:
        """Whether the official schema of its version accepts it."""
        return self.read.valid_xsd

    @property
    def usable(self) -> bool:
        """Whether it can be read and no defect blocks it."""
        return self.alert is not None and not any(one.blocks for one in self.defects)

    @property
    def targetable(self) -> bool:
        """Whether it names an area that can be warned in, without a doubtful shape."""
        return self.target.is_targetable and not any(
            defect.blocks and defect.element in {"polygon", "circle"}
            for defect in self.defects
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON-ready values, the same everywhere it is asked."""
        area = self.target.area
        swapped = self.target.swapped
        return {
            "file": self.file,
            "version": self.read.version,
            "valid_xsd": self.valid_xsd,
            "usable": self.usable,
            "targetable": self.targetable,
            "targeting": self.target.state.value,
            "untargeted": list(self.target.missing),
            "signature": self.vouched.as_dict() if self.vouched is not None else None,
            "defects": [defect.as_dict() for defect in self.defects],
            "alert": self._alert_as_dict(),
            "area": to_geojson(area.geometry) if area is not None else None,
            "swapped_area": (
                to_geojson(swapped.geometry) if swapped is not None else None
            ),
        }

    def _alert_as_dict(self) -> dict[str, Any] | None:
        if self.alert is not None:
            return alert_to_json(self.alert)
        return identity_to_json(self.read.node) if self.read.node is not None else None


def check(
    data: bytes,
    *,
    filename: str,
    lookup: GeocodeLookup | None = None,
    limits: CapLimits = DEFAULT_LIMITS,
) -> Verdict:
    """Judge a document that should hold one alert.

    Parameters
    ----------
    data : bytes
        The file as received.
    filename : str
        What to call it in the verdict; never opened.
    lookup : callable, optional
        Table of geocodes, ``(value_name, value) -> geometry or None``.
    limits : CapLimits
        What is refused for its size.

    Returns
    -------
    Verdict
        Never raises for a bad document.
    """
    return verdict_of(read(data, limits=limits), file=filename, lookup=lookup)


def check_all(
    data: bytes,
    *,
    filename: str,
    lookup: GeocodeLookup | None = None,
    limits: CapLimits = DEFAULT_LIMITS,
) -> tuple[Verdict, ...]:
    """Judge every alert of a document; several are named ``file#1``, ``file#2``.

    Parameters are those of `check`.
    """
    results = read_all(data, limits=limits)
    return tuple(
        verdict_of(result, file=file, lookup=lookup)
        for file, result in zip(names_of(results, filename), results, strict=True)
    )


def names_of(results: Sequence[ReadResult], filename: str) -> list[str]:
    """Return what the alerts of a file are called: numbered if there are several."""
    if len(results) == 1:
        return [filename]
    return [f"{filename}#{number}" for number in range(1, len(results) + 1)]


def verdict_of(
    result: ReadResult,
    *,
    file: str,
    lookup: GeocodeLookup | None = None,
    vouched: Vouched | None = None,
) -> Verdict:
    """Judge what was read.

    Parameters
    ----------
    result : ReadResult
    file : str
        What to call it.
    lookup : callable, optional
        Table of geocodes.
    vouched : Vouched, optional
        Whose alert it is; its defects count like any other.
    """
    if result.node is None:
        return Verdict(file, result, result.defects, Target(Targeting.NO_AREA), vouched)
    context = Context(result.node, lookup=lookup)
    defects = [*result.defects, *cap_rules.judge(context)]
    defects += vouched.defects if vouched is not None else ()
    # Sorting is stable: within a line the order is schema, reading, rules.
    defects.sort(key=lambda one: (not one.blocks, one.line or 0))
    aimed = target(result.infos, lookup=lookup, shapes=context.shapes)
    return Verdict(file, result, tuple(defects), aimed, vouched)
