// Drop a factor: draws and listens. Every number comes from the generated modules.

import { chart } from "./chart.js";
import { around, fit, layout, places } from "./drop-a-factor-layout.js";
import { loss, names, trace } from "./drop-a-factor-network.js";
import { change, product, ratio, step } from "./drop-a-factor-step.js";
import { html, setText, svg } from "./elements.js";
import { Formula, at } from "./formula.js";
import { format } from "./numbers.js";

const [IN, OUT] = ["in", "out"];
const SHORT = 3; // digits of comparisons
const LONG = 4; // digits of factors
const FINE = 6; // digits of J, which changes little

export function draw(stage, spec, shell) {
  const dropper = new Dropper(stage, spec, shell);
  return (state) => dropper.update(state);
}

class Dropper {
  constructor(stage, spec, shell) {
    Object.assign(this, { stage, spec, shell });
    this.list = html("fieldset", { class: "nne-dropper" });
    this.formula = new Formula(html("div", { class: "nne-formula-place" }));
    this.verdict = html("strong");
    this.more = html("span");
    this.picture = html("div");
    stage.append(html("div", { class: "nne-panel nne-drop" },
      this.list, this.picture, this.formula.element, this.table(),
      html("p", { class: "nne-words" }, this.verdict, this.more)));
    shell.onWidth((width) => this.resize(width));
  }

  resize(available) {
    const { size, width, height } = layout(available);
    this.stage.dataset.size = size;
    this.chart = chart({
      label: "J along the parameter, with the start and one step along each product. The table has the numbers.",
      x: { low: 0, high: 1 }, y: { low: 0, high: 1 }, width, height,
    });
    this.curve = this.chart.line("nne-drop-curve");
    this.ways = { whole: this.way("whole", "circle"), rest: this.way("rest", "cross") };
    this.start = this.chart.dot("nne-drop-start", { shape: "square" });
    this.height = this.chart.text("nne-drop-height"); // inside: its ticks are long
    this.picture.replaceChildren(this.chart.element);
  }

  way(name, shape) {
    return { line: this.chart.line(`nne-drop-way nne-drop-${name}`), dot: this.chart.dot(`nne-drop-end nne-drop-${name}`, { shape, radius: 6 }) };
  }

  table() {
    this.heads = ["step along", "product", "", "J"].map((text) => html("th", { scope: "col" }, text));
    this.rows = { start: this.row("start"), whole: this.row("whole"), rest: this.row("rest") };
    return html("table", { class: "nne-readings nne-drop-table" }, html("thead", {}, html("tr", {}, ...this.heads)),
      html("tbody", {}, ...Object.values(this.rows).map(({ row }) => row)));
  }

  row(name) {
    const marks = { start: svg("rect", { x: 6, y: 2, width: 8, height: 8 }), whole: svg("circle", { cx: 10, cy: 6, r: 5 }), rest: svg("path", { d: "M5 1L15 11M5 11L15 1" }) };
    const mark = svg("svg", { class: `nne-drop-mark nne-drop-${name}`, width: 20, height: 12, "aria-hidden": "true" }, marks[name]);
    const title = html("span");
    const cells = [0, 1, 2].map(() => html("td"));
    return { title, cells, row: html("tr", {}, html("th", { scope: "row" }, mark, title), ...cells) };
  }

  // ---- another derivative

  choose(shown) {
    this.shown = shown;
    this.derivative = this.spec.derivatives[shown];
    const { factors, label, offered } = this.derivative;
    this.formula.choose(this.spec.formulas[shown], factors.map(({ kind }) => kind));
    this.equal = [...this.formula.element.querySelectorAll("mo")].find((mo) => mo.textContent === "=");
    this.boxes = factors.map((factor) => this.box(factor));
    this.list.replaceChildren(html("legend", {}, "Factors in the product"), ...this.boxes.map(({ row }) => row));
    setText(this.heads[2], label);
    this.shell.offer([...this.spec.inputs, "y", ...offered, "eta"]);
  }

  box({ kind, name, symbol, slot }) {
    const input = html("input", { type: "checkbox", name: kind });
    input.addEventListener("change", () => this.shell.set(kind, input.checked ? IN : OUT));
    const head = html("span", { class: `nne-kind nne-${kind.replace("_", "-")}`, "data-mark": this.spec.marks[kind] }, name);
    const sign = html("span", { class: "nne-symbol" });
    sign.innerHTML = this.spec.symbols[symbol];
    const value = html("span", { class: "nne-value" });
    const marked = [...this.formula.element.querySelectorAll(`[data-factor="${kind}"]`)];
    return { kind, input, slot, value, marked, row: html("label", {}, input, head, sign, value) };
  }

  // ---- showing a state

  update(state) {
    if (state.show !== this.shown) this.choose(state.show);
    const now = this.numbers(state);
    if (![now.J, now.whole.J, now.rest.J].every(Number.isFinite)) return this.shell.refuse();
    this.showFactors(now, state);
    this.showChart(now, state);
    this.showTable(now, state);
    const [verdict, more] = this.sentence(now);
    setText(this.verdict, `${verdict} `);
    setText(this.more, more);
    return `${verdict} ${more}`;
  }

