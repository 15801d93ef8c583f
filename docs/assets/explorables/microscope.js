// The microscope: a curve, its tangent, and a nudge, at any magnification. Draws and listens only.

import { chart, legend } from "./chart.js";
import { drag } from "./drag.js";
import { html, setText } from "./elements.js";
import { curves } from "./microscope-curves.js";
import { inside, layout, mapRange, real, seen, touching, viewAt } from "./microscope-layout.js";
import { format } from "./numbers.js";
import { places } from "./places.js";

const ROWS = [
  ["value", "", "value f(z)"],
  ["slope", "hidden_slope", "slope f′(z)"],
  ["nudge", "input", "nudge Δz"],
  ["foretold", "hidden_slope", "foretold: f′(z) · Δz"],
  ["change", "forward", "true change: f(z + Δz) − f(z)"],
  ["gap", "error", "gap: true − foretold"],
  ["percent", "error", "the gap in % of what was foretold"],
];

export function draw(stage, spec, shell) {
  const microscope = new Microscope(stage, spec, shell);
  return (state) => microscope.update(state);
}

class Microscope {
  constructor(stage, spec, shell) {
    Object.assign(this, { stage, spec, shell });
    this.map = html("div", { class: "nne-scope-map" });
    this.view = html("div", { class: "nne-scope-view" });
    this.times = html("p", { class: "nne-scope-times" });
    this.words = html("p", { class: "nne-words" });
    this.legend = legend([
      { name: "nne-scope-curve", text: "curve" }, { name: "nne-scope-tangent", text: "tangent" },
      { name: "nne-scope-nudge", text: "nudge" }, { name: "nne-scope-change", text: "true change" },
      { name: "nne-scope-gap", text: "gap" },
    ]);
    stage.append(html("div", { class: "nne-scope" }, this.map, this.view, this.times, this.legend), this.words);
    shell.root.append(this.table()); // below the view, which belongs to the sliders
    shell.onWidth((width) => this.resize(width));
  }

  table() {
    this.cells = {};
    const rows = ROWS.map(([key, kind, text]) => {
      this.cells[key] = html("td");
      const name = kind
        ? html("span", { class: `nne-kind nne-${kind.replace("_", "-")}`, "data-mark": this.spec.marks[kind] }, text) : text;
      return html("tr", {}, html("th", { scope: "row" }, name), this.cells[key]);
    });
    return html("table", { class: "nne-readings" }, html("caption", { class: "nne-unseen" }, "What the microscope measures"), html("tbody", {}, ...rows));
  }

  resize(width) {
    const sizes = layout(width);
    this.stage.dataset.size = sizes.size;
    this.drawn = null;
    this.drawMap(sizes.map);
    this.drawView(sizes.view);
  }

  drawMap(size) {
    const picture = chart({ label: "The whole curve, with a frame around what the view below shows", x: mapRange, y: mapRange, ...size });
    this.overview = { picture, curve: picture.line("nne-scope-curve"), frame: picture.line("nne-scope-frame"), dot: picture.dot("nne-scope-dot", { radius: 4 }) };
    drag(picture.element, (event) => this.shell.set("z", picture.at(event).x));
    this.map.replaceChildren(picture.element);
  }

  drawView(size) {
    const { x, y } = viewAt(1);
    const picture = chart({ label: "The view: the curve and its tangent around the point", x: { ...x, label: "distance from the point z" }, y, ...size });
    this.close = {
      picture,
      curve: picture.line("nne-scope-curve"),
      tangent: picture.line("nne-scope-tangent"),
      nudge: picture.segment("nne-scope-nudge"),
      change: picture.segment("nne-scope-change"),
      gap: picture.segment("nne-scope-gap"),
      dot: picture.dot("nne-scope-dot"),
    };
    drag(picture.element, (event) => this.shell.set("nudge", seen(picture.at(event).x, this.now.times)));
    this.view.replaceChildren(picture.element);
  }

