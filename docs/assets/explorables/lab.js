// The constant-derivative lab: draws and listens. Walks, slopes and predictions come from the
// generated modules.

import { chart } from "./chart.js";
import { stops, walker } from "./descent.js";
import { html, setAttributes, setText, svg } from "./elements.js";
import { heat } from "./heat.js";
import { apart, beginning, chartSize, dots, GRID, grid, held, picked, place, reach, SIDE } from "./lab-layout.js";
import { networks as plane } from "./lab-plane.js";
import { larger } from "./lab-signal.js";
import { networks as xor } from "./lab-xor.js";
import { format } from "./numbers.js";
import { player } from "./player.js";

const FAMILIES = { xor, plane };
const PER_SECOND = 250; // steps
const CHUNK = 10; // steps of every walk between two looks at the clock
const PATIENCE = 4; // ms of walking in one frame
const SHORT = 3; // digits in the cards
const LONG = 4; // digits in the table
const RING = "ring";

export function draw(stage, spec, shell) {
  const lab = new Lab(stage, spec, shell);
  return (state) => lab.update(state);
}

class Lab {
  constructor(stage, spec, shell) {
    Object.assign(this, { stage, spec, shell });
    stage.classList.add("nne-lab");
    this.keys = Object.keys(spec.activations);
    this.walkers = this.keys.map(() => walker());
    this.player = player(shell, "steps", { perSecond: PER_SECOND });
    this.now = html("p", { class: "nne-lab-now" });
    this.cards = this.keys.map((key) => this.card(key));
    this.curves = html("div", { class: "nne-lab-curves" });
    this.how = html("p", { class: "nne-lab-how" });
    stage.append(this.player.element, this.now,
      html("div", { class: "nne-lab-cards" }, ...this.cards.map((card) => card.element)),
      this.how, this.curves, this.table());
    shell.onWidth((width) => this.resize(width));
  }

  // ---- what is built once

