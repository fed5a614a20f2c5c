// The words of a new warning: ours on demand, previews while typing, drafts kept here.
"use strict";

const form = document.getElementById("warning");
const phones = document.getElementById("phones");
const KEPT = "tocsin-new-warning";
const SUBMITTED = "tocsin-submitted";
const WAIT_MS = 600;
const NEVER_KEPT = new Set(["csrf_token", "pick"]);

async function ask(url) {
  return fetch(url, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-Tocsin": "part" } });
}

function fields() {
  return [...form.elements].filter(({ name, type }) => name && type !== "file" && !NEVER_KEPT.has(name));
}

async function fill(event) {
  event.preventDefault();
  const told = await (await ask(event.currentTarget.formAction)).json();
  const problem = document.getElementById("fill-problem");
  problem.hidden = !told.problem;
  problem.textContent = told.problem ?? "";
  if (told.problem) { document.getElementById(told.field)?.focus(); return; }
  for (const field of fields()) {
    if (/^(headline|instruction)-/.test(field.name) && told[field.name] !== undefined) field.value = told[field.name];
  }
  keep();
  look();
}

let asked = 0;
async function look(event) {
  event?.preventDefault();
  const mine = ++asked;
  const answer = await ask(document.getElementById("look").formAction);
  if (!answer.ok || mine !== asked) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  phones.replaceChildren(...fresh.childNodes);
}

function keep() {
  const typed = {};
  for (const field of fields()) if (field.type !== "radio" || field.checked) typed[field.name] = field.value;
  try { localStorage.setItem(KEPT, JSON.stringify(typed)); } catch { /* A full or forbidden store loses comfort, nothing else. */ }
}

/** What was typed before a session ended, or a browser crashed, comes back. */
function restore() {
  let typed = null;
  try { typed = JSON.parse(localStorage.getItem(KEPT) ?? "null"); } catch { return; }
  const isFresh = !form.querySelector("[role=alert]:not([hidden])") && !form.elements.area_desc.value && !form.elements.area.value;
  if (!typed || !isFresh || !(typed.area_desc || typed.area)) return;
  for (const field of fields()) {
    if (typed[field.name] === undefined) continue;
    if (field.type === "radio") field.checked = field.value === typed[field.name];
    else field.value = typed[field.name];
  }
  document.getElementById("kept").hidden = false;
}

function forget() { try { localStorage.removeItem(KEPT); } catch { /* Nothing was kept. */ } }

restore();
let timer = null;
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => { keep(); if (phones.childElementCount) look(); }, WAIT_MS);
});
// Only the alert's own page forgets it (console.js): a session may be over unnoticed.
sessionStorage.removeItem(SUBMITTED);
form.addEventListener("submit", (event) => {
  if (event.submitter?.id !== "send") return;
  keep();
  sessionStorage.setItem(SUBMITTED, "1");
});
document.getElementById("fill").addEventListener("click", fill);
document.getElementById("look").addEventListener("click", look);
document.getElementById("forget").addEventListener("click", () => { forget(); location.assign(location.pathname); });
