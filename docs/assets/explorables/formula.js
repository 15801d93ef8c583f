// A formula with live numbers: every <mtext> of its MathML is a path, and becomes that number.

import { setText } from "./elements.js";
import { Slot } from "./numbers.js";

const known = new Map(); // paths as lists of keys: few, and asked for in every frame

// The number at a path: "a.4" is now.a[4].
export function at(now, path) {
  if (!known.has(path)) known.set(path, path.split("."));
  return known.get(path).reduce((part, key) => part[key], now);
}

export class Formula {
  constructor(element) {
    this.element = element;
  }

  // Puts in another formula; `kinds` are the kinds of its factors, whose elements can then be found.
  choose(markup, kinds) {
    this.element.innerHTML = markup;
    this.slots = [...this.element.querySelectorAll("mtext")].map((text) => {
      const slot = new Slot();
      const path = text.textContent;
      text.replaceWith(slot.element);
      return { path, slot };
    });
    this.relations = [...this.element.querySelectorAll("mo")].filter((mo) => mo.textContent === "≈");
    for (const kind of kinds) {
      for (const element of this.element.querySelectorAll(`.nne-${kind.replace("_", "-")}`)) {
        element.dataset.factor = kind;
      }
    }
  }

  // The last number is the result: what stands before it is equal or nearly so, as digits allow.
  show(now, digits) {
    const rounded = this.slots.map(({ path, slot }) => slot.fill(at(now, path), digits));
    if (!this.relations.length) return;
    setText(this.relations[0], rounded.slice(0, -1).includes(true) ? "≈" : "=");
    setText(this.relations[1], rounded.at(-1) ? "≈" : "=");
  }
}
