// New warning: draw, pick areas, and see at once who is inside.
"use strict";

import { boundsOf, drawMap } from "./map.js";
import { change, onGiven, readBox } from "./outline.js";
import { outlinesOf } from "./picking.js";
import "./drafts.js";
import "./wording.js";

const form = document.getElementById("warning");
const list = document.getElementById("pick");
const radius = document.getElementById("radius");
const PRECISION = 9;

for (const choice of form.elements.drill) {
  choice.addEventListener("change", () => document.body.classList.toggle("is-drill", form.elements.drill.value === "1"));
}
document.body.classList.toggle("is-drill", form.elements.drill.value === "1");

const drawn = await drawMap();
if (drawn) start(drawn);
else pickOnly();

async function changePicked(codes) {
  const outlines = await outlinesOf(codes);
  if (outlines) change("picked", outlines);
}

/** Without a map the list does: what is chosen in it is the area. */
function pickOnly() {
  document.querySelector(".tools").hidden = true;
  list.addEventListener("change", () => changePicked([...list.selectedOptions].map((option) => option.value)));
  onGiven(({ picked }) => select(picked));
  list.dataset.ready = "1";
  if (form.elements.area.value.trim()) readBox();
}

function select(picked) {
  const codes = new Set(picked.map(({ properties }) => properties.code));
  for (const option of list.options) option.selected = codes.has(option.value);
}

function start({ map, areas, maplibre }) {
  const draw = pencils(map, maplibre);
  const picked = new Set();
  const shapes = () => draw.getSnapshot().filter(({ geometry }) => geometry.type === "Polygon" && geometry.coordinates[0].length > 3);
  let isRestoring = false;
  draw.on("change", () => {
    if (isRestoring) return;
    const found = shapes();
    const km = found.at(-1)?.properties.radiusKilometers;
    radius.textContent = km ? `${km.toFixed(km < 10 ? 2 : 1)} km` : "";
    change("drawn", found);
  });

  list.addEventListener("change", () => {
    picked.clear();
    for (const option of list.selectedOptions) picked.add(option.value);
    showPicked();
    changePicked(picked);
  });
  function showPicked() {
    for (const { properties } of areas.features) map.setFeatureState({ source: "areas", id: properties.code }, { picked: picked.has(properties.code) });
    for (const option of list.options) option.selected = picked.has(option.value);
  }
  function clear() {
    draw.clear();
    picked.clear();
    showPicked();
    showGiven(map, []);
    change("given", []);
    changePicked(picked);
  }
  map.setPaintProperty("areas", "fill-opacity", ["case", ["boolean", ["feature-state", "picked"], false], 0.35, 0.04]);
  addGiven(map);
  onGiven((parts) => {
    isRestoring = true;
    draw.clear();
    const kept = parts.drawn.length ? draw.addFeatures(parts.drawn.map(rounded)) : [];
    // What the pencils refuse is shown all the same, only not to be moved.
    const refused = parts.drawn.filter((feature, n) => !kept[n]?.valid);
    parts.given.push(...refused.map(({ geometry }) => ({ type: "Feature", properties: {}, geometry })));
    parts.drawn = parts.drawn.filter((feature, n) => kept[n]?.valid);
    isRestoring = false;
    picked.clear();
    for (const { properties } of parts.picked) picked.add(properties.code);
    showPicked();
    showGiven(map, parts.given);
    const bounds = boundsOf({ features: [...parts.given, ...parts.drawn, ...parts.picked] });
    if (bounds) map.fitBounds(bounds, { padding: 48, maxZoom: 12, animate: false });
  });

  let mode = null;
  map.on("click", "areas", (event) => {
    if (mode) return;
    const { code } = event.features[0].properties;
    if (!picked.delete(code)) picked.add(code);
    showPicked();
    changePicked(picked);
  });
  for (const button of document.querySelectorAll("[data-draw]")) {
    button.addEventListener("click", () => {
      const wanted = button.dataset.draw;
      if (wanted === "clear") { clear(); return; }
      if (wanted === "undo") { const last = shapes().at(-1); if (last) draw.removeFeatures([last.id]); change("drawn", shapes()); return; }
      mode = mode === wanted ? null : wanted;
      draw.setMode(mode ?? "static");
      for (const other of document.querySelectorAll("[data-draw]")) other.setAttribute("aria-pressed", String(other.dataset.draw === mode));
    });
  }
  list.dataset.ready = "1";
  if (form.elements.area.value.trim()) readBox();
  window.tocsin = { map, draw };
}

function pencils(map, maplibre) {
  const { TerraDraw, TerraDrawPolygonMode, TerraDrawCircleMode, TerraDrawFreehandMode, TerraDrawSelectMode } = self.terraDraw;
  const { TerraDrawMapLibreGLAdapter } = self.terraDrawMaplibreGlAdapter;
  const handles = { feature: { draggable: true, coordinates: { draggable: true, midpoints: true, deletable: true } } };
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, lib: maplibre, coordinatePrecision: PRECISION }),
    modes: [
      new TerraDrawPolygonMode(), new TerraDrawCircleMode(), new TerraDrawFreehandMode(),
      new TerraDrawSelectMode({ flags: { polygon: handles, circle: handles, freehand: handles } }),
    ],
  });
  draw.start();
  return draw;
}

function rounded({ geometry, properties }) {
  const factor = 10 ** PRECISION;
  const coordinates = geometry.coordinates.map((ring) => ring.map((pair) => pair.map((n) => Math.round(n * factor) / factor)));
  return { type: "Feature", properties, geometry: { ...geometry, coordinates } };
}

/** An outline that was pasted or uploaded: shown as it is, moved by nobody. */
function addGiven(map) {
  const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
  map.addLayer({ id: "given", type: "fill", source: "given", paint: { "fill-color": ink, "fill-opacity": 0.15 } });
  map.addLayer({ id: "given-line", type: "line", source: "given", paint: { "line-color": ink, "line-width": 2, "line-dasharray": [2, 1] } });
}

function showGiven(map, features) {
  map.getSource("given").setData({ type: "FeatureCollection", features });
}
