// A part of a page is replaced by a newer one, and nobody's place on it is lost.
"use strict";

const FOCUSABLE = "a, button, summary, input, select, textarea";

/** Replace what is in `part`: what was folded stays folded, and the focus stays where it is. */
export function renew(part, nodes) {
  const folds = new Map(marked(part, "details").map(([mark, it]) => [mark, it.open]));
  const held = marked(part, FOCUSABLE).find(([, it]) => it === document.activeElement);
  part.replaceChildren(...nodes);
  for (const [mark, it] of marked(part, "details")) if (folds.has(mark)) it.open = folds.get(mark);
  if (held) marked(part, FOCUSABLE).find(([mark]) => mark === held[0])?.[1].focus({ preventScroll: true });
}

/** Elements of a part, each with a mark by which it is known wherever it stands in the next. */
function marked(part, kinds) {
  const counts = new Map();
  return [...part.querySelectorAll(kinds)].map((it) => {
    const title = it.closest("[aria-labelledby]")?.getAttribute("aria-labelledby");
    const kind = [title, it.tagName, it.getAttribute("href"), it.getAttribute("name")].join(" ");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return [`${kind} ${counts.get(kind)}`, it];
  });
}
