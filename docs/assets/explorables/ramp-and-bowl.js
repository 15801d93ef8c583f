// Ramp and bowl: draws and listens. Every number comes from the generated modules.

import { chart, legend } from "./chart.js";
import { html, setAttributes, setText, svg } from "./elements.js";
import { format } from "./numbers.js";
import { player } from "./player.js";
import { distance, ratio } from "./ramp-and-bowl-length.js";
import { corners, layout, places } from "./ramp-and-bowl-layout.js";
import { losses, step, walk } from "./ramp-and-bowl-walk.js";

const DIGITS = 3;
const SPEED = 6; // steps a second
const SAME = 1e-9; // lengths that differ by less, as a share, are one length
const SIDES = { left: "start", right: "end" };
let arrows = 0;

export function draw(stage, spec, shell) {
  const walkers = Object.keys(spec.losses).map((name) => new Walker(name, spec));
  const play = player(shell, "steps", { perSecond: SPEED });
  const paths = new Paths(spec, shell.entries.get("steps").high);
  stage.append(play.element, html("div", { class: "nne-walkers" }, ...walkers.map(({ element }) => element)), paths.element);
  shell.onWidth((width) => {
    const { size, panel, history } = layout(width);
    stage.dataset.size = size;
    for (const walker of walkers) walker.resize(panel);
    paths.resize(history);
  });
  return (state) => {
    const said = walkers.map((walker) => walker.update(state));
    paths.update(state, walkers);
    play.show(state);
    return `After ${state.steps} steps. ${said.join(" ")}`;
  };
}

// One loss: its curve, the ball, where it was, and how it is pulled.
class Walker {
  constructor(name, spec) {
    Object.assign(this, { name, loss: losses[name], reach: spec.reach, height: spec.height, title: spec.losses[name].title });
    this.picture = html("div");
    this.values = Object.fromEntries(["h", "J", "slope"].map((key) => [key, html("span", { class: "nne-value", "data-name": key })]));
    this.words = html("p", { class: "nne-words" });
    this.element = html("div", { class: "nne-walker" }, this.heading(spec), this.picture, this.readings(), this.words);
  }

  resize({ width, height }) {
    this.chart = chart({
      label: `${this.title}: the loss J over the prediction h, with the ball. The text below has its numbers.`,
      x: { low: this.reach[0], high: this.reach[1], label: "prediction h" },
      y: { low: this.height[0], high: this.height[1], label: "J" }, width, height,
    });
    this.target = this.chart.segment("nne-walk-target");
    this.curve = this.chart.line("nne-walk-curve");
    this.trail = this.chart.dots("nne-walk-trail");
    this.arrow = this.chart.segment("nne-walk-arrow");
    this.ball = this.chart.dot("nne-walk-ball", { radius: 6.5 });
    this.away = this.chart.text("nne-walk-away");
    this.head();
    this.drawn = null;
    this.picture.replaceChildren(this.chart.element);
  }

  // The head of the arrow; its id must be unlike any other of the page.
  head() {
    const id = `nne-walk-head-${arrows++}`;
    this.chart.element.prepend(svg("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 4, markerHeight: 4, orient: "auto" },
      svg("path", { class: "nne-walk-head", d: "M0 0L8 4L0 8Z" })));
    setAttributes(this.arrow.element, { "marker-end": `url(#${id})` });
  }

  heading(spec) {
    const parts = [this.name, `${this.name}.slope`].map((key) => {
      const part = html("span");
      part.innerHTML = spec.symbols[key];
      return part;
    });
    const formula = html("span", { class: "nne-walk-formula" }, ...parts);
    return html("p", { class: "nne-walk-title" },
      html("span", {}, html("strong", {}, this.title), ` ${spec.losses[this.name].name}`), formula);
  }

  readings() {
    const columns = { h: "h", J: "J", slope: "slope" };
    return html("p", { class: "nne-walk-readings" },
      ...Object.entries(columns).map(([key, name]) => html("span", {}, `${name} `, this.values[key])));
  }

  update(state) {
    const { y, h, eta, steps } = state;
    const { loss } = this;
    this.path = walk(this.name, y, h, eta, steps + 1); // the last one is where the next step leads
    const [now, next] = this.path.slice(-2);
    const was = this.path.slice(0, -1);
    const J = loss.formula(y, now);
    const slope = loss.slope(y, now);
    const told = { h: now, J, slope };
    for (const [key, element] of Object.entries(this.values)) setText(element, format(told[key], DIGITS));
    this.showCurve(y);
    this.trail.set(was, was.map((each) => loss.formula(y, each)));
    const inside = within(this.reach, now) && within(this.height, J);
    if (inside) this.ball.set(now, J);
    else this.ball.hide();
    const pulled = step(now, 1, slope);
    if (inside && pulled !== now) this.arrow.set(now, J, pulled, J);
    else this.arrow.hide();
    this.showAway(inside, now, y);
    const said = Number.isFinite(J) && Number.isFinite(next) ? this.verdict(was, next, y) : "Its numbers are too large for the computer’s arithmetic: it is lost.";
    setText(this.words, said);
    return `${this.title}: h = ${format(now, DIGITS)}. ${said}`;
  }

