// One person: their places on the map.
"use strict";

import { drawMap } from "./map.js";

const ZOOM = 11;
const points = JSON.parse(document.getElementById("person").dataset.points);
const drawn = await drawMap();
if (drawn && points.length) {
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--focus").trim();
  for (const point of points) new drawn.maplibre.Marker({ color: colour }).setLngLat(point).addTo(drawn.map);
  drawn.map.jumpTo({ center: points[0], zoom: ZOOM });
}
