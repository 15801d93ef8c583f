// How large the pictures of the hash and the sigmoid are. This module knows sizes only.

const NARROW = 520;
const GAP = 12;

export function layout(width) {
  const narrow = width < NARROW;
  const beside = (width - GAP) / 2;
  return {
    size: narrow ? "narrow" : "wide",
    view: { width: narrow ? width : beside, height: narrow ? 170 : 210 },
    ladder: { width: narrow ? width : beside, height: narrow ? 200 : 240 },
  };
}

// Places and heights such that a line through them, with round ends, is only dots.
export function dotted(places, heights) {
  return {
    xs: places.flatMap((x) => [x, x, NaN]),
    ys: heights.flatMap((y) => [y, y, NaN]),
  };
}
