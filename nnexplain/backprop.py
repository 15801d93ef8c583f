"""Backpropagation on plain arrays: J and all its partial derivatives in one backward pass.

Arrays are feature-major, one column a sample, and every layer is one matrix (W | b) that acts on
the activations with a row of ones below them: the bias is the weight of that row. Leading axes are
many parameter sets at once. Long batches run in blocks that stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nnexplain.activations import Activation
from nnexplain.losses import Loss

Array = npt.NDArray[np.float64]
_BLOCK = 8192


@dataclass(frozen=True)
class Structure:
    """What stays fixed while a network learns: sizes, one activation a layer, the loss.

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> Structure((3, 2, 1), (activations["sigmoid"],) * 2, losses["mse"]).shapes
    ((2, 4), (1, 3))
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    loss: Loss

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """The shape of each layer's matrix (W | b): units, sources + 1."""
        return tuple((m, n + 1) for n, m in zip(self.sizes, self.sizes[1:], strict=False))

    @property
    def from_logit(self) -> bool:
        """Whether the loss is computed from the pre-activation of a sigmoid output."""
        return self.loss.logit_slope is not None and self.activations[-1].name == "sigmoid"

    def matrices(self, vector: Array) -> list[Array]:
        """View parameters (..., count) as one matrix (..., units, sources + 1) per layer.

        >>> from nnexplain.activations import activations
        >>> from nnexplain.losses import losses
        >>> s = Structure((1, 1), (activations["tanh"],), losses["mse"])
        >>> s.matrices(np.array([2.0, 5.0]))
        [array([[2., 5.]])]
        """
        views, start = [], 0
        for m, n in self.shapes:
            views.append(vector[..., start : start + m * n].reshape(*vector.shape[:-1], m, n))
            start += m * n
        return views


class Layer(NamedTuple):
    """One layer after the forward pass: pre-activations z and activations a, (..., units, N)."""

    z: Array
    a: Array


class Buffers:
    """The arrays of one forward and backward pass, made once and used for every block and step.

    `leading` is the shape in front of (units, N): `()` for one parameter set, `(P,)` for P.
    """

    def __init__(self, structure: Structure, leading: tuple[int, ...], count: int) -> None:
        self.count = count
        # The last row of each input stays 1: it carries the bias.
        self.inputs = [
            np.ones((*(leading if k else ()), n + 1, count))
            for k, n in enumerate(structure.sizes[:-1])
        ]
        units = [(*leading, m, count) for m in structure.sizes[1:]]
        self.z = [np.empty(shape) for shape in units]
        self.slope = [np.empty(shape) for shape in units]
        self.delta = [np.empty(shape) for shape in units]
        self.a = [full[..., :-1, :] for full in self.inputs[1:]] + [np.empty(units[-1])]


def forward(structure: Structure, vector: Array, x: Array) -> list[Layer]:
    """a = f(W a_before + b) layer by layer, for inputs x (n, N) and parameters (..., count).

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> s = Structure((1, 1), (activations["identity"],), losses["mse"])
    >>> forward(s, np.array([2.0, 5.0]), np.array([[10.0]]))[0].a
    array([[25.]])
    """
    layers, a = [], x
    with np.errstate(all="ignore"):
        for matrix, activation in zip(structure.matrices(vector), structure.activations, strict=True):
            z = matrix[..., :-1] @ a + matrix[..., -1:]
            a = np.asarray(activation.formula(z), dtype=np.float64)
            layers.append(Layer(z, a))
    return layers


def loss_value(structure: Structure, output: Layer, y: Array) -> Array:
    """J = scale · Σ ℓ over the last two axes of the output layer, for targets y (outputs, N).

    Raises if a prediction lies where the loss is not defined.
    """
    loss = structure.loss
    with np.errstate(all="ignore"):
        if structure.from_logit and loss.from_logit is not None:
            each = loss.from_logit(y, output.z)
        else:
            loss.check_predictions(output.a)
            each = loss.formula(y, output.a)
    return np.asarray(loss.scale(y.size) * np.add.reduce(each, axis=(-2, -1)))


def deltas(structure: Structure, vector: Array, x: Array, y: Array) -> list[Array]:
    """δ = ∂J/∂z of every unit, one array (..., units, N) a layer, for x (n, N) and y (outputs, N)."""
    buffers = Buffers(structure, vector.shape[:-1], x.shape[-1])
    with np.errstate(all="ignore"):
        _sweep(structure, structure.matrices(vector), buffers, x, y, y.size)
    return buffers.delta


def gradient(structure: Structure, vector: Array, x: Array, y: Array) -> Array:
    """∂J/∂θ for parameters (..., count), inputs x (n, N) and targets y (outputs, N).

    One forward and one backward pass; the sum over samples is the product δ aᵀ.

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> s = Structure((1, 1), (activations["identity"],), losses["half_squared_error"])
    >>> gradient(s, np.array([2.0, 5.0]), np.array([[10.0]]), np.array([[24.0]]))
    array([10.,  1.])
    """
    total = np.empty(vector.shape)
    views = structure.matrices(total)
    matrices = structure.matrices(vector)
    count = x.shape[-1]
    block = min(count, max(1, _BLOCK // max(1, int(np.prod(vector.shape[:-1])))))
    buffers = Buffers(structure, vector.shape[:-1], block)
    with np.errstate(all="ignore"):
        for start in range(0, count, block):
            stop = min(start + block, count)
            if stop - start < buffers.count:
                buffers = Buffers(structure, vector.shape[:-1], stop - start)
            _sweep(structure, matrices, buffers, x[:, start:stop], y[:, start:stop], y.size)
            for view, delta, a in zip(views, buffers.delta, buffers.inputs, strict=True):
                product = np.matmul(delta, a.swapaxes(-1, -2), out=None if start else view)
                if start:
                    view += product
    return total


def _sweep(
    structure: Structure, matrices: Sequence[Array], at: Buffers, x: Array, y: Array, total: int
) -> None:
    """Fill `at` with one forward and one backward pass; `total` counts all targets of J."""
    at.inputs[0][:-1] = x
    for k, activation in enumerate(structure.activations):
        np.matmul(matrices[k], at.inputs[k], out=at.z[k])
        activation.value_and_slope(at.z[k], at.a[k], at.slope[k])
    _output_delta(structure, at, y, total)
    for k in range(len(matrices) - 1, 0, -1):
        weights = matrices[k][..., :-1].swapaxes(-1, -2)
        np.matmul(weights, at.delta[k], out=at.delta[k - 1])
        at.delta[k - 1] *= at.slope[k - 1]


def _output_delta(structure: Structure, at: Buffers, y: Array, total: int) -> None:
    loss, delta = structure.loss, at.delta[-1]
    if structure.from_logit and loss.logit_slope is not None:
        delta[...] = loss.logit_slope(y, at.z[-1])
    else:
        loss.check_predictions(at.a[-1])
        np.multiply(loss.slope(y, at.a[-1]), at.slope[-1], out=delta)
    if loss.averages:
        delta *= loss.scale(total)

