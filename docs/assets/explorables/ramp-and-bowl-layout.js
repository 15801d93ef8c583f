// Sizes of the pictures, and places along them.

const NARROW = 560;
const GAP = 18;
const PARTS = 64; // pieces of a curve
const INSET = 0.02;

export function layout(width) {
  const narrow = width < NARROW;
  return {
    size: narrow ? "narrow" : "wide",
    panel: { width: narrow ? width : (width - 2 * GAP) / 3, height: narrow ? 150 : 210 },
    history: { width, height: narrow ? 180 : 170 },
  };
}

export function places(low, high) {
  return Array.from({ length: PARTS + 1 }, (_, k) => low + (k / PARTS) * (high - low));
}

// Corners of a picture, a little inside: where a note stands about what is outside.
export function corners([left, right], [, top]) {
  const inside = INSET * (right - left);
  return { left: [left + inside, top], right: [right - inside, top] };
}
