"""A signal on its way back through a deep network, as an ES module: lesson 12's two networks.

A chain holds one unit a layer, every one at the same z; layers are `nnexplain.experiments.depth`.
The module keeps a power of two apart while it multiplies, so that a product that no float can hold
is not a zero but a known power of ten.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nnexplain.activations import Activation
from nnexplain.experiments.saturation import in_textbooks
from nnexplain.javascript.formulas import Library, activation_module

_FLOATS: Mapping[str, type[np.floating[Any]]] = {
    "64": np.float64,
    "32": np.float32,
    "16": np.float16,
}

_CODE = """\
const ones = (length) => new Float64Array(length).fill(1);

function rms(values) {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}

function chain({ strength, depth, centre }, { f }) {
  const a = f(centre);
  const weights = Array(depth).fill([strength]);
  return { units: 1, samples: 1, x: [a], bias: centre - strength * a, weights: [...weights, [1]] };
}

// Weights are whole numbers of grains, layer by layer and row by row; so are the inputs.
function layers({ strength, depth, centre }, draws) {
  const { units, samples, grains, inputs } = draws;
  const size = strength / Math.sqrt(units);
  const scaled = draws.weights.slice(0, depth + 1).map((rows) => {
    const W = new Float64Array(rows.length);
    for (let k = 0; k < W.length; k += 1) W[k] = size * (rows[k] / grains);
    return W;
  });
  return { units, samples, x: inputs.map((draw) => draw / grains), bias: centre, weights: scaled };
}

// W a + b, or with `turned` the product of W turned on its side: (units, samples), row by row.
function product(W, a, { units, samples }, bias, turned = false) {
  const z = new Float64Array(units * samples);
  for (let unit = 0; unit < units; unit += 1) {
    const row = z.subarray(unit * samples, (unit + 1) * samples);
    for (let source = 0; source < units; source += 1) {
      const w = turned ? W[source * units + unit] : W[unit * units + source];
      for (let n = 0; n < samples; n += 1) row[n] += w * a[source * samples + n];
    }
    for (let n = 0; n < samples; n += 1) row[n] += bias;
  }
  return z;
}

function slopesOf(net, { f, df }) {
  let a = net.x;
  return net.weights.slice(0, -1).map((W) => {
    const z = product(W, a, net, net.bias);
    a = z.map(f);
    return z.map(df);
  });
}

// Multiplies by the power of two that brings the largest size between 1 and 2; returns that power.
function normalised(values) {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || !Number.isFinite(largest)) return 0;
  const power = Math.floor(Math.log2(largest));
  for (let k = 0; k < values.length; k += 1) values[k] *= 2 ** -power;
  return power;
}

// 10 to any power: `size` as a float, which may be 0 or infinite; `shown` is then digits and tens.
function number(power, size = 10 ** power) {
  const isLost = Number.isFinite(power) && (size === 0 || size === Infinity);
  const tens = Math.floor(power);
  return { power, size, shown: isLost ? { digits: 10 ** (power - tens), tens } : size };
}

function sizeOf(delta, twos) {
  const part = rms(delta);
  const half = Math.trunc(twos / 2);
  return number(Math.log10(part) + twos * Math.log10(2), part * 2 ** half * 2 ** (twos - half));
}

// What a float of so many bits makes of a size: 0 may be true, or come from rounding.
function held(power, { smallest, largest }) {
  if (power === -Infinity) return "zero";
  if (power < smallest) return "rounded";
  return power < largest ? "held" : "infinite";
}

// The size of the signal in every hidden layer, from the last to the first, if each output gets 1.
export function signals(state, draws) {
  const record = activations[state.activation];
  const net = state.network === "chain" ? chain(state, record) : layers(state, draws);
  const slopes = slopesOf(net, record);
  const rows = [];
  let delta = ones(net.units * net.samples);
  let twos = 0;
  for (let k = slopes.length - 1; k >= 0; k -= 1) {
    const slope = slopes[k];
    delta = product(net.weights[k + 1], delta, net, 0, true).map((d, at) => d * slope[at]);
    twos += normalised(delta);
    const found = sizeOf(delta, twos);
    rows.push({
      ...found, layer: k + 1, slope: rms(slope), factor: state.strength * rms(slope),
      held: held(found.power, floats[state.bits]),
    });
  }
  return rows;
}

// In one word, where a signal that grows or shrinks less than tenfold holds.
function verdict(power, kept) {
  if (power === -Infinity) return "zero";
  if (kept < -1) return "vanishes";
  return kept > 1 ? "explodes" : "holds";
}

// What the way back does as a whole, beside what strength times slope lets one expect.
export function summary(rows, { network, activation, strength, centre, bits }) {
  const [last, first] = [rows[0], rows.at(-1)];
  const isChain = network === "chain";
  const each = rows.map((row) => Math.log10(row.slope));
  const slope = isChain ? first.slope : 10 ** (each.reduce((sum, v) => sum + v, 0) / rows.length);
  const kept = first.power - last.power;
  return {
    first, last, slope, strength, bits,
    layers: rows.length,
    steps: rows.length - 1,
    step: 10 ** (kept / (rows.length - 1)),
    factor: strength * slope,
    expected: number(Math.log10(strength * slope) * rows.length),
    textbook: isChain && activation === "sigmoid" ? textbook(centre, 1) : NaN,
    verdict: verdict(first.power, kept),
    count: Object.fromEntries(["zero", "rounded", "infinite"].map((name) =>
      [name, rows.filter((row) => row.held === name).length])),
    ...range(rows.map((row) => row.power).filter(Number.isFinite)),
    edge: floats[bits].smallest,
  };
}

// Powers of ten to show, in few sizes, so that a scale seldom moves while one drags.
function range(powers) {
  const reach = (power) => 2 ** Math.max(0, Math.ceil(Math.log2(power)));
  return { low: -reach(Math.max(2, -Math.min(...powers, 0))), high: reach(Math.max(...powers, 0)) };
}
"""


def depth_module(records: Iterable[Activation]) -> str:
    """Return an ES module whose `signals` sends a signal back through a chain or through layers.

    `signals(state, draws)` lists, from the last hidden layer to the first, {layer, power, size,
    shown, slope, factor, held}: log10 |δ| (root mean square); |δ| as a float; the same, or {digits,
    tens} where no float holds it; the layer's root mean square of f′, and strength times it; what a
    float of `state.bits` makes of |δ|. `summary(rows, state)` says what the way back does. A state
    has `network`, `activation`, `strength`, `centre`, `depth` and `bits`. Errors are those of
    `javascript`.

    >>> from nnexplain.activations import activations
    >>> depth_module([activations["tanh"]]).count("export ")
    3
    """
    library = Library()
    book = library.name(in_textbooks)
    floats = {bits: _powers(kind) for bits, kind in _FLOATS.items()}
    return "".join([
        activation_module(records), library.text, f"const textbook = {book};\n",
        f"const floats = {json.dumps(floats)};\n", _CODE,
    ])  # fmt: skip


def _powers(kind: type[np.floating[Any]]) -> dict[str, float]:
    """Return the powers of ten below which a float is rounded to 0, and from which to infinity."""
    facts = np.finfo(kind)
    most = math.log10(facts.max) + math.log1p(2.0 ** -(facts.nmant + 2)) / math.log(10)
    return {"smallest": math.log10(facts.smallest_subnormal) - math.log10(2), "largest": most}
