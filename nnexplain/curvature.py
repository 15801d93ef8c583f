"""Curvature of J: the exact Hessian, and what kind of place a point of the landscape is.

A curvature counts as zero where a step of length 1 along it would change J by less than 1e-8 of the
largest curvature or of J itself, whichever is larger; the gradient likewise. Along directions of
zero curvature the second derivatives cannot decide whether J rises or falls, and the words say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nnexplain import arguments, backprop
from nnexplain.errors import NnexplainError
from nnexplain.hessian import products
from nnexplain.network import Network
from nnexplain.numbers import format_number

Array = npt.NDArray[np.float64]
TOLERANCE = 1e-8


def hessian_product(
    net: Network, x: npt.ArrayLike, y: npt.ArrayLike, directions: npt.ArrayLike
) -> Array:
    """Return H v for directions v (..., count) in the order of the network's names.

    H holds ∂²J/∂θᵢ∂θⱼ; its product costs about two gradients a direction. At a kink of an
    activation it follows the convention of the record.

    >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> hessian_product(net, [10], 24, [1, 0])
    array([100.,  10.])
    """
    inputs, targets, _ = net.data(x, y)
    ways = arguments.parameter_points(directions, net.names, "directions")
    return products(net.structure, net.vector, ways.reshape(-1, net.vector.size), inputs,
                     targets).reshape(ways.shape)  # fmt: skip


def hessian(net: Network, x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
    """Return the matrix of all second derivatives ∂²J/∂θᵢ∂θⱼ, in the order of the names.

    >>> hessian(Network([1, 1], "identity", {"w12": 2, "b2": 5}), [10], 24)
    array([[100.,  10.],
           [ 10.,   1.]])
    """
    return hessian_product(net, x, y, np.eye(net.vector.size))


@dataclass(frozen=True, eq=False)
class Curvature:
    """Slope and curvature of J at one network, in all parameters or within some directions.

    `gradient` (k,) and `hessian` (k, k) are J's derivatives along `directions` (k, count), the
    parameters themselves unless others were asked for. `eigenvalues` are the curvatures along
    the principal directions, smallest first; column i of `eigenvectors` belongs to eigenvalue i.
    `kinks` names the units that stand exactly on a kink of their activation for some sample: there
    J has no second derivative, and the Hessian follows the activation's convention. It ends with
    "loss" where a prediction stands exactly on a kink of the loss: there J has no slope either, and
    both follow the loss's convention.
    """

    network: Network
    loss: float
    gradient: Array = field(repr=False)
    hessian: Array = field(repr=False)
    directions: Array = field(repr=False)
    kinks: tuple[int | str, ...] = ()

    @cached_property
    def _eigen(self) -> tuple[Array, Array]:
        values, vectors = np.linalg.eigh((self.hessian + self.hessian.T) / 2)
        return values, vectors

    @property
    def eigenvalues(self) -> Array:
        """The curvatures along the principal directions, smallest first."""
        return self._eigen[0]

    @property
    def eigenvectors(self) -> Array:
        """The principal directions, one a column, in the coordinates of `directions`."""
        return self._eigen[1]

    @property
    def tolerance(self) -> float:
        """What counts as zero here: 1e-8 of the largest curvature or of J, whichever is larger."""
        return TOLERANCE * max(float(abs(self.eigenvalues).max()), abs(self.loss))

    @property
    def critical(self) -> bool:
        """Whether the gradient is zero within the tolerance."""
        return float(np.linalg.norm(self.gradient)) <= self.tolerance

    @property
    def signs(self) -> tuple[int, int, int]:
        """How many principal curvatures are negative, zero within the tolerance, and positive."""
        falling = int(np.sum(self.eigenvalues < -self.tolerance))
        rising = int(np.sum(self.eigenvalues > self.tolerance))
        return falling, len(self.eigenvalues) - falling - rising, rising

    @property
    def kind(self) -> str:
        """What kind of place this is.

        "kink" where the loss has none, so that J has no slope; "slope" where the gradient is not
        zero; else "minimum" (every curvature positive), "maximum"
        (every one negative), "saddle" (both signs), "valley" and "ridge" (as minimum and maximum,
        but flat along some directions), "plateau" (flat along all).
        """
        falling, flat, rising = self.signs
        if "loss" in self.kinks:
            return "kink"
        if not self.critical:
            return "slope"
        if falling and rising:
            return "saddle"
        if not falling and not rising:
            return "plateau"
        if rising:
            return "valley" if flat else "minimum"
        return "ridge" if flat else "maximum"

    def __str__(self) -> str:
        falling, flat, rising = self.signs
        words = [
            f"{self.kind}: J = {format_number(self.loss)}, "
            f"|∇J| = {format_number(float(np.linalg.norm(self.gradient)))}; the curvature is "
            f"positive along {rising}, zero along {flat} and negative along {falling} of "
            f"{len(self.eigenvalues)} principal directions (zero means within "
            f"{format_number(self.tolerance, 2)})"
        ]
        if flat and self.critical and not (falling and rising):
            words.append(
                "second derivatives cannot say whether J rises or falls along the flat directions"
            )
        units = [kink for kink in self.kinks if kink != "loss"]
        if units:
            words.append(
                f"{_units(units)} on a kink, where J has no second "
                "derivative: this is the curvature by the activation's convention"
            )
        if "loss" in self.kinks:
            loss = self.network.loss_function
            words.append(
                "h = y for some sample, where J has neither slope nor curvature: "
                f"loss {loss.name}, {loss.kink}"
            )
        return "; ".join(words)


def curvature(
    net: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    directions: npt.ArrayLike | None = None,
) -> Curvature:
    """Return slope and curvature of J at the network.

    `directions` (k, count) restricts both to a line, a plane, ... through the network: what looks
    like a minimum there may be a slope or a saddle in all parameters.

    >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 4})
    >>> print(curvature(net, [10], 24))
    valley: J = 0, |∇J| = 0; the curvature is positive along 1, zero along 1 and negative along 0...
    """
    ways = np.eye(net.vector.size) if directions is None else _ways(directions, net)
    inputs, targets, _ = net.data(x, y)
    return at_point(net, net.vector, ways, inputs, targets)


def _ways(directions: npt.ArrayLike, net: Network) -> Array:
    ways = arguments.parameter_points(directions, net.names, "directions")
    if ways.ndim != 2 or np.linalg.matrix_rank(ways) < len(ways):
        raise NnexplainError(
            "directions must have shape (k, count) and be independent of each other, got shape "
            f"{ways.shape}"
        )
    return ways


def at_point(net: Network, vector: Array, ways: Array, x: Array, y: Array) -> Curvature:
    """Return the curvature along `ways` (k, count) at parameters `vector`; x, y feature-major.

    >>> net = Network([1, 1], "identity", seed=0)
    >>> data = np.array([[10.0]]), np.array([[24.0]])
    >>> at_point(net, np.array([2.0, 4.0]), np.eye(2)[:1], *data).kind
    'minimum'
    """
    structure = net.structure
    there = net.replace(parameters=dict(zip(net.names, vector.tolist(), strict=True)))
    gradient = ways @ backprop.gradient(structure, vector, x, y)
    second = products(structure, vector, ways, x, y) @ ways.T
    loss = float(backprop.loss(structure, vector, x, y))
    return Curvature(there, loss, gradient, second, ways, _kinks(there, x, y))


def _kinks(net: Network, x: Array, y: Array) -> tuple[int | str, ...]:
    """Return the units that stand on a kink for some sample, and "loss" if a prediction does."""
    bends = bool(net.loss_function.kink)
    if not bends and not any(record.kinks for record in net.structure.activations):
        return ()
    layers = backprop.forward(net.structure, net.vector, x)
    units = tuple(
        unit
        for numbers, layer, record in zip(
            net.layers[1:], layers, net.structure.activations, strict=True
        )
        for unit, z in zip(numbers, layer.z, strict=True)
        if np.isin(z, record.kinks).any()
    )
    return (*units, "loss") if bends and (layers[-1].a == y).any() else units


def _units(numbers: Sequence[int | str]) -> str:
    listed = ", ".join(map(str, numbers))
    return f"unit {listed} stands" if len(numbers) == 1 else f"units {listed} stand"
