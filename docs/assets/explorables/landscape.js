// Descent on the landscape: draws and listens. Every number comes from the generated modules.

import { chart } from "./chart.js";
import { stops, walker } from "./descent.js";
import { drag } from "./drag.js";
import { html, setAttributes, setText, svg } from "./elements.js";
import { field } from "./field.js";
import { heat, levelsOf } from "./heat.js";
import { arrow, coarse, over, sizeOf, spread, thinned, under } from "./landscape-layout.js";
import { names, networks } from "./landscape-networks.js";
import { format } from "./numbers.js";
import { player } from "./player.js";

const SPEED = 80; // steps in a second of running
const SHORT = 3; // digits in sentences
const [STILL, MORE] = [150, 20]; // ms without a change of the ground before it is drawn finely, and to be sure
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const [NEAR, FAR] = [0.1, 1]; // how far a key moves the ball, and with Shift

export function draw(stage, spec, shell) {
  const view = new Landscape(stage, spec, shell);
  return (state) => view.update(state);
}

class Landscape {
  constructor(stage, spec, shell) {
    Object.assign(this, { spec, shell, walkOf: walker() });
    this.map = heat();
    this.picture = html("div");
    this.hold = html("div", { class: "nne-hold", hidden: true }); // a finger on it moves the ball, not the page
    this.arrow = svg("path", { class: "nne-down" });
    this.pad = html("div", {
      class: "nne-pad", tabindex: 0, role: "application",
      "aria-label": "The ball on the map. Arrow keys move it, with Shift further.",
    }, this.map.element, this.picture, this.hold);
    this.rows = Object.fromEntries(["J", "first", "second", "step"].map((key) => [key, this.row()]));
    this.happened = html("p", { class: "nne-words" });
    this.hidden = html("p", { class: "nne-words" });
    this.player = player(shell, "steps", { perSecond: SPEED });
    const table = html("table", { class: "nne-readout" },
      html("tbody", {}, ...Object.values(this.rows).map(({ row }) => row)));
    this.beside = html("div", { hidden: true }, table, this.happened, this.hidden);
    const key = html("p", { class: "nne-key" }, "○ start, ● ball, ↗ down the slope");
    stage.append(html("div", { class: "nne-landscape" },
      html("div", {}, this.pad, key, this.player.element), this.beside));
    this.listen();
    shell.onWidth((width) => this.resize(width));
  }

  resize(width) {
    this.size = sizeOf(width);
    const range = { low: -this.spec.reach.wide, high: this.spec.reach.wide };
    const label = "A map of J over two parameters, with the ball and the path it has come";
    this.chart = chart({ label, x: range, y: range, ...this.size });
    this.path = this.chart.line("nne-path");
    this.start = this.chart.dot("nne-start", { radius: 6 });
    this.ball = this.chart.dot("nne-ball", { radius: 8 });
    for (const dot of [this.start, this.ball]) dot.hide();
    this.chart.over.prepend(this.arrow);
    this.picture.replaceChildren(this.chart.element);
    setAttributes(this.map.element, { style: under(this.chart, range, this.size) });
  }

  row() {
    const [head, cell] = [html("th", { scope: "row" }), html("td", {})];
    return { row: html("tr", {}, head, cell), head, cell };
  }

  // ---- what the reader does

  listen() {
    const put = (event) => {
      const { x, y } = this.chart.at(event);
      this.place(x, y);
    };
    this.pad.addEventListener("click", put);
    drag(this.hold, put);
    this.pad.addEventListener("keydown", (event) => {
      const way = KEYS[event.key];
      if (!way || !this.shown) return;
      event.preventDefault();
      const far = event.shiftKey ? FAR : NEAR;
      const { from, axes } = this.shown;
      const [x, y] = axes.map((axis, k) => from[axis] + (way[k] < 0 ? -far : way[k] && far));
      this.place(x, y);
    });
  }

