// The nudge: one weight, the loss over it, the tangent where the weight stands. Draws and listens.

import { chart, legend } from "./chart.js";
import { drag } from "./drag.js";
import { html, setText } from "./elements.js";
import { arrow, layout, reach } from "./nudge-layout.js";
import { onLine } from "./nudge-line.js";
import { names, trace } from "./nudge-network.js";
import { format } from "./numbers.js";
import { places } from "./places.js";

const LABEL = "w₁₄";

export function draw(stage, spec, shell) {
  const nudge = new Nudge(stage, spec, shell);
  return (state) => nudge.update(state);
}

class Nudge {
  constructor(stage, spec, shell) {
    Object.assign(this, { spec, shell });
    const { name, low, high } = spec.weight;
    const [down, up] = spec.heights;
    this.ranges = { x: { low, high }, y: { low: down, high: up } };
    this.ws = places(low, high);
    this.losses = this.ws.map((w) => this.at(w).J);
    this.start = { w: shell.begin[name], J: this.at(shell.begin[name]).J };
    this.place = html("div");
    this.words = html("p", { class: "nne-words" });
    stage.append(this.place, legend([
      { name: "nne-nudge-curve", text: `loss J over ${LABEL}` },
      { name: "nne-nudge-tangent", text: "tangent at the present weight" },
      { name: "nne-nudge-way", text: "which way a step of descent goes" },
      { name: "nne-nudge-start", text: "where it began", dot: true },
    ]), this.words);
    shell.onWidth((width) => this.resize(width));
  }

  // The network's numbers with the weight at w and all else as it was.
  at(w) {
    const { weight, parameters, sample } = this.spec;
    return trace(parameters.map((value, k) => (names[k] === weight.name ? w : value)), sample.x, sample.y);
  }

  resize(width) {
    const { x, y } = this.ranges;
    const picture = chart({ label: `The loss J over ${LABEL}, with its tangent`, x: { ...x, label: LABEL }, y: { ...y, label: "loss J" }, ...layout(width) });
    picture.line("nne-nudge-curve").set(this.ws, this.losses);
    this.marks = {
      tangent: picture.line("nne-nudge-tangent"), way: picture.line("nne-nudge-way"),
      start: picture.dot("nne-nudge-start", { radius: 4 }), dot: picture.dot("nne-scope-dot", { radius: 6 }),
    };
    this.marks.start.set(this.start.w, this.start.J);
    drag(picture.element, (event) => this.shell.set(this.spec.weight.name, picture.at(event).x));
    this.place.replaceChildren(picture.element);
  }

  update(state) {
    const { name } = this.spec.weight;
    const w = state[name];
    const { J, gradient } = this.at(w);
    const slope = gradient[name];
    const side = reach(this.ranges.x.low, this.ranges.x.high);
    this.marks.tangent.set([w - side, w + side], [onLine(J, slope, -side), onLine(J, slope, side)]);
    this.marks.way.set(...(slope === 0 ? [[], []] : arrow(w, slope > 0 ? -1 : 1, this.ranges)));
    this.marks.dot.set(w, J);
    const said = this.sentence(w, J, slope);
    setText(this.words, said);
    return said;
  }

  sentence(w, J, slope) {
    const here = `At ${LABEL}\u00a0=\u00a0${format(w)} the loss J is ${format(J)} and the slope ∂J/\u2060∂${LABEL} is ${format(slope)}.`;
    if (slope === 0) return `${here} A small nudge changes nothing, and descent stays where it is.`;
    const [up, way] = slope > 0 ? ["grows", "down"] : ["shrinks", "up"];
    const size = slope < this.spec.faint && -slope < this.spec.faint ? " The curve is nearly level here: a nudge hardly comes through." : "";
    return `${here} Turn the weight up a little, and J ${up}; so a step of descent turns it ${way}.${size}`;
  }
}