  showCurve(y) {
    if (this.drawn === y) return;
    this.drawn = y;
    const [low, high] = this.reach;
    // The target itself is among them, for the corner of the V.
    const xs = [...places(low, y), ...places(y, high)];
    this.curve.set(xs, xs.map((each) => this.loss.formula(y, each)));
    this.target.set(y, this.height[0], y, this.height[1]);
  }

  showAway(inside, now, y) {
    if (inside || Number.isNaN(now)) return this.away.hide();
    const side = now < y ? "left" : "right";
    this.away.element.setAttribute("text-anchor", SIDES[side]);
    return this.away.set(...corners(this.reach, this.height)[side], side === "left" ? "← off the picture" : "off the picture →");
  }

  // ---- what happened, told from the places of the walk

  verdict(was, next, y) {
    const now = was.at(-1);
    if (was.length === 1) return this.before(now, next);
    if (next === now) return this.rests(y, was);
    return { half_squared_error: () => this.bowl(was, next, y), absolute: () => this.vee(was, y), linear: () => this.ramp(was, y) }[this.name]();
  }

  before(now, next) {
    if (next === now) return "It stands on the target: the slope is 0, and it stays.";
    return `The first step will go ${next < now ? "left" : "right"} by ${length(now, next)}.`;
  }

  rests(y, was) {
    if (was[0] === y) return "It stands on the target: the slope is 0, and it stays.";
    if (this.name === "absolute") return "It has landed on the target exactly, by luck, and stays: there the slope counts as 0.";
    return was.at(-1) === y ? "It has arrived: on the target the slope is 0, and it rests." : "It rests: the next step is too small to change h.";
  }

  bowl(was, next, y) {
    const [before, now] = was.slice(-2);
    const first = was.length === 2;
    const change = first ? ratio(distance(now, next), distance(before, now)) : ratio(distance(before, now), distance(was[0], was[1]));
    const last = first
      ? `Its first step was ${length(before, now)} long, the next will be ${length(now, next)}.`
      : `Its last step was ${length(before, now)} long, its first ${length(was[0], was[1])}.`;
    if (change > 1 + SAME) return `It diverges: every step is longer than the one before. The learning rate is too large. ${last}`;
    if (change > 1 - SAME) return `It hops to and fro between two places for ever. A smaller learning rate would settle. ${last}`;
    if (before < y !== next < y || before < y !== now < y) return `It steps over the target, but nearer each time: it settles. ${last}`;
    return `Its steps shrink by themselves: it settles at the target. ${last}`;
  }

  vee(was, y) {
    const slopes = was.map((each) => this.loss.slope(y, each));
    const size = length(...was.slice(-2));
    if (slopes.some((slope) => slope !== slopes[0])) return `It rattles: every step is ${size} long, over the target and back, for ever.`;
    return `Every step is ${size} long, however far the target is.`;
  }

  ramp(was, y) {
    const size = length(...was.slice(-2));
    const passed = was[0] > y && was.at(-1) < y;
    const place = passed ? "It has passed the target and did not notice." : was[0] <= y ? "It moves away from the target and does not notice." : "It does not know where the target is.";
    return `Every step is ${size} to the left, for ever: J has no bottom. ${place}`;
  }
}

// All three predictions over the steps.
class Paths {
  constructor(spec, steps) {
    Object.assign(this, { reach: spec.reach, steps, names: Object.keys(spec.losses) });
    this.picture = html("div");
    this.element = html("div", {}, this.picture, legend([
      ...this.names.map((name) => ({ name: `nne-walk-path nne-walk-${name}`, text: spec.losses[name].title })),
      { name: "nne-walk-target", text: "target" },
      { name: "nne-walk-arrow", text: "arrow: the pull, which is minus the slope" },
    ]));
  }

  resize({ width, height }) {
    this.chart = chart({
      label: "The three predictions h over the steps, and the target",
      x: { low: 0, high: this.steps, label: "step" },
      y: { low: this.reach[0], high: this.reach[1], label: "h" }, width, height,
    });
    this.target = this.chart.segment("nne-walk-target");
    this.lines = this.names.map((name) => this.chart.line(`nne-walk-path nne-walk-${name}`));
    this.picture.replaceChildren(this.chart.element);
  }

  update({ y }, walkers) {
    this.target.set(0, y, this.steps, y);
    walkers.forEach(({ path }, k) => this.lines[k].set([...path.slice(0, -1).keys()], path.slice(0, -1)));
  }
}

const within = ([low, high], value) => value >= low && value <= high;
const length = (a, b) => format(distance(a, b), DIGITS);
