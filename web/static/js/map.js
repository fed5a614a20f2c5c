// The one map: land, areas, alerts. Nothing on it is loaded from elsewhere.
"use strict";

import { carryWhereSlow, whenStill } from "./carry.js";

const SEVERITY = ["match", ["get", "severity"],
  "Extreme", "#b5179e", "Severe", "#d62828", "Moderate", "#f08c00", "Minor", "#f2c200", "#777777"];

/** How high the name of an area is, and how far below its disc. */
const LABEL_PX = 16;
const BELOW_PX = 10;
/** So many areas have room for discs of full size when the whole country is seen. */
const ROOMY = 60;
const FAR = 0.5;
/** Where somebody asks for help an area comes before any number of people. */
const URGENT = 1e9;

/** Every fill has a line of its own around it: smoothing its edge is drawn for nothing. */
const SHARP = { "fill-antialias": false };

/** Seen from near, an alert fills the screen: its colour steps back behind what is inside. */
const depth = (live, waiting) => ["match", ["get", "state"], "live", live, waiting];
const CALM = ["interpolate", ["linear"], ["zoom"], 8, depth(0.28, 0.12), 11, depth(0.12, 0.06)];

function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return { water: read("--water"), land: read("--land"), line: read("--line"), soft: read("--soft") };
}

async function landFrom(url) {
  const answer = await fetch(url);
  const atlas = await answer.json();
  return self.topojson.feature(atlas, atlas.objects.countries);
}

function styleOf(element, land) {
  const { water, land: ground, line, soft } = colours();
  const empty = { type: "FeatureCollection", features: [] };
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: land },
      areas: { type: "geojson", data: element.dataset.areas, promoteId: "code" },
      alerts: { type: "geojson", data: element.dataset.alerts },
      given: { type: "geojson", data: empty },
    },
    layers: [
      { id: "water", type: "background", paint: { "background-color": water } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": ground, ...SHARP } },
      { id: "borders", type: "line", source: "land", paint: { "line-color": line } },
      { id: "areas", type: "fill", source: "areas", paint: { "fill-color": soft, "fill-opacity": 0, ...SHARP } },
      { id: "area-lines", type: "line", source: "areas", paint: { "line-color": line, "line-width": 1 } },
      { id: "alerts", type: "fill", source: "alerts",
        paint: { "fill-color": SEVERITY, "fill-opacity": CALM, ...SHARP } },
      { id: "alert-lines", type: "line", source: "alerts", filter: ["==", ["get", "state"], "live"],
        paint: { "line-color": SEVERITY, "line-width": 2 } },
      { id: "alert-waiting", type: "line", source: "alerts", filter: ["!=", ["get", "state"], "live"],
        paint: { "line-color": SEVERITY, "line-width": 2, "line-dasharray": [3, 2] } },
    ],
  };
}

function boundsOf(collection) {
  let [west, south, east, north] = [180, 90, -180, -90];
  const walk = (part) => {
    if (typeof part[0] === "number") {
      west = Math.min(west, part[0]); east = Math.max(east, part[0]);
      south = Math.min(south, part[1]); north = Math.max(north, part[1]);
    } else part.forEach(walk);
  };
  collection.features.forEach((feature) => walk(feature.geometry.coordinates));
  return west > east ? null : [[west, south], [east, north]];
}

async function labels(maplibre, map, url) {
  const areas = await (await fetch(url)).json();
  const markers = new Map();
  for (const { properties } of areas.features) {
    const word = document.createElement("span");
    word.className = "area-label";
    word.textContent = properties.name;
    word.setAttribute("aria-hidden", "true");
    const marker = new maplibre.Marker({ element: word }).setLngLat(properties.middle).addTo(map);
    markers.set(properties.code, { marker, word, name: properties.name, middle: properties.middle, weight: 0, radius: 0 });
  }
  return { areas, markers };
}

/** By zoom: how much smaller discs are from afar, where there are many areas. */
function discs(map, areas) {
  const least = Math.min(1, Math.sqrt(ROOMY / Math.max(1, areas.features.length)));
  const from = map.getZoom();
  return { least, from, to: from - Math.log2(least), at: (zoom) => Math.min(1, least * 2 ** Math.max(0, zoom - from)) };
}

/** Show the names for which there is room, those of the most weight first: none lies on another, or on its disc. */
function tidy({ map, markers, discs: { at } }) {
  const scale = at(map.getZoom());
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const shown = [];
  const isFree = (box) => shown.every((other) => box.right < other.left || box.left > other.right
    || box.bottom < other.top || box.top > other.bottom);
  for (const { marker, word, middle, radius: full, weight } of [...markers.values()].sort((one, other) => other.weight - one.weight)) {
    const radius = full * scale;
    marker.setOffset([0, radius ? radius + BELOW_PX : 0]);
    const { x, y } = map.project(middle);
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const down = y + marker.getOffset().y;
    const box = { left: x - word.offsetWidth / 2, right: x + word.offsetWidth / 2, top: down - LABEL_PX / 2, bottom: down + LABEL_PX / 2 };
    // From afar of very many areas only those are named where somebody asks for help.
    const hasRoom = (scale > FAR || weight >= URGENT) && isFree(box);
    word.classList.toggle("is-covered", !hasRoom);
    if (hasRoom) shown.push(box);
    if (radius) shown.push({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
  }
}

/** Draw the map of this page; resolves to {map, areas, markers, maplibre}, or to null where none can be drawn. */
export async function drawMap() {
  const element = document.getElementById("map");
  if (!element) return null;
  try {
    const maplibre = await import(element.dataset.library);
    maplibre.setWorkerUrl(element.dataset.worker);
    const style = styleOf(element, await landFrom(element.dataset.land));
    const map = new maplibre.Map({
      container: element, style, center: [105, 12.5], zoom: 6,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
      locale: { "NavigationControl.ZoomIn": element.dataset.zoomIn, "NavigationControl.ZoomOut": element.dataset.zoomOut },
    });
    carryWhereSlow(map);
    const end = document.dir === "rtl" ? "left" : "right";
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), `top-${end}`);
    map.addControl(new maplibre.ScaleControl(), `bottom-${end}`);
    await new Promise((done, failed) => { map.once("load", done); map.once("error", (e) => failed(e.error)); });
    const { areas, markers } = await labels(maplibre, map, element.dataset.areas);
    const bounds = boundsOf(areas);
    if (bounds) map.fitBounds(bounds, { padding: 24, animate: false });
    const drawn = { map, areas, markers, maplibre, discs: discs(map, areas) };
    tidy(drawn);
    map.on("moveend", () => tidy(drawn));
    element.dataset.ready = "1";
    return drawn;
  } catch (error) {
    console.warn("map", error);
    const told = document.getElementById("map-failed");
    told.textContent = element.dataset.failed;
    told.hidden = false;
    element.hidden = true;
    return null;
  }
}

export { URGENT, boundsOf, tidy, whenStill };
