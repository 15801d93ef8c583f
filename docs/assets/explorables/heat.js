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
const TRIED = 60; // places on a line at which its label is tried, about
const HUGE = 1e300; // what is not a finite number stands as high as the map goes

export function heat() {
  return new Heat();
}

class Heat {
  constructor() {
    this.element = html("canvas", { class: "nne-heat", "aria-hidden": "true" });
    this.image = document.createElement("canvas");
    this.lines = [];
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
    this.lines = linesOf(grid, place, this.lines);
    this.draw(context, this.lines, width, height);
  }

  // The tints, FINE by FINE for each cell: rows of cells in runs of one band, then the cells in which
  // a band ends, once more and finely.
  tinted(grid, [red, green, blue]) {
    const { columns, rows, levels, bands, mixed, count } = grid;
    const { image } = this;
    const [width, height] = [(columns - 1) * FINE, (rows - 1) * FINE];
    const context = image.getContext("2d");
    if (this.pixels?.width !== width || this.pixels.height !== height) {
      [image.width, image.height] = [width, height];
      this.pixels = context.createImageData(width, height);
      this.shades = new Uint32Array(this.pixels.data.buffer);
    }
    const all = this.shades;
    const shades = Uint32Array.from({ length: levels.length + 1 }, (_, band) => {
      const alpha = Math.round(255 * STRONGEST * (band / (levels.length || 1)));
      return new Uint32Array(Uint8Array.of(red, green, blue, alpha).buffer)[0];
    });
    for (let j = 0; j < rows - 1; j += 1) {
      const top = (height - 1 - j * FINE) * width; // where the cells' lowest pixels are
      for (let i = 0, end = 0; i < columns - 1; i = end) {
        const band = bands[j * columns + i];
        for (end = i + 1; end < columns - 1 && bands[j * columns + end] === band;) end += 1;
        all.fill(shades[band], top + i * FINE, top + end * FINE);
      }
      for (let v = 1; v < FINE; v += 1) all.copyWithin(top - v * width, top, top + width);
    }
    for (let m = 0; m < count; m += 1) {
      const [i, j] = [mixed[m] % columns, Math.floor(mixed[m] / columns)];
      tint(all, ((rows - 1 - j) * FINE - 1) * width + i * FINE, width, grid, mixed[m], shades);
    }
    context.putImageData(this.pixels, 0, 0);
    return image;
  }

  draw(context, lines, width, height) {
    const { colour, ground, font } = this.look;
    const taken = this.marks.flat();
    context.font = `${FONT}px ${font}`;
    Object.assign(context, { strokeStyle: colour, lineWidth: 1, lineCap: "round", lineJoin: "round" });
    context.beginPath();
    for (const { ends, size } of lines) {
      for (let k = 0; k < size; k += 4) {
        context.moveTo(ends[k], ends[k + 1]);
        context.lineTo(ends[k + 2], ends[k + 3]);
      }
    }
    context.stroke();
    Object.assign(context, {
      strokeStyle: ground, fillStyle: colour, lineWidth: 4, textAlign: "center", textBaseline: "middle",
    });
    lines.forEach((line, k) => {
      const at = placeOf(line, taken, width, height);
      if (!at) return;
      taken.push(...at);
      const text = format(this.levels[k], 3);
      context.strokeText(text, ...at);
      context.fillText(text, ...at);
    });
  }
}

// ---- Loops over the grid run in every frame: they make nothing new

// The band of every value, and the cells that lie in more than one, `count` of them. What is no
// finite number is `held` as high, or as low, as the map goes. Arrays of the frame before serve again.
function gridOf({ values, columns, rows, levels }, before) {
  const fits = before?.bands.length === values.length;
  const bands = fits ? before.bands : new Uint8Array(values.length);
  const mixed = fits ? before.mixed : new Uint32Array(values.length);
  let held = values;
  let [band, low, high] = [0, HUGE, HUGE]; // the band that goes on, from low to high
  for (let k = 0; k < values.length; k += 1) {
    let value = values[k];
    if (!(value >= low && value < high)) {
      if (!(Math.abs(value) < HUGE)) {
        if (held === values) held = Float64Array.from(values);
        value = value < 0 ? -HUGE : HUGE;
        held[k] = value;
      }
      band = bandOf(levels, value, band);
      low = band > 0 ? levels[band - 1] : -HUGE;
      high = band < levels.length ? levels[band] : HUGE;
    }
    bands[k] = band;
  }
  let count = 0;
  for (let j = 0; j < rows - 1; j += 1) {
    for (let at = j * columns; at < (j + 1) * columns - 1; at += 1) {
      band = bands[at];
      if (bands[at + 1] === band && bands[at + columns] === band && bands[at + columns + 1] === band) continue;
      mixed[count] = at;
      count += 1;
    }
  }
  return { held, bands, mixed, count, columns, rows, levels };
}

