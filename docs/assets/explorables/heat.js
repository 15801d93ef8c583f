// A field of numbers on a canvas: the stronger the tint, the higher; a line with its number where
// one band ends and the next begins. It knows nothing of what it shows, and follows the scheme.

import { html } from "./elements.js";
import { format } from "./numbers.js";

const FINE = 3; // parts of a cell's side where a line passes: the tint ends below the line
const STRONGEST = 0.35; // of the colour, in the highest band: a line or a path on it keeps a contrast of 3:1
const SHARPEST = 2; // device pixels for one of CSS: more is not seen
const FONT = 11;
const APART = 34; // CSS pixels between labels
const [SIDE, FRAME] = [26, 14]; // and from the middle of one to the frame
const TRIED = 40; // places at which a label is tried
const HUGE = 1e300; // what is not a finite number stands as high as the map goes

export function heat() {
  return new Heat();
}

class Heat {
  constructor() {
    this.element = html("canvas", { class: "nne-heat", "aria-hidden": "true" });
    this.image = document.createElement("canvas");
    this.size = { width: 0, height: 0 }; // as it was laid out: to ask for it would lay out the page anew
    new ResizeObserver(([{ contentRect: { width, height } }]) => {
      this.size = { width: Math.round(width), height: Math.round(height) };
      this.paint();
    }).observe(this.element);
    new MutationObserver(() => {
      this.look = null;
      this.paint();
    }).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  }

  // `values` row by row, the lowest row first, with `columns` numbers in each; `levels` ascend.
  // The corners of the canvas are the corners of the grid. The same array is not painted again.
  // Labels keep away from the places in `marks`, [x, y] in CSS pixels, where something else stands.
  show(values, columns, levels, marks = []) {
    if (values === this.values) return;
    Object.assign(this, { values, columns, rows: values.length / columns, levels, marks });
    this.paint();
  }

  paint() {
    const { element, values } = this;
    const { width, height } = this.size;
    if (!values || !width || !height) return;
    const sharp = Math.min(devicePixelRatio, SHARPEST);
    const size = [Math.round(width * sharp), Math.round(height * sharp)];
    if (element.width !== size[0] || element.height !== size[1]) [element.width, element.height] = size;
    this.look ??= lookOf(element);
    const context = element.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, ...size);
    const grid = gridOf(this, this.grid);
    this.grid = grid;
    context.drawImage(this.tinted(grid, channels(this.look.colour)), 0, 0, ...size);
    context.setTransform(sharp, 0, 0, sharp, 0, 0);
    const place = { across: width / (grid.columns - 1), down: height / (grid.rows - 1), height };
    this.draw(context, linesOf(grid, place), width, height);
  }

  // The tints, FINE by FINE for each cell; cells side by side within one band are filled at once.
  tinted(grid, [red, green, blue]) {
    const { columns, rows, levels, bands } = grid;
    const { image } = this;
    const [width, height] = [(columns - 1) * FINE, (rows - 1) * FINE];
    const context = image.getContext("2d");
    if (this.pixels?.width !== width || this.pixels.height !== height) {
      [image.width, image.height] = [width, height];
      this.pixels = context.createImageData(width, height);
    }
    const all = new Uint32Array(this.pixels.data.buffer);
    const shades = Uint32Array.from({ length: levels.length + 1 }, (_, band) => {
      const alpha = Math.round(255 * STRONGEST * (band / (levels.length || 1)));
      return new Uint32Array(Uint8Array.of(red, green, blue, alpha).buffer)[0];
    });
    for (let j = 0; j < rows - 1; j += 1) {
      const top = (height - 1 - j * FINE) * width; // where the cell's lowest pixels are
      for (let i = 0, end = 0; i < columns - 1; i = end) {
        const at = j * columns + i;
        end = i;
        while (end < columns - 1 && bands[at] === bands[j * columns + end] && whole(bands, j * columns + end, columns)) end += 1;
        for (let v = 0; v < FINE && end > i; v += 1) {
          all.fill(shades[bands[at]], top - v * width + i * FINE, top - v * width + end * FINE);
        }
        if (end > i) continue;
        end = i + 1;
        for (let v = 0; v < FINE; v += 1) {
          const start = top - v * width + i * FINE;
          for (let u = 0; u < FINE; u += 1) all[start + u] = shades[bandWithin(grid, at, (u + 0.5) / FINE, (v + 0.5) / FINE)];
        }
      }
    }
    context.putImageData(this.pixels, 0, 0);
    return image;
  }

  draw(context, lines, width, height) {
    const { colour, ground, font } = this.look;
    const taken = [...this.marks];
    context.font = `${FONT}px ${font}`;
    Object.assign(context, { strokeStyle: colour, lineWidth: 1, lineCap: "round", lineJoin: "round" });
    context.beginPath();
    for (const ends of lines) {
      for (let k = 0; k < ends.length; k += 4) {
        context.moveTo(ends[k], ends[k + 1]);
        context.lineTo(ends[k + 2], ends[k + 3]);
      }
    }
    context.stroke();
    Object.assign(context, {
      strokeStyle: ground, fillStyle: colour, lineWidth: 4, textAlign: "center", textBaseline: "middle",
    });
    lines.forEach((ends, k) => {
      const at = placeOf(ends, taken, width, height);
      if (!at) return;
      taken.push(at);
      const text = format(this.levels[k], 3);
      context.strokeText(text, ...at);
      context.fillText(text, ...at);
    });
  }
}

