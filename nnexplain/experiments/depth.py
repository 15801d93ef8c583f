"""A signal on its way back through random layers, small enough to be computed while one drags.

It is lesson 12's network of `saturation.layer_signal` with half as many units in a layer, its draws
rounded to sixteenths: then a page can hold them, and computes from the very same numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from nnexplain import backprop
from nnexplain.activations import activations
from nnexplain.errors import NnexplainError
from nnexplain.experiments.saturation import Signal, root_mean_square
from nnexplain.losses import losses
from nnexplain.structure import Structure

Array = npt.NDArray[np.float64]
WIDTH, SAMPLES, DEEPEST = 32, 8, 20
GRAINS = 16
"""Draws are whole numbers of grains of 1/16; rounding adds 0.03 % to their variance of 1."""
_SEED = 0


@dataclass(frozen=True, eq=False)
class Draws:
    """Standard normal numbers in grains: `weights` (layers, units, units), `inputs` (units, N)."""

    weights: npt.NDArray[np.int64]
    inputs: npt.NDArray[np.int64]


@cache
def draws() -> Draws:
    """Return the draws of every layer up to the deepest network's output.

    >>> draws().weights.shape, draws().inputs.shape
    ((21, 32, 32), (32, 8))
    """
    # As `drawn_vector` draws them: a column for the bias goes with each matrix.
    rng = np.random.default_rng(_SEED)
    weights = rng.standard_normal((DEEPEST + 1, WIDTH, WIDTH + 1))[..., :-1]
    inputs = np.random.default_rng(_SEED + 1).standard_normal((WIDTH, WIDTH))[:, :SAMPLES]
    return Draws(*(np.rint(GRAINS * some).astype(np.int64) for some in (weights, inputs)))


@dataclass(frozen=True, eq=False)
class Deep:
    """A deep network, its parameters and its samples x (units, N)."""

    structure: Structure
    vector: Array
    x: Array

    @property
    def deltas(self) -> list[Array]:
        """δ (units, N) of every hidden layer, for a signal of 1 at every output."""
        return backprop.deltas(self.structure, self.vector, self.x, np.zeros_like(self.x))[:-1]

    @property
    def slopes(self) -> list[Array]:
        """f′ (units, N) of every hidden layer."""
        layers = backprop.forward(self.structure, self.vector, self.x)[:-1]
        return [self.structure.activations[0].df(layer.z) for layer in layers]


def deep(activation: str, strength: float, layers: int, centre: float = 0.0) -> Deep:
    """Return `layers` hidden layers and straight-line outputs, with weights of size strength/√n.

    n is the number of units in a layer; a strength of 1 is Xavier's recipe, √2 is He's. Every bias
    of a hidden layer is `centre`: its pre-activations scatter around it. The outputs have none.

    Raises `NnexplainError` for more layers than were drawn.

    >>> len(deep("tanh", 1.0, 3).deltas)
    3
    """
    if not 1 <= layers <= DEEPEST:
        raise NnexplainError(f"layers must be 1 to {DEEPEST}, got {layers!r}: no more were drawn")
    found = draws()
    matrices = np.zeros((layers + 1, WIDTH, WIDTH + 1))
    matrices[..., :-1] = strength / math.sqrt(WIDTH) * (found.weights[: layers + 1] / GRAINS)
    matrices[:-1, :, -1] = centre
    records = (activations[activation],) * layers + (activations["identity"],)
    structure = Structure((WIDTH,) * (layers + 2), records, losses["linear"])
    return Deep(structure, matrices.ravel(), found.inputs / GRAINS)


def deep_signal(activation: str, strength: float, layers: int, centre: float = 0.0) -> Signal:
    """Measure |δ| (root mean square) in every hidden layer of `deep`.

    >>> deep_signal("sigmoid", 1.0, 20).kept < 1e-10 < deep_signal("identity", 1.0, 20).kept
    True
    """
    found = deep(activation, strength, layers, centre).deltas
    sizes = tuple(map(root_mean_square, found))
    around = f", z around {centre:g}" if centre else ""
    return Signal(f"{activation}, strength {strength:g}{around}", sizes)
