// The area of a new warning: what is drawn, picked and given, as one outline; and who is inside.
"use strict";

const form = document.getElementById("warning");
const box = document.getElementById("area");
const count = document.getElementById("count");
const split = document.getElementById("split");
const allIn = document.getElementById("all-in");
const number = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: "latn" });
const TYPING_MS = 400;
/** Entries of a split that are named; the rest is summed up. */
const MOST = 6;

/** Features by where they come from; a pasted or uploaded outline is given. */
const parts = { drawn: [], picked: [], given: [] };
const listeners = [];
/** Call `listener` with the parts whenever an outline was pasted, uploaded or restored. */
export function onGiven(listener) { listeners.push(listener); }

/** At most one question under way; while it is, only the newest waits. */
let isAsking = false;
let waiting = null;
async function ask(area) {
  if (isAsking) { waiting = area; return; }
  isAsking = true;
  try {
    const answer = await post(form.dataset.audience, { area });
    if (answer.ok) show(await answer.json());
    else tell("–", count.dataset.silent);
  } catch {
    tell("–", count.dataset.silent);
  } finally {
    isAsking = false;
    if (waiting !== null) { const next = waiting; waiting = null; ask(next); }
  }
}

function post(url, fields) {
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return fetch(url, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
}

function tell(figure, words) {
  count.querySelector("strong").textContent = figure;
  count.querySelector("span").textContent = words;
  split.hidden = true;
  allIn.textContent = "";
}

function show(counts) {
  if (counts.problem) { tell("–", counts.problem); return; }
  const words = counts.n ? count.dataset.people : count.dataset.nobody;
  // What was mended of an outline is said, for it may not be what was meant.
  tell(number.format(counts.n), [words, ...counts.repairs].join(" · "));
  allIn.textContent = timeFor(counts);
  split.hidden = counts.n === 0;
  for (const part of split.querySelectorAll("[data-split]")) {
    const entries = Object.entries(counts[part.dataset.split]).filter(([, n]) => n).sort(([, a], [, b]) => b - a);
    const shown = entries.slice(0, MOST).map(([word, n]) => `${named(part.dataset.split, word)} ${number.format(n)}`);
    const left = entries.slice(MOST).reduce((sum, [, n]) => sum + n, 0);
    if (left) shown.push(count.dataset.others.replace("{n}", number.format(left)));
    part.textContent = shown.join(" · ") || "–";
  }
}

function named(kind, word) {
  if (kind !== "by_language") return word.replaceAll("_", " ") || "–";
  try { return new Intl.DisplayNames([word], { type: "language" }).of(word) ?? word; } catch { return word; }
}

/** How long it takes at most: texts and calls leave side by side. */
function timeFor({ n, n_texts: texts, excluded }) {
  const told = n - Object.values(excluded).reduce((sum, one) => sum + one, 0);
  const { smsPerS, callsPerS } = allIn.dataset;
  const byText = Math.min(told, texts) / smsPerS;
  const byCall = told > texts ? (told - texts) / callsPerS : 0;
  const seconds = Math.max(byText, byCall);
  if (!told || !Number.isFinite(seconds)) return "";
  const [unit, size] = seconds < 100 ? ["second", 1] : seconds < 6000 ? ["minute", 60] : ["hour", 3600];
  const span = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0, numberingSystem: "latn" });
  return allIn.dataset.words.replace("{span}", span.format(Math.max(1, Math.ceil(seconds / size))));
}

/** What of a feature tells where it came from, so that a draft comes back as it was. */
function plain({ geometry, properties }) {
  const { code, mode, radiusKilometers } = properties ?? {};
  return { type: "Feature", properties: { code, mode, radiusKilometers }, geometry };
}

/** Replace the features of one origin: "drawn", "picked" or "given". */
export function change(origin, features) {
  parts[origin] = features;
  const all = [...parts.given, ...parts.drawn, ...parts.picked].map(plain);
  box.value = all.length ? JSON.stringify({ type: "FeatureCollection", features: all }) : "";
  form.dispatchEvent(new CustomEvent("outline"));
  if (all.length) ask(box.value);
  else tell("–", count.dataset.drawing);
}

/** Read what stands in the box, whatever it is; the map learns of it. */
export async function readBox({ isTyped = false } = {}) {
  const written = box.value.trim();
  if (!written) { give([]); return; }
  const features = ours(written);
  if (features && !isTyped) { give(features); ask(written); return; }
  const told = await read({ area: written });
  if (!told || box.value.trim() !== written) return;
  if (told.problem) { tell("–", told.problem); return; }
  give([{ type: "Feature", properties: {}, geometry: told.area }]);
  ask(written);
}

function ours(written) {
  try {
    const { type, features } = JSON.parse(written);
    return type === "FeatureCollection" ? features : null;
  } catch { return null; }
}

function give(features) {
  parts.picked = features.filter(({ properties }) => properties?.code);
  parts.drawn = features.filter(({ properties }) => properties?.mode && !properties.code);
  parts.given = features.filter(({ properties }) => !properties?.code && !properties?.mode);
  if (!features.length) tell("–", count.dataset.drawing);
  for (const listener of listeners) listener(parts);
}

async function read(fields) {
  try {
    const answer = await post(form.dataset.outline, fields);
    if (answer.status === 413) return { problem: count.dataset.large };
    return answer.ok ? await answer.json() : null;
  } catch {
    tell("–", count.dataset.silent);
    return null;
  }
}

async function readFile(event) {
  const [file] = event.target.files;
  const problem = document.getElementById("file-problem");
  problem.hidden = true;
  if (!file) return;
  const told = await read({ file });
  event.target.value = "";
  if (told?.problem ?? !told) {
    problem.textContent = told?.problem ?? count.dataset.silent;
    problem.hidden = false;
    return;
  }
  fillEmpty(told.fields);
  box.value = JSON.stringify(told.area);
  give([{ type: "Feature", properties: {}, geometry: told.area }]);
  form.dispatchEvent(new CustomEvent("outline"));
  ask(box.value);
}

/** The words of a CAP file, where nobody has written any yet. */
function fillEmpty(fields) {
  for (const [name, text] of Object.entries(fields)) {
    const field = form.elements[name];
    if (/^(area_desc|headline-|instruction-)/.test(name) && field && !field.value) field.value = text;
  }
}

let timer = null;
box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => readBox({ isTyped: true }), TYPING_MS); });
document.getElementById("file").addEventListener("change", readFile);
