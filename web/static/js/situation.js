// The situation: the map shows the alerts that the panel lists, and their people.
"use strict";

import { onView } from "./console.js";
import { URGENT, boundsOf, drawMap, tidy, whenStill } from "./map.js";

const SMALLEST = 5;
const WIDEST = 26;
const drawn = await drawMap();
if (drawn) {
  const source = drawn.map.getSource("alerts");
  const url = document.getElementById("map").dataset.alerts;
  const show = people(drawn);
  const first = document.getElementById("people");
  const focus = document.getElementById("focus");
  if (focus) look(drawn.map, focus);
  if (first) show(first.dataset.people);
  if (first?.dataset.url) ofOneAlert(first.dataset.url, show);
  let shown = null;
  onView((parts) => {
    if (parts.people !== undefined && first && !first.dataset.url) show(parts.people);
    if (parts.on_map !== undefined && parts.on_map !== shown) {
      shown = parts.on_map;
      whenStill(drawn.map, () => source.setData(url));
    }
  });
}

/** People by area: a disc as large as they are many, filled as far as they confirmed. */
function people(drawn) {
  const { map, markers, discs } = drawn;
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  // From afar smaller where there are many, so that they never lie on one another in heaps.
  const sized = (what) => (discs.least === 1 ? ["get", what]
    : ["interpolate", ["exponential", 2], ["zoom"], discs.from, ["*", discs.least, ["get", what]], discs.to, ["get", what]]);
  map.addSource("people", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "people", type: "circle", source: "people", paint: {
    "circle-radius": sized("radius"), "circle-color": colour("--card"), "circle-opacity": 0.85,
    "circle-stroke-width": ["case", [">", ["get", "help"], 0], 3, 1.5],
    "circle-stroke-color": ["case", [">", ["get", "help"], 0], colour("--bad"), colour("--soft")] } });
  map.addLayer({ id: "people-confirmed", type: "circle", source: "people", paint: {
    "circle-radius": sized("filled"), "circle-color": colour("--confirmed") } });
  let before = "";
  let waiting = null;
  // Under a hand that moves it the map stays as it is; only the newest figures wait.
  return (told) => {
    if (told === before) return;
    before = told;
    const isFirst = waiting === null;
    waiting = told;
    if (isFirst) whenStill(map, () => { const newest = waiting; waiting = null; draw(newest); });
  };
  function draw(told) {
    const sums = JSON.parse(told);
    const most = Math.max(1, ...Object.values(sums).map((sum) => sum.people));
    const features = [];
    for (const [code, at] of markers) {
      const sum = sums[code];
      const radius = sum ? SMALLEST + (WIDEST - SMALLEST) * Math.sqrt(sum.people / most) : 0;
      label(at, sum, radius);
      if (!sum) continue;
      features.push({ type: "Feature", geometry: { type: "Point", coordinates: at.middle },
        properties: { radius, filled: radius * Math.sqrt(sum.confirmed / sum.people), help: sum.help } });
    }
    map.getSource("people").setData({ type: "FeatureCollection", features });
    tidy(drawn);
  }
}

function label(at, sum, radius) {
  const { word, name } = at;
  at.radius = radius;
  at.weight = sum ? sum.people + URGENT * sum.help : 0;
  word.replaceChildren(name);
  if (!sum?.help) return;
  const help = document.createElement("strong");
  help.className = "bad";
  help.textContent = ` \u271A ${sum.help}`;
  word.append(help);
}

/** The page of one alert: its outline fills the map, and stays when it is over. */
async function look(map, { dataset }) {
  const answer = await fetch(dataset.outline, { credentials: "same-origin" });
  if (!answer.ok) return;
  const outline = await answer.json();
  const bounds = boundsOf(outline);
  if (bounds) map.fitBounds(bounds, { padding: 48, maxZoom: 11, animate: false });
  map.getSource("given").setData(outline);
  const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
  map.addLayer({ id: "given-line", type: "line", source: "given", paint: { "line-color": ink, "line-width": 1.5 } });
}

/** Its people alone, asked for again at most every two seconds, when anything moved. */
function ofOneAlert(url, show) {
  let isDue = true;
  onView(() => { isDue = true; });
  const ask = async () => {
    if (!isDue) return;
    isDue = false;
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (answer.ok) show(await answer.text());
    } catch {
      // The strip tells how old the figures are.
    }
  };
  ask();
  setInterval(ask, 2000);
}
