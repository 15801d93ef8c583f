// Sizes and places of the map, in CSS pixels. No value of a network ever comes here.

const LARGEST = 430;
const [ROOMY, BESIDE] = [520, 235]; // from this width on numbers and words stand beside the map
const LENGTH = 46; // of the arrow, from the middle of the ball
const HEAD = 9;

// The map is square: so a line across the contours looks like one.
export function sizeOf(available) {
  const width = Math.min(available > ROOMY ? available - BESIDE : available, LARGEST);
  return { width, height: width - 10 };
}

// `count` numbers from low to high, evenly spaced.
export function spread(low, high, count) {
  return Float64Array.from({ length: count }, (_, k) => low + (k * (high - low)) / (count - 1));
}

// Two fifths as many points along a side: cells of about ten pixels, while the ground moves.
export const coarse = (points) => Math.ceil(0.4 * points);

const percent = (part, whole) => `${(100 * part) / whole}%`;

// Where a place in a chart's pixels is over it: in parts of its size, for it may be shown smaller.
export function over([x, y], { width, height }) {
  return `left: ${percent(x, width)}; top: ${percent(y, height)}`;
}

// Where the canvas lies under a chart.
export function under(chart, { low, high }, { width, height }) {
  const [left, right, top, bottom] = [chart.x(low), chart.x(high), chart.y(high), chart.y(low)];
  return [
    `left: ${percent(left, width)}`, `top: ${percent(top, height)}`,
    `width: ${percent(right - left, width)}`, `height: ${percent(bottom - top, height)}`,
  ].join("; ");
}

// An arrow of always the same length from a place in pixels, as an SVG path.
export function arrow([x, y], right, up) {
  const size = Math.hypot(right, up);
  const [u, v] = [right / size, -up / size];
  if (!Number.isFinite(u) || !Number.isFinite(v)) return "M0 0";
  const [tipX, tipY] = [x + u * LENGTH, y + v * LENGTH];
  const side = (turn) => `${tipX - HEAD * u + turn * HEAD * v * 0.5} ${tipY - HEAD * v - turn * HEAD * u * 0.5}`;
  return `M${x + u * 10} ${y + v * 10}L${tipX} ${tipY}M${side(1)}L${tipX} ${tipY}L${side(-1)}`;
}

// Of a long path the points that lie a pixel apart; the last one always.
export function thinned(xs, ys, { low, high }, size) {
  const far = (high - low) / size;
  const kept = [0];
  for (let k = 1; k < xs.length; k += 1) {
    const last = kept.at(-1);
    const apart = Math.abs(xs[k] - xs[last]) + Math.abs(ys[k] - ys[last]);
    if (!(apart < far) || k === xs.length - 1) kept.push(k);
  }
  return [kept.map((k) => xs[k]), kept.map((k) => ys[k])];
}
