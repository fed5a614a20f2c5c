// Areas that were picked, as they are: on the map they are simplified, and an alert for
// the simplified outline would miss people at its border.
"use strict";

const known = new Map();
let newest = 0;

/** The true outlines of areas by code; null when another question was asked meanwhile. */
export async function outlinesOf(codes) {
  const turn = ++newest;
  const missing = [...codes].filter((code) => !known.has(code));
  if (missing.length) {
    const query = new URLSearchParams(missing.map((code) => ["code", code]));
    const answer = await fetch(`${document.getElementById("map").dataset.outlines}?${query}`);
    if (!answer.ok) throw new Error(`outlines: ${answer.status}`);
    for (const feature of (await answer.json()).features) known.set(feature.properties.code, feature);
  }
  if (turn !== newest) return null;
  return [...codes].map((code) => known.get(code)).filter(Boolean);
}