// Loops over the whole grid make nothing new: they run in every frame. `before` is filled again.
function gridOf({ values, columns, rows, levels }, before) {
  const fits = before?.held.length === values.length;
  const held = fits ? before.held : new Float64Array(values.length);
  const bands = fits ? before.bands : new Uint8Array(values.length);
  let band = 0;
  for (let k = 0; k < values.length; k += 1) {
    held[k] = values[k] < HUGE ? Math.max(values[k], -HUGE) : HUGE;
    band = bandOf(levels, held[k], band);
    bands[k] = band;
  }
  return { held, bands, columns, rows, levels };
}

// How many levels are at or below a value, looked for from the band of a neighbour.
function bandOf(levels, value, near) {
  let band = near;
  while (band < levels.length && value >= levels[band]) band += 1;
  while (band > 0 && value < levels[band - 1]) band -= 1;
  return band;
}

// Whether the four corners of a cell lie in one band.
function whole(bands, at, columns) {
  const band = bands[at];
  return bands[at + 1] === band && bands[at + columns] === band && bands[at + columns + 1] === band;
}

function bandWithin({ held, bands, columns, levels }, at, u, v) {
  const below = held[at] + u * (held[at + 1] - held[at]);
  const above = held[at + columns] + u * (held[at + columns + 1] - held[at + columns]);
  return bandOf(levels, below + v * (above - below), bands[at]);
}

// For every level the pieces of its line, cell by cell (marching squares): x, y, x, y of each.
function linesOf({ held, bands, columns, rows, levels }, { across, down, height }) {
  const lines = levels.map(() => []);
  for (let j = 0; j < rows - 1; j += 1) {
    for (let i = 0; i < columns - 1; i += 1) {
      const at = j * columns + i;
      if (whole(bands, at, columns)) continue;
      const [a, b, c, d] = [held[at], held[at + 1], held[at + columns], held[at + columns + 1]];
      const [p, q, r, s] = [bands[at], bands[at + 1], bands[at + columns], bands[at + columns + 1]];
      for (let k = Math.min(p, q, r, s); k < Math.max(p, q, r, s); k += 1) {
        const ends = lines[k];
        for (const [x, y] of crossings(levels[k], a, b, c, d)) ends.push((i + x) * across, height - (j + y) * down);
      }
    }
  }
  return lines;
}
// Where a level crosses the sides of a cell, two ends for each piece: a, b below, c, d above.
function crossings(level, a, b, c, d) {
  const [low, right, top, left] = [
    crosses(a, b, level) && [part(a, b, level), 0], crosses(b, d, level) && [1, part(b, d, level)],
    crosses(c, d, level) && [part(c, d, level), 1], crosses(a, c, level) && [0, part(a, c, level)],
  ];
  // In a saddle the middle decides which corners belong together.
  const together = (a + b + c + d) / 4 >= level === a >= level;
  if (low && right && top && left) return together ? [low, right, top, left] : [low, left, top, right];
  return [low, right, top, left].filter(Boolean);
}

