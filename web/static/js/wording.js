// The words of a new warning: ours on demand, previews while typing.
"use strict";

const form = document.getElementById("warning");
const phones = document.getElementById("phones");
const WAIT_MS = 600;

async function ask(url) {
  return fetch(url, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-Tocsin": "part" } });
}

async function fill(event) {
  event.preventDefault();
  const told = await (await ask(event.currentTarget.formAction)).json();
  const problem = document.getElementById("fill-problem");
  problem.hidden = !told.problem;
  problem.textContent = told.problem ?? "";
  if (told.problem) { document.getElementById(told.field)?.focus(); return; }
  for (const field of form.elements) {
    if (/^(headline|instruction)-/.test(field.name) && told[field.name] !== undefined) field.value = told[field.name];
  }
  form.dispatchEvent(new Event("input"));
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

let timer = null;
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => { if (phones.childElementCount) look(); }, WAIT_MS);
});
document.getElementById("fill").addEventListener("click", fill);
document.getElementById("look").addEventListener("click", look);
