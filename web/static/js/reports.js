// What citizens saw, on the map: one dot for each thing, larger the more phones told it.
"use strict";

import { onAgain } from "./again.js";
import { drawMap } from "./map.js";

const ZOOM = 11;
const place = () => document.getElementById("points");
const page = (document.querySelector("#reports-now, #points[data-page]")).dataset.page;
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();

function features() {
  const points = JSON.parse(place().dataset.points);
  return { type: "FeatureCollection", features: points.map((point) => ({
    type: "Feature", properties: point, geometry: { type: "Point", coordinates: [point.lon, point.lat] } })) };
}

function add(map) {
  // Far away, dots that would lie on each other are one; nearer they part.
  map.addSource("reports", { type: "geojson", data: features(), cluster: true, clusterRadius: 28,
    clusterProperties: { n: ["+", ["get", "n"]], fresh: ["+", ["case", ["==", ["get", "state"], "new"], 1, 0]],
      hurt: ["any", ["get", "hurt"]] } });
  const isNew = ["any", ["==", ["get", "state"], "new"], [">", ["coalesce", ["get", "fresh"], 0], 0]];
  map.addLayer({ id: "reports", type: "circle", source: "reports", paint: {
    "circle-radius": ["min", 26, ["+", 7, ["*", 3, ["sqrt", ["get", "n"]]]]],
    "circle-color": ["case", isNew, colour("--focus"), ["==", ["get", "state"], "verified"], colour("--confirmed"), colour("--card")],
    "circle-stroke-color": ["case", ["get", "hurt"], colour("--bad"), colour("--ink")],
    "circle-stroke-width": ["case", ["get", "hurt"], 3, 1] } });
  map.on("click", "reports", ({ features: [found] }) => {
    const { id, cluster } = found.properties;
    if (cluster) map.easeTo({ center: found.geometry.coordinates, zoom: map.getZoom() + 2 });
    else location.assign(`${page}${id}`);
  });
  map.on("mouseenter", "reports", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "reports", () => { map.getCanvas().style.cursor = ""; });
}

const drawn = await drawMap();
if (drawn) {
  add(drawn.map);
  const { features: all } = features();
  if (!document.getElementById("reports-now") && all.length) drawn.map.jumpTo({ center: all[0].geometry.coordinates, zoom: ZOOM });
  onAgain(() => drawn.map.getSource("reports").setData(features()));
}
