// A new case: a click on the map is the place, or one that is found by its name.
"use strict";

import { drawMap } from "./map.js";

const DIGITS = 6;
const WAIT_MS = 150;
const ZOOM = 14;
const form = document.getElementById("case");
const field = document.getElementById("place");
const list = document.getElementById("found");
let drawn = null;
let marker = null;
let places = [];
let chosen = -1;

function set(lon, lat) {
  form.elements.lon.value = lon.toFixed(DIGITS);
  form.elements.lat.value = lat.toFixed(DIGITS);
  show();
}

function show() {
  if (!drawn) return;
  const [lon, lat] = [form.elements.lon, form.elements.lat].map((one) => Number.parseFloat(one.value));
  if (Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lat) <= 90) marker.setLngLat([lon, lat]).addTo(drawn.map);
  else marker.remove();
}

function close() {
  list.hidden = true;
  chosen = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function take(index) {
  const { name, lon, lat } = places[index];
  field.value = name;
  if (!form.elements.address.value) form.elements.address.value = name;
  set(lon, lat);
  drawn?.map.jumpTo({ center: [lon, lat], zoom: ZOOM });
  close();
}

function offer(found) {
  places = found;
  list.replaceChildren(...found.map(({ name }, n) => {
    const line = document.createElement("li");
    line.id = `found-${n}`;
    line.role = "option";
    line.textContent = name;
    line.addEventListener("mousedown", (event) => { event.preventDefault(); take(n); });
    return line;
  }));
  list.hidden = !found.length;
  chosen = -1;
  field.setAttribute("aria-expanded", String(found.length > 0));
}

function point(step) {
  if (list.hidden) return;
  chosen = (chosen + step + places.length) % places.length;
  [...list.children].forEach((line, n) => line.setAttribute("aria-selected", String(n === chosen)));
  field.setAttribute("aria-activedescendant", `found-${chosen}`);
}

let timer = null;
let asked = 0;
async function search() {
  const mine = ++asked;
  const words = field.value.trim();
  if (!words) { close(); return; }
  try {
    const answer = await fetch(`${document.getElementById("search").dataset.places}?${new URLSearchParams({ q: words })}`, { credentials: "same-origin" });
    if (answer.ok && mine === asked) offer(await answer.json());
  } catch {
    // The coordinates and the list of areas remain.
  }
}

document.getElementById("search").hidden = false;
field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, WAIT_MS); });
field.addEventListener("blur", close);
field.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") point(1);
  else if (event.key === "ArrowUp") point(-1);
  else if (event.key === "Enter" && !list.hidden) take(Math.max(chosen, 0));
  else if (event.key === "Escape" && !list.hidden) { close(); event.stopPropagation(); } else return;
  event.preventDefault();
});
for (const name of ["lon", "lat"]) form.elements[name].addEventListener("input", show);
drawn = await drawMap();
if (drawn) {
  marker = new drawn.maplibre.Marker({ color: getComputedStyle(document.documentElement).getPropertyValue("--bad").trim() });
  drawn.map.on("click", ({ lngLat }) => set(lngLat.lng, lngLat.lat));
  show();
}
