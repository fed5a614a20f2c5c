// Keeps the page true: asks for it anew every few seconds and says so when it cannot.
"use strict";

const EVERY_MS = 3000;
const OLD_AFTER_S = 5;
let seen = Date.now();

async function refresh() {
  try {
    const answer = await fetch("/", { credentials: "same-origin" });
    if (answer.redirected) { location.reload(); return; }
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const closed = [...document.querySelectorAll("details")].map((part) => !part.open);
    for (const id of ["main", "readiness", "as-of"]) {
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id).replaceWith(fresh);
    }
    document.querySelectorAll("details").forEach((part, i) => { part.open = !closed[i]; });
    seen = Date.now();
  } catch {
    // The clock below tells the operator.
  }
}

function tell() {
  const age = Math.round((Date.now() - seen) / 1000);
  const frozen = document.getElementById("frozen");
  frozen.hidden = age <= OLD_AFTER_S;
  const text = `Not updated for ${age} s: figures may be wrong`;
  if (!frozen.hidden && frozen.textContent !== text) frozen.textContent = text;
}

setInterval(refresh, EVERY_MS);
setInterval(tell, 1000);