  update(state) {
    const curve = curves[state.activation];
    const breaks = this.spec.kinks[state.activation];
    const view = viewAt(state.zoom);
    const nudge = real(state.nudge, view.times);
    const { z } = state;
    this.now = {
      ...view, state, curve, breaks, z, nudge,
      value: curve.f(z), slope: curve.df(z), foretold: curve.foretold(z, nudge),
      change: curve.change(z, nudge), gap: curve.gap(z, nudge), percent: curve.percent(z, nudge),
    };
    this.showMap();
    this.showView();
    for (const [key] of ROWS) setText(this.cells[key], format(this.now[key]));
    if (!Number.isFinite(this.now.percent)) setText(this.cells.percent, "–");
    setText(this.times, `Magnification: ${power(view.times)}`);
    const said = this.sentence();
    setText(this.words, said);
    return said;
  }

  showMap() {
    const { state, curve, breaks, z, value, half } = this.now;
    const { picture, frame, dot } = this.overview;
    if (this.drawn !== state.activation) {
      this.drawn = state.activation;
      const [low, high] = this.spec.heights[state.activation];
      picture.range({ y: { low, high } });
      const zs = places(mapRange.low, mapRange.high, breaks);
      this.overview.curve.set(zs, zs.map(curve.f));
    }
    const [left, right, down, up] = [z - half.x, z + half.x, value - half.y, value + half.y];
    frame.set([left, right, right, left, left], [down, down, up, up, down]);
    dot.set(z, value);
  }

  showView() {
    const { curve, breaks, z, x, y, nudge, foretold, change } = this.now;
    const { picture } = this.close;
    picture.range({ x, y });
    const at = places(x.low, x.high, breaks.map((kink) => ({ ...kink, at: kink.at - z })));
    const gaps = at.map((s) => curve.gap(z, s));
    const lines = at.map((s) => curve.foretold(z, s));
    const changes = lines.map((line, k) => line + gaps[k]);
    this.close.curve.set(at, changes);
    this.close.tangent.set(at, lines);
    this.bar("nudge", 0, 0, nudge, 0);
    this.bar("change", nudge, 0, nudge, change);
    this.bar("gap", nudge, foretold, nudge, change);
    this.close.dot.set(0, 0);
    this.now.alike = touching(changes.map((v) => picture.y(v)), lines.map((v) => picture.y(v)));
    this.now.straight = gaps.every((gap) => !gap);
  }

  // A length of 0 is no bar, but would be drawn as a spot.
  bar(name, x1, y1, x2, y2) {
    if (x1 === x2 && y1 === y2) this.close[name].hide();
    else this.close[name].set(x1, y1, x2, y2);
  }

  sentence() {
    const { z, breaks, half, slope, nudge, foretold, change, percent, times, alike, straight } = this.now;
    const here = breaks.find(({ at }) => at === z);
    if (here) return here.jumps ? this.jump(here) : this.corner(here);
    if (straight) return "This piece of the curve is a straight line: it lies on its tangent at any zoom.";
    if (alike) return `Magnified ${power(times)} times, curve and tangent lie on each other: on this scale one number, the slope ${format(slope)}, says all.${slope === 0 ? " The curve looks level." : ""}`;
    const near = breaks.find(({ at }) => inside(at - z, half.x));
    if (near) return `There is a ${near.jumps ? "jump" : "corner"} in view, at z\u00a0=\u00a0${format(near.at)}. Zoom in until it is out of sight.`;
    if (nudge === 0) return "No nudge, no change. Move the nudge to one side.";
    if (slope === 0) return `The slope is 0, so the tangent foretells no change. The true change, ${format(change)}, is all gap. Zoom in: it shrinks faster than the nudge.`;
    return `The tangent foretells a change of ${format(foretold)}; the true change is ${format(change)}. The gap is ${format(percent, 2)} % of what was foretold. Zoom in: it shrinks faster than the nudge.`;
  }

  corner({ left, right }) {
    const { slope } = this.now;
    return `A corner, at any zoom: the slope is ${format(left)} on its left and ${format(right)} on its right. No line is its tangent. The dashed line has the slope ${format(slope)}, which this site’s code returns here by convention.`;
  }

  jump() {
    const { slope } = this.now;
    return `A jump: the curve is torn here at any zoom, and the closer you look, the steeper it is from one side to the other. There is no tangent. The dashed line has the slope ${format(slope)}, which this site’s code returns here by convention.`;
  }
}

const power = (times) => format(times).replace(/^1 × /, "");
