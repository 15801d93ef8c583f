// How far the microscope looks and how large its pictures are. This module knows sizes and places;
// no value of a curve is computed here.

const NARROW = 520;
const REACH = { x: 3.8, y: 1.9 }; // half of the widest view
const LABELS = 14; // px that a long tick label needs beside a picture
const MAP_REACH = 8;
const TOUCHING = 1; // px

export function layout(width) {
  const narrow = width < NARROW;
  const [map, view] = narrow ? [width, width] : [0.36 * width, 0.62 * width];
  return {
    size: narrow ? "narrow" : "wide",
    map: { width: map - LABELS, height: narrow ? 130 : 170 },
    view: { width: view - LABELS, height: narrow ? 240 : 300 },
  };
}

export const mapRange = { low: -MAP_REACH, high: MAP_REACH };

// What is in view at a magnification, in distances from its centre.
export function viewAt(times) {
  const [x, y] = [REACH.x / times, REACH.y / times];
  return { times, half: { x, y }, x: { low: -x, high: x }, y: { low: -y, high: y } };
}

export const real = (seen, times) => seen / times;
export const seen = (distance, times) => distance * times;

export const inside = (distance, half) => Math.abs(distance) < half;

// Whether two drawn lines, heights in pixels, lie on each other as far as an eye can tell.
export function touching(one, other) {
  return one.every((height, k) => !(Math.abs(height - other[k]) >= TOUCHING));
}
