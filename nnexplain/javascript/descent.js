
// Gradient descent, θ ← θ - η ∂J/∂θ, with all samples in every step. The path so far is kept:
// asking for an earlier step costs nothing, asking for a later one goes on from the end.
// `network` comes from a family module; `free` lists the positions of the parameters that move.
export class Walk {
  constructor(network, start, rate, xs, ys, free = [...start.keys()]) {
    Object.assign(this, { network, rate, xs, ys, free, stopped: null });
    this.points = [Float64Array.from(start)];
    this.gradients = [new Float64Array(start.length)];
    this.losses = [this.look(0)];
    this.limit = GROWTH * Math.max(this.losses[0], 1);
    const size = xs.length * network.sizes.at(-1);
    const targets = ys.flat().reduce((sum, y) => sum + Math.max(Math.abs(y), 1), 0);
    const floor = LEAST_ERROR * network.scale(size) * targets;
    this.reference = Math.max(network.errors(start, xs, ys), floor);
  }

  // The number of steps taken so far.
  get length() {
    return this.points.length - 1;
  }

  // Goes on until `steps` steps are taken or the walk ends; returns how many there are of them.
  // `stopped` is null until the walk has ended, then one of the words of `stops`.
  to(steps) {
    while (this.stopped === null && this.length < steps) this.step();
    return Math.min(this.length, steps);
  }

  step() {
    const { rate, free } = this;
    const [before, gradient] = [this.points.at(-1), this.gradients.at(-1)];
    const next = before.slice();
    for (const k of free) next[k] = before[k] - gradient[k] * rate;
    this.points.push(next);
    this.gradients.push(new Float64Array(next.length));
    const loss = this.look(this.length);
    this.losses.push(loss);
    const tiny = TOLERANCE * this.reference;
    const usable = Number.isFinite(loss) && loss <= this.limit && next.every(Number.isFinite);
    if (!usable) this.stopped = stops.diverged;
    else if (length(gradient) <= tiny) {
      const moved = next.map((value, k) => value - before[k]);
      if (length(moved) <= rate * tiny) this.stopped = this.rest();
    }
  }

  // J at a point of the path; its gradient, without the parameters that stay, is written down.
  look(index) {
    const { network, xs, ys, free } = this;
    const all = new Float64Array(this.points[index].length);
    const loss = network.partials(this.points[index], xs, ys, all);
    for (const k of free) this.gradients[index][k] = all[k];
    return loss;
  }

  // A tiny gradient: are the errors gone, do they cancel, or does nothing of them arrive?
  rest() {
    const { network, xs, ys, free } = this;
    const point = this.points.at(-1);
    if (network.errors(point, xs, ys) <= SMALL * this.reference) return stops.converged;
    const parts = network.pulls(point, xs, ys).map((part) => free.map((k) => part[k]));
    const pull = parts.reduce((sum, part) => sum + length(part), 0);
    const total = length(free.map((_, i) => parts.reduce((sum, part) => sum + part[i], 0)));
    if (pull === 0 || total > SMALL * pull) return stops.plateau;
    return this.fallsBothWays(point, total) ? stops.saddle : stops.converged;
  }

  // Whether J falls along ± the direction of lowest curvature, if that curvature is negative and
  // changes the slope by more than what is left of the gradient.
  fallsBothWays(point, left) {
    const { network, xs, ys, free } = this;
    const { value, vector } = lowest(this.hessian(point));
    const at = (far) => {
      const there = Float64Array.from(point);
      free.forEach((k, i) => { there[k] += far * vector[i]; });
      return network.loss(there, xs, ys);
    };
    const here = at(0);
    return value < 0 && FALLS.some((far) => {
      const promised = (-value * far * far) / 2;
      const drop = Math.min(here - at(far), here - at(-far));
      return promised > NOISE * Math.abs(here) && -value * far > left && drop >= promised / 2;
    });
  }

  // Differences of exact gradients. Only the sign of the lowest curvature counts, and that J falls.
  hessian(point) {
    const { network, xs, ys, free } = this;
    const rows = free.map((k) => {
      const [above, below] = [WIDTH, -WIDTH].map((shift) => {
        const there = Float64Array.from(point);
        there[k] += shift;
        const slopes = new Float64Array(point.length);
        network.partials(there, xs, ys, slopes);
        return slopes;
      });
      return free.map((i) => (above[i] - below[i]) / (2 * WIDTH));
    });
    return rows.map((row, i) => row.map((value, k) => (value + rows[k][i]) / 2));
  }
}

function length(vector) {
  let sum = 0;
  for (let k = 0; k < vector.length; k += 1) sum += vector[k] * vector[k];
  return Math.sqrt(sum);
}

// The lowest eigenvalue of a symmetric matrix, and its vector: Jacobi's rotations.
function lowest(matrix) {
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((row, i) => row.map((_, k) => Number(i === k)));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (let p = 0; p < a.length; p += 1) {
      for (let q = p + 1; q < a.length; q += 1) if (counts(a, p, q)) rotate(a, vectors, p, q);
    }
  }
  const values = a.map((row, i) => row[i]);
  const least = values.indexOf(Math.min(...values));
  return { value: values[least], vector: vectors.map((row) => row[least]) };
}

// Whether an element beside the diagonal is large enough to change the elements on it.
function counts(a, p, q) {
  const beside = Math.abs(a[p][q]);
  return Math.abs(a[p][p]) + beside !== Math.abs(a[p][p]) || Math.abs(a[q][q]) + beside !== Math.abs(a[q][q]);
}

function rotate(a, vectors, p, q) {
  const angle = Math.atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (let k = 0; k < a.length; k += 1) {
    turn(a[k], p, q, c, s);
    turn(vectors[k], p, q, c, s);
  }
  const [above, below] = [a[p], a[q]];
  for (let k = 0; k < a.length; k += 1) {
    const value = above[k];
    above[k] = c * value - s * below[k];
    below[k] = s * value + c * below[k];
  }
}

function turn(row, p, q, c, s) {
  const value = row[p];
  row[p] = c * value - s * row[q];
  row[q] = s * value + c * row[q];
}

// The same walk is asked for again and again: it is kept as long as nothing else is asked for.
export function walker() {
  let [kept, asked] = [null, null];
  return (network, start, rate, xs, ys, free) => {
    const now = [network, rate, xs, ys, ...start, "free", ...(free ?? [])];
    if (now.length !== asked?.length || now.some((part, k) => !Object.is(part, asked[k]))) {
      [kept, asked] = [new Walk(network, start, rate, xs, ys, free), now];
    }
    return kept;
  };
}
