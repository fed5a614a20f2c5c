// The list of phones: fetched as JSON, shown as text.
"use strict";

const PHONES = "/_simulator/phones/";

function cell(text) {
  const element = document.createElement("td");
  element.textContent = text;
  return element;
}

function phoneLink(number) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = PHONES + encodeURIComponent(number);
  link.textContent = number;
  item.append(link);
  return item;
}

function counterRow([name, count]) {
  const row = document.createElement("tr");
  row.append(cell(name), cell(String(count)));
  return row;
}

async function refresh() {
  const [phones, counters] = await Promise.all(
    ["/_simulator/phones", "/_simulator/counters"].map(async (path) => (await fetch(path)).json()),
  );
  document.getElementById("phones").replaceChildren(...phones.phones.map(phoneLink));
  const all = { ...counters.now, ...counters.counters };
  document.getElementById("counters").replaceChildren(...Object.entries(all).map(counterRow));
}

document.getElementById("open").addEventListener("submit", (event) => {
  event.preventDefault();
  location.href = PHONES + encodeURIComponent(document.getElementById("number").value.trim());
});

refresh();
setInterval(refresh, 2000);
