// Sizes and places of the nudge; no value of the network comes here.

const NARROW = 520;
const LANE = 0.07; // of the height: where the arrow runs
const SHAFT = 0.09; // of the width
const HEAD = { back: 0.018, up: 0.025 };
const TANGENT = 0.17; // of the width, to either side

export function layout(width) {
  return { width, height: width < NARROW ? 200 : 230 };
}

export const reach = (low, high) => TANGENT * (high - low);

// An arrow from `from` to the left (way −1) or to the right (way 1), as one line.
export function arrow(from, way, { x, y }) {
  const [wide, tall] = [x.high - x.low, y.high - y.low];
  const end = from + way * SHAFT * wide;
  const back = end - way * HEAD.back * wide;
  const lane = y.low + LANE * tall;
  const up = HEAD.up * tall;
  return [[from, end, back, end, back], [lane, lane, lane + up, lane, lane - up]];
}
