"""Exclusive or: four points that no linear model can fit, and three bent units can."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

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


@dataclass(frozen=True, eq=False)
class XorFits:
    """The best linear model c0 + c1 x1 + c2 x2 for exclusive or, beside a 2-2-1 sigmoid network.

    `coefficients` are (c0, c1, c2), by least squares; the network's parameters are set by hand.
    """

    coefficients: tuple[float, ...]
    network: Network

    def linear(self, x: npt.ArrayLike) -> Array:
        """Return the linear model's predictions (N,) for inputs x (N, 2)."""
        constant, *weights = self.coefficients
        predictions: Array = constant + np.asarray(x, dtype=np.float64) @ np.array(weights)
        return predictions

    @cached_property
    def linear_loss(self) -> float:
        """J = ½ Σ (y - h)² of the linear model."""
        return float(0.5 * np.sum((np.array(Y) - self.linear(X)) ** 2))

    @cached_property
    def network_loss(self) -> float:
        """J of the network."""
        return self.network.loss(X, Y)


def xor_fits() -> XorFits:
    """Return the best linear model and the hand-made network for the four points of X and Y.

    >>> fits = xor_fits()
    >>> [round(c, 12) + 0 for c in fits.coefficients], round(fits.linear_loss, 12)
    ([0.5, 0.0, 0.0], 0.5)
    >>> fits.network.forward(X).output.round(2)
    array([0.01, 0.99, 0.99, 0.01])
    """
    design = np.column_stack([np.ones(len(X)), np.array(X)])
    best, *_ = np.linalg.lstsq(design, np.array(Y), rcond=None)
    return XorFits(tuple(best.tolist()), Network([2, 2, 1], "sigmoid", _BY_HAND))
