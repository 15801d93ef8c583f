"""J at every point of a grid: only what depends on the two axes is computed again.

θ(α, β) = origin + α·first + β·second. A unit in front of both axes has one value a sample; a unit
behind one axis has one value for each coordinate of that axis; only units behind both need the
whole grid. There the pre-activation is, as long as no such unit lies before it, a short sum of
products of a function of α and a function of β,

    z(α, β) = row(α) + column(β) + tilt(α)·β + α·lean(β),

which one small matrix product writes down for the whole grid. Without tilt and lean the
exponential of a sigmoid is a product as well, exp(-z) = exp(-row)·exp(-column): a grid of A by B
points takes A + B exponentials a sample instead of A·B. Arrays have the shape
(units, samples, A or 1, B or 1), with 1 along an axis that does not matter.
"""

from __future__ import annotations

import functools
import itertools
import math
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nnexplain.structure import Structure

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
# Floats in one block of the grid: few enough for the caches, so many that threads seldom wait for
# each other.
_BLOCK = 10 << 14
# Points of the grid in one block, if that allows for them: along shorter runs NumPy writes out what
# is constant there, such as a target, before it computes with it.
_RUN = 1 << 14
# Floats of the largest layer that depend on one axis, for the samples prepared together.
_PREPARED = 1 << 17
# Floats of the widest layer over the whole grid from which threads pay, and how many there are at
# most: each takes the memory of three blocks.
_WORTH_THREADS = 1 << 20
_THREADS = 4
# exp(±350) and the product of two of them are far from the ends of the floats.
_SAFE = 350.0
# Losses that are squares are summed in place, which saves a third of the time.
_SQUARES = {"half_squared_error": 0.5, "mse": 1.0}


class _Matrices(NamedTuple):
    """A layer's (W | b) at the origin, and how it moves along the first and the second axis."""

    origin: Array
    first: Array
    second: Array

    def among(self, units: Indices, sources: Indices) -> _Matrices:
        """Pick the entries from some sources to some units."""
        return _Matrices(*(matrix[np.ix_(units, sources)] for matrix in self))


class _Group(NamedTuple):
    """Units of a layer that depend on the same axes, at most one, and their activations."""

    units: Indices
    a: Array


class _Parts(NamedTuple):
    """The four parts of z for every unit of a layer."""

    row: Array
    column: Array
    tilt: Array
    lean: Array


class _Layer(NamedTuple):
    """What is known of a layer's units behind both axes before the grid is filled.

    left (units, N, A, K) @ right (units, N, K, B) is z without t, what comes from the units behind
    both axes in the layer before. Each of `terms` brings a part of t: a matrix, and the axis that
    it moves along, None for the matrix at the origin. In front of a sigmoid, -z and -t stand for
    both. `value` takes what the product is: z, or 1 + exp(-z); with `is_factor` it is the factor
    F = exp(z) of σ(z + t) = F/(F + exp(-t)), which saves another pass over the grid. With
    `is_given` the layer before has computed t already, as w/(1 + exp(-z)).
    """

    left: Array
    right: Array
    terms: list[tuple[Array, int | None]]
    value: Callable[[Any], Any]
    is_factor: bool
    is_given: bool


def losses(
    structure: Structure,
    origin: Array,
    directions: tuple[Array, Array],
    alpha: Array,
    beta: Array,
    x: Array,
    y: Array,
) -> Array:
    """J at origin + α·first + β·second, for α (A,) and β (B,): an array (A, B).

    `origin` and both `directions` have the shape (count,); x (n, N) and y (outputs, N) are
    feature-major. A prediction without a loss raises `NnexplainError`.

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses as records
    >>> unit = Structure((1, 1), (activations["identity"],), records["half_squared_error"])
    >>> w, b = np.eye(2)
    >>> losses(unit, np.zeros(2), (w, b), np.array([2.0]), np.array([5.0, 4.0]),
    ...        np.array([[10.0]]), np.array([[24.0]]))
    array([[0.5, 0. ]])
    """
    matrices = [
        _Matrices(*layer)
        for layer in zip(*map(structure.matrices, (origin, *directions)), strict=True)
    ]
    total = np.zeros((alpha.size, beta.size))
    together = _PREPARED // (max(structure.sizes) * max(1, *total.shape))
    with np.errstate(all="ignore"):
        for samples in _slices(x.shape[1], together):
            some = _Sweep(structure, matrices, alpha[:, None], beta, x[:, samples])
            some.add_losses(total, y[:, samples])
    return structure.loss.scale(y.size) * total


