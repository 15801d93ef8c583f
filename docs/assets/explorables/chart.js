// A chart in SVG: two axes with ticks and labels, and marks placed in the data's own coordinates.
// It knows nothing of what it shows.

import { html, setAttributes, setText, svg } from "./elements.js";
import { format } from "./numbers.js";

const MARGIN = { left: 46, right: 12, top: 10, bottom: 38 };
const TICKS = 5;
const TICK_DIGITS = 3;
const DECADES = 6; // at most this many ticks on a logarithmic axis
// The corners of a dot of radius 1; so many of a circle that it looks round.
const ROUND = 32;
const CORNERS = {
  circle: Array.from({ length: ROUND }, (_, k) => [Math.cos(2 * Math.PI * k / ROUND), Math.sin(2 * Math.PI * k / ROUND)]),
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  triangle: [[0, -1.2], [1.2, 1], [-1.2, 1]],
  cross: [[-1, -1], [1, 1], [0, 0], [-1, 1], [1, -1]],
};
const OUTSIDE = -9999; // of any page
const CLIPS = "nne-chart-clip-";
let charts = 0;

// `x` and `y` are {low, high, label, log}; `label` says what a reader who cannot see it is told.
export function chart(settings) {
  return new Chart(settings);
}

class Chart {
  constructor({ label, x, y, width = 360, height = 220 }) {
    this.size = { width, height };
    this.axes = { x: { ...x }, y: { ...y } };
    this.scales = {};
    this.ticks = { x: svg("g", { class: "nne-ticks" }), y: svg("g", { class: "nne-ticks" }) };
    const clip = `${CLIPS}${charts++}`;
    const { left, top } = MARGIN;
    const inner = { x: left, y: top, width: this.inside("x"), height: this.inside("y") };
    this.marks = svg("g", { "clip-path": `url(#${clip})` });
    this.over = svg("g"); // dots and texts may stand across the frame
    this.names = {
      x: svg("text", { class: "nne-axis", x: left + inner.width / 2, y: height - 6 }, x.label ?? ""),
      y: svg("text", { class: "nne-axis", transform: `translate(11 ${top + inner.height / 2}) rotate(-90)` }, y.label ?? ""),
    };
    this.element = svg("svg", {
      class: "nne-chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label,
    },
    svg("clipPath", { id: clip }, svg("rect", inner)),
    this.ticks.x, this.ticks.y, svg("rect", { class: "nne-frame", ...inner }),
    this.names.x, this.names.y, this.marks, this.over);
    this.range({});
  }

  inside(axis) {
    return axis === "x"
      ? this.size.width - MARGIN.left - MARGIN.right : this.size.height - MARGIN.top - MARGIN.bottom;
  }

  // New ranges, {x: {low, high}, y: {low, high}}: marks must be set again by whoever drew them.
  range(ranges) {
    for (const axis of ["x", "y"]) {
      const before = this.axes[axis];
      const now = { ...before, ...ranges[axis] };
      if (now.drawn && now.low === before.low && now.high === before.high) continue;
      this.axes[axis] = { ...now, drawn: true };
      this.scales[axis] = scaleOf(now, ...this.ends(axis));
      const values = ticksOf(now);
      const digits = now.log ? TICK_DIGITS : telling(values);
      this.showTicks(axis, values, digits);
    }
  }

  // The same elements again, those too many out of sight: to add, remove or hide any makes the browser
  // compute styles, in every frame of a zoom.
  showTicks(axis, values, digits) {
    const place = this.ticks[axis];
    while (place.childElementCount < values.length) place.append(this.blankTick(axis));
    [...place.children].forEach(({ children: [line, text] }, k) => {
      const at = k < values.length ? this[axis](values[k]) : OUTSIDE;
      setAttributes(line, axis === "x" ? { x1: at, x2: at } : { y1: at, y2: at });
      setAttributes(text, axis === "x" ? { x: at } : { y: at + 3.5 });
      setText(text, k < values.length ? format(values[k], digits).replace(/^(−?)1 × /, "$1") : ""); // 10⁻⁸, as on any axis
    });
  }

  blankTick(axis) {
    const { width, height } = this.size;
    return axis === "x"
      ? svg("g", {}, svg("line", { y1: MARGIN.top, y2: height - MARGIN.bottom }),
        svg("text", { y: height - MARGIN.bottom + 14, "text-anchor": "middle" }))
      : svg("g", {}, svg("line", { x1: MARGIN.left, x2: width - MARGIN.right }),
        svg("text", { x: MARGIN.left - 5, "text-anchor": "end" }));
  }

  // Where an axis begins, in pixels, and how far it goes.
  ends(axis) {
    return axis === "x" ? [MARGIN.left, this.inside("x")] : [this.size.height - MARGIN.bottom, -this.inside("y")];
  }

  x(value) {
    return this.scales.x(value);
  }

  y(value) {
    return this.scales.y(value);
  }

  // The data's coordinates under a pointer, also where the drawing is shown in another size.
  at(event) {
    const box = this.element.getBoundingClientRect();
    const left = (event.clientX - box.left) / box.width * this.size.width - MARGIN.left;
    const up = this.size.height - MARGIN.bottom - (event.clientY - box.top) / box.height * this.size.height;
    return { x: valueAt(this.axes.x, left / this.inside("x")), y: valueAt(this.axes.y, up / this.inside("y")) };
  }

  // Lines and dots move by their `points`. A path's `d` and any `transform` are style as well, so that
  // the browser would compute styles in every frame.

  line(name) {
    const group = this.mark("g", name, { fill: "none" });
    return {
      element: group,
      set: (xs, ys) => {
        const pieces = unbroken(this.points(xs, ys));
        while (group.childElementCount < pieces.length) group.append(svg("polyline"));
        [...group.children].forEach((line, k) => setAttributes(line, { points: pieces[k] ?? "" }));
      },
    };
  }