  numbers(state) {
    const inputs = this.spec.inputs.map((name) => state[name]);
    const values = names.map((name) => state[name]);
    const now = { ...trace(values, inputs, [state.y]), state, one: 1 };
    const { factors } = this.derivative;
    const [moved, shown] = [[...values], names.indexOf(this.shown)];
    now.along = (value) => {
      moved[shown] = value;
      return loss(moved, inputs, [state.y]);
    };
    const multiplied = (kept) => product(...this.spec.kinds.map((kind) => {
      const factor = kept.find((each) => each.kind === kind);
      return factor ? at(now, factor.slot) : 1;
    }));
    const stepped = (slope) => {
      const end = step(state[this.shown], state.eta, slope);
      const J = now.along(end);
      return { slope, end, J, change: change(J, now.J) };
    };
    now.missing = factors.filter(({ kind }) => state[kind] === OUT);
    now.whole = stepped(multiplied(factors));
    now.rest = stepped(multiplied(factors.filter((factor) => !now.missing.includes(factor))));
    now.product = now.rest.slope;
    return now;
  }

  showFactors(now, state) {
    this.formula.show(now, LONG);
    setText(this.equal, now.rest.slope === now.whole.slope ? "=" : "≠");
    for (const { kind, input, slot, value, marked, row } of this.boxes) {
      input.checked = state[kind] === IN;
      row.toggleAttribute("data-out", state[kind] === OUT);
      setText(value, format(at(now, slot), LONG));
      for (const element of marked) element.toggleAttribute("data-out", state[kind] === OUT);
    }
  }

  showChart(now, state) {
    const start = state[this.shown];
    const x = around(start, [now.whole.end, now.rest.end]);
    const xs = places("curve", x.low, x.high);
    const ys = xs.map(now.along);
    const y = fit([...ys, now.J, now.whole.J, now.rest.J]);
    this.chart.range({ x, y });
    setText(this.chart.names.x, this.derivative.label);
    this.curve.set(xs, ys);
    this.start.set(start, now.J);
    this.height.set(x.low, y.high, "loss J");
    for (const [name, { line, dot }] of Object.entries(this.ways)) {
      const hidden = name === "rest" && !now.missing.length;
      const walked = hidden ? [] : places("way", start, now[name].end);
      line.set(walked, walked.map(now.along));
      if (hidden) dot.hide();
      else dot.set(now[name].end, now[name].J);
    }
  }

  showTable(now, state) {
    const { start, whole, rest } = this.rows;
    fillRow(start, "at the start", ["", format(state[this.shown], LONG), format(now.J, FINE)]);
    fillRow(whole, "whole product", readings(now.whole));
    fillRow(rest, now.missing.length > 1 ? "what is left" : `without ${listed(now.missing)}`, readings(now.rest));
    rest.row.hidden = !now.missing.length;
  }

  // ---- what it means: a verdict, and what happened

  sentence({ missing, whole, rest }) {
    const { label } = this.derivative;
    const what = `${listed(missing)} ${missing.length > 1 ? "are together" : "is"}`;
    if (!missing.length) return this.complete(whole);
    if (whole.slope === 0 && rest.slope === 0) return ["Still exactly 0.", `Another factor is 0 as well: ${label} stays where it is.`];
    if (whole.slope === 0) return ["It should rest.", `The whole product is exactly 0, but without ${listed(missing)}, ${label} moves, and ${told(rest)}.`];
    if (missing.every(({ slot }) => slot === "one")) return ["Nothing is lost.", `The input of a bias is always 1. ${capital(told(rest))}.`];
    if (rest.slope === whole.slope) return ["Right by luck.", `${what} exactly 1 here, so the product is the same without. Change its value, and the luck is gone.`];
    const turned = rest.slope > 0 ? "down" : "up";
    const happened = `${capital(told(rest))}. The whole product’s step: ${told(whole)}.`;
    if (whole.slope > 0 !== rest.slope > 0) {
      const luck = rest.change < 0 ? " That J falls all the same is luck: the step is so long that it lands beyond the hill." : "";
      return ["Wrong sign.", `${what} negative. Without that, ${label} is turned ${turned}, the wrong way. ${happened}${luck}`];
    }
    const times = unbroken(format(ratio(rest.slope, whole.slope), SHORT));
    return ["Right sign, wrong size.", `The step turns ${label} ${turned}, as it should, but is ${times} times as long as it should be. ${happened}`];
  }

  complete(whole) {
    const { label } = this.derivative;
    if (whole.slope === 0) return ["Nothing is left out.", `The product is exactly 0, and ${label} stays where it is.`];
    const far = whole.change > 0 ? " The direction is right, but the step is too long: try a smaller learning rate." : "";
    return ["Nothing is left out.", `The step turns ${label} ${whole.slope > 0 ? "down" : "up"}, and ${told(whole)}.${far} Now clear the tick of a factor.`];
  }
}

function fillRow({ title, cells }, name, texts) {
  setText(title, name);
  texts.forEach((text, k) => setText(cells[k], text));
}

function readings({ slope, end, J, change }) {
  const way = change < 0 ? "↓" : change > 0 ? "↑" : "=";
  return [format(slope, LONG), format(end, LONG), `${format(J, FINE)} ${way}`];
}

function listed(factors) {
  const names = factors.map(({ short, slot }) => (slot === "one" ? "the input 1" : short));
  return [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");
}

function told({ change }) {
  if (change === 0) return "J does not change in its first 13 digits";
  const size = unbroken(format(change, SHORT).replace("−", ""));
  return change < 0 ? `J falls by ${size}, downhill` : `J grows by ${size}, uphill`;
}

// A number is not torn apart at the end of a line.
const unbroken = (text) => text.replaceAll(" ", "\u00a0");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
