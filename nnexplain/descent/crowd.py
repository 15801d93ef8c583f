"""J and its gradient at a crowd of parameter sets: restarts, or the points of a walk.

Here the sets are the last, contiguous axis: parameters (count, P), activations (units, N, P). So
every operation runs along the crowd, however few samples there are; a matrix for each set would be
too small to be worth its call. `nnexplain.backprop` is for one set, and for wide layers.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from nnexplain import backprop
from nnexplain.errors import NnexplainError
from nnexplain.losses import losses as records
from nnexplain.structure import Structure

Array = npt.NDArray[np.float64]
# Floats in flight in one block, four megabytes: a thread alone likes a quarter of it, but several
# would then spend their time waiting for each other.
_BUDGET = 1 << 19
# With fewer sets than this side by side the runs along the crowd are too short to pay.
_LEAST = 16
# A squared error is this share of its squared slope, whose sum takes a quarter of the time.
_OF_SQUARED_SLOPE = {records["half_squared_error"]: 0.5, records["mse"]: 0.25}
# With more weights behind the first layer, times samples, a matrix product for each set is faster.
_WIDE = 5000


def crowd_size(structure: Structure, count: int) -> int:
    """Return how many parameter sets go side by side for `count` samples; 1 where none should.

    >>> from nnexplain.activations import activations
    >>> three_two_one = Structure((3, 2, 1), (activations["sigmoid"],) * 2, records["mse"])
    >>> crowd_size(three_two_one, 100), crowd_size(three_two_one, 1000)
    (582, 58)
    """
    behind = sum(units * width for units, width in structure.shapes[1:])
    sets = _BUDGET // (3 * sum(structure.sizes[1:]) * count)
    return sets if sets >= _LEAST and behind * count <= _WIDE else 1


class Crowd:
    """Forward and backward passes of P parameter sets, over arrays that are made once.

    x is (n, N) and y (outputs, N). A prediction outside the domain of the loss has the loss nan.
    Callers silence floating-point warnings.
    """

    def __init__(self, structure: Structure, x: Array, y: Array, sets: int) -> None:
        self.structure, self.sets = structure, sets
        count, (*hidden, outputs) = x.shape[1], structure.sizes[1:]
        self._x = np.ones((count, len(x) + 1))
        # Targets stand there for every set: repeating them at each step takes longer.
        self._y, self._scale = np.empty((outputs, count, sets)), structure.loss.scale(y.size)
        self.load(x, y)
        self._share = _OF_SQUARED_SLOPE.get(structure.loss)
        # The last row of each layer's input stays 1: it carries the bias.
        self._inputs = [np.ones((units + 1, count, sets)) for units in hidden]
        shapes = [(units, count, sets) for units in structure.sizes[1:]]
        self._z = [np.empty(shape) for shape in shapes]
        self._a = [*(full[:-1] for full in self._inputs), np.empty(shapes[-1])]
        # What is not needed any more is overwritten, so that more sets fit the cache: z by f′, a
        # hidden a by its δ. The last z stays where the loss is computed from it.
        last = np.empty(shapes[-1]) if structure.from_logit else self._z[-1]
        self._slope = [*self._z[:-1], last]
        self._delta = [*self._a[:-1], last]
        self._error = self._a[-1]
        self._theta = np.empty((structure.count, sets))
        self._gradient = np.empty((structure.count, sets))
        self._weights = _matrices(structure, self._theta)
        self._sums = _matrices(structure, self._gradient)

    def load(self, x: Array, y: Array) -> None:
        """Take other samples, as many as before."""
        self._x[:, :-1] = x.T
        self._y[...] = y[..., None]

    def losses(self, theta: Array) -> Array:
        """J (P,) at the parameters theta (count, P)."""
        return self._summed(theta, self.loss)

    def gradient(self, theta: Array) -> Array:
        """∂J/∂θ (count, P) at theta (count, P), in an array that the next call overwrites."""
        self._theta[...] = theta
        self._forward(careful=False)
        self._backward()
        if not math.isfinite(np.vdot(self._gradient, self._gradient)):
            self._forward(careful=True)
            self._backward()
        return self._gradient

    def errors(self, theta: Array) -> Array:
        """Σ |∂J/∂h| (P,) over samples and outputs; |∂J/∂z| where the loss includes the σ."""
        return self._summed(theta, self._absolute_error)

    def loss(self) -> Array:
        """J (P,) where `gradient` or `losses` was last asked for."""
        record, y, z, h = self.structure.loss, self._y, self._z[-1], self._a[-1]
        if self._share is not None:
            squares = np.einsum("knp,knp->p", self._error, self._error)
            return np.asarray(self._scale * self._share * squares)
        if self.structure.from_logit and record.from_logit is not None:
            each = record.from_logit(y, z)
        else:
            each = record.formula(y, h)
            if not self.structure.defined_everywhere:
                low, high = record.predictions
                each = np.where((low < h) & (h < high), each, np.nan)
        return np.asarray(self._scale * each.sum(axis=(0, 1)))

    def _absolute_error(self) -> Array:
        return np.asarray(self._scale * abs(self._error).sum(axis=(0, 1)))

    def _summed(self, theta: Array, result: Callable[[], Array]) -> Array:
        self._theta[...] = theta
        self._forward(careful=False)
        values = result()
        if not math.isfinite(values.sum()):
            self._forward(careful=True)
            values = result()
        return values

    def _forward(self, *, careful: bool) -> None:
        first, *later = self._weights
        np.matmul(self._x, first, out=self._z[0])
        self._activate(0, careful=careful)
        for depth, (matrix, full) in enumerate(zip(later, self._inputs, strict=True), 1):
            np.einsum("kip,inp->knp", matrix, full, out=self._z[depth])
            self._activate(depth, careful=careful)
        self._error = self._output_error()

    def _activate(self, depth: int, *, careful: bool) -> None:
        # The fast form may overflow to nan, which its caller notices.
        record, z = self.structure.activations[depth], self._z[depth]
        if record.both is not None and not careful:
            record.both(z, self._a[depth], self._slope[depth])
        else:
            self._a[depth][...] = record.formula(z)
            self._slope[depth][...] = record.slope(z)

    def _output_error(self) -> Array:
        """Return ∂ℓ/∂h, or ∂ℓ/∂z where the loss includes the σ, (outputs, N, P)."""
        record = self.structure.loss
        if self.structure.from_logit and record.logit_slope is not None:
            return np.asarray(record.logit_slope(self._y, self._z[-1]))
        return np.asarray(record.slope(self._y, self._a[-1]))

    def _backward(self) -> None:
        error, delta = self._error, self._delta
        if self.structure.from_logit:
            delta[-1][...] = error
        else:
            np.multiply(error, self._slope[-1], out=delta[-1])
        for depth in range(len(delta) - 1, 0, -1):
            before, behind = delta[depth - 1], delta[depth]
            np.einsum("knp,inp->kip", behind, self._inputs[depth - 1], out=self._sums[depth])
            np.einsum("knp,kip->inp", behind, self._weights[depth][:, :-1], out=before)
            np.multiply(before, self._slope[depth - 1], out=before)
        np.matmul(self._x.T, delta[0], out=self._sums[0])
        if self.structure.loss.averages:
            self._gradient *= self._scale


def _matrices(structure: Structure, theta: Array) -> list[Array]:
    """View theta (count, P) as one array (units, sources + 1, P) per layer."""
    return [matrix.transpose(1, 2, 0) for matrix in structure.matrices(theta.T)]


def losses(structure: Structure, theta: Array, x: Array, y: Array) -> Array:
    """J (P,) at theta (count, P); nan where a prediction has no loss. Memory stays bounded.

    >>> from nnexplain.activations import activations
    >>> unit = Structure((1, 1), (activations["identity"],), records["half_squared_error"])
    >>> losses(unit, np.array([[2.0, 2.0], [5.0, 4.0]]), np.array([[10.0]]), np.array([[24.0]]))
    array([0.5, 0. ])
    """
    if theta.shape[1] >= _LEAST and crowd_size(structure, x.shape[1]) > 1:
        return _in_crowds(Crowd.losses, structure, theta, x, y)
    try:
        return backprop.loss(structure, np.ascontiguousarray(theta.T), x, y)
    except NnexplainError:
        if theta.shape[1] == 1:
            return np.array([math.nan])
    return np.concatenate([losses(structure, each, x, y) for each in theta.T[..., None]])


def errors(structure: Structure, theta: Array, x: Array, y: Array) -> Array:
    """E (P,) at theta (count, P): Σ |∂J/∂h|, of the output's z where the loss includes the σ.

    >>> from nnexplain.activations import activations
    >>> unit = Structure((1, 1), (activations["identity"],), records["half_squared_error"])
    >>> errors(unit, np.array([[2.0], [5.0]]), np.array([[10.0, 1.0]]), np.array([[24.0, 8.0]]))
    array([2.])
    """
    return _in_crowds(Crowd.errors, structure, theta, x, y)


def _in_crowds(
    values: Callable[[Crowd, Array], Array], structure: Structure, theta: Array, x: Array, y: Array
) -> Array:
    size, total = crowd_size(structure, x.shape[1]), theta.shape[1]
    parts = [theta[:, start : start + size] for start in range(0, total, size)]
    crowds = {part.shape[1]: Crowd(structure, x, y, part.shape[1]) for part in parts[-2:]}
    with np.errstate(all="ignore"):
        return np.concatenate([values(crowds[part.shape[1]], part) for part in parts])
