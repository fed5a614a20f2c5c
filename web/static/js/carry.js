// Where a processor draws the map and no graphics card, a drag and a wheel carry the picture
// that is drawn, which costs next to nothing; the map is drawn anew now and then and at rest.
"use strict";

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
/** Less is a click. */
const TOLERANCE_PX = 3;
/** At most so often while the hand moves, and only when much of the edge is bare or blurred. */
const REDRAW_MS = 600;
const BARE_SHARE = 0.3;
const MOST_SCALED = 2.5;
/** The hand rests: what it uncovered is drawn. */
const REST_MS = 400;
const WHEEL_REST_MS = 250;
/** What a wheel says in lines, and how far it turns for twice as large. */
const LINE_PX = 40;
const DOUBLE_PX = 450;

/** Move this map by its picture if it is drawn slowly. */
export function carryWhereSlow(map) {
  if (!isDrawnBySoftware(map.getCanvas())) return;
  map.dragPan.disable();
  map.scrollZoom.disable();
  // Whoever draws on the map forbids dragging it by this name.
  map.dragPan = new Carry(map);
  // Ten pictures of a flight would take a second: one at its end says the same.
  const ease = map.easeTo.bind(map);
  map.easeTo = (options, told) => ease({ ...options, animate: false }, told);
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

/** Stands in for the map's own handlers of drags and of the wheel. */
class Carry {
  #map;
  #picture;
  #isEnabled = true;
  /** The pointer that drags, where it went down, and where it was last. */
  #pointer = null;
  #downAt = null;
  #at = null;
  #isCarrying = false;
  /** What the picture is scaled by, and then shifted by in pixels, since it was drawn. */
  #scale = 1;
  #shift = [0, 0];
  #drawnMs = 0;
  #rest = null;

  constructor(map) {
    this.#map = map;
    this.#picture = map.getCanvasContainer();
    this.#picture.classList.add("is-carried");
    const around = this.#picture.parentElement;
    around.addEventListener("wheel", (event) => this.#turn(event), { passive: false });
    // Whatever a click is meant for stands where it is drawn.
    around.addEventListener("pointerdown", () => this.#settle(), { capture: true });
    this.#picture.addEventListener("pointerdown", (event) => this.#grasp(event));
    addEventListener("pointermove", (event) => this.#follow(event));
    for (const over of ["pointerup", "pointercancel"]) addEventListener(over, (event) => { if (event.pointerId === this.#pointer) this.#release(); });
  }

  enable() { this.#isEnabled = true; }
  disable() { this.#isEnabled = false; this.#release(); }
  isEnabled() { return this.#isEnabled; }
  isActive() { return this.#isCarrying || this.#isElsewhere(); }

  #grasp(event) {
    // A second finger zooms, Shift draws a box to zoom to.
    if (!event.isPrimary) { this.#release(); return; }
    if (!this.#isEnabled || event.button !== 0 || event.shiftKey || event.ctrlKey) return;
    this.#pointer = event.pointerId;
    this.#downAt = this.#at = [event.clientX, event.clientY];
  }

  #follow(event) {
    if (event.pointerId !== this.#pointer) return;
    const at = [event.clientX, event.clientY];
    if (!this.#isCarrying && Math.hypot(at[0] - this.#downAt[0], at[1] - this.#downAt[1]) < TOLERANCE_PX) return;
    this.#isCarrying = true;
    this.#shift = this.#shift.map((shift, n) => shift + at[n] - this.#at[n]);
    this.#at = at;
    this.#show(REST_MS);
  }

  /** A wheel scales the picture around the pointer. */
  #turn(event) {
    event.preventDefault();
    const turned = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1);
    const box = this.#picture.parentElement.getBoundingClientRect();
    const around = [event.clientX - box.left, event.clientY - box.top];
    const scale = this.#bounded(this.#scale * 2 ** (-turned / DOUBLE_PX));
    const by = scale / this.#scale;
    this.#shift = this.#shift.map((shift, n) => around[n] - by * (around[n] - shift));
    this.#scale = scale;
    this.#show(WHEEL_REST_MS);
  }

  /** No further than the map can go. */
  #bounded(scale) {
    const [zoom, least, most] = [this.#map.getZoom(), this.#map.getMinZoom(), this.#map.getMaxZoom()];
    return Math.min(2 ** (most - zoom), Math.max(2 ** (least - zoom), scale));
  }

  #show(restMs) {
    clearTimeout(this.#rest);
    if (this.#isDue()) { this.#redraw(); return; }
    const [dx, dy] = this.#shift;
    this.#picture.style.transform = `translate(${dx}px, ${dy}px) scale(${this.#scale})`;
    this.#rest = setTimeout(() => this.#redraw(), restMs);
  }

  #isElsewhere() { return this.#scale !== 1 || this.#shift[0] !== 0 || this.#shift[1] !== 0; }

  #isDue() {
    if (performance.now() - this.#drawnMs < REDRAW_MS) return false;
    const { clientWidth: width, clientHeight: height } = this.#picture.parentElement;
    const [left, top] = this.#shift;
    const right = width - (left + this.#scale * width);
    const bottom = height - (top + this.#scale * height);
    return this.#scale > MOST_SCALED || Math.max(left, right) > BARE_SHARE * width || Math.max(top, bottom) > BARE_SHARE * height;
  }

  /** Move the map to where its picture is, in one frame: neither jumps. */
  #redraw() {
    clearTimeout(this.#rest);
    const { clientWidth: width, clientHeight: height } = this.#picture.parentElement;
    const [scale, [left, top]] = [this.#scale, this.#shift];
    const isElsewhere = this.#isElsewhere();
    this.#scale = 1;
    this.#shift = [0, 0];
    this.#picture.style.transform = "";
    if (!isElsewhere) return;
    const center = this.#map.unproject([(width / 2 - left) / scale, (height / 2 - top) / scale]);
    this.#map.jumpTo({ center, zoom: this.#map.getZoom() + Math.log2(scale) });
    this.#map.redraw();
    this.#drawnMs = performance.now();
  }

  /** What a wheel left scaled is drawn before anything else happens. */
  #settle() { if (!this.#isCarrying) this.#redraw(); }

  #release() {
    clearTimeout(this.#rest);
    const wasCarrying = this.#isCarrying;
    this.#pointer = null;
    this.#isCarrying = false;
    if (this.#isElsewhere()) this.#redraw();
    // It rested before it was let go: all is drawn, and who waits for the end is told.
    else if (wasCarrying) this.#map.fire("moveend");
  }
}
