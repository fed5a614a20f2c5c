// What every page does: keeps its live parts true, says when it cannot, and keys.
"use strict";

const OLD_AFTER_S = 5;
const ASK_EVERY_MS = 3000;
let heard = Date.now();
let asking = null;

const listeners = [];
/** Call `listener` with the parts of every new view. */
export function onView(listener) { listeners.push(listener); }

function replace(part, markup) {
  const only = part.dataset.only;
  const fresh = new DOMParser().parseFromString(markup, "text/html").body;
  if (only) {
    const wanted = fresh.querySelector(`[aria-labelledby="alert-${CSS.escape(only)}"]`);
    if (!wanted) return;
    fresh.replaceChildren(wanted);
  }
  const closed = new Set([...part.querySelectorAll("details:not([open])")].map((d, i) => i));
  part.replaceChildren(...fresh.childNodes);
  part.querySelectorAll("details").forEach((d, i) => { if (closed.has(i)) d.open = false; });
}

function show(view) {
  heard = Date.now();
  for (const part of document.querySelectorAll("[data-live]")) {
    const markup = view.parts[part.dataset.live];
    if (markup !== undefined && part.dataset.shown !== markup) {
      part.dataset.shown = markup;
      replace(part, markup);
    }
  }
  const clock = document.getElementById("as-of");
  if (clock) clock.textContent = view.clock;
  for (const listener of listeners) listener(view.parts);
}

async function ask() {
  try {
    const answer = await fetch("/console/now", { credentials: "same-origin", redirect: "manual" });
    if (answer.type === "opaqueredirect") { location.reload(); return; }
    if (answer.ok) show(await answer.json());
  } catch {
    // The age below tells the operator.
  }
}

function listen() {
  const stream = new EventSource("/console/events");
  stream.addEventListener("view", (event) => { stopAsking(); show(JSON.parse(event.data)); });
  stream.addEventListener("beat", (event) => {
    stopAsking();
    heard = Date.now();
    const { clock } = JSON.parse(event.data);
    if (clock) document.getElementById("as-of").textContent = clock;
  });
  stream.onerror = () => {
    if (asking === null) asking = setInterval(ask, ASK_EVERY_MS);
    // A refused stream is not opened again by the browser.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 10 * ASK_EVERY_MS);
  };
}

function stopAsking() {
  if (asking !== null) { clearInterval(asking); asking = null; }
}

function tellAge() {
  const frozen = document.getElementById("frozen");
  if (!frozen) return;
  const age = Math.round((Date.now() - heard) / 1000);
  frozen.hidden = age <= OLD_AFTER_S;
  const text = `Not updated for ${age} s: figures may be wrong`;
  if (!frozen.hidden && frozen.textContent !== text) frozen.textContent = text;
}

let isGoing = false;
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const link = (letter) => document.querySelector(`.rail [data-key="${CSS.escape(letter)}"]`);
  if (isGoing) {
    isGoing = false;
    link(event.key)?.click();
  } else if (event.key === "g") {
    isGoing = true;
  } else if (event.key === "n") {
    link("n")?.click();
  }
}

if (document.querySelector(".strip")) {
  listen();
  setInterval(tellAge, 1000);
}
document.addEventListener("keydown", key);
