// The situation: the map shows the alerts that the panel lists.
"use strict";

import { onView } from "./console.js";
import { drawMap } from "./map.js";

const drawn = await drawMap();
if (drawn) {
  const source = drawn.map.getSource("alerts");
  const url = document.getElementById("map").dataset.alerts;
  let shown = null;
  onView((parts) => {
    if (parts.on_map !== shown) {
      shown = parts.on_map;
      source.setData(url);
    }
  });
}
