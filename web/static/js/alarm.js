// What is heard: nobody comes to a case, a carrier is down, an approval waits for you.
"use strict";

import { onView } from "./console.js";

const MUTED_MS = 10 * 60 * 1000;
const EVERY_MS = 5000;
const place = document.getElementById("alarm");
const words = place.querySelector("span");
const KINDS = ["cases", "carriers", "approvals"];
/** Two notes each, high for people, low for machines. */
const NOTES = { cases: [880, 660], carriers: [330, 262], approvals: [523, 659] };

const key = (kind) => `tocsin-muted-${kind}`;
const isMuted = (kind) => Date.now() < Number(localStorage.getItem(key(kind)) ?? 0);
let loud = [];
let room = null;

function counts(told) {
  return {
    cases: place.dataset.isDispatcher === "1" ? told.cases : 0,
    carriers: told.carriers,
    approvals: place.dataset.isApprover === "1" ? told.approvals.filter((name) => name !== place.dataset.me).length : 0,
  };
}

function play(kind) {
  room ??= new AudioContext();
  // Until somebody has touched the page, browsers keep it silent; the colour is there.
  if (room.state === "suspended") { room.resume(); return; }
  NOTES[kind].forEach((hertz, n) => {
    const [tone, gain] = [room.createOscillator(), room.createGain()];
    const from = room.currentTime + n * 0.25;
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0.0001, from);
    gain.gain.exponentialRampToValueAtTime(0.2, from + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, from + 0.24);
    tone.connect(gain).connect(room.destination);
    tone.start(from);
    tone.stop(from + 0.25);
  });
}

function tell(now) {
  const on = KINDS.filter((kind) => now[kind] > 0);
  loud = on.filter((kind) => !isMuted(kind));
  for (const kind of KINDS) if (!now[kind]) localStorage.removeItem(key(kind));
  const text = on.map((kind) => `${place.dataset[kind]} ${now[kind]}`).join(" · ");
  if (words.textContent !== text) words.textContent = text;
  place.hidden = !on.length;
  place.classList.toggle("is-muted", !loud.length);
  place.querySelector("button").hidden = !loud.length;
}

let shown = null;
onView(({ alarms }) => {
  if (alarms === undefined) return;
  shown = counts(JSON.parse(alarms));
  tell(shown);
});
setInterval(() => {
  if (!shown) return;
  tell(shown);
  if (loud.length) play(loud[0]);
}, EVERY_MS);
place.querySelector("button").addEventListener("click", () => {
  for (const kind of loud) localStorage.setItem(key(kind), String(Date.now() + MUTED_MS));
  tell(shown);
});
