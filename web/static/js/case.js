// A running case on the map: the patient, the AEDs, and who comes; looked at anew.
"use strict";

import { onAgain } from "./again.js";
import { drawMap } from "./map.js";

const ZOOM = 11;
const place = document.getElementById("case-now");
const style = getComputedStyle(document.documentElement);

function pin(className, text, title) {
  const element = document.createElement("span");
  element.className = `pin ${className}`;
  element.textContent = text;
  element.title = title;
  return element;
}

const drawn = await drawMap();
if (drawn) {
  const { maplibre, map } = drawn;
  const put = (element, { lon, lat }) => new maplibre.Marker({ element }).setLngLat([Number(lon), Number(lat)]).addTo(map);
  for (const line of document.querySelectorAll(".aeds li")) {
    put(pin(line.dataset.open === "1" ? "aed" : "aed shut", "AED", line.textContent), line.dataset);
  }
  let coming = [];
  const show = () => {
    coming.forEach((marker) => marker.remove());
    coming = [...place.querySelectorAll("[data-who]")].map((line) => put(pin("coming", line.dataset.who, line.textContent), line.dataset));
  };
  show();
  onAgain(show);
  const at = [Number(place.dataset.lon), Number(place.dataset.lat)];
  new maplibre.Marker({ color: style.getPropertyValue("--bad").trim() }).setLngLat(at).addTo(map);
  const around = [...document.querySelectorAll(".aeds li, #case-now [data-who]")].map(({ dataset }) => [Number(dataset.lon), Number(dataset.lat)]);
  if (around.length) map.fitBounds(new maplibre.LngLatBounds(at, at).extend(around.reduce((bounds, point) => bounds.extend(point), new maplibre.LngLatBounds(at, at))), { padding: 64, maxZoom: 15, animate: false });
  else map.jumpTo({ center: at, zoom: ZOOM });
}
