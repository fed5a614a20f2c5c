"""Shapes that are harmless alone and too much together."""

from warning.cap_documents.shapes import ShapeReader


def test_polygons_and_circles_are_weighed_together() -> None:
    """Each harmless alone; every circle crosses every tooth of the comb."""
    teeth = " ".join(f"{10 + 2 * (n // 2 % 2)},{104 + n / 500}" for n in range(500))
    comb = f"{teeth} 9,105 9,104"
    circles = [f"11,{104.4 + n / 2000} 30" for n in range(60)]
    assert ShapeReader([comb]).polygon(comb).area is not None
    assert ShapeReader([], circles).circle(circles[0]).area is not None
    together = ShapeReader([comb], circles)
    assert together.polygon(comb).notes[-1].code == "shapes_tangled"
    assert together.circle(circles[0]).notes[-1].code == "shapes_tangled"
