// The words of a new warning: ours on demand, previews while typing.
"use strict";

import { ask, looking } from "./looking.js";

const form = document.getElementById("warning");
const look = looking(form, document.getElementById("look"), document.getElementById("phones"));

async function fill(event) {
  event.preventDefault();
  const told = await (await ask(form, event.currentTarget.formAction)).json();
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

document.getElementById("fill").addEventListener("click", fill);
