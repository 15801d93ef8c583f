"""What stays fixed while a network learns, and how its parameters lie in one vector.

The vector holds layer after layer the matrix (W | b), row by row: for each unit its incoming
weights and then its bias, in the order of `Numbering.names`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nnexplain.activations import Activation
from nnexplain.losses import Loss

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Structure:
    """The sizes of the layers (inputs first), one activation per layer of parameters, the loss.

    >>> from nnexplain.activations import activations
    >>> from nnexplain.losses import losses
    >>> three_two_one = Structure((3, 2, 1), (activations["sigmoid"],) * 2, losses["mse"])
    >>> three_two_one.shapes, three_two_one.count
    (((2, 4), (1, 3)), 11)
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    loss: Loss

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Asked for at every gradient, where the compiled form of a structure is looked up.
        return hash((self.sizes, self.activations, self.loss))

    @cached_property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """The shape of each layer's matrix (W | b): units, sources + 1."""
        return tuple((units, sources + 1) for sources, units in pairwise(self.sizes))

    @cached_property
    def count(self) -> int:
        """The number of parameters."""
        return sum(units * width for units, width in self.shapes)

    @cached_property
    def from_logit(self) -> bool:
        """Whether the loss is computed from the pre-activation of a sigmoid output."""
        return self.loss.logit_slope is not None and self.activations[-1].name == "sigmoid"

    @cached_property
    def defined_everywhere(self) -> bool:
        """Whether every prediction this network can make has a loss."""
        return self.from_logit or self.loss.predictions == (-math.inf, math.inf)

    def matrices(self, vector: Array) -> list[Array]:
        """View parameters (..., count) as one matrix (..., units, sources + 1) per layer.

        >>> from nnexplain.activations import activations
        >>> from nnexplain.losses import losses
        >>> unit = Structure((1, 1), (activations["tanh"],), losses["mse"])
        >>> unit.matrices(np.array([2.0, 5.0]))
        [array([[2., 5.]])]
        """
        views, start = [], 0
        for units, width in self.shapes:
            stop = start + units * width
            views.append(vector[..., start:stop].reshape(*vector.shape[:-1], units, width))
            start = stop
        return views