// How many levels are at or below a value, looked for from the band of a neighbour.
function bandOf(levels, value, near) {
  let band = near;
  while (band < levels.length && value >= levels[band]) band += 1;
  while (band > 0 && value < levels[band - 1]) band -= 1;
  return band;
}

// The pixels of one cell, upwards from `start`; a row of them is `width` long.
function tint(all, start, width, { held, bands, columns, levels }, at, shades) {
  let band = bands[at];
  for (let v = 0; v < FINE; v += 1) {
    const up = (v + 0.5) / FINE;
    const left = held[at] + up * (held[at + columns] - held[at]);
    const right = held[at + 1] + up * (held[at + columns + 1] - held[at + 1]);
    for (let u = 0; u < FINE; u += 1) {
      band = bandOf(levels, left + ((u + 0.5) / FINE) * (right - left), band);
      all[start - v * width + u] = shades[band];
    }
  }
}

// A line has its pieces, x, y, x, y of each, in the first `size` numbers of `ends`.
function add(line, x, y) {
  line.ends[line.size] = x;
  line.ends[line.size + 1] = y;
  line.size += 2;
}

// For every level its line, cell by cell (marching squares). Those of the frame before serve again.
function linesOf({ held, bands, mixed, count, columns, levels }, { across, down, height }, before) {
  const lines = levels.map((_, k) => before[k] ?? { ends: [] });
  for (const line of lines) line.size = 0;
  const cell = { across, down, left: 0, bottom: 0, a: 0, b: 0, c: 0, d: 0 };
  for (let m = 0; m < count; m += 1) {
    const at = mixed[m];
    const above = at + columns;
    const first = Math.min(bands[at], bands[at + 1], bands[above], bands[above + 1]);
    const last = Math.max(bands[at], bands[at + 1], bands[above], bands[above + 1]);
    cell.left = (at % columns) * across;
    cell.bottom = height - Math.floor(at / columns) * down;
    cell.a = held[at];
    cell.b = held[at + 1];
    cell.c = held[above];
    cell.d = held[above + 1];
    for (let k = first; k < last; k += 1) cross(lines[k], levels[k], cell);
  }
  return lines;
}

// Where a level crosses the sides of a cell, two ends for each piece: a, b below, c, d above.
function cross(line, level, { left, bottom, across, down, a, b, c, d }) {
  const [low, right] = [a >= level !== b >= level, b >= level !== d >= level];
  const [top, side] = [c >= level !== d >= level, a >= level !== c >= level];
  // In a saddle the middle decides which corners belong together.
  const apart = low && right && top && side && (a + b + c + d) / 4 >= level !== a >= level;
  const [atSide, atRight] = [bottom - part(a, c, level) * down, bottom - part(b, d, level) * down];
  if (low) add(line, left + part(a, b, level) * across, bottom);
  if (apart) add(line, left, atSide);
  else if (right) add(line, left + across, atRight);
  if (top) add(line, left + part(c, d, level) * across, bottom - down);
  if (apart) add(line, left + across, atRight);
  else if (side) add(line, left, atSide);
}

const part = (from, to, level) => (level - from) / (to - from);

// The place on a line that is farthest from the labels there are, [x, y], if there is room.
// `taken` has x, y, x, y of what stands elsewhere.
function placeOf({ ends, size }, taken, width, height) {
  const every = 4 * Math.max(1, Math.floor(size / 4 / TRIED));
  let [best, room] = [null, APART ** 2];
  for (let k = 0; k < size; k += every) {
    const [x, y] = [ends[k], ends[k + 1]];
    if (x <= SIDE || x >= width - SIDE || y <= FRAME || y >= height - FRAME) continue;
    let near = (4 * APART) ** 2;
    for (let t = 0; t < taken.length && near > room; t += 2) {
      near = Math.min(near, (x - taken[t]) ** 2 + 4 * (y - taken[t + 1]) ** 2);
    }
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