  // A new walk begins where the ball is put. All other parameters stay as the map shows them.
  place(x, y) {
    const { shell, shown } = this;
    if (!shown || shell.refused) return;
    names.forEach((name, k) => shell.set(name, this.inRange(name, shown.from[k])));
    shell.set(shell.state.first, this.inRange(shell.state.first, x));
    shell.set(shell.state.second, this.inRange(shell.state.second, y));
    shell.set("steps", 0);
  }

  inRange(name, value) {
    const { low, high } = this.shell.entries.get(name);
    return value < low ? low : value > high ? high : value;
  }

  // ---- showing a state

  update(state) {
    const axes = [state.first, state.second].map((name) => names.indexOf(name));
    if (axes[0] === axes[1]) return this.refuse(state);
    this.beside.hidden = false;
    const { x: xs, y: ys, points } = this.spec.samples[state.samples];
    const network = networks[state.units];
    const start = names.map((name) => state[name]);
    const free = state.moving === "two" ? axes : undefined;
    const walk = this.walkOf(network, start, state.eta, xs, ys, free);
    const step = walk.to(state.steps);
    const point = walk.points[step];
    const from = point.every(Number.isFinite) ? point : walk.points[0]; // where a hand may go on
    this.shown = { walk, step, point, from, axes, at: axes.map((k) => point[k]), network, xs, ys };
    this.showRange(state);
    this.showGround(state, points);
    this.showWalk(state);
    this.showNumbers(state);
    this.player.show(state, this.ended());
    return this.happened.textContent;
  }

  refuse({ first }) {
    return this.shell.refuse(`Both axes are ${this.spec.labels[first]}: a map needs two different parameters. Choose another one for “Across” or “Up”.`);
  }

  ended() {
    const { walk, step } = this.shown;
    return walk.stopped !== null && step === walk.length;
  }

  showRange({ first, second, map }) {
    const high = this.spec.reach[map];
    this.range = { low: -high, high };
    this.chart.range({ x: this.range, y: this.range });
    setText(this.chart.names.x, this.spec.labels[first]);
    setText(this.chart.names.y, this.spec.labels[second]);
  }

  // The ground changes only with what is not on the axes. While it changes from frame to frame it
  // is drawn coarsely, and finely as soon as it stands still.
  showGround({ units, samples, map }, points) {
    const { network, point, axes, xs, ys } = this.shown;
    if (!point.every(Number.isFinite)) return; // the last picture stays, the words say why
    const others = [...point].map((value, k) => (axes.includes(k) ? null : value));
    const key = JSON.stringify([others, axes, units, samples, map]);
    const now = performance.now();
    if (key === this.key && (this.fine || now < this.moved + STILL)) return;
    this.fine = key === this.key || !(now < this.moved + STILL);
    if (key !== this.key) this.moved = now;
    this.key = key;
    const count = this.fine ? points : coarse(points);
    const grid = spread(this.range.low, this.range.high, count);
    const values = field(network, point, axes, grid, grid, xs, ys);
    this.map.show(values, count, levelsOf(values));
    clearTimeout(this.later);
    if (!this.fine) this.later = setTimeout(() => this.shell.redraw(), STILL + MORE);
  }

  showWalk({ moving }) {
    const { walk, step, point, axes, at } = this.shown;
    const [i, k] = axes;
    const walked = walk.points.slice(0, step + 1);
    const [xs, ys] = [walked.map((p) => p[i]), walked.map((p) => p[k])];
    this.path.set(...thinned(xs, ys, this.range, this.size.width));
    setAttributes(this.path.element, { class: moving === "all" ? "nne-path nne-shadow" : "nne-path" });
    this.put(this.start, [xs[0], ys[0]]);
    this.put(this.ball, at);
    const gradient = walk.gradients[step];
    const tail = [this.chart.x(at[0]), this.chart.y(at[1])];
    const visible = this.onMap(at) && point.every(Number.isFinite);
    this.hold.hidden = !visible;
    setAttributes(this.hold, { style: over(tail, this.size) });
    setAttributes(this.arrow, { d: visible ? arrow(tail, -gradient[i], -gradient[k]) : "M0 0" });
  }

