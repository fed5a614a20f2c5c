"""Pure geometry: who is inside a polygon, who is near a point."""
