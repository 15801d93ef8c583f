"""One step of gradient descent along ∂J/∂θ from which factors are missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnexplain.derivation import DerivationAt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MutilatedStep:
    """A step of one parameter θ along `slope`, which is ∂J/∂θ without the factors `missing`.

    θ moves from `start` to `end`, `start` - η · `slope`, and J from `before` to `after`. All other
    parameters stay.
    """

    missing: tuple[str, ...]
    slope: float
    start: float
    end: float
    before: float
    after: float

    @property
    def change(self) -> float:
        """By how much the step changes J; above 0 it went uphill."""
        return self.after - self.before


def step_without(at: DerivationAt, *missing: str, learning_rate: float) -> MutilatedStep:
    """Forget the factors `missing` of ∂J/∂θ, named as in `DerivationAt.without`, and take a step.

    >>> from nnexplain.derivation import derive
    >>> from nnexplain.worked import worked
    >>> example = worked["han_kamber"]
    >>> at = derive(example.network, "w14").at(example.x, example.y)
    >>> whole = step_without(at, learning_rate=0.9)
    >>> whole.change < 0 < step_without(at, "w46", learning_rate=0.9).change
    True
    """
    slope = at.without(*missing)
    start = at.network.parameters[at.parameter]
    end = start - learning_rate * slope
    before, after = loss_along(at, [start, end]).tolist()
    return MutilatedStep(missing, slope, start, end, before, after)


def loss_along(at: DerivationAt, values: npt.ArrayLike) -> Array:
    """Return J (S,) while the parameter of a derivation takes `values` (S,) and all others stay.

    >>> from nnexplain.derivation import derive
    >>> from nnexplain.network import Network
    >>> unit = Network([1, 1], "identity", {"w12": 2, "b2": 0})
    >>> loss_along(derive(unit, "w12").at([1], 0), [2, 3])
    array([2. , 4.5])
    """
    net, column = at.network, np.asarray(values, dtype=np.float64)
    points = np.tile(net.vector, (len(column), 1))
    points[:, net.names.index(at.parameter)] = column
    return net.losses_at(points, at.x, at.y)
