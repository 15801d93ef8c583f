"""Exclusive or: four points that no linear model can fit, and three bent units can."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnexplain.experiments.linear_collapse import least_squares
from nnexplain.experiments.samples import Samples
from nnexplain.network import Network

Array = npt.NDArray[np.float64]

X: tuple[tuple[float, float], ...] = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
Y: tuple[float, ...] = (0.0, 1.0, 1.0, 0.0)
# Unit 3 answers "one or both", unit 4 "both", unit 5 "unit 3 but not unit 4".
_BY_HAND = {
    "w13": 10.0, "w23": 10.0, "b3": -5.0,
    "w14": 10.0, "w24": 10.0, "b4": -15.0,
    "w35": 10.0, "w45": -10.0, "b5": -5.0,
}  # fmt: skip


def xor() -> Samples:
    """Return X and Y as arrays.

    >>> xor().y
    array([0., 1., 1., 0.])
    """
    return Samples(np.array(X), np.array(Y))


@dataclass(frozen=True, eq=False)
class XorFits:
    """The best linear model for exclusive or, by least squares, beside a 2-2-1 sigmoid network.

    `line` is one identity unit; the network's parameters are set by hand.
    """

    line: Network
    network: Network

    def linear(self, x: npt.ArrayLike) -> Array:
        """Return the linear model's predictions (N,) for inputs x (N, 2)."""
        return np.asarray(self.line.forward(x).output)

    @property
    def linear_loss(self) -> float:
        """J = ½ Σ (y - h)² of the linear model."""
        return self.line.loss(X, Y)

    @property
    def network_loss(self) -> float:
        """J of the network."""
        return self.network.loss(X, Y)


def xor_fits() -> XorFits:
    """Return the best linear model and the hand-made network for the four points of X and Y.

    >>> fits = xor_fits()
    >>> (fits.line.vector.round(12) + 0).tolist(), round(fits.linear_loss, 12)
    ([0.0, 0.0, 0.5], 0.5)
    >>> fits.network.forward(X).output.round(2)
    array([0.01, 0.99, 0.99, 0.01])
    """
    return XorFits(least_squares(xor()), Network([2, 2, 1], "sigmoid", _BY_HAND))
