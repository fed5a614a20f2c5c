// How an alert spread, as curves; the table beside them says the same in figures.
"use strict";

const ASK_EVERY_MS = 5000;
const HEIGHT = 200;
const place = document.getElementById("curves");
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const LINES = [["sent", "--soft", [2, 3]], ["reached", "--reached", []], ["heard", "--heard", [6, 3]],
  ["confirmed", "--confirmed", []], ["failed", "--bad", [2, 2]]];

/** Seconds that the clock of the strip is ahead of UTC: the curves go by the same clock. */
function aheadOfUtc() {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(document.getElementById("as-of").dateTime) ?? [0, "+", 0, 0];
  return (sign === "-" ? -60 : 60) * (60 * hours + Number(minutes));
}

const ahead = place ? aheadOfUtc() : 0;
const clock = (second, isFine = true) => new Date((second + ahead) * 1000).toISOString().slice(11, isFine ? 19 : 16);

function axis() {
  return { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") },
    font: "12px system-ui" };
}

function draw(points) {
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const options = {
    width: place.clientWidth, height: HEIGHT, cursor: { drag: { x: false, y: false } },
    scales: { y: { range: (chart, low, high) => [0, Math.max(1, high)] } },
    axes: [{ ...axis(), space: 56, values: (chart, ticks, n, space, step) => ticks.map((at) => clock(at, step < 60)) }, { ...axis(), size: 56, values: (chart, ticks) => ticks.map((n) => number.format(n)) }],
    series: [{ label: place.dataset.time, value: (chart, at) => (at ? clock(at) : "–") }, ...LINES.map(([name, variable, dash]) => ({
      label: place.dataset[name], stroke: colour(variable), width: 2, dash, points: { show: false },
      value: (chart, n) => (n === null || n === undefined ? "–" : number.format(n)) }))],
  };
  return new self.uPlot(options, points, place);
}

let chart = null;
async function ask() {
  try {
    const answer = await fetch(place.dataset.curves, { credentials: "same-origin" });
    if (!answer.ok) return;
    const told = await answer.json();
    const points = [told.at, ...LINES.map(([name]) => told[name])];
    if (chart) chart.setData(points);
    else if (told.at.length > 1) chart = draw(points);
  } catch {
    // The strip tells how old the figures are.
  }
}

if (place) {
  ask();
  if (place.dataset.isLive === "1") setInterval(ask, ASK_EVERY_MS);
  new ResizeObserver(() => chart?.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
}

/** By language and by carrier: counted from everybody, so only for whoever unfolds it. */
const groups = document.getElementById("groups");
async function count() {
  if (!groups.open) return;
  try {
    const answer = await fetch(groups.dataset.url, { credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    groups.querySelector("div").replaceChildren(...fresh.childNodes);
  } catch {
    // The strip tells how old the figures are.
  }
}
if (groups) {
  groups.addEventListener("toggle", count);
  if (place?.dataset.isLive === "1") setInterval(count, ASK_EVERY_MS);
}
