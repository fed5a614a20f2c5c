// A warning that is being written is kept on the server as it is; here only until it is there.
"use strict";

const form = document.getElementById("warning");
const state = document.getElementById("draft-state");
const conflict = document.getElementById("conflict");
const KEPT = "tocsin-new-warning";
const SUBMITTED = "tocsin-submitted";
const WAIT_MS = 800;
const AGAIN_MS = 5000;
const NEVER_KEPT = new Set(["csrf_token", "pick", "draft_id", "draft_version"]);
const { draft_id: draftId, draft_version: version } = form.elements;

function fields() {
  return [...form.elements].filter(({ name, type }) => name && type !== "file" && !NEVER_KEPT.has(name));
}

function typed() {
  const found = {};
  for (const field of fields()) if (field.type !== "radio" || field.checked) found[field.name] = field.value;
  return found;
}

function put(words) {
  for (const field of fields()) {
    if (field.type === "radio") field.checked = field.value === (words[field.name] ?? "1");
    else field.value = words[field.name] ?? (field.tagName === "SELECT" ? field.value : "");
  }
}

/** In this browser, for as long as the service has not got it. */
function keepHere() {
  const kept = { draft: draftId.value, version: version.value, typed: typed() };
  try { localStorage.setItem(KEPT, JSON.stringify(kept)); } catch { /* A full or forbidden store loses comfort, nothing else. */ }
}

function keptHere() {
  try { return JSON.parse(localStorage.getItem(KEPT) ?? "null"); } catch { return null; }
}

function forget() { try { localStorage.removeItem(KEPT); } catch { /* Nothing was kept. */ } }

/** What the service has not got because a session ended or a cable was out comes back. */
function restore() {
  const kept = keptHere();
  if (!kept?.typed || kept.draft !== draftId.value || form.querySelector("[role=alert]:not([hidden])")) return false;
  const isEmpty = !draftId.value && !form.elements.area_desc.value && !form.elements.area.value;
  if (!draftId.value && !(isEmpty && (kept.typed.area_desc || kept.typed.area))) return false;
  if (JSON.stringify(kept.typed) === JSON.stringify(typed())) return false;
  put(kept.typed);
  if (kept.version) version.value = kept.version;
  document.getElementById("kept").hidden = false;
  return true;
}

function say(text, link) {
  state.replaceChildren(text);
  if (!link) return;
  const anchor = document.createElement("a");
  anchor.href = link.href;
  anchor.textContent = link.text;
  state.append(" ", anchor);
}

let isSaving = false;
let isDue = false;
let isStopped = false;
/** At most one save under way; what is typed meanwhile is saved after it. */
async function save() {
  if (isStopped) return;
  if (isSaving) { isDue = true; return; }
  isSaving = true;
  isDue = false;
  try {
    await send();
  } catch {
    say(state.dataset.silent);
    state.classList.add("bad");
    setTimeout(save, AGAIN_MS);
  } finally {
    isSaving = false;
  }
  if (isDue) save();
}

async function send() {
  const url = form.dataset.drafts + draftId.value;
  const body = new FormData(form);
  body.delete("pick");
  const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { "X-Tocsin": "part" } });
  if (answer.type === "opaqueredirect" || answer.status === 403) { over(); return; }
  const told = await answer.json();
  state.classList.toggle("bad", !answer.ok);
  if (answer.status === 409) { compare(told); return; }
  if (answer.status === 404) { isStopped = true; say(state.dataset.gone); return; }
  if (!answer.ok) { say(told.problem ?? told.detail ?? ""); return; }
  draftId.value = told.draft_id;
  version.value = told.version;
  say(state.dataset.kept.replace("{time}", told.kept_at));
  if (location.pathname !== told.url) history.replaceState(null, "", told.url);
  if (!isDue) forget();
}

/** The session is over: what was typed waits here, and the way leads through the door. */
function over() {
  const back = draftId.value ? form.dataset.drafts + draftId.value : "/alerts/new";
  state.classList.add("bad");
  say(state.dataset.over, { href: `${form.dataset.door}?next=${encodeURIComponent(back)}`, text: state.dataset.door });
}

/** Somebody else saved: nothing is sent any more until this person has chosen. */
function compare({ markup, version: theirs, fields: words }) {
  isStopped = true;
  const fresh = new DOMParser().parseFromString(markup, "text/html").body;
  conflict.replaceChildren(...fresh.childNodes);
  conflict.scrollIntoView({ block: "start" });
  say("");
  armConflict(theirs, words);
}

function armConflict(theirs, words) {
  const keepMine = document.getElementById("keep-mine");
  keepMine.hidden = false;
  keepMine.addEventListener("click", () => {
    version.value = theirs;
    isStopped = false;
    conflict.replaceChildren();
    save();
  });
  document.getElementById("take-theirs").addEventListener("click", forget);
  for (const button of conflict.querySelectorAll("[data-take]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      put({ ...typed(), [button.dataset.take]: words[button.dataset.take] ?? "" });
      form.elements.area.dispatchEvent(new Event("input"));
      button.closest("tr").classList.add("taken");
      button.disabled = true;
    });
  }
}

let timer = null;
function changed() {
  keepHere();
  clearTimeout(timer);
  timer = setTimeout(save, WAIT_MS);
}

// Only the alert's own page forgets it (console.js): a session may be over unnoticed.
sessionStorage.removeItem(SUBMITTED);
const keepMine = document.getElementById("keep-mine");
if (keepMine) keepMine.remove(); // The form that came back holds their version already.
if (restore()) save();
form.addEventListener("input", changed);
form.addEventListener("outline", changed);
form.addEventListener("submit", (event) => {
  if (event.submitter?.id !== "send") return;
  clearTimeout(timer);
  isStopped = true;
  keepHere();
  sessionStorage.setItem(SUBMITTED, "1");
});
document.getElementById("forget").addEventListener("click", () => { forget(); location.assign("/alerts/new"); });
document.getElementById("discard")?.addEventListener("click", forget);