  // Many small dots of one look: a path whose pieces go nowhere.
  dots(name) {
    const path = this.mark("path", name, { fill: "none" });
    return {
      element: path,
      set: (xs, ys) => setAttributes(path, { d: this.points(xs, ys).map((at) => at && `M${at}h0`).join("") || "M0 0" }),
    };
  }

  // Places as text in pixels, each empty where there is none.
  points(xs, ys) {
    const { scales, size } = this;
    return xs.map((x, k) => {
      const left = held(scales.x(x), size.width);
      const down = held(scales.y(ys[k]), size.height);
      return Number.isFinite(left) && Number.isFinite(down) ? `${left.toFixed(2)},${down.toFixed(2)}` : "";
    });
  }

  dot(name, { radius = 5, shape = "circle" } = {}) {
    const mark = this.mark(shape === "cross" ? "polyline" : "polygon", name, {}, this.over);
    const corners = CORNERS[shape].map(([right, below]) => [radius * right, radius * below]);
    const around = (x, y) => ({ points: corners.map(([right, below]) => `${(x + right).toFixed(2)},${(y + below).toFixed(2)}`).join(" ") });
    return placed(mark, around, this);
  }

  segment(name) {
    const line = this.mark("line", name);
    const hide = () => setAttributes(line, { visibility: "hidden" });
    return {
      element: line,
      hide,
      set: (x1, y1, x2, y2) => {
        const ends = near({ x1: this.x(x1), y1: this.y(y1), x2: this.x(x2), y2: this.y(y2) }, this.size);
        if (!ends || !Object.values(ends).every(Number.isFinite)) return hide();
        return setAttributes(line, { ...ends, visibility: "inherit" });
      },
    };
  }

  text(name) {
    const element = this.mark("text", name, {}, this.over);
    const at = placed(element, (x, y) => ({ x: x.toFixed(2), y: y.toFixed(2) }), this);
    return {
      ...at,
      set: (x, y, text) => {
        setText(element, text);
        at.set(x, y);
      },
    };
  }

  mark(tag, name, attributes = {}, place = this.marks) {
    const element = svg(tag, { class: name, ...attributes });
    place.append(element);
    return element;
  }
}

// The pieces of a line, which is interrupted where there is no point.
function unbroken(points) {
  const pieces = [[]];
  for (const at of points) {
    if (at) pieces.at(-1).push(at);
    else pieces.push([]);
  }
  return pieces.filter(({ length }) => length).map((piece) => piece.join(" "));
}

// What stands at one point is hidden where there is no such point.
function placed(element, attributes, frame) {
  const hide = () => setAttributes(element, { visibility: "hidden" });
  return {
    element,
    hide,
    set: (x, y) => {
      const [left, down] = [frame.x(x), frame.y(y)];
      if (!Number.isFinite(left) || !Number.isFinite(down)) return hide();
      return setAttributes(element, { ...attributes(left, down), visibility: "inherit" });
    },
  };
}

// What is far outside the frame is clipped anyway; drawing engines dislike huge coordinates.
const FAR = 9; // times the size of the chart
const held = (value, size) => (Number.isNaN(value) ? value : Math.min(Math.max(value, -FAR * size), FAR * size));

// The part of a straight line that is not far outside, on the same line; null if there is none.
function near({ x1, y1, x2, y2 }, { width, height }) {
  let [from, to] = [0, 1];
  for (const [start, end, size] of [[x1, x2, width], [y1, y2, height]]) {
    if (held(start, size) === start && held(end, size) === end) continue;
    if (start === end) return null;
    const edges = [-FAR * size, FAR * size].map((edge) => (edge - start) / (end - start));
    [from, to] = [Math.max(from, Math.min(...edges)), Math.min(to, Math.max(...edges))];
  }
  const at = (start, end, part) => (part === 1 ? end : start + part * (end - start));
  return from > to ? null : { x1: at(x1, x2, from), y1: at(y1, y2, from), x2: at(x1, x2, to), y2: at(y1, y2, to) };
}

// From data to pixels: what does not change with the value is worked out once.
function scaleOf({ low, high, log }, start, length) {
  const whole = log ? Math.log(high / low) : high - low;
  return log
    ? (value) => start + (Math.log(value / low) / whole) * length
    : (value) => start + ((value - low) / whole) * length;
}

function valueAt({ low, high, log }, part) {
  return log ? low * (high / low) ** part : low + part * (high - low);
}

function ticksOf({ low, high, log }) {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) return [];
  return log ? decades(low, high) : rounds(low, high);
}

// As many digits as tell neighbours apart.
function telling([first, second, ...others]) {
  if (second === undefined) return TICK_DIGITS;
  const largest = Math.max(Math.abs(first), Math.abs(others.at(-1) ?? second));
  return Math.max(TICK_DIGITS, 1 + Math.floor(Math.log10(largest)) - Math.floor(Math.log10(second - first)));
}

function decades(low, high) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first + 1) / DECADES));
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, k) => Number(`1e${first + k * step}`));
}

// Round numbers, 1, 2 or 5 times a power of ten apart.
function rounds(low, high) {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((size) => size * power >= rough) * power;
  const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

// Marks and words side by side: a line's look, then what it is.
export function legend(entries) {
  return html("ul", { class: "nne-legend" }, ...entries.map(({ name, text, dot }) => html("li", {},
    svg("svg", { width: 26, height: 10, "aria-hidden": "true" },
      dot ? svg("circle", { class: name, cx: 13, cy: 5, r: 4 }) : svg("line", { class: name, x1: 1, x2: 25, y1: 5, y2: 5 })),
    text)));
}
