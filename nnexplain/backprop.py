"""Backpropagation on plain arrays: J and all its partial derivatives in one backward pass.

Arrays are feature-major, one column a sample, and every layer is one matrix (W | b) that acts on
the activations with a row of ones below them: the bias is the weight of that row. Parameters are
one vector (count,) or many, (P, count): restarts, points of a plane. Long batches and many
parameter sets run in blocks that stay in the processor's cache, so memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import EllipsisType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nnexplain.structure import Structure
from nnexplain.written_out import partials

Array = npt.NDArray[np.float64]
# Floats in flight in one block, half a megabyte: a share of the second-level cache.
_BUDGET = 1 << 16
# Fewer samples than this in a block would leave the matrix product too little to do.
_LEAST = 256
# The buffers of the last call wait here for the next one of the same shape, as in descent. Threads
# may share this: taking one out is atomic, and nobody finds what another thread has taken.
_SPARE: dict[tuple[tuple[int, ...], tuple[int, ...], int], Buffers] = {}


class Layer(NamedTuple):
    """One layer after the forward pass: pre-activations z and activations a, (..., units, N)."""

    z: Array
    a: Array


class Buffers:
    """The arrays of one forward and backward pass, made once and used for every block.

    `leading` is the shape in front of (units, N): `()` for one parameter set, `(P,)` for P.
    """

    def __init__(self, sizes: Sequence[int], leading: tuple[int, ...], count: int) -> None:
        # The last row of each layer's input stays 1: it carries the bias.
        self.inputs = [
            np.ones((*(leading if depth else ()), units + 1, count))
            for depth, units in enumerate(sizes[:-1])
        ]
        shapes = [(*leading, units, count) for units in sizes[1:]]
        self.z = [np.empty(shape) for shape in shapes]
        self.slope = [np.empty(shape) for shape in shapes]
        self.delta = [np.empty(shape) for shape in shapes]
        self.a = [full[..., :-1, :] for full in self.inputs[1:]] + [np.empty(shapes[-1])]
        # NumPy's dot is the faster product of two matrices, matmul the one of stacks of them.
        self.product = np.matmul if leading else np.dot


def forward(structure: Structure, vector: Array, x: Array) -> list[Layer]:
    """Run a = f(W a_before + b) layer by layer, for inputs x (n, N) and parameters (..., count).

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> unit = Structure((1, 1), (activations["identity"],), losses["mse"])
    >>> forward(unit, np.array([2.0, 5.0]), np.array([[10.0]]))[0].a
    array([[25.]])
    """
    layers, a = [], x
    with np.errstate(all="ignore"):
        for matrix, activation in zip(
            structure.matrices(vector), structure.activations, strict=True
        ):
            z = matrix[..., :-1] @ a + matrix[..., -1:]
            a = np.asarray(activation.formula(z), dtype=np.float64)
            layers.append(Layer(z, a))
    return layers


def loss(structure: Structure, vector: Array, x: Array, y: Array) -> Array:
    """J = scale · Σ ℓ(y, h) for parameters (..., count), inputs x (n, N), targets y (outputs, N).

    Returns an array of the leading shape. A prediction without a loss raises `NnexplainError`.

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> unit = Structure((1, 1), (activations["identity"],), losses["half_squared_error"])
    >>> both = np.array([[2.0, 5.0], [2.0, 4.0]])
    >>> loss(unit, both, np.array([[10.0]]), np.array([[24.0]]))
    array([0.5, 0. ])
    """
    sets = vector if vector.ndim == 1 else vector.reshape(-1, structure.count)
    total = np.zeros(sets.shape[:-1])
    for some, samples in _blocks(structure, sets.shape[:-1], x.shape[-1]):
        output = forward(structure, sets[some], x[:, samples])[-1]
        total[some] += _each_loss(structure, output, y[:, samples]).sum(axis=(-2, -1))
    return np.asarray(structure.loss.scale(y.size) * total.reshape(vector.shape[:-1]))


def _each_loss(structure: Structure, output: Layer, y: Array) -> Array:
    record = structure.loss
    with np.errstate(all="ignore"):
        if structure.from_logit and record.from_logit is not None:
            return np.asarray(record.from_logit(y, output.z))
        record.check_predictions(output.a)
        return np.asarray(record.formula(y, output.a))


def deltas(structure: Structure, vector: Array, x: Array, y: Array) -> list[Array]:
    """δ = ∂J/∂z of every unit, one array (..., units, N) a layer, for x (n, N) and y (outputs, N).

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> unit = Structure((1, 1), (activations["identity"],), losses["half_squared_error"])
    >>> deltas(unit, np.array([2.0, 5.0]), np.array([[10.0]]), np.array([[24.0]]))
    [array([[1.]])]
    """
    buffers = Buffers(structure.sizes, vector.shape[:-1], x.shape[-1])
    with np.errstate(all="ignore"):
        _sweep(structure, structure.matrices(vector), buffers, x, y)
    scale = structure.loss.scale(y.size)
    return [scale * delta for delta in buffers.delta] if structure.loss.averages else buffers.delta


def gradient(structure: Structure, vector: Array, x: Array, y: Array) -> Array:
    """∂J/∂θ for parameters (..., count), inputs x (n, N) and targets y (outputs, N).

    One forward and one backward pass; the sum over samples is the product δ aᵀ. A single sample of
    a small network takes the written-out form.

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> unit = Structure((1, 1), (activations["identity"],), losses["half_squared_error"])
    >>> gradient(unit, np.array([2.0, 5.0]), np.array([[10.0]]), np.array([[24.0]]))
    array([10.,  1.])
    """
    if vector.ndim == 1 and x.shape[-1] == 1 and (written := partials(structure)):
        try:
            return np.array(written(vector.tolist(), x[:, 0].tolist(), y[:, 0].tolist()))
        except (ArithmeticError, ValueError):
            pass  # Python's floats raise where arrays carry on with inf.
    sets = vector if vector.ndim == 1 else vector.reshape(-1, structure.count)
    total = np.zeros(sets.shape)
    for some, samples in _blocks(structure, sets.shape[:-1], x.shape[-1]):
        total[some] += _block_gradient(structure, sets[some], x[:, samples], y[:, samples])
    if structure.loss.averages:
        total *= structure.loss.scale(y.size)
    return total.reshape(vector.shape)


def _blocks(
    structure: Structure, leading: tuple[int, ...], count: int
) -> Iterator[tuple[EllipsisType | slice, slice]]:
    """Cut parameter sets and samples so that one block's arrays stay within the budget."""
    per_sample = 4 * sum(structure.sizes)
    samples = min(count, max(_BUDGET // per_sample, _LEAST))
    sets = max(1, _BUDGET // (per_sample * samples))
    for first in range(0, leading[0], sets) if leading else (None,):
        some = ... if first is None else slice(first, first + sets)
        for start in range(0, count, samples):
            yield some, slice(start, start + samples)


def _block_gradient(structure: Structure, vector: Array, x: Array, y: Array) -> Array:
    """Return the gradient of one block, with the scale of the loss left out."""
    key = (structure.sizes, vector.shape[:-1], x.shape[-1])
    at = _SPARE.pop(key, None) or Buffers(*key)
    result = np.empty(vector.shape)
    with np.errstate(all="ignore"):
        _sweep(structure, structure.matrices(vector), at, x, y)
        for partial, delta, a in zip(structure.matrices(result), at.delta, at.inputs, strict=True):
            at.product(delta, a.swapaxes(-1, -2), out=partial)
    _SPARE.clear()
    _SPARE[key] = at
    return result


def _sweep(
    structure: Structure, matrices: Sequence[Array], at: Buffers, x: Array, y: Array
) -> None:
    """Fill `at` with one forward and one backward pass, with the scale of the loss left out."""
    at.inputs[0][:-1] = x
    for k, activation in enumerate(structure.activations):
        at.product(matrices[k], at.inputs[k], out=at.z[k])
        activation.value_and_slope(at.z[k], at.a[k], at.slope[k])
    _output_delta(structure, at, y)
    for k in range(len(matrices) - 1, 0, -1):
        weights = matrices[k][..., :-1].swapaxes(-1, -2)
        # A single unit's product is an outer one: plain multiplication is four times faster.
        product = np.multiply if structure.sizes[k + 1] == 1 else at.product
        product(weights, at.delta[k], out=at.delta[k - 1])
        at.delta[k - 1] *= at.slope[k - 1]


def _output_delta(structure: Structure, at: Buffers, y: Array) -> None:
    record, delta = structure.loss, at.delta[-1]
    if structure.from_logit and record.logit_slope is not None:
        delta[...] = record.logit_slope(y, at.z[-1])
    else:
        record.check_predictions(at.a[-1])
        np.multiply(record.slope(y, at.a[-1]), at.slope[-1], out=delta)
