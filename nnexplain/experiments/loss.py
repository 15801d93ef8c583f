"""What "wrong" means: J over one parameter, J under another scale, and losses that disagree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnexplain.errors import NnexplainError, real_array
from nnexplain.losses import losses
from nnexplain.network import Network
from nnexplain.worked import worked

Array = npt.NDArray[np.float64]

# The textbook's sample, and two of ours beside it.
THREE_X: tuple[tuple[float, ...], ...] = ((1.0, 0.0, 1.0), (0.0, 1.0, 1.0), (1.0, 1.0, 0.0))
THREE_Y: tuple[float, ...] = (1.0, 0.0, 1.0)
# Two targets near the running network's predictions and one far away: here the losses part ways.
ODD_Y: tuple[float, ...] = (0.4, 0.4, 1.0)


@dataclass(frozen=True, eq=False)
class Sweep:
    """J while one parameter takes many values and all others stay.

    `each` (N, S) holds what every sample adds to J at each of the S `values`; `total` (S,) is J.
    `loss` names the loss, `start` is the parameter's value in the network that was given, and
    `slope` is ∂J/∂(parameter) there.
    """

    name: str
    loss: str
    values: Array
    each: Array
    total: Array
    start: float
    start_loss: float
    slope: float

    @property
    def lowest(self) -> float:
        """The value with the smallest J among `values`."""
        return float(self.values[self.total.argmin()])


def sweep(
    net: Network, x: npt.ArrayLike, y: npt.ArrayLike, name: str, values: npt.ArrayLike
) -> Sweep:
    """Return J over `values` (S,) of the parameter `name`, for samples x (N, n) and y (N,).

    Raises `NnexplainError` for an unknown name, values that are not a finite list, or a single
    sample that is not written as a batch of one.

    >>> example = worked["han_kamber"]
    >>> found = sweep(example.network, THREE_X, THREE_Y, "w46", [-1.0, 0.0, 1.0, 2.0, 3.0])
    >>> found.lowest, round(found.slope, 4)
    (2.0, -0.0737)
    """
    net.locate(name)
    at = real_array(values, "values")
    if at.ndim != 1 or at.size == 0:
        raise NnexplainError(
            f"a sweep needs a list of values, got shape {at.shape}; try np.linspace"
        )
    inputs, targets, single = net.data(x, y)
    if single:
        raise NnexplainError("a sweep shows sample by sample: give x as a list of samples, [[...]]")
    points = np.tile(net.vector, (at.size, 1))
    points[:, net.names.index(name)] = at
    total = net.losses_at(points, x, y)
    share = net.loss_function.scale(targets.size)
    alone = net.loss_function.scale(len(targets))
    each = [
        net.losses_at(points, sample[None, :], target[None, :]) * share / alone
        for sample, target in zip(inputs.T, targets.T, strict=True)
    ]
    return Sweep(
        name, net.loss_function.name, at, np.array(each), total, net.parameters[name],
        net.loss(x, y), net.gradient(x, y)[name],
    )  # fmt: skip


@dataclass(frozen=True)
class Rescaling:
    """The mean squared error beside J = ½ Σ (y - h)², on the same network and samples.

    `ratios` are MSE's partial derivatives divided by J's, one for each that is not 0, `expected` is
    2/N. `step_gap` is the largest difference between a step of η under J and of η N/2 under MSE.
    """

    samples: int
    ratios: tuple[float, ...]
    expected: float
    step_gap: float


def compare_mse(
    net: Network, x: npt.ArrayLike, y: npt.ArrayLike, learning_rate: float = 0.9
) -> Rescaling:
    """Divide the gradient of the MSE by that of half the squared error, parameter by parameter.

    >>> found = compare_mse(worked["han_kamber"].network, THREE_X, THREE_Y)
    >>> round(min(found.ratios), 12), round(max(found.ratios), 12), found.step_gap < 1e-15
    (0.666666666667, 0.666666666667, True)
    """
    half = net.replace(loss="half_squared_error").gradient(x, y)
    mean = net.replace(loss="mse").gradient(x, y)
    count = net.data(x, y)[1].size
    gaps = [abs(learning_rate * (half[n] - count / 2 * mean[n])) for n in net.names]
    ratios = tuple(mean[n] / half[n] for n in net.names if half[n] != 0)
    return Rescaling(count, ratios, 2 / count, max(gaps))


@dataclass(frozen=True)
class Predictor:
    """One list of predictions, and how wrong it is under two losses."""

    h: tuple[float, ...]
    squared: float
    absolute: float


@dataclass(frozen=True)
class Disagreement:
    """Two predictors of the same targets: each is the better one under one of the losses.

    `steady` is a little wrong everywhere; `risky` is right but for one large miss.
    """

    y: tuple[float, ...]
    steady: Predictor
    risky: Predictor

    @property
    def losses_disagree(self) -> bool:
        """Whether the two losses rank the predictors in opposite orders."""
        by_square = self.steady.squared - self.risky.squared
        by_size = self.steady.absolute - self.risky.absolute
        return by_square * by_size < 0


def two_predictors() -> Disagreement:
    """Judge two predictors by half the squared error and by the absolute error.

    >>> found = two_predictors()
    >>> round(found.steady.squared, 3), round(found.risky.squared, 3)
    (0.18, 0.405)
    >>> round(found.steady.absolute, 3), round(found.risky.absolute, 3)
    (1.2, 0.9)
    """
    y = (0.0, 1.0, 1.0, 0.0)
    return Disagreement(y, _judged(y, (0.3, 0.7, 0.7, 0.3)), _judged(y, (0.0, 0.1, 1.0, 0.0)))


def _judged(y: tuple[float, ...], h: tuple[float, ...]) -> Predictor:
    target, guess = np.array(y), np.array(h)
    squared = losses["half_squared_error"].formula(target, guess)
    absolute = losses["absolute"].formula(target, guess)
    return Predictor(h, float(squared.sum()), float(absolute.sum()))


def opposite_pushes(values: npt.ArrayLike) -> tuple[Sweep, Sweep]:
    """Sweep b6 of the running network over `values`, under the squared and the absolute error.

    Same network, same samples, same targets ODD_Y: at the start the slopes have opposite signs.

    >>> squared, absolute = opposite_pushes([-1.0, 0.0, 1.0])
    >>> round(squared.slope, 3), round(absolute.slope, 3)
    (-0.1, 0.25)
    """
    net = worked["han_kamber"].network
    return (
        sweep(net, THREE_X, ODD_Y, "b6", values),
        sweep(net.replace(loss="absolute"), THREE_X, ODD_Y, "b6", values),
    )
