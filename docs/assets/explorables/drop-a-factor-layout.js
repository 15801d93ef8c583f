// Sizes of the picture, and which part of the curve it shows: so much that both steps can be seen.

const [NARROW, WIDE] = [560, 720];
const HEIGHT = { narrow: 210, middle: 250, wide: 250 };
const PARTS = { curve: 48, way: 12 }; // pieces of a line
const ROOM = 1.6; // how much wider the picture is than the longest step
const GRID = 0.5; // the middle of a picture lies on multiples of this share of its half
const LEAST = 0.001; // half of the narrowest picture: shorter steps than that are said, not seen
const MARGIN = 0.08;
const UNITS = 5; // round steps in the height of a picture, at most
const FLAT = 1e-3; // a curve that rises by a smaller share of its height looks flat

export function layout(width) {
  const size = width < NARROW ? "narrow" : width < WIDE ? "middle" : "wide";
  return { size, width: size === "narrow" ? width : width * 0.52, height: HEIGHT[size] };
}

// A picture around `start` that holds every one of `ends`: in round sizes and at round places, so that
// it rarely jumps. While the start moves within it, axis and curve stay where they are.
export function around(start, ends) {
  const reach = round(Math.max(LEAST, ...ends.map((end) => ROOM * Math.abs(end - start))));
  const middle = Math.round(start / (GRID * reach)) * GRID * reach;
  return { low: middle - reach, high: middle + reach };
}

function round(reach) {
  const power = 10 ** Math.floor(Math.log10(reach));
  return [1, 2, 5, 10].find((size) => size * power >= reach) * power;
}

export function places(what, from, to) {
  const parts = PARTS[what];
  return Array.from({ length: parts + 1 }, (_, k) => from + (k / parts) * (to - from));
}

// A little more than the heights themselves, between round numbers: it changes rarely, and its
// ticks with it.
export function fit(heights) {
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const rise = Math.max(high - low, FLAT * Math.max(Math.abs(low), Math.abs(high)));
  const [middle, half] = [(low + high) / 2, (0.5 + MARGIN) * rise];
  const unit = round(rise / UNITS);
  return { low: Math.floor((middle - half) / unit) * unit, high: Math.ceil((middle + half) / unit) * unit };
}
