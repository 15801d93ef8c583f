"""The Hessian of J on plain arrays, exactly: the chain rule applied to backpropagation itself.

R{·} is the derivative along a direction v of the parameters (the R-operator, Pearlmutter1994).
Every line of the forward and of the backward pass gets its R-line, and R{∂J/∂θ} = H v. It takes f″
of the activations and the second derivative of the loss; nothing is approximated but the last one,
where a user's loss cannot be continued to complex numbers. Arrays are those
of `nnexplain.backprop`; one direction more is one leading index more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nnexplain.formula import COMPLEX, Formula, interpret
from nnexplain.losses import Loss
from nnexplain.structure import Structure

Array = npt.NDArray[np.float64]
# Floats in one array of a block: directions times units times samples, two megabytes.
_BLOCK = 1 << 18
_SAMPLES = 1024
# The complex step: its square is far below the last digit of any float in use.
_STEP = 1e-100
# The nudge of a difference, the cube root of the rounding unit: rounding and the neglected third
# derivative balance there.
_NUDGE = 6e-6
_ANYWHERE = (-np.inf, np.inf)


class _Layer(NamedTuple):
    """What the backward pass needs of one layer: its input and its slopes, and their R."""

    a: Array
    r_a: Array
    r_z: Array
    slope: Array
    curvature: Array


def products(structure: Structure, vector: Array, ways: Array, x: Array, y: Array) -> Array:
    """H v for every row v of `ways` (M, count), at parameters `vector` (count,): (M, count).

    x (n, N) and y (outputs, N) are feature-major.

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> unit = Structure((1, 1), (activations["identity"],), losses["half_squared_error"])
    >>> products(unit, np.array([2.0, 5.0]), np.eye(2), np.array([[10.0]]), np.array([[24.0]]))
    array([[100.,  10.],
           [ 10.,   1.]])
    """
    result = np.zeros(ways.shape)
    together = max(1, _BLOCK // (max(structure.sizes) * min(_SAMPLES, x.shape[1])))
    with np.errstate(all="ignore"):
        for first in range(0, len(ways), together):
            some = slice(first, first + together)
            for start in range(0, x.shape[1], _SAMPLES):
                samples = slice(start, start + _SAMPLES)
                result[some] += _block(structure, vector, ways[some], x[:, samples], y[:, samples])
    return structure.loss.scale(y.size) * result


def _block(structure: Structure, vector: Array, ways: Array, x: Array, y: Array) -> Array:
    matrices, moves = structure.matrices(vector), structure.matrices(ways)
    layers, z, h = _forward(structure, matrices, moves, x)
    delta, r_delta = _output(structure, layers[-1], z, h, y)
    result = np.zeros(ways.shape)
    totals = structure.matrices(result)
    for k in range(len(layers) - 1, -1, -1):
        layer = layers[k]
        totals[k][..., :-1] = r_delta @ layer.a.T + delta @ layer.r_a.swapaxes(-1, -2)
        totals[k][..., -1] = r_delta.sum(axis=-1)
        if k:
            w, r_w = matrices[k][:, :-1], moves[k][..., :-1]
            back, before = w.T @ delta, layers[k - 1]
            r_back = r_w.swapaxes(-1, -2) @ delta + w.T @ r_delta
            r_delta = r_back * before.slope + back * before.curvature * before.r_z
            delta = back * before.slope
    return result


def _forward(
    structure: Structure, matrices: list[Array], moves: list[Array], x: Array
) -> tuple[list[_Layer], Array, Array]:
    """Return every layer, and z and a of the last one."""
    layers: list[_Layer] = []
    a, r_a, z = x, np.zeros((len(moves[0]), *x.shape)), x
    for matrix, move, record in zip(matrices, moves, structure.activations, strict=True):
        z = matrix[:, :-1] @ a + matrix[:, -1:]
        r_z = move[..., :-1] @ a + move[..., -1:] + matrix[:, :-1] @ r_a
        slope, curvature = np.asarray(record.slope(z)), np.asarray(record.curvature(z))
        layers.append(_Layer(a, r_a, r_z, slope, curvature))
        a, r_a = np.asarray(record.formula(z)), slope * r_z
    return layers, z, a


def _output(
    structure: Structure, layer: _Layer, z: Array, h: Array, y: Array
) -> tuple[Array, Array]:
    """Return δ = ∂ℓ/∂z of the output units and R{δ}."""
    loss = structure.loss
    if structure.from_logit and loss.logit_slope is not None:
        delta, bend = _slope_and_curvature(loss, loss.logit_slope, y, z, _ANYWHERE)
        return delta, bend * layer.r_z
    loss.check_predictions(h)
    error, bend = _slope_and_curvature(loss, loss.slope, y, h, loss.predictions)
    steep = bend * layer.slope * layer.slope + error * layer.curvature
    return error * layer.slope, steep * layer.r_z


def _slope_and_curvature(
    loss: Loss, slope: Formula, y: Array, at: Array, domain: tuple[float, float]
) -> tuple[Array, Array]:
    """Return ∂ℓ/∂h and ∂²ℓ/∂h²: the loss' own slope, and its complex step, exact to the last digit.

    A step at a kink of the loss has no height here: the second derivative is that beside the kink.
    """
    if not loss.complex_step:
        return np.asarray(slope(y, at)), _difference(slope, y, at, domain)
    stepped = interpret(slope, COMPLEX)(y, at + 1j * _STEP)
    return np.asarray(slope(y, at)), np.imag(stepped) / _STEP


def _difference(slope: Formula, y: Array, at: Array, domain: tuple[float, float]) -> Array:
    """Return how the slope changes, on both sides of `at`, never across it nor out of `domain`."""
    room = np.minimum(at - domain[0], domain[1] - at)
    nudge = np.minimum(_NUDGE * np.maximum(1.0, np.abs(at)), room / 4)
    sides = [(at + nudge, at + 2 * nudge), (at - 2 * nudge, at - nudge)]
    changes = [(slope(y, right) - slope(y, left)) / (right - left) for left, right in sides]
    return np.asarray((changes[0] + changes[1]) / 2)