class _Sweep:
    """One pass through the network for some samples: one-axis units at once, the grid in blocks."""

    def __init__(
        self, structure: Structure, matrices: list[_Matrices], alpha: Array, beta: Array, x: Array
    ) -> None:
        self.structure, self.alpha, self.beta = structure, alpha, beta
        self.layers: list[_Layer] = []
        self.groups = [_Group(np.arange(len(x)), x[:, :, None, None])]
        self.behind_both = np.arange(0)
        for k, layer in enumerate(matrices):
            self._advance(layer, _value(structure, k), x.shape[1])

    def _advance(self, matrices: _Matrices, value: Callable[[Any], Any], count: int) -> None:
        """Go one layer on: evaluate units behind one axis, prepare those behind both."""
        width = matrices.origin.shape[1]
        sources = [*self.groups, _Group(np.array([width - 1]), np.ones((1, 1, 1, 1)))]
        parts = self._parts(matrices, sources)
        after = bool(self.behind_both.size)
        first, second = (
            moved.any(axis=1) | after | any(group.a.shape[axis] > 1 for group in sources)
            for moved, axis in ((matrices.first, 2), (matrices.second, 3))
        )
        both = np.flatnonzero(first & second)
        if both.size:
            chosen = _Parts(*(part[both] for part in parts))
            among = matrices.among(both, self.behind_both)
            self.layers.append(self._layer(chosen, (both.size, count), among, value))
        self.groups = [
            _Group(some, np.asarray(value(_one_axis(parts, some, on_first, on_second))))
            for on_first, on_second in ((False, False), (True, False), (False, True))
            if (some := np.flatnonzero((first == on_first) & (second == on_second))).size
        ]
        self.behind_both = both

    def _parts(self, matrices: _Matrices, sources: list[_Group]) -> _Parts:
        """Sum the parts of z that come from units behind one axis at most, and from the biases."""
        nothing = np.zeros((len(matrices.origin), 1, 1, 1))
        row = column = tilt = lean = nothing
        for source in sources:
            base, along, across = (
                _through(some, source.a) if some.any() else nothing
                for some in (matrix[:, source.units] for matrix in matrices)
            )
            if source.a.shape[3] > 1:
                column = column + base + _times(across, self.beta)
                lean = lean + along
            elif source.a.shape[2] > 1:
                row = row + base + _times(along, self.alpha)
                tilt = tilt + across
            else:
                row = row + base + _times(along, self.alpha)
                column = column + _times(across, self.beta)
        return _Parts(row, column, tilt, lean)

    def _layer(
        self,
        parts: _Parts,
        shape: tuple[int, int],
        matrices: _Matrices,
        value: Callable[[Any], Any],
    ) -> _Layer:
        # A sigmoid is computed from -z, which saves a pass over the grid for the sign.
        sign = -1.0 if value is _sigmoid else 1.0
        row, column, tilt, lean = (sign * part for part in parts)
        # A pass over the whole grid for nothing would cost as much as one for something.
        terms = [
            (sign * matrix, axis)
            for matrix, axis in zip(matrices, (None, 0, 1), strict=True)
            if matrix.any()
        ]
        one = np.ones(1)
        pairs = [(row, one)]
        pairs += [(one, column)] if column.any() else []
        pairs += [(tilt, self.beta)] if tilt.any() else []
        pairs += [(self.alpha, lean)] if lean.any() else []
        is_factor = False
        if value is _sigmoid:
            is_sum = not (tilt.any() or lean.any())
            separable = is_sum and max(abs(row).max(), abs(column).max()) < _SAFE
            is_factor, value = separable and bool(terms), _sigmoid_of_minus
            if is_factor:
                pairs = [(np.exp(-row), np.exp(-column))]
            elif separable:
                pairs, value = [(np.exp(row), np.exp(column)), (one, one)], _over
        # Where t fills the grid, what does not depend on an axis keeps the length 1 along it.
        grid = (1, 1) if terms else (self.alpha.size, self.beta.size)
        left = np.broadcast_shapes((*shape, grid[0], 1), *(factor.shape for factor, _ in pairs))
        right = np.broadcast_shapes((*shape, 1, grid[1]), *(factor.shape for _, factor in pairs))
        return _Layer(
            np.concatenate([np.broadcast_to(factor, left) for factor, _ in pairs], 3),
            np.concatenate([np.broadcast_to(factor, right) for _, factor in pairs], 2),
            terms,
            value,
            is_factor,
            self._give(terms),
        )

    def _give(self, terms: list[tuple[Array, int | None]]) -> bool:
        """Let the layer before compute w/(1 + exp(-z)) where one weight w brings it here."""
        if len(terms) != 1 or terms[0][0].size != 1 or terms[0][1] is not None:
            return False
        before, weight = self.layers[-1], terms[0][0].item()
        if before.value not in (_sigmoid_of_minus, _over) or before.is_factor:
            return False
        self.layers[-1] = before._replace(value=functools.partial(before.value, over=weight))
        return True

    def add_losses(self, total: Array, y: Array) -> None:
        """Add the samples' loss, without its scale, to the grid `total`."""
        for units, a in self.groups:
            total += self._summed(y[units], a)
        if not self.layers:
            return
        widest = max(len(layer.left) for layer in self.layers)
        # However many threads there are: how sums are grouped decides their last digit.
        points = min(_RUN, _BLOCK // widest)
        rows = min(-(-self.alpha.size // _THREADS), -(-points // self.beta.size))
        samples = max(1, _BLOCK // (widest * rows * self.beta.size))

        def add(some_rows: slice) -> None:
            room = np.empty((3, widest * samples * rows * self.beta.size))
            with np.errstate(all="ignore"):  # which holds for one thread
                for some in _slices(y.shape[1], samples):
                    outputs = self._fill(some_rows, some, room)
                    total[some_rows] += self._summed(y[self.behind_both, some], outputs)

        large = widest * total.size * y.shape[1] >= _WORTH_THREADS
        threads = min(_THREADS, os.cpu_count() or 1) if large else 1
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(add, _slices(self.alpha.size, rows)))

    def _fill(self, rows: slice, samples: slice, room: Array) -> Array:
        """Return the outputs behind both axes for a block of the grid, within `room`."""
        axes, a = (self.alpha[rows], self.beta), np.empty((0, 1, 1, 1))
        even, odd, spare = room
        # Two layers take turns: the activations of the one make the pre-activations of the other.
        for layer, own in zip(self.layers, itertools.cycle((even, odd)), strict=False):
            left, right = layer.left[:, samples], layer.right[:, samples]
            left = left[:, :, rows] if left.shape[2] > 1 else left
            shape = (*left.shape[:2], len(axes[0]), len(axes[1]))
            t = a if layer.is_given else _within(own, shape)
            for k, (matrix, axis) in enumerate([] if layer.is_given else layer.terms):
                term = _through(matrix, a, _within(spare, shape) if k else t)
                if axis is not None:
                    term *= axes[axis]
                if k:
                    t += term
            place = spare if layer.terms else own
            z = np.matmul(left, right, _within(place, (*left.shape[:3], right.shape[3])))
            if layer.is_factor:
                a = np.divide(z, np.add(z, np.exp(t, t), t), t)
            else:
                a = np.asarray(layer.value(np.add(z, t, t) if layer.terms else z))
        return a

    def _summed(self, y: Array, outputs: Array) -> Array:
        """Sum the losses of outputs (units, N, A or 1, B or 1) over units and samples, in place."""
        record, targets = self.structure.loss, y[:, :, None, None]
        if self.structure.from_logit and record.from_logit is not None:
            each = record.from_logit(targets, outputs)
        elif record.name in _SQUARES:
            error = np.subtract(outputs, targets, outputs)
            return _total(np.multiply(error, error, error), _SQUARES[record.name])
        else:
            record.check_predictions(outputs)
            each = record.formula(targets, outputs)
        return _total(np.asarray(each))


def _value(structure: Structure, layer: int) -> Callable[[Any], Any]:
    """Return what turns z into what the next layer, or the loss, takes."""
    last = layer == len(structure.activations) - 1
    if last and structure.from_logit:
        return np.positive
    record = structure.activations[layer]
    return _sigmoid if record.name == "sigmoid" else record.formula


def _sigmoid(z: Array) -> Array:
    return _sigmoid_of_minus(np.negative(z))


def _sigmoid_of_minus(z: Array, over: float = 1.0) -> Array:
    """over/(1 + exp(z)) in place; where exp(z) overflows, the value is 0 to the last digit."""
    np.exp(z, z)
    z += 1.0
    return _over(z, over)


def _over(z: Array, over: float = 1.0) -> Array:
    return np.divide(over, z, z)


def _one_axis(parts: _Parts, units: Indices, on_first: bool, on_second: bool) -> Array:
    """Return z of units that depend on one axis at most, with 1 along the others."""
    # Other units of the layer may depend on more: what these do not depend on is constant there.
    row = parts.row[units][:, :, : None if on_first else 1]
    column = parts.column[units][..., : None if on_second else 1]
    return np.asarray(row + column)


def _through(matrix: Array, a: Array, out: Array | None = None) -> Array:
    """Return matrix (units, sources) times a (sources, N, A, B)."""
    if matrix.shape[1] == 1:
        # One source: plain multiplication is faster than a matrix product.
        return np.multiply(matrix[:, :, None, None], a, out)
    units = len(matrix)
    flat = None if out is None else out.reshape(units, -1)
    product: Array = np.matmul(matrix, a.reshape(len(a), -1), flat)
    return product.reshape(units, *a.shape[1:])


def _times(part: Array, axis: Array) -> Array:
    """Return part times axis; nothing stays as small as it is."""
    return part * axis if part.any() else part


def _within(room: Array, shape: tuple[int, ...]) -> Array:
    """Return an array of this shape that lies at the beginning of `room`.

    The system hands out new arrays of this size page by page, which takes as long as a pass over
    them.
    """
    return room[: math.prod(shape)].reshape(shape)


def _total(each: Array, share: float = 1.0) -> Array:
    """Return `share` of the sum over units and samples; a matrix product is the fastest sum."""
    units, count, *grid = each.shape
    return (np.full(units * count, share) @ each.reshape(units * count, -1)).reshape(grid)


def _slices(count: int, size: int) -> Iterator[slice]:
    return (slice(start, start + max(size, 1)) for start in range(0, count, max(size, 1)))
