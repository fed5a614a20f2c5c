// Parts of a page that are fetched anew while it is open.
"use strict";

import { renew } from "./renewing.js";

const EVERY_MS = 2000;
const listeners = [];
/** Call `listener` whenever a part has new content. */
export function onAgain(listener) { listeners.push(listener); }

/** What somebody is just filling in is never taken from under their hands. */
function isInUse(place) {
  const field = place.contains(document.activeElement) ? document.activeElement : null;
  return Boolean(field?.matches("input, textarea, select, audio"));
}

async function look(place) {
  if (isInUse(place) || document.hidden) return;
  try {
    const answer = await fetch(place.dataset.fresh, { credentials: "same-origin", redirect: "manual" });
    if (answer.type === "opaqueredirect") { location.reload(); return; }
    if (!answer.ok) return;
    const told = await answer.text();
    if (told === place.shown || isInUse(place)) return;
    place.shown = told;
    const fresh = new DOMParser().parseFromString(told, "text/html").body;
    renew(place, fresh.childNodes);
    for (const listener of listeners) listener(place);
  } catch {
    // The strip tells how old the figures are.
  }
}

for (const place of document.querySelectorAll("[data-fresh]")) {
  setInterval(look, Number(place.dataset.every) || EVERY_MS, place);
}
