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
