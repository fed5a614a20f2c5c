// New warning: draw, pick areas, and see at once who is inside.
"use strict";

import { drawMap } from "./map.js";
import "./wording.js";

const form = document.getElementById("warning");
const box = document.getElementById("area");
const count = document.getElementById("count");
const number = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: "latn" });

/** At most one question under way; while it is, only the newest waits. */
let isAsking = false;
let waiting = null;
async function ask(area) {
  if (isAsking) { waiting = area; return; }
  isAsking = true;
  try {
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("area", area);
    const answer = await fetch(form.dataset.audience, { method: "POST", body, credentials: "same-origin" });
    show(await answer.json());
  } catch {
    tell("–", count.dataset.silent);
  } finally {
    isAsking = false;
    if (waiting !== null) { const next = waiting; waiting = null; ask(next); }
  }
}

function tell(figure, words) {
  count.querySelector("strong").textContent = figure;
  count.querySelector("span").textContent = words;
}

function show(counts) {
  const split = document.getElementById("split");
  if (counts.problem) { tell("–", counts.problem); split.hidden = true; return; }
  const words = counts.n ? count.dataset.people : count.dataset.nobody;
  // What was mended of an outline is said, for it may not be what was meant.
  tell(number.format(counts.n), [words, ...counts.repairs].join(" · "));
  split.hidden = counts.n === 0;
  for (const part of split.querySelectorAll("[data-split]")) {
    const entries = Object.entries(counts[part.dataset.split]).filter(([, n]) => n);
    part.textContent = entries.map(([word, n]) => `${word.replaceAll("_", " ") || "–"} ${number.format(n)}`).join(" · ") || "–";
  }
}

function changed(features) {
  if (!features.length) { box.value = ""; tell("–", count.dataset.drawing); document.getElementById("split").hidden = true; return; }
  const area = JSON.stringify({ type: "FeatureCollection", features: features.map(({ geometry }) => ({ type: "Feature", properties: {}, geometry })) });
  box.value = area;
  ask(area);
}

box.addEventListener("input", () => { if (box.value.trim()) ask(box.value); });
document.getElementById("file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (file) { box.value = await file.text(); ask(box.value); }
});
for (const choice of form.elements.drill) {
  choice.addEventListener("change", () => document.body.classList.toggle("is-drill", form.elements.drill.value === "1"));
}
document.body.classList.toggle("is-drill", form.elements.drill.value === "1");

const drawn = await drawMap();
if (drawn) start(drawn);
else pickOnly();

/** Without a map the list does: what is chosen in it is the area. */
async function pickOnly() {
  document.querySelector(".tools").hidden = true;
  const answer = await fetch(document.getElementById("map").dataset.areas);
  const { features } = await answer.json();
  const list = document.getElementById("pick");
  list.addEventListener("change", () => {
    const codes = new Set([...list.selectedOptions].map((option) => option.value));
    changed(features.filter(({ properties }) => codes.has(properties.code)));
  });
  list.dataset.ready = "1";
  if (box.value.trim()) ask(box.value);
}

function start({ map, areas, maplibre }) {
  const { TerraDraw, TerraDrawPolygonMode, TerraDrawCircleMode, TerraDrawFreehandMode, TerraDrawSelectMode } = self.terraDraw;
  const { TerraDrawMapLibreGLAdapter } = self.terraDrawMaplibreGlAdapter;
  const handles = { feature: { draggable: true, coordinates: { draggable: true, midpoints: true, deletable: true } } };
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, lib: maplibre }),
    modes: [
      new TerraDrawPolygonMode(), new TerraDrawCircleMode(), new TerraDrawFreehandMode(),
      new TerraDrawSelectMode({ flags: { polygon: handles, circle: handles, freehand: handles } }),
    ],
  });
  draw.start();
  const picked = new Set();
  const shapes = () => draw.getSnapshot().filter(({ geometry }) => geometry.type === "Polygon" && geometry.coordinates[0].length > 3);
  const chosen = () => areas.features.filter(({ properties }) => picked.has(properties.code));
  const update = () => changed([...shapes(), ...chosen()]);
  draw.on("change", update);

  const list = document.getElementById("pick");
  list.addEventListener("change", () => {
    picked.clear();
    for (const option of list.selectedOptions) picked.add(option.value);
    showPicked();
  });
  function showPicked() {
    for (const { properties } of areas.features) map.setFeatureState({ source: "areas", id: properties.code }, { picked: picked.has(properties.code) });
    for (const option of list.options) option.selected = picked.has(option.value);
    update();
  }
  map.setPaintProperty("areas", "fill-opacity", ["case", ["boolean", ["feature-state", "picked"], false], 0.35, 0.04]);

  let mode = null;
  map.on("click", "areas", (event) => {
    if (mode) return;
    const { code } = event.features[0].properties;
    if (!picked.delete(code)) picked.add(code);
    showPicked();
  });
  for (const button of document.querySelectorAll("[data-draw]")) {
    button.addEventListener("click", () => {
      const wanted = button.dataset.draw;
      if (wanted === "clear") { draw.clear(); picked.clear(); showPicked(); return; }
      if (wanted === "undo") { const last = shapes().at(-1); if (last) draw.removeFeatures([last.id]); update(); return; }
      mode = mode === wanted ? null : wanted;
      draw.setMode(mode ?? "static");
      for (const other of document.querySelectorAll("[data-draw]")) other.setAttribute("aria-pressed", String(other.dataset.draw === mode));
    });
  }
  if (box.value.trim()) ask(box.value);
  window.tocsin = { map, draw };
}
