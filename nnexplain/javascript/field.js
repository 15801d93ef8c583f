
// J over a grid of two parameters of a network of a family module, all others fixed. The grid is
// filled row by row; a unit that does not depend on the row's parameter is computed once a sample,
// and one that does not depend on the column's is a single number in each row.
// Returns a Float64Array: J at (columns[i], rows[j]) is at j * columns.length + i.
export function field(network, parameters, [first, second], columns, rows, xs, ys) {
  const layers = layersOf(network, parameters, first, second, columns);
  const outputs = layers.at(-1);
  const sums = new Float64Array(columns.length * rows.length);
  xs.forEach((x, n) => {
    layers[0].forEach((unit, k) => { unit.a = x[k]; });
    rows.forEach((row, j) => {
      for (const layer of layers) {
        for (const unit of layer) if (unit.still && (unit.onRow || j === 0)) evaluate(unit, columns, row);
      }
      const sum = sums.subarray(j * columns.length, (j + 1) * columns.length);
      outputs.forEach((unit, k) => add(sum, network.cost, ys[n][k], unit));
    });
  });
  const scale = network.scale(xs.length * outputs.length);
  return scale === 1 ? sums : sums.map((sum) => scale * sum);
}

const [COLUMN, ROW] = ["column", "row"]; // weights that the grid sets

// Every unit with its terms, those that vary along a row apart, the bias as the weight of a 1. `a` is
// its activation: one number, or an array over the columns where it depends on them.
function layersOf({ sizes, values, fromLogit }, parameters, first, second, columns) {
  const layers = [Array.from({ length: sizes[0] }, () => ({ a: 0 }))];
  let position = 0;
  values.forEach((value, depth) => {
    const sources = [...layers[depth], { a: 1 }];
    const fused = fromLogit && depth === values.length - 1; // the loss takes z
    layers.push(Array.from({ length: sizes[depth + 1] }, () => {
      const terms = sources.map((source) => {
        const at = position;
        position += 1;
        return { source, weight: at === first ? COLUMN : at === second ? ROW : parameters[at] };
      });
      const isMoving = ({ weight, source }) => weight === COLUMN || source.onColumn;
      const moving = terms.filter(isMoving);
      const still = terms.filter((term) => !isMoving(term));
      const onColumn = moving.length > 0;
      const onRow = terms.some(({ weight, source }) => weight === ROW || source.onRow);
      const a = onColumn ? new Float64Array(columns.length) : 0;
      return { moving, still, value: fused ? null : value, onColumn, onRow, a };
    }));
  });
  return layers;
}

function evaluate(unit, columns, row) {
  const { a, value, onColumn } = unit;
  let constant = 0;
  for (const { source, weight } of unit.still) constant += (weight === ROW ? row : weight) * source.a;
  if (!onColumn) unit.a = value ? value(constant) : constant;
  else {
    a.fill(constant);
    for (const { source, weight } of unit.moving) {
      const factor = weight === COLUMN ? source.a : weight === ROW ? row : weight;
      const vector = weight === COLUMN ? columns : source.a;
      for (let i = 0; i < a.length; i += 1) a[i] += factor * vector[i];
    }
    if (value) for (let i = 0; i < a.length; i += 1) a[i] = value(a[i]);
  }
}

function add(sum, cost, y, { a, onColumn }) {
  if (onColumn) for (let i = 0; i < sum.length; i += 1) sum[i] += cost(y, a[i]);
  else {
    const alone = cost(y, a);
    for (let i = 0; i < sum.length; i += 1) sum[i] += alone;
  }
}