  card(key) {
    const head = html("p", { class: "nne-lab-name" }, this.sample(key), this.name(key));
    const surface = heat();
    const points = svg("path");
    const targets = svg("g");
    const line = svg("line", { class: "nne-lab-equal", x1: 0, y1: SIDE, x2: SIDE, y2: 0 });
    const picture = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}` }, line, points, targets);
    const view = html("div", { class: "nne-lab-view", "aria-hidden": "true" }, surface.element, picture);
    const [J, signal, word] = ["nne-lab-number", "nne-lab-number", "nne-lab-word"]
      .map((name) => html("p", { class: name }));
    const element = html("section", { class: "nne-lab-card", "aria-label": key },
      head, view, html("div", {}, J, signal, word));
    return { element, surface, points, targets, line, J, signal, word, drawn: null };
  }

  name(key) {
    return `${this.spec.activations[key].sign} ${key}`;
  }

  // A piece of a walk's line, as in the chart.
  sample(key) {
    const { role, dash } = this.spec.activations[key];
    const line = svg("path", { class: `nne-lab-line nne-lab-${role}`, d: "M1 6H27", "stroke-dasharray": dash.join(" ") });
    return svg("svg", { width: 28, height: 12, "aria-hidden": "true" }, line);
  }

  resize(width) {
    const size = chartSize(width);
    this.stage.dataset.size = size.size;
    this.chart = chart({
      label: "J over the steps, a line for each activation; the numbers stand in the cards and in the table",
      x: { low: this.spec.first, high: reach(0), label: "step", log: true }, y: { low: 1, high: 2, label: "loss J", log: true },
      width: size.width, height: size.height,
    });
    this.lines = this.keys.map((key) => this.line(key));
    this.floor = { line: this.chart.segment("nne-lab-floor"), name: this.chart.text("nne-lab-muted nne-lab-best") };
    setAttributes(this.floor.name.element, { dx: 5, dy: 13 });
    this.start = this.chart.text("nne-axis");
    setAttributes(this.start.element, { dy: 14 });
    this.curves.replaceChildren(this.chart.element);
    this.shown = null;
  }

  line(key) {
    const { role, dash, shape } = this.spec.activations[key];
    const line = this.chart.line(`nne-lab-line nne-lab-${role}`);
    setAttributes(line.element, { "stroke-dasharray": dash.join(" ") });
    const name = this.chart.text(`nne-lab-label nne-lab-${role}`);
    const look = { radius: 4, shape: shape === RING ? "circle" : shape };
    return { line, name, dot: this.chart.dot(`nne-lab-dot nne-lab-${shape} nne-lab-${role}`, look) };
  }

  table() {
    const heads = ["number", ...this.keys].map((text) => html("th", { scope: "col" }, text));
    this.body = html("tbody");
    this.details = html("details", { class: "nne-figure-more" }, html("summary", {}, "All numbers, as they are now"),
      html("div", { class: "nne-table", tabindex: "0" }, html("table", {}, html("thead", {}, html("tr", {}, ...heads)), this.body)));
    this.details.addEventListener("toggle", () => this.shell.redraw());
    return this.details;
  }

  // ---- showing a state

  update(state) {
    const task = this.spec.tasks[state.data];
    const networks = FAMILIES[state.data];
    const start = task.starts[state.start];
    const walks = this.keys.map((key, k) => this.walkers[k](networks[key], start, state.rate, task.xs, task.ys));
    const count = this.advance(walks, state.steps);
    const rows = walks.map((walk, k) => this.row(walk, walk.to(count), task, networks[this.keys[k]]));
    setText(this.now, count < state.steps ? `Step ${count}, on the way to ${state.steps} …` : `Step ${count}`);
    setText(this.how, task.how);
    rows.forEach((row, k) => this.showCard(this.cards[k], row, task));
    const more = this.showDrawings(rows, count, state.data, task) || count < state.steps;
    this.stage.toggleAttribute("data-busy", more);
    if (more) this.shell.changed(); // what is spoken waits for the end, too
    if (this.details.open) this.showTable(rows, task);
    this.player.show(state, rows.every(({ ended }) => ended));
    return `Step ${count}. ${rows.map(({ J, word }, k) => `${this.keys[k]}: J = ${format(J, SHORT)}, ${task.words[word]}`).join(". ")}`;
  }

  // A far step is not walked to in one frame: the page stays quick, and shows how far it is.
  advance(walks, steps) {
    const end = performance.now() + PATIENCE;
    const reached = () => walks.reduce((least, walk) => (walk.stopped === null && walk.length < least ? walk.length : least), steps);
    let count = reached();
    while (count < steps && performance.now() < end) {
      const next = count + CHUNK;
      for (const walk of walks) walk.to(next < steps ? next : steps);
      count = reached();
    }
    return count;
  }

  row(walk, at, task, network) {
    const signal = task.hidden.reduce((most, k) => larger(most, walk.gradients[at][k]), 0);
    const ended = walk.stopped !== null && at === walk.length;
    const row = { walk, at, network, signal, ended, J: walk.losses[at], theta: walk.points[at] };
    return { ...row, lost: ended && walk.stopped === stops.diverged, word: this.word(row, task) };
  }

  word({ walk, at, signal, ended, J }, { solved, near }) {
    if (ended && walk.stopped === stops.diverged) return "diverged";
    if (J < solved) return "solved";
    if (signal === 0) return "silent";
    if (J > near[0] && J < near[1]) return "line";
    if (at === 0) return "start";
    if (J > walk.losses[at - 1]) return "uphill";
    return ended ? "rest" : "learning";
  }

  showChart(rows, count, { J: { low, high }, floor }) {
    const [first, last] = [this.spec.first, reach(count)];
    const across = (step) => (step === 0 ? first : step);
    const left = beginning(first, last, this.chart.inside("x"));
    this.chart.range({ x: { low: left, high: last }, y: { low, high } });
    this.floor.line.set(left, floor, last, floor);
    this.floor.name.set(left, floor, "best straight line");
    this.start.set(first, low, "0");
    const heights = rows.map(({ J }) => this.chart.y(held(J, low, high)));
    const places = apart(heights, this.chart.y(high), this.chart.y(low));
    rows.forEach(({ walk, at, lost, J }, k) => {
      const { line, dot, name } = this.lines[k];
      const steps = picked(at);
      const inside = (step) => walk.losses[step] >= low && walk.losses[step] <= high;
      let seen = steps.findLast(inside);
      while (seen < at && inside(seen + 1)) seen += 1; // not every step is a point of the line
      const rest = lost || at === count ? [] : [count]; // at rest it would stay where it is
      line.set([...steps, ...rest].map(across), [...steps.map((step) => walk.losses[step]), ...rest.map(() => J)]);
      dot.set(across(seen), walk.losses[seen]);
      setText(name.element, this.name(this.keys[k]));
      setAttributes(name.element, { x: this.chart.x(last), dx: 9, y: places[k], dy: 4 });
    });
  }

  showCard(card, row, task) {
    setText(card.J, `J = ${format(row.J, SHORT)}`);
    setText(card.signal, `signal ${format(row.signal, SHORT)}`);
    setText(card.word, task.words[row.word]);
    setAttributes(card.word, { "data-word": row.word });
  }

  // In one frame the curves are drawn anew, in the next one of the pictures. What shows a walk that
  // stands still is kept. Returns whether something is left to draw.
  showDrawings(rows, count, data, task) {
    if (data !== this.data) this.choose(data, task);
    const pictures = rows.map((row, k) => ({ ...row, card: this.cards[k] })).filter(({ card, theta }) => card.drawn !== theta);
    const shown = [count, ...rows.map(({ theta }) => theta)];
    const curves = shown.some((part, k) => part !== this.shown?.[k]);
    const turn = curves && !(this.wereCurves && pictures.length > 0);
    if (turn) {
      this.showChart(rows, count, task);
      this.shown = shown;
    } else if (pictures.length > 0) this.showPicture(pictures, data, task);
    this.wereCurves = turn;
    return turn ? pictures.length > 0 : curves || pictures.length > 1;
  }

  // The picture that has waited longest.
  showPicture(due, data, task) {
    const { card, theta, network } = due.reduce((first, next) => (next.card.turn < first.card.turn ? next : first));
    Object.assign(card, { drawn: theta, turn: this.turn });
    this.turn += 1;
    if (data === "xor") card.surface.show(this.grid.map((x) => network.predict(theta, x)[0]), GRID, task.levels, this.marks);
    else setAttributes(card.points, { d: this.scatter(network, theta, task) });
  }

  choose(data, { xs, ys, box }) {
    const isSurface = data === "xor";
    const at = isSurface ? xs.map(([x1, x2]) => place(x1, x2, box)) : [];
    Object.assign(this, { data, turn: 0, grid: grid(box), marks: at.map(({ x, y }) => [x, y]) });
    for (const card of this.cards) {
      Object.assign(card, { drawn: null, turn: 0 });
      card.surface.element.hidden = !isSurface;
      setAttributes(card.line, { visibility: isSurface ? "hidden" : "inherit" });
      setAttributes(card.points, { d: dots([]) });
      card.targets.replaceChildren(...at.map(({ x, y }, n) => svg("text", { x, y, dy: 5 }, String(ys[n][0]))));
    }
  }

  scatter(network, theta, { xs, ys, box }) {
    return dots(xs.map((x, n) => place(ys[n][0], network.predict(theta, x)[0], box)));
  }

  showTable(rows, { xs, ys }) {
    const numbers = [
      ["J", ...rows.map(({ J }) => J)],
      ["signal", ...rows.map(({ signal }) => signal)],
      ...xs.map((x, n) => [`h(${x.map((value) => format(value)).join(", ")}), y = ${format(ys[n][0])}`,
        ...rows.map(({ network, theta }) => network.predict(theta, x)[0])]),
    ];
    while (this.body.rows.length > numbers.length) this.body.deleteRow(-1);
    while (this.body.rows.length < numbers.length) {
      this.body.append(html("tr", {}, html("th", { scope: "row" }), ...this.keys.map(() => html("td"))));
    }
    numbers.forEach(([name, ...values], n) => {
      const [head, ...cells] = this.body.rows[n].cells;
      setText(head, name);
      values.forEach((value, k) => setText(cells[k], format(value, LONG)));
    });
  }
}
