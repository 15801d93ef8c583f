// A nudge under the sigmoid and under a hash, side by side. Every number comes from the generated
// module; this one draws and listens.

import { chart, legend } from "./chart.js";
import { drag } from "./drag.js";
import { html, setText } from "./elements.js";
import { layout } from "./hash-versus-sigmoid-layout.js";
import { halvingsOf, isSettled, ladder, nudgeOf, seen, slope } from "./hash-versus-sigmoid-nudges.js";
import { format } from "./numbers.js";
import { player } from "./player.js";

const NAMES = { smooth: "sigmoid", hash: "hash" };
const PLACES = { low: -2, high: 2, label: "distance from z, in nudges" };
const ROWS = [
  ["before", "f(z)"],
  ["after", "f(z + nudge)"],
  ["change", "change"],
  ["quotient", "change ÷ nudge"],
  ["promised", "two nudges downhill: promised"],
  ["happened", "two nudges downhill: happened"],
];

export function draw(stage, spec, shell) {
  const view = new Pair(stage, spec, shell);
  return (state) => view.update(state);
}

class Pair {
  constructor(stage, spec, shell) {
    Object.assign(this, { stage, spec, shell, views: {} });
    this.player = player(shell, "halvings", { perSecond: 2 });
    this.title = html("p", { class: "nne-scope-times" });
    this.pictures = html("div", { class: "nne-pair" });
    this.graph = html("div");
    this.words = html("p", { class: "nne-words" });
    this.step = html("p", { class: "nne-words" });
    this.player.element.setAttribute("aria-label", "Zoom: each step halves the nudge");
    const sign = (name, mark, text) => html("span", {}, html("span", { class: name }, mark), ` ${text}`);
    const keys = html("p", { class: "nne-pair-keys" }, sign("nne-pair-before", "●", "z"), sign("nne-pair-after", "◆", "z + nudge"),
      sign("nne-pair-step", "▲", "two nudges downhill"), sign("nne-pair-secant", "- -", "line through z and z + nudge"));
    stage.append(this.player.element, this.title, this.pictures, keys, this.words, this.step, html("div", { class: "nne-pair nne-pair-lower" }, this.graph, this.table()));
    shell.onWidth((width) => this.resize(width));
  }

  table() {
    this.cells = {};
    const cell = (name, key) => (this.cells[`${name}.${key}`] = html("td"));
    const rows = [["slope", "slope f′(z)"], ...ROWS, ["kept", `promise kept, of ${this.spec.finest + 1} nudges`]]
      .map(([key, text]) => html("tr", {}, html("th", { scope: "row" }, text), cell("smooth", key), cell("hash", key)));
    const heads = ["measured", ...Object.values(NAMES)].map((text) => html("th", { scope: "col" }, text));
    return html("table", { class: "nne-readings" }, html("caption", { class: "nne-unseen" }, "A nudge under both functions"),
      html("thead", {}, html("tr", {}, ...heads)), html("tbody", {}, ...rows));
  }

  resize(width) {
    const sizes = layout(width);
    this.stage.dataset.size = sizes.size;
    for (const name of Object.keys(NAMES)) this.views[name] = this.view(name, sizes.view);
    this.pictures.replaceChildren(...Object.values(this.views).map(({ picture, name }) => html("figure", {}, html("figcaption", {}, name), picture.element)));
    this.drawLadder(sizes.ladder);
  }

  view(name, size) {
    const picture = chart({ label: `The ${NAMES[name]} within two nudges of z`, x: PLACES, y: { low: 0, high: 1, label: "" }, ...size });
    const isSmooth = name === "smooth";
    return {
      name: NAMES[name],
      picture,
      secant: picture.segment("nne-pair-secant"),
      curve: isSmooth ? picture.line("nne-pair-curve") : picture.dots("nne-pair-dots"),
      before: picture.dot("nne-pair-before"),
      after: picture.dot("nne-pair-after", { shape: "diamond" }),
      afterStep: picture.dot("nne-pair-step", { shape: "triangle" }),
      isSmooth,
    };
  }