  onMap(at) {
    const { low, high } = this.range;
    return at.every((value) => value >= low && value <= high);
  }

  put(dot, at) {
    if (this.onMap(at)) dot.set(...at);
    else dot.hide();
  }

  // ---- in numbers and in words

  showNumbers({ first, second, moving }) {
    const { walk, step, axes } = this.shown;
    const gradient = walk.gradients[step];
    const [one, other] = [first, second].map((name) => this.spec.labels[name]);
    const told = {
      J: ["J at the ball", format(walk.losses[step])],
      first: [`∂J/∂${one}`, format(gradient[axes[0]])],
      second: [`∂J/∂${other}`, format(gradient[axes[1]])],
      step: ["steps taken", `${step}`],
    };
    for (const [key, [head, value]] of Object.entries(told)) {
      setText(this.rows[key].head, head);
      setText(this.rows[key].cell, value);
    }
    setText(this.happened, `${this.story()}${this.whereabouts(one, other)}`);
    setText(this.hidden, moving === "all" ? this.unseen(one, other) : `Only ${one} and ${other} move. The map is all there is to this walk: nine parameters stay as they are.`);
  }

  story() {
    const { walk, step } = this.shown;
    const now = format(walk.losses[step], SHORT);
    if (this.ended()) return this.verdict(now);
    if (step === 0) return "The ball lies at its start. The arrow points down the slope: against both partial derivatives.";
    const risen = walk.losses.slice(1, step + 1).filter((J, k) => J > walk.losses[k]).length;
    const times = risen > 1 ? ` ${risen} of ${step} steps went up.` : "";
    const last = walk.losses[step - 1];
    const before = format(last, SHORT);
    if (before === now) return `Hardly any change: J stays near ${now}.${times}`;
    return walk.losses[step] > last
      ? `Overshot: the last step was too long for this place. J rose from ${before} to ${now}.${times}`
      : `Downhill: the last step took J from ${before} to ${now}.${times}`;
  }

  verdict(J) {
    const { walk, step } = this.shown;
    const after = step === 1 ? "after 1 step" : `after ${step} steps`;
    return {
      [stops.converged]: `Converged ${after}: the slopes are so small that steps no longer matter. J = ${J}.`,
      [stops.plateau]: `Stalled on a plateau ${after}: J = ${J}, errors remain, but hardly any slope is left to follow.`,
      [stops.saddle]: `Stalled at a saddle ${after}: the pulls of the samples cancel, J = ${J}. There is a way down, and the slope does not show it.`,
      [stops.diverged]: `Diverged ${after}: ${Number.isFinite(walk.losses[step]) ? `J has grown to ${J}` : "the numbers overflowed"}. Try a smaller learning rate.`,
    }[walk.stopped];
  }

  whereabouts(one, other) {
    const { at } = this.shown;
    if (this.onMap(at) || !at.every(Number.isFinite)) return "";
    return ` The ball has left the map: ${one} = ${format(at[0], SHORT)}, ${other} = ${format(at[1], SHORT)}.`;
  }

  // The map is a slice through the ball: where the path began, J was not what the map says.
  unseen(one, other) {
    const { walk, step, point, axes, network, xs, ys } = this.shown;
    if (step === 0) return `All eleven parameters will move. The map shows ${one} and ${other}; it is a slice through the ball, and changes with the nine others.`;
    if (!point.every(Number.isFinite)) return "";
    const below = point.map((value, k) => (axes.includes(k) ? walk.points[0][k] : value));
    const seen = format(network.loss(below, xs, ys), SHORT);
    return `All eleven parameters moved. The map is a slice through the ball; the dashed line is the shadow of the path on it. Under ○ the map says J = ${seen}; the walk really began at ${format(walk.losses[0], SHORT)}.`;
  }
}
