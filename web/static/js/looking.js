// What people would read, while it is being typed: the newest question wins.
"use strict";

const WAIT_MS = 600;

/** Ask with what a form holds, as this page's script. */
export async function ask(form, url) {
  return fetch(url, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-Tocsin": "part" } });
}

/** Whether a field holds something else than the page came with. */
function isChanged(field) {
  return field.defaultValue !== undefined && field.value !== field.defaultValue;
}

/** Show in `place` what `button` asks for: when it is pressed, and while somebody types. */
export function looking(form, button, place) {
  let asked = 0;
  let timer = null;
  async function look(event) {
    event?.preventDefault();
    const mine = ++asked;
    const answer = await ask(form, button.formAction);
    if (!answer.ok || mine !== asked) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    place.replaceChildren(...fresh.childNodes);
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (place.childElementCount) look(); }, WAIT_MS);
  });
  button.addEventListener("click", look);
  // Whoever is quick has typed before this script came.
  if (place.childElementCount && [...form.elements].some(isChanged)) look();
  return look;
}
