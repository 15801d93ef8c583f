// Depth and slopes: a bar for the signal of every layer. Every number comes from the generated
// module; this one draws and listens.

import { chart } from "./chart.js";
import { bar, label, layout, places } from "./depth-and-slopes-layout.js";
import { signals, summary } from "./depth-and-slopes-network.js";
import { html, setAttributes, setText } from "./elements.js";
import { Formula } from "./formula.js";
import { format } from "./numbers.js";

const LONG = 4; // digits in the formula and the table
const SHORT = 3; // digits in sentences
const LABEL = "The size of the signal in every layer, as a power of ten, from the last layer to the first";
const HELD = { held: "yes", rounded: "no: 0", zero: "yes: 0", infinite: "no: ∞" };

export function draw(stage, spec, shell) {
  const depth = new Depth(stage, spec, shell);
  return (state) => depth.update(state);
}

class Depth {
  constructor(stage, spec, shell) {
    Object.assign(this, { stage, spec, shell });
    this.about = html("p", { class: "nne-words" });
    this.place = html("div");
    this.words = html("p", { class: "nne-words" });
    this.more = html("p", { class: "nne-words" });
    this.box = html("div", { class: "nne-formula-place nne-depth-formula" });
    this.formula = new Formula(this.box);
    this.keys = html("p", { class: "nne-depth-keys" });
    stage.append(this.presets(), this.about, this.place, this.keys, this.words, this.more, this.box, this.table());
    shell.onWidth((width) => this.resize(width));
  }

  presets() {
    this.buttons = Object.entries(this.spec.presets).flatMap(([network, row]) => Object.entries(row).map(([text, strength]) => {
      const button = html("button", { type: "button" }, text);
      button.addEventListener("click", () => this.shell.set("strength", strength));
      return { network, strength, button };
    }));
    return html("div", { class: "nne-depth-presets", role: "group", "aria-label": "Strength of the weights" },
      html("span", {}, "Set the strength to"), ...this.buttons.map(({ button }) => button));
  }

  table() {
    const heads = ["layer", "slope", "strength × slope", "|δ|", "float holds it"];
    this.body = html("tbody");
    this.details = html("details", { class: "nne-figure-more" }, html("summary", {}, "All layers as numbers"),
      html("div", { class: "nne-table", tabindex: "0" }, html("table", {},
        html("thead", {}, html("tr", {}, ...heads.map((text) => html("th", { scope: "col" }, text)))), this.body)));
    this.details.addEventListener("toggle", () => this.shell.redraw());
    return this.details;
  }

  resize(width) {
    const { size, bars } = layout(width);
    this.stage.dataset.size = size;
    this.picture = chart({
      label: LABEL, x: { low: 0, high: 1, label: "layers passed on the way back" },
      y: { low: -1, high: 1, label: "|δ|, power of ten" }, ...bars,
    });
    this.edge = this.picture.segment("nne-depth-edge");
    this.one = this.picture.segment("nne-depth-one");
    this.bars = Array.from({ length: this.spec.deepest }, () => ({
      rect: this.picture.mark("rect", ""), text: this.picture.mark("text", "nne-depth-zero", {}, this.picture.over),
    }));
    this.place.replaceChildren(this.picture.element);
  }

  update(state) {
    const rows = signals(state, this.spec.draws);
    const now = summary(rows, state);
    if (rows.some(({ power }) => Number.isNaN(power) || power === Infinity)) return this.shell.refuse();
    if (state.network !== this.network) this.choose(state.network);
    for (const { strength, button } of this.buttons) setAttributes(button, { "aria-pressed": strength === state.strength });
    this.showBars(rows, now);
    this.formula.show(now, LONG);
    const said = this.sentence(now, state);
    setText(this.words, said);
    setText(this.more, this.precision(now, state));
    if (this.details.open) this.showTable(rows);
    return said;
  }

  choose(network) {
    this.network = network;
    setText(this.about, this.spec.about[network]);
    this.formula.choose(this.spec.formulas[network], []);
    for (const { network: own, button } of this.buttons) button.hidden = own !== network;
  }

  showBars(rows, { low, high, edge, layers, bits, count }) {
    const { picture } = this;
    const x = places(layers);
    picture.range({ x, y: { low, high } });
    this.one.set(x.low, 0, x.high, 0);
    this.edge.set(x.low, edge, x.high, edge);
    this.bars.forEach(({ rect, text }, k) => {
      const row = rows[k];
      const isThere = row !== undefined;
      const isTrueZero = isThere && row.held === "zero";
      setAttributes(rect, {
        class: `nne-depth-bar nne-depth-${isThere ? row.held : "none"}`,
        visibility: isThere && !isTrueZero ? "inherit" : "hidden",
        ...(isThere && !isTrueZero ? bar(picture, k, row.power) : {}),
      });
      setText(text, isTrueZero ? "0" : "");
      if (isTrueZero) setAttributes(text, label(picture, k, low));
    });
    const keys = ["Left: the last layer. Right: the first. −2 means 10⁻², a hundredth; the line at 0 is size 1."];
    if (count.zero) keys.push("At the bottom: true zeros, below any power of ten.");
    if (count.rounded) keys.push(`Hollow bars: a ${bits}-bit float would hold 0, below the dashed line.`);
    if (count.infinite) keys.push(`Hollow bars: a ${bits}-bit float would hold ∞.`);
    setText(this.keys, keys.join(" "));
  }

  sentence(now, { network, activation, centre }) {
    const { first, last, layers, strength, slope, factor, step, verdict } = now;
    const start = this.spec.verdicts[verdict];
    if (verdict === "zero") {
      const { kinks, convention } = this.spec.kinks[activation];
      const why = network === "chain" && kinks.includes(centre) ? ` z = ${format(centre)} is a kink: ${convention}.` : "";
      return `${start} in layer 1: a slope of 0 on the way lets nothing through.${why}`;
    }
    const ends = `${start}: layer ${layers} has ${format(last.shown, SHORT)}, layer 1 gets ${format(first.shown, SHORT)}.`;
    const product = `${format(strength, SHORT)} × ${format(slope, SHORT)} = ${format(factor, SHORT)}`;
    return network === "chain"
      ? `${ends} Each step back multiplies by weight × slope = ${product}.`
      : `${ends} Strength × typical slope = ${product}; measured, a step back multiplies by ${format(step, SHORT)}.`;
  }

  // What is tiny, what a float would round to zero, and what is truly zero.
  precision({ count, bits, slope, textbook }, { centre }) {
    const layers = (many) => (many === 1 ? "In one layer" : `In ${many} layers`);
    const said = [];
    if (count.zero) said.push(`${layers(count.zero)} it is a true 0: no finer arithmetic and no larger step would help.`);
    if (count.rounded) said.push(`${layers(count.rounded)} it is not zero, but too small for a ${bits}-bit float. Here the power of ten is kept apart, so the bars stay true.`);
    if (count.infinite) said.push(`${layers(count.infinite)} it is too large for a ${bits}-bit float.`);
    if (textbook === 0) said.push(`Computed as a (1 − a), the slope at z = ${format(centre)} would already be exactly 0. It is ${format(slope)}.`);
    return said.join(" ");
  }

  showTable(rows) {
    this.body.replaceChildren(...rows.map((row) => html("tr", {}, html("th", { scope: "row" }, String(row.layer)),
      ...[format(row.slope, LONG), format(row.factor, LONG), format(row.shown, LONG), HELD[row.held]]
        .map((text) => html("td", {}, text)))));
  }
}
