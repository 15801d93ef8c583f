// Sizes and ranges of the activation explorer; no value of a function is computed here.

const NARROW = 560;
const SHARE = 0.6; // of the width, for the charts on a wide screen
const REACH = 6;

export const range = { low: -REACH, high: REACH };

export function layout(width) {
  const narrow = width < NARROW;
  const across = narrow ? width : SHARE * width;
  return {
    size: narrow ? "narrow" : "wide",
    value: { width: across, height: narrow ? 190 : 220 },
    slope: { width: across, height: narrow ? 160 : 180 },
  };
}

// The range that holds all of these [low, high].
export function around(ranges) {
  return {
    low: Math.min(...ranges.map(([low]) => low)),
    high: Math.max(...ranges.map(([, high]) => high)),
  };
}
