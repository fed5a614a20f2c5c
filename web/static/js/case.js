// A running case: where it is, and what moves, looked at anew while it is open.
"use strict";

import { drawMap } from "./map.js";

const EVERY_MS = 2000;
const ZOOM = 13;
const place = document.getElementById("case-now");

async function look() {
  try {
    const answer = await fetch(place.dataset.url, { credentials: "same-origin", redirect: "manual" });
    if (answer.type === "opaqueredirect") { location.reload(); return; }
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    const closed = new Set([...place.querySelectorAll("details")].flatMap((part, n) => (part.open ? [] : [n])));
    place.replaceChildren(...fresh.childNodes);
    place.querySelectorAll("details").forEach((part, n) => { part.open = !closed.has(n); });
  } catch {
    // The strip tells how old the figures are.
  }
}

setInterval(look, EVERY_MS);
const drawn = await drawMap();
if (drawn) {
  const at = [Number(place.dataset.lon), Number(place.dataset.lat)];
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--bad").trim();
  new drawn.maplibre.Marker({ color: colour }).setLngLat(at).addTo(drawn.map);
  drawn.map.jumpTo({ center: at, zoom: ZOOM });
}
