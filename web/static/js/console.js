// What every page does: keeps its live parts true, says when it cannot, and keys.
"use strict";

import { renew } from "./renewing.js";

const OLD_AFTER_S = 5;
const ASK_EVERY_MS = 3000;
const TELL_AGAIN_MS = 8000;
let heard = Date.now();
let asking = null;
/** Until when the strip says how old its figures are, or that they are new again. */
let toldUntil = 0;

const listeners = [];
/** The newest view's; null before the first. */
let seen = null;
/** Call `listener` with the parts of every new view, and of the one that is there. */
export function onView(listener) {
  listeners.push(listener);
  // Nothing is said again until something changes: who comes late must not miss it.
  if (seen) listener(seen);
}

function replace(part, markup) {
  const only = part.dataset.only;
  const fresh = new DOMParser().parseFromString(markup, "text/html").body;
  if (only) {
    const wanted = fresh.querySelector(`[aria-labelledby="alert-${CSS.escape(only)}"]`);
    if (!wanted) return;
    fresh.replaceChildren(wanted);
  }
  renew(part, fresh.childNodes);
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
  seen = view.parts;
  for (const listener of listeners) listener(seen);
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
  const isOld = age > OLD_AFTER_S;
  if (isOld) toldUntil = Infinity;
  else if (toldUntil === Infinity) toldUntil = Date.now() + TELL_AGAIN_MS;
  const text = isOld ? frozen.dataset.old.replace("{n}", age) : frozen.dataset.again;
  frozen.classList.toggle("bad", isOld);
  frozen.hidden = Date.now() > toldUntil;
  if (!frozen.hidden && frozen.textContent !== text) frozen.textContent = text;
}

const keys = document.getElementById("keys");
const rail = (letter) => document.querySelector(`.rail [data-key="${CSS.escape(letter)}"]`);

function search() {
  const field = document.querySelector('main input[type="search"]');
  if (field) field.focus();
  else rail("p")?.click();
}

/** One step back: out of a field, out of a pencil, out of a page to its list. */
function backOut() {
  const menu = document.querySelector(".account[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
  const pencil = document.querySelector('[data-draw][aria-pressed="true"]');
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName)) document.activeElement.blur();
  else if (pencil) pencil.click();
  // A form that was begun is left by a link, never by a slip of the finger.
  else if (!document.querySelector(".warning-form")) listAbove()?.click();
}

function listAbove() {
  const here = location.pathname;
  return [...document.querySelectorAll(".rail a")].find((link) => link.pathname !== here
    && link.pathname !== "/" && here.startsWith(link.pathname));
}

let isGoing = false;
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || keys?.open) return;
  if (event.key === "Escape") { backOut(); return; }
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const wasGoing = isGoing;
  isGoing = !wasGoing && event.key === "g";
  if (wasGoing) rail(event.key)?.click();
  else if (event.key === "n") rail("n")?.click();
  else if (event.key === "?") keys?.showModal();
  else if (event.key === "/") { event.preventDefault(); search(); }
}

if (document.querySelector(".strip")) {
  listen();
  setInterval(tellAge, 1000);
}
document.addEventListener("keydown", key);
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".account[open]")) if (!menu.contains(event.target)) menu.open = false;
});
// On a phone the rail is wider than the screen.
document.querySelector(".rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
// What was typed has become the alert that this page shows.
if (document.querySelector("article.sheet") && sessionStorage.getItem("tocsin-submitted")) {
  sessionStorage.removeItem("tocsin-submitted");
  localStorage.removeItem("tocsin-new-warning");
}
const showKeys = document.getElementById("show-keys");
if (showKeys) {
  showKeys.hidden = false;
  showKeys.addEventListener("click", () => { showKeys.closest("details").open = false; keys.showModal(); });
}
