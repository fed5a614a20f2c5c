// One simulated phone: shows what it holds, lets a person answer, press keys and text.
// Everything shown comes as JSON and is put in as text.
"use strict";

const number = decodeURIComponent(location.pathname.split("/").pop());
const base = "/_simulator/phones/" + encodeURIComponent(number);
const byId = (id) => document.getElementById(id);
const STATES = { idle: "No call.", ringing: "The phone rings.", talking: "In a call." };
let shown = "";

async function send(method, path, values) {
  const answer = await fetch(base + path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(values),
  });
  byId("problem").textContent = answer.ok ? "" : (await answer.json()).error;
  await refresh();
}

function element(name, text, language) {
  const made = document.createElement(name);
  made.textContent = text;
  made.dir = "auto";
  if (language) made.lang = language;
  return made;
}

// A call is heard as on a phone: each sound begins when the one before it ends.
function playNext(after) {
  const sounds = [...byId("transcript").querySelectorAll("audio")];
  const next = sounds[sounds.indexOf(after) + 1];
  if (next) next.play();
}

// What came while the person was in the call begins by itself, if nothing plays.
function playNew(state, before) {
  const sounds = [...byId("transcript").querySelectorAll("audio")];
  const playing = sounds.some((sound) => !sound.paused);
  if (state === "talking" && !playing && sounds[before]) sounds[before].play();
}

function heard(entry) {
  const item = document.createElement("li");
  if (entry.kind === "sound" && /^https?:/.test(entry.text)) {
    const audio = document.createElement("audio");
    audio.controls = true;
    audio.src = entry.text;
    audio.addEventListener("ended", () => playNext(audio));
    item.append(audio);
  } else if (entry.kind === "recorded") {
    // What the person said: heard on demand, and never by itself in the call.
    const link = element("a", "You were recorded.");
    link.href = entry.text;
    link.target = "_blank";
    item.append(link);
  } else if (entry.kind === "speech") {
    item.append(element("q", entry.text, entry.language));
  } else if (entry.kind === "keys") {
    item.append(element("span", entry.text ? "You pressed " + entry.text : "No key pressed"));
  } else {
    item.append(element("span", entry.kind + " " + entry.text));
  }
  return item;
}

function text(message) {
  const item = document.createElement("li");
  const inbound = message.direction === "inbound";
  item.className = inbound ? "mine" : "theirs";
  item.append(
    element("p", message.body),
    element("small", (inbound ? "to " + message.to : "from " + message.from) +
      " · " + message.status + " · " + message.at),
  );
  return item;
}

function option(own) {
  const made = document.createElement("option");
  made.value = own;
  return made;
}

// Entries are added and never redrawn: a sound that plays must not start anew.
function showCall(phone) {
  const call = phone.calls[0] || { sid: "", transcript: [] };
  const list = byId("transcript");
  if (list.dataset.call !== call.sid) list.replaceChildren();
  list.dataset.call = call.sid;
  const before = list.querySelectorAll("audio").length;
  list.append(...call.transcript.slice(list.children.length).map(heard));
  playNew(phone.state, before);
}

function show(phone) {
  byId("human").checked = Boolean(phone.behaviour && phone.behaviour.human);
  byId("state").textContent = STATES[phone.state];
  byId("answer").disabled = phone.state !== "ringing";
  byId("hang-up").disabled = phone.state === "idle";
  for (const key of byId("keypad").children) key.disabled = phone.state !== "talking";
  byId("numbers").replaceChildren(...phone.numbers.map(option));
  if (!byId("to").value && phone.numbers.length) byId("to").value = phone.numbers[0];
  showCall(phone);
  byId("texts").replaceChildren(...phone.texts.map(text));
}

async function refresh() {
  const body = await (await fetch(base + "/inbox")).text();
  // Drawn again only when something changed.
  if (body !== shown) {
    shown = body;
    show(JSON.parse(body));
  }
}

byId("number").textContent = number;
document.title = number + " – simulated phone";
for (const key of "123456789*0#") {
  const button = element("button", key);
  button.type = "button";
  button.addEventListener("click", () => send("POST", "/keys", { keys: key }));
  byId("keypad").append(button);
}
byId("human").addEventListener("change", (event) => send("PUT", "", { human: event.target.checked }));
byId("answer").addEventListener("click", () => send("POST", "/answer", {}));
byId("hang-up").addEventListener("click", () => send("POST", "/hang-up", {}));
byId("call").addEventListener("click", () => send("POST", "/calls", { to: byId("to").value, human: true }));
byId("text").addEventListener("submit", async (event) => {
  event.preventDefault();
  await send("POST", "/texts", { to: byId("to").value, body: byId("body").value });
  byId("body").value = "";
});

refresh();
setInterval(refresh, 700);
