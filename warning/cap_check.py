"""The verdict on a CAP document: can it be read, may it be sent, and to where.

One answer for the command line, the API's dry run and the intake.
"""

from dataclasses import dataclass, replace
from typing import Any

from geofence.area import to_geojson
from warning import cap_rules
from warning.cap import Alert
from warning.cap_defects import Defect
from warning.cap_json import alert_to_json, identity_to_json
from warning.cap_rule import Context
from warning.cap_signature import SignatureVerdict
from warning.cap_target import GeocodeLookup, Target, Targeting, target
from warning.cap_tree import DEFAULT_LIMITS, CapLimits
from warning.cap_xml import ReadResult, read, read_all


@dataclass(frozen=True, slots=True)
class Verdict:
    """All there is to say about one alert of a file."""

    #: The name given; with ``#2`` and so on for the members of an ``<alerts>`` root.
    file: str
    read: ReadResult
    #: Of the reading, the schema and the rules; blocking ones first, then by line.
    defects: tuple[Defect, ...]
    target: Target

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
    signature: SignatureVerdict | None = None,
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
    signature : SignatureVerdict, optional
        What `cap_signature.verify` found under the policy of the alert's source; its
        defect counts like any other.

    Returns
    -------
    Verdict
        Never raises for a bad document.
    """
    result = read(data, limits=limits)
    if signature is not None and signature.defect is not None:
        result = replace(result, defects=(*result.defects, signature.defect))
    return _verdict(result, filename, lookup)


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
    if len(results) == 1:
        return (_verdict(results[0], filename, lookup),)
    return tuple(
        _verdict(result, f"{filename}#{number}", lookup)
        for number, result in enumerate(results, 1)
    )


def _verdict(result: ReadResult, file: str, lookup: GeocodeLookup | None) -> Verdict:
    if result.node is None:
        return Verdict(file, result, result.defects, Target(Targeting.NO_AREA))
    context = Context(result.node, lookup=lookup)
    defects = [*result.defects, *cap_rules.judge(context)]
    # Sorting is stable: within a line the order is schema, reading, rules.
    defects.sort(key=lambda one: (not one.blocks, one.line or 0))
    infos = result.alert.infos if result.alert is not None else ()
    aimed = target(infos, lookup=lookup, shapes=context.shapes)
    return Verdict(file, result, tuple(defects), aimed)
