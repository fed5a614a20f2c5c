// A new case: a click on the map is the place.
"use strict";

import { drawMap } from "./map.js";

const DIGITS = 6;
const form = document.getElementById("case");
const drawn = await drawMap();
if (drawn) {
  const marker = new drawn.maplibre.Marker({ color: getComputedStyle(document.documentElement).getPropertyValue("--bad").trim() });
  const show = () => {
    const [lon, lat] = [form.elements.lon, form.elements.lat].map((field) => Number.parseFloat(field.value));
    if (Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lat) <= 90) marker.setLngLat([lon, lat]).addTo(drawn.map);
    else marker.remove();
  };
  drawn.map.on("click", ({ lngLat }) => {
    form.elements.lon.value = lngLat.lng.toFixed(DIGITS);
    form.elements.lat.value = lngLat.lat.toFixed(DIGITS);
    show();
  });
  for (const name of ["lon", "lat"]) form.elements[name].addEventListener("input", show);
  show();
}
