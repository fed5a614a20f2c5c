"""The waters of Cambodia that people live by, drawn roughly."""

from __future__ import annotations

from shapely import LineString, Polygon

#: The Tonle Sap, the lake, at low water.
LAKE = Polygon(
    [
        (103.62, 13.14),
        (103.83, 13.22),
        (104.03, 13.05),
        (104.26, 12.83),
        (104.46, 12.63),
        (104.58, 12.50),
        (104.50, 12.45),
        (104.32, 12.56),
        (104.10, 12.66),
        (103.93, 12.76),
        (103.74, 12.92),
        (103.60, 13.04),
    ]
)
#: From Stung Treng by Kratie and Kampong Cham to Phnom Penh.
MEKONG_UPPER = LineString(
    [
        (105.97, 13.52),
        (105.95, 13.10),
        (106.02, 12.50),
        (105.97, 12.25),
        (105.80, 12.27),
        (105.65, 12.28),
        (105.55, 12.20),
        (105.47, 11.99),
        (105.28, 11.91),
        (105.10, 11.80),
        (104.98, 11.68),
        (104.94, 11.57),
    ]
)
#: From Phnom Penh by Neak Loeung to the border.
MEKONG_LOWER = LineString(
    [
        (104.94, 11.57),
        (105.10, 11.47),
        (105.20, 11.38),
        (105.28, 11.26),
        (105.24, 11.10),
        (105.20, 10.95),
    ]
)
#: From Phnom Penh by Ta Khmau to the border.
BASSAC = LineString(
    [
        (104.94, 11.56),
        (104.95, 11.48),
        (105.02, 11.25),
        (105.07, 11.10),
        (105.09, 10.95),
    ]
)
#: The river between the lake and Phnom Penh.
TONLE_SAP = LineString(
    [
        (104.94, 11.57),
        (104.80, 11.81),
        (104.76, 11.95),
        (104.68, 12.25),
        (104.55, 12.47),
    ]
)
RIVERS = (MEKONG_UPPER, MEKONG_LOWER, BASSAC, TONLE_SAP)
