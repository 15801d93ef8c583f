"""Backpropagation on plain arrays: J and all its partial derivatives in one backward pass.

Arrays are feature-major, one column a sample, and every layer is one matrix (W | b) that acts on
the activations with a row of ones below them: the bias is the weight of that row. Parameters are
one vector (count,) or many, (P, count): restarts, points of a plane. Long batches and many
parameter sets run in blocks that stay in the processor's cache, so memory stays bounded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from types import EllipsisType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nnexplain.structure import Structure
from nnexplain.written_out import partials

Array = npt.NDArray[np.float64]
# Floats in flight in one block, half a megabyte: a share of the second-level cache, and for small
# layers few enough that BLAS does not wake its threads, which wait long on a busy machine.
_BUDGET = 1 << 16
# Fewer samples than this in a block would leave the matrix product too little to do.
_LEAST = 256
# The arrays of the last calls wait here for the next of the same shape: full batches and the rest
# in descent. Threads may share this: nobody finds what another thread has taken out.
_SPARES = 4
_SPARE: dict[tuple[int, tuple[int, ...], int], Pass] = {}


# f and f′ at once, the product with the layer's matrix, and the arrays full, z, a and slope.
_Step = tuple[
    Callable[[Array, Array, Array], None], Callable[[Array, Array], object],
    Array, Array, Array, Array,
]  # fmt: skip


class Layer(NamedTuple):
    """One layer after the forward pass: pre-activations z and activations a, (..., units, N)."""

    z: Array
    a: Array


class Pass:
    """One forward and one backward pass over arrays that are made once and used for every block.

    `leading` is the shape in front of (units, N): `()` for one parameter set, `(P,)` for P. The
    scale of the loss is left out.
    """

    def __init__(self, structure: Structure, leading: tuple[int, ...], count: int) -> None:
        self.structure = structure
        sizes = structure.sizes
        self.vector = np.empty((*leading, structure.count))
        self.gradient = np.empty((*leading, structure.count))
        # The last row of each layer's input stays 1: it carries the bias.
        inputs = [
            _aligned((*(leading if depth else ()), units + 1, count))
            for depth, units in enumerate(sizes[:-1])
        ]
        for full in inputs:
            full[..., -1, :] = 1.0
        shapes = [(*leading, units, count) for units in sizes[1:]]
        self.x = inputs[0][:-1]
        self.z = [_aligned(shape) for shape in shapes]
        self.a = [full[..., :-1, :] for full in inputs[1:]] + [_aligned(shapes[-1])]
        self.slope = [_aligned(shape) for shape in shapes]
        self.delta = [_aligned(shape) for shape in shapes]
        matrices = structure.matrices(self.vector)
        layers = [
            (_product(matrix, count), full, z, a, slope)
            for matrix, full, z, a, slope in zip(
                matrices, inputs, self.z, self.a, self.slope, strict=True
            )
        ]
        records = structure.activations
        self._careful = [(f.value_and_slope, *at) for f, at in zip(records, layers, strict=True)]
        self._fast = [
            (f.both or f.value_and_slope, *at) for f, at in zip(records, layers, strict=True)
        ]
        self._backward = [
            (_product(matrices[k][..., :-1].swapaxes(-1, -2), count), *pair, self.slope[k - 1])
            for k, pair in reversed(list(enumerate(pairwise(self.delta), 1)))
        ]
        self._sums = [
            (_product(delta, count), full.swapaxes(-1, -2), total)
            for delta, full, total in zip(
                self.delta, inputs, structure.matrices(self.gradient), strict=True
            )
        ]

    def run(self, vector: Array, x: Array, y: Array) -> Array:
        """Fill all arrays for these parameters, inputs and targets; return `gradient`.

        The array that is returned is overwritten by the next run.
        """
        self.x[...] = x
        with np.errstate(all="ignore"):
            return self.rerun(vector, y)

    def rerun(self, vector: Array, y: Array) -> Array:
        """Run at other parameters with the inputs of the last run, as descent does at every step.

        The caller silences floating-point warnings: doing it here costs a tenth of a short step.
        """
        self.vector[...] = vector
        self._sweep(self._fast, y)
        # A nan of the fast forms reaches the partial derivative of its unit's bias.
        if not math.isfinite(np.vdot(self.gradient, self.gradient)):
            self._sweep(self._careful, y)
        return self.gradient

    def _sweep(self, layers: Sequence[_Step], y: Array) -> None:
        for value_and_slope, product, full, z, a, slope in layers:
            product(full, z)
            value_and_slope(z, a, slope)
        self._output_delta(y)
        for product, before, delta, slope in self._backward:
            product(delta, before)
            np.multiply(before, slope, before)
        for product, full, total in self._sums:
            product(full, total)

    def _output_delta(self, y: Array) -> None:
        loss, delta = self.structure.loss, self.delta[-1]
        if self.structure.from_logit and loss.logit_slope is not None:
            delta[...] = loss.logit_slope(y, self.z[-1])
        else:
            loss.check_predictions(self.a[-1])
            np.multiply(loss.slope(y, self.a[-1]), self.slope[-1], delta)


def _aligned(shape: tuple[int, ...]) -> Array:
    """Return an empty array that starts on a cache line: sums and products then take half the time.

    NumPy's own start on any sixteenth byte, so that wide registers load across two lines.
    """
    size = math.prod(shape)
    room = np.empty(size + 7)
    start = -room.ctypes.data // 8 % 8
    return room[start : start + size].reshape(shape)


def _product(left: Array, count: int) -> Callable[[Array, Array], object]:
    """Return the function (right, out) that writes the matrix product of left and right to out."""
    if left.shape[-1] == 1 and count > _LEAST:
        # An outer product of so many columns: plain multiplication is four times faster.
        return partial(np.multiply, left)
    # The method of one matrix answers sooner than matmul, which also takes stacks of them.
    return left.dot if left.ndim == 2 else partial(np.matmul, left)


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
    at = Pass(structure, vector.shape[:-1], x.shape[-1])
    at.run(vector, x, y)
    scale = structure.loss.scale(y.size)
    return [scale * delta for delta in at.delta] if structure.loss.averages else at.delta


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
    blocks = _blocks(structure, sets.shape[:-1], x.shape[-1])
    if len(blocks) == 1:
        total = _run(structure, sets, x, y)
    else:
        total = np.zeros(sets.shape)
        for some, samples in blocks:
            total[some] += _run(structure, sets[some], x[:, samples], y[:, samples])
    if structure.loss.averages:
        total *= structure.loss.scale(y.size)
    return total if sets is vector else total.reshape(vector.shape)


def _blocks(
    structure: Structure, leading: tuple[int, ...], count: int
) -> list[tuple[EllipsisType | slice, slice]]:
    """Cut parameter sets and samples so that one block's arrays stay within the budget."""
    room = _BUDGET // (4 * sum(structure.sizes))
    if count <= room and not leading:
        return [(..., slice(None))]
    samples = min(count, max(room, _LEAST))
    sets = max(1, room // samples)
    return [
        (... if first is None else slice(first, first + sets), slice(start, start + samples))
        for first in (range(0, leading[0], sets) if leading else (None,))
        for start in range(0, count, samples)
    ]


def _run(structure: Structure, vector: Array, x: Array, y: Array) -> Array:
    """Return the gradient of one block, with the scale of the loss left out."""
    leading, count = vector.shape[:-1], x.shape[-1]
    # The id is that of no other structure: the arrays that wait hold theirs alive.
    key = (id(structure), leading, count)
    at = _SPARE.pop(key, None) or Pass(structure, leading, count)
    result = at.run(vector, x, y).copy()
    if len(_SPARE) >= _SPARES:
        _SPARE.clear()
    _SPARE[key] = at
    return result