  drawLadder(size) {
    const picture = chart({
      label: "The size of change ÷ nudge over the nudge, both on scales of powers of ten",
      x: { low: 5e-10, high: 2, label: "nudge", log: true },
      y: { low: 1e-3, high: 1e10, label: "size of change ÷ nudge", log: true }, ...size,
    });
    this.graph.replaceChildren(picture.element, legend([
      { name: "nne-pair-curve", text: "sigmoid" }, { name: "nne-pair-jagged", text: "hash" },
    ]));
    this.rungs = {
      picture,
      smooth: picture.line("nne-pair-curve"),
      hash: picture.line("nne-pair-jagged"),
      dots: { smooth: picture.dot("nne-pair-here"), hash: picture.dot("nne-pair-here", { shape: "square" }) },
    };
    drag(picture.element, (event) => this.shell.set("halvings", halvingsOf(picture.at(event).x)));
    this.place = null;
  }

  update(state) {
    const nudge = nudgeOf(state.halvings);
    const isMagnified = state.heights === "magnified";
    const now = Object.fromEntries(Object.keys(NAMES).map((name) => [name, seen(name, state.z, nudge, isMagnified)]));
    for (const name of Object.keys(NAMES)) this.showView(this.views[name], now[name]);
    this.showLadder(state.z, nudge);
    this.showTable(state.z, now);
    this.player.show(state);
    setText(this.title, `z = ${format(state.z)}, nudge ${format(nudge)}`);
    const said = this.sentence(state.z, nudge, now, isMagnified);
    setText(this.words, said);
    setText(this.step, this.promise(now));
    return said;
  }

  showView(view, { places, heights, low, high, line, marks, step }) {
    const inside = (height) => (height >= low && height <= high ? height : NaN);
    view.picture.range({ y: { low, high } });
    view.curve.set(places, view.isSmooth ? heights : heights.map(inside));
    view.secant.set(line.x1, line.y1, line.x2, line.y2);
    view.before.set(0, inside(marks.before));
    view.after.set(1, inside(marks.after));
    view.afterStep.set(step, inside(marks.afterStep));
  }

  showLadder(z, nudge) {
    if (z !== this.place) {
      this.place = z;
      this.rung = ladder(z);
      for (const name of Object.keys(NAMES)) this.rungs[name].set(this.rung.nudges, this.rung[name].sizes);
    }
    const at = this.rung.nudges.indexOf(nudge);
    for (const name of Object.keys(NAMES)) this.rungs.dots[name].set(nudge, this.rung[name].sizes[at]);
  }

  showTable(z, now) {
    for (const name of Object.keys(NAMES)) {
      for (const [key] of ROWS) setText(this.cells[`${name}.${key}`], format(now[name][key]));
      setText(this.cells[`${name}.kept`], String(this.rung[name].kept));
    }
    setText(this.cells["smooth.slope"], format(slope(z)));
    setText(this.cells["hash.slope"], "none");
  }

  sentence(z, nudge, { smooth, hash }, isMagnified) {
    const settled = isSettled(smooth.quotient, z);
    const first = settled
      ? `The sigmoid’s change ÷ nudge has settled on its slope, ${format(slope(z), 3)}.`
      : `The sigmoid’s change ÷ nudge is ${format(smooth.quotient, 3)}; its slope is ${format(slope(z), 3)}.`;
    const second = ` The hash jumped from ${format(hash.before, 3)} to ${format(hash.after, 3)}: its change ÷ nudge is ${format(hash.quotient, 3)}.`;
    const third = isMagnified && hash.outside ? ` Magnified alike, ${hash.outside} of its ${hash.places.length} points are outside of the picture.` : "";
    return `${first}${second}${third}`;
  }

  // What a step downhill was to do in proportion, and what it did.
  promise({ smooth, hash }) {
    const happened = (value) => (value < 0 ? `it fell by ${format(-value, 3)}` : `it rose by ${format(value, 3)}`);
    return `Two nudges downhill, the sigmoid promised to fall by ${format(-smooth.promised, 3)}; ${happened(smooth.happened)}. `
      + `The hash promised to fall by ${format(-hash.promised, 3)}; ${happened(hash.happened)}.`;
  }
}