const crosses = (from, to, level) => from >= level !== to >= level;
const part = (from, to, level) => (level - from) / (to - from);

// The place on a line that is farthest from the labels there are, if there is room.
function placeOf(ends, taken, width, height) {
  const inside = [];
  for (let k = 0; k < ends.length; k += 4) {
    const [x, y] = [ends[k], ends[k + 1]];
    if (x > SIDE && x < width - SIDE && y > FRAME && y < height - FRAME) inside.push(k);
  }
  const every = Math.max(1, Math.floor(inside.length / TRIED));
  let [best, room] = [null, APART];
  for (let n = 0; n < inside.length; n += every) {
    const [x, y] = [ends[inside[n]], ends[inside[n] + 1]];
    let near = 4 * APART;
    for (const [left, down] of taken) near = Math.min(near, Math.hypot(x - left, 2 * (y - down)));
    if (near > room) [best, room] = [[x, y], near];
  }
  return best;
}

// Asking for styles makes a browser work them out: once for each scheme, not in every frame.
function lookOf(element) {
  const style = getComputedStyle(element);
  const [colour, ground] = ["--nne-forward", "--nne-surface"].map((name) => style.getPropertyValue(name));
  return { colour, ground, font: style.fontFamily };
}

function channels(colour) {
  const digits = colour.trim().slice(1);
  return [0, 2, 4].map((k) => Number.parseInt(digits.slice(k, k + 2), 16));
}

// ---- Levels

const MOST = 10;
// In every power of ten, the densest first: lines stay where they are while the field changes.
const SERIES = [
  [1, 1.12, 1.25, 1.4, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3.2, 3.6, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9],
  [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1],
];
const NARROW = 1.5;
const EVERY = 29; // one in so many values is looked at
const EDGE = 0.03; // this part of the field, on both sides, may have no line

// Round numbers between which the field lies, at most ten, closer together where it is low: for
// hollows. Where it varies very little they are evenly spaced. Values must not be negative.
export function levelsOf(values) {
  const some = [];
  for (let k = 0; k < values.length; k += EVERY) if (values[k] > 0 && values[k] < HUGE) some.push(values[k]);
  some.sort((a, b) => a - b);
  const low = some[Math.floor(EDGE * some.length)];
  const high = some[Math.floor((1 - EDGE) * (some.length - 1))];
  if (!(low < high)) return [];
  if (high < NARROW * low) return even(low, high);
  for (const series of SERIES) {
    const levels = decades(low, high, series, 1);
    if (levels.length <= MOST) return levels;
  }
  return decades(low, high, SERIES.at(-1), Math.ceil(Math.log10(high / low) / MOST));
}

function even(low, high) {
  const rough = (high - low) / MOST;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((size) => size * power >= rough) * power;
  const first = Math.floor(low / step) + 1;
  const count = Math.ceil(high / step) - first;
  return Array.from({ length: Math.max(0, count) }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

function decades(low, high, series, every) {
  const [first, last] = [low, high].map((value) => Math.floor(Math.log10(value) / every) * every);
  const powers = Array.from({ length: (last - first) / every + 1 }, (_, k) => first + k * every);
  return powers.flatMap((power) => decade(series, power)).filter((level) => level > low && level < high);
}

// One series in one power of ten: written and read again, to be round, only once.
const made = new Map(SERIES.map((series) => [series, new Map()]));

function decade(series, power) {
  const powers = made.get(series);
  if (!powers.has(power)) powers.set(power, series.map((digit) => Number(`${digit}e${power}`)));
  return powers.get(power);
}
