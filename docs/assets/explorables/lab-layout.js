// Where things of the lab stand, in CSS pixels, and which points of a long curve are drawn. No
// network comes here.

const NARROW = 480;
const WIDE = 720;
const DENSE = 8; // steps from the start on that are all drawn, and steps drawn from n to 2 n
const REACHES = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
const DOT = 2.4;
const CLEAR = 9; // from an axis to the middle of a mark
export const NAMES = 78; // room for names at the right of the chart
export const LINE = 13; // between two of them
export const SIDE = 96; // of a picture in a card
export const GRID = 25; // points along each side of a surface

export function chartSize(width) {
  const size = width < NARROW ? "narrow" : width < WIDE ? "middle" : "wide";
  return { size, width: width - NAMES, height: size === "narrow" ? 210 : 230 };
}

// The end of the axis of steps: it grows with the walk.
export function reach(count) {
  return REACHES.find((end) => end >= count) ?? count;
}

// Where the axis of steps begins, in a chart so wide: before step 0, which stands at `first`, so that a
// mark there is clear of the numbers beside the axis.
export function beginning(first, last, width) {
  return first * (first / last) ** (CLEAR / (width - CLEAR));
}

// Whole numbers from 0 to `count`, evenly apart on a scale of powers of ten; with one more step
// all of them stay.
export function picked(count) {
  const points = [];
  for (let [k, stride] = [0, 1]; k < count; k += stride) {
    points.push(k);
    if (k === 2 * DENSE * stride) stride *= 2;
  }
  return [...points, count];
}

// A number brought into a range; what is no number stands at its upper end.
export function held(value, low, high) {
  return Number.isNaN(value) ? high : Math.min(Math.max(value, low), high);
}

// Moves heights apart so that neighbours are LINE apart and all stay between top and bottom.
export function apart(heights, top, bottom) {
  const order = heights.map((_, k) => k).sort((a, b) => heights[a] - heights[b]);
  const placed = [...heights];
  let free = top;
  for (const k of order) {
    placed[k] = Math.max(placed[k], free);
    free = placed[k] + LINE;
  }
  free = bottom;
  for (const k of order.reverse()) {
    placed[k] = Math.min(placed[k], free);
    free = placed[k] - LINE;
  }
  return placed;
}

// A place in a square picture: `across` to the right and `up`, both from low to high.
export function place(across, up, [low, high]) {
  const part = (value) => ((value - low) / (high - low)) * SIDE;
  return { x: part(across), y: SIDE - part(up) };
}

// Small circles as one path; those outside the picture are left out.
export function dots(points) {
  return points.filter(({ x, y }) => inside(x) && inside(y))
    .map(({ x, y }) => `M${(x - DOT).toFixed(1)} ${y.toFixed(1)}a${DOT} ${DOT} 0 1 0 ${2 * DOT} 0a${DOT} ${DOT} 0 1 0 ${-2 * DOT} 0z`)
    .join("") || "M0 0";
}

const inside = (value) => value >= 0 && value <= SIDE;

// The points of a square from low to high, row by row, the lowest row first.
export function grid([low, high]) {
  const along = Array.from({ length: GRID }, (_, k) => low + ((high - low) * k) / (GRID - 1));
  return along.flatMap((up) => along.map((across) => [across, up]));
}
