// Where a processor draws the map and no graphics card, a drag carries the picture that is
// drawn, which costs next to nothing; the map is drawn anew now and then and at the end.
"use strict";

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
/** Less is a click. */
const TOLERANCE_PX = 3;
/** At most so often while the hand moves, and only when much of the edge is bare. */
const REDRAW_MS = 600;
const BARE_SHARE = 0.3;
/** The hand rests: what it uncovered is drawn. */
const REST_MS = 400;

/** Drag this map by its picture if it is drawn slowly. */
export function carryWhereSlow(map) {
  if (!isDrawnBySoftware(map.getCanvas())) return;
  map.dragPan.disable();
  // Whoever draws on the map forbids dragging it by this name.
  map.dragPan = new Carry(map);
}

/** Draw now, or as soon as nobody moves the map. */
export function whenStill(map, draw) {
  if (map.isMoving() || map.dragPan.isActive()) map.once("moveend", () => whenStill(map, draw));
  else draw();
}

function isDrawnBySoftware(canvas) {
  const gl = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  if (!gl) return false;
  const unmasked = gl.getExtension("WEBGL_debug_renderer_info");
  return SOFTWARE.test(gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

/** Stands in for the map's own handler of drags. */
class Carry {
  #map;
  #picture;
  #isEnabled = true;
  /** The pointer that drags, where it was when the map was last drawn, and where it is. */
  #pointer = null;
  #drawnAt = null;
  #at = null;
  #isCarrying = false;
  #drawnMs = 0;
  #rest = null;

  constructor(map) {
    this.#map = map;
    this.#picture = map.getCanvasContainer();
    this.#picture.classList.add("is-carried");
    this.#picture.addEventListener("pointerdown", (event) => this.#grasp(event));
    addEventListener("pointermove", (event) => this.#follow(event));
    for (const over of ["pointerup", "pointercancel"]) addEventListener(over, (event) => { if (event.pointerId === this.#pointer) this.#release(); });
  }

  enable() { this.#isEnabled = true; }
  disable() { this.#isEnabled = false; this.#release(); }
  isEnabled() { return this.#isEnabled; }
  isActive() { return this.#isCarrying; }

  #grasp(event) {
    // A second finger zooms, Shift draws a box to zoom to.
    if (!event.isPrimary) { this.#release(); return; }
    if (!this.#isEnabled || event.button !== 0 || event.shiftKey || event.ctrlKey) return;
    this.#pointer = event.pointerId;
    this.#drawnAt = this.#at = [event.clientX, event.clientY];
  }

  #follow(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#at = [event.clientX, event.clientY];
    const [dx, dy] = this.#moved();
    if (!this.#isCarrying && Math.hypot(dx, dy) < TOLERANCE_PX) return;
    this.#isCarrying = true;
    clearTimeout(this.#rest);
    if (this.#isDue(dx, dy)) { this.#redraw(); return; }
    this.#picture.style.transform = `translate(${dx}px, ${dy}px)`;
    this.#rest = setTimeout(() => this.#redraw(), REST_MS);
  }

  #moved() { return [this.#at[0] - this.#drawnAt[0], this.#at[1] - this.#drawnAt[1]]; }

  #isDue(dx, dy) {
    const { clientWidth, clientHeight } = this.#picture.parentElement;
    const isBare = Math.abs(dx) > BARE_SHARE * clientWidth || Math.abs(dy) > BARE_SHARE * clientHeight;
    return isBare && performance.now() - this.#drawnMs > REDRAW_MS;
  }

  /** Move the map to where its picture is, in one frame: neither jumps. */
  #redraw() {
    const [dx, dy] = this.#moved();
    this.#drawnAt = this.#at;
    this.#picture.style.transform = "";
    if (!dx && !dy) return;
    this.#map.panBy([-dx, -dy], { animate: false });
    this.#map.redraw();
    this.#drawnMs = performance.now();
  }

  #release() {
    clearTimeout(this.#rest);
    const wasCarrying = this.#isCarrying;
    this.#pointer = null;
    this.#isCarrying = false;
    if (!wasCarrying) return;
    const [dx, dy] = this.#moved();
    if (dx || dy) this.#redraw();
    // It rested before it was let go: all is drawn, and who waits for the end is told.
    else this.#map.fire("moveend");
  }
}
