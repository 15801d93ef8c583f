// Where a curve is drawn between two ends: evenly, and close to both sides of each break instead of
// at the break itself, so that a corner is sharp. At a break that `jumps` the line is interrupted.

const PARTS = 120;
const BESIDE = 1e-9; // how close, as a share of the whole

export function places(low, high, breaks = []) {
  const even = Array.from({ length: PARTS + 1 }, (_, k) => low + (k / PARTS) * (high - low));
  const near = BESIDE * (high - low);
  const sides = breaks.flatMap(({ at, jumps }) => [
    { at: at - near, then: jumps ? [NaN] : [] }, { at: at + near, then: [] },
  ]);
  const apart = even.filter((at) => breaks.every((one) => Math.abs(at - one.at) > near));
  return [...apart.map((at) => ({ at, then: [] })), ...sides.filter(({ at }) => at > low && at < high)]
    .sort((one, other) => one.at - other.at)
    .flatMap(({ at, then }) => [at, ...then]);
}
