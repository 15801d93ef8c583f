// Where bars of layers stand. This module knows sizes and places only.

const NARROW = 520;
const HALF = 0.38; // of a bar, in layers
const LIFT = 5; // px between the bottom and a text

export function layout(width) {
  const narrow = width < NARROW;
  return { size: narrow ? "narrow" : "wide", bars: { width, height: narrow ? 230 : 270 } };
}

export const places = (layers) => ({ low: -2 * HALF, high: layers - 1 + 2 * HALF });

// The bar of the layer at place `k`, from the line of size 1 to a height.
export function bar(picture, k, height) {
  const [left, right] = [picture.x(k - HALF), picture.x(k + HALF)];
  const [one, end] = [picture.y(0), picture.y(height)];
  return {
    x: left, width: right - left, y: Math.min(one, end), height: Math.max(1, Math.abs(end - one)),
  };
}

// A text just above the bottom of the picture.
export function label(picture, k, low) {
  return { x: picture.x(k), y: picture.y(low) - LIFT, "text-anchor": "middle" };
}
