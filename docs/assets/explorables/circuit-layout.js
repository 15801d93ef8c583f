// Where everything of the circuit stands, in CSS pixels of a picture `width` wide. This module
// knows sizes and places; no value of the network ever comes here.

const NARROW = 480;
const WIDE = 720;
const ROWS = [[48, 168, 288], [98, 240], [168]];
export const RADIUS = 16;
export const LINE = 15;
// Between the weights into unit 6 and what is said of it: how far the ones, on a phone, and the other move.
const ASIDE = { x: 5, y: 3, caption: { narrow: 8, broad: 14 } };

export function layout(width, layers) {
  const narrow = width < NARROW;
  const columns = narrow
    ? [19, width * 0.47, width * 0.78, width - 20]
    : [52, width * 0.45, width * 0.72, width * 0.91];
  const units = {};
  layers.forEach((layer, k) => layer.forEach((unit, row) => {
    units[unit] = { x: columns[k], y: ROWS[k][row] };
  }));
  const loss = { x: columns[3], y: ROWS[2][0] };
  const isInput = (unit) => units[unit].x === columns[0];
  const along = { input: narrow ? 0.36 : 0.32, hidden: 0.38 };
  return {
    narrow,
    size: narrow ? "narrow" : width < WIDE ? "middle" : "wide",
    height: 330,
    units,
    loss,
    edge: (source, unit) => {
      const found = edge(units[source], units[unit], isInput(source) ? along.input : along.hidden);
      return narrow && !isInput(source) ? { ...found, at: { x: found.at.x - ASIDE.x, y: found.at.y + ASIDE.y } } : found;
    },
    toLoss: edge(units[layers.at(-1)[0]], loss, 0.5),
    bias: (unit) => bias(units[unit], loss, narrow ? [56, 28] : [84, 40]),
    caption: (unit, lines) => caption(units[unit], isInput(unit), narrow, loss, lines),
    lossText: {
      x: narrow ? width : loss.x,
      y: loss.y + RADIUS + 18,
      anchor: narrow ? "end" : "middle",
    },
  };
}

function edge(from, to, part) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [(dx / length) * (RADIUS + 2), (dy / length) * (RADIUS + 2)];
  return {
    x1: from.x + ux, y1: from.y + uy, x2: to.x - ux, y2: to.y - uy,
    at: { x: from.x + part * dx, y: from.y + part * dy },
  };
}

// The 1 that a bias multiplies: beside a hidden unit on its outer side, below an output.
function bias(unit, loss, [aside, apart]) {
  const side = Math.sign(unit.y - loss.y);
  const at = side
    ? { x: unit.x + aside, y: unit.y + side * apart }
    : { x: unit.x, y: unit.y + 50 };
  const text = side
    ? { x: at.x + 15, y: at.y - 2, anchor: "start" }
    : { x: at.x, y: at.y + 24, anchor: "middle" };
  return { at, text, stub: edge(at, unit, 0) };
}

// Captions stand on the outer side of their units, where fewer edges pass.
function caption(unit, isInput, narrow, loss, lines) {
  if (isInput) {
    const y = unit.y + RADIUS + 15;
    return narrow ? { x: 2, y, anchor: "start" } : { x: unit.x, y, anchor: "middle" };
  }
  const y = unit.y <= loss.y
    ? unit.y - RADIUS - 8 - LINE * (lines - 1)
    : unit.y + RADIUS + 16;
  const aside = unit.y === loss.y ? ASIDE.caption[narrow ? "narrow" : "broad"] : 0;
  return { x: unit.x + aside, y, anchor: "middle" };
}
