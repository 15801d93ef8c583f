"""Learning without derivatives: it works, and what it costs, in evaluations of J.

Every method is charged in forward passes over the data. A value of J costs one; a gradient costs
what its multiplications cost, counted in `nnexplain.experiments.backpropagation`: 2.5 to 3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from nnexplain.descent import EvolutionStrategy, RandomSearch, Trajectory, descend
from nnexplain.descent.methods import Method
from nnexplain.experiments.backpropagation import cost
from nnexplain.experiments.loss import THREE_X, THREE_Y
from nnexplain.experiments.samples import CORNERS_X, MOST
from nnexplain.experiments.xor import X, Y
from nnexplain.network import Network
from nnexplain.worked import worked

Array = npt.NDArray[np.float64]

METHODS: tuple[str, ...] = (
    "gradient_descent",
    "finite_differences",
    "random_search",
    "evolution_strategy",
)
# Nudging takes the gradient's steps and is charged by counting, not run.
_CHARGED = ("gradient_descent", "random_search", "evolution_strategy")
_DRAWS = 3
_LEG = 50


@dataclass(frozen=True, eq=False)
class Run:
    """One method's walk: J (R,) after each step, and the forward passes (R,) spent until then."""

    method: str
    spent: Array
    loss: Array

    def price(self, goal: float) -> float:
        """Return the forward passes until J is at most `goal`; nan if the walk does not get there.

        >>> Run("random_search", np.array([1.0, 2.0, 3.0]), np.array([0.9, 0.9, 0.1])).price(0.2)
        3.0
        """
        there = np.flatnonzero(self.loss <= goal)
        return float(self.spent[there[0]]) if there.size else math.nan


def run(walk: Trajectory) -> Run:
    """Charge a walk: its own evaluations of J, or the price of a gradient for each step.

    >>> example = worked["han_kamber"]
    >>> run(descend(example.network, example.x, example.y, steps=2)).spent
    array([0.   , 2.625, 5.25 ])
    """
    free = walk.evaluations[-1] == 0
    spent = walk.steps * cost(walk.start.sizes).passes if free else walk.evaluations
    return Run(walk.method, np.asarray(spent, dtype=np.float64), walk.loss)


RACE_GOAL = 0.01
# Rate 3 is a good one for the gradient (lesson 4); the others were tried in steps of about three.
_RACE: Mapping[str, tuple[str | Method, float, int]] = {
    "gradient_descent": ("gradient_descent", 3.0, 150),
    "finite_differences": ("finite_differences", 3.0, 150),
    "random_search": (RandomSearch(spread=0.3), 3.0, 400),
    "evolution_strategy": (EvolutionStrategy(spread=0.1, pairs=1), 1.0, 500),
}


@cache
def race(draws: int = 5) -> Mapping[str, Run]:
    """Let four methods walk from the running example on its three samples.

    Of `draws` walks of a method that works by chance, this is the one of median price.

    >>> runs = race(3)
    >>> {name: run.price(RACE_GOAL) for name, run in runs.items() if name.endswith("s")}
    {'finite_differences': 1276.0}
    """
    net, found = worked["han_kamber"].network, {}
    for name, (method, rate, steps) in _RACE.items():
        seeds = range(draws) if name in METHODS[2:] else range(1)
        runs = [
            run(descend(net, THREE_X, THREE_Y, method=method, learning_rate=rate, steps=steps,
                        seed=seed))
            for seed in seeds
        ]  # fmt: skip
        runs.sort(key=lambda one: one.price(RACE_GOAL))
        found[name] = runs[len(runs) // 2]
    return found


@dataclass(frozen=True)
class Growth:
    """Forward passes to a goal for networks of growing size, one list for each method."""

    parameters: tuple[int, ...]
    prices: Mapping[str, tuple[float, ...]]

    def power(self, method: str) -> float:
        """Return the power p of price ~ parametersᵖ, by least squares on the logarithms.

        >>> Growth((10, 100), {"nudge": (20.0, 200.0)}).power("nudge")
        1.0
        """
        slope, _ = np.polyfit(np.log(self.parameters), np.log(self.prices[method]), 1)
        return round(float(slope), 12)


@cache
def every_parameter_counts(counts: tuple[int, ...] = (11, 51, 251, 501)) -> Growth:
    """Halve J where each parameter has a target of its own: a bowl in as many directions.

    J = ½ Σ (yₖ - θₖ)², as a layer of linear units with input 0, whose biases are the parameters.

    >>> every_parameter_counts((11, 51)).prices["finite_differences"]
    (22.0, 102.0)
    """
    return _growth(counts, [_bowl(count) for count in counts])


@cache
def spare_parameters(hidden: tuple[int, ...] = (2, 10, 50, 200, 800)) -> Growth:
    """Learn the same eight samples with ever wider 3-H-1 networks, up to J ≤ 0.1.

    >>> growth = spare_parameters((2, 10))
    >>> growth.parameters, growth.prices["random_search"]
    ((11, 51), (88.0, 111.0))
    """
    return _growth(tuple(5 * h + 1 for h in hidden), [_wide(h) for h in hidden])


def _growth(counts: tuple[int, ...], prices: list[dict[str, float]]) -> Growth:
    return Growth(counts, {name: tuple(price[name] for price in prices) for name in METHODS})


def _bowl(count: int) -> dict[str, float]:
    """Return the prices of halving J, with the best step sizes for this bowl."""
    zero, targets = np.zeros(1), np.zeros(count)
    prices: dict[str, list[float]] = {name: [] for name in _CHARGED}
    for seed in range(_DRAWS):
        net = Network([1, count], "identity", seed=seed)
        search = _Search(zero, targets, net.loss(zero, targets) / 2, seed, net.names[0::2])
        for name, method, rate in (
            ("gradient_descent", "gradient_descent", 0.5),
            ("random_search", RandomSearch(1.2 / math.sqrt(count)), 1.0),
            ("evolution_strategy", EvolutionStrategy(0.1, pairs=1), 1 / (count + 2)),
        ):
            prices[name].append(search.price(net, method, rate))
    return _medians(prices, count, cost([1, count]).passes)


def wide_network(hidden: int, seed: int) -> Network:
    """Return a 3-H-1 network with tanh units whose output starts equally large for every width.

    >>> wide_network(2, 0).sizes
    (3, 2, 1)
    """
    net = Network([3, hidden, 1], ["tanh", "sigmoid"], seed=seed)
    vector = net.vector.copy()
    vector[-hidden - 1 : -1] /= math.sqrt(hidden)
    vector[-1] = 0.0
    return net.replace(parameters=dict(zip(net.names, vector.tolist(), strict=True)))


def _wide(hidden: int) -> dict[str, float]:
    """Return the prices of J ≤ 0.1; every method's step shrinks as the network grows."""
    count = 5 * hidden + 1
    prices: dict[str, list[float]] = {name: [] for name in _CHARGED}
    for seed in range(_DRAWS):
        search = _Search(np.array(CORNERS_X), np.array(MOST), 0.1, seed)
        for name, method, rate in (
            ("gradient_descent", "gradient_descent", 10 / hidden),
            ("random_search", RandomSearch(1 / math.sqrt(count)), 1.0),
            ("evolution_strategy", EvolutionStrategy(0.01, pairs=1), 1 / hidden),
        ):
            prices[name].append(search.price(wide_network(hidden, seed), method, rate))
    return _medians(prices, count, cost([3, hidden, 1]).passes)


@dataclass(frozen=True, eq=False)
class _Search:
    """A task to be solved by several methods: walk in legs of steps until J is at most `goal`."""

    x: Array
    y: Array
    goal: float
    seed: int
    freeze: tuple[str, ...] = ()

    def price(self, net: Network, method: str | Method, rate: float) -> float:
        """Return the forward passes spent; nan where the goal is not reached in 2000 steps."""
        spent = 0.0
        for leg in range(2000 // _LEG):
            # Noise must not repeat the numbers that the start was drawn with: seeds of its own.
            walk = descend(net, self.x, self.y, method=method, learning_rate=rate, steps=_LEG,
                           seed=1000 * (self.seed + 1) + leg, freeze=self.freeze)  # fmt: skip
            found = run(walk)
            price = found.price(self.goal)
            if not math.isnan(price):
                return spent + price
            spent, net = spent + float(found.spent[-1]), walk.network
        return math.nan


def _medians(prices: dict[str, list[float]], count: int, passes: float) -> dict[str, float]:
    """Take medians; nudging takes the gradient's steps and pays 2 passes for each parameter."""
    medians = {name: float(np.median(each)) for name, each in prices.items()}
    medians["finite_differences"] = medians["gradient_descent"] / passes * 2 * count
    return medians


@dataclass(frozen=True, eq=False)
class Alignment:
    """How far random directions of `count` dimensions point down the steepest way.

    `cosines` (D,) are those of their angles with it: 1 along it, 0 across. 90 of 100 lie within
    ±`middle`. `share` is the mean of the squared cosine: what a step along a random direction can
    gain of what the step along the steepest one gains, in a round bowl.
    """

    count: int
    cosines: Array

    @property
    def middle(self) -> float:
        """Nine in ten cosines lie between this and its negative."""
        return float(np.quantile(np.abs(self.cosines), 0.9))

    @property
    def share(self) -> float:
        """The mean of the squared cosines; in theory 1/count."""
        return float(np.mean(self.cosines**2))


@cache
def alignment(count: int, draws: int = 400) -> Alignment:
    """Draw directions, standard normal and scaled to length 1; any fixed direction is the steepest.

    >>> 0.9 < alignment(101).share * 101 < 1.1
    True
    """
    directions = np.random.default_rng(count).standard_normal((draws, count))
    return Alignment(count, directions[:, 0] / np.linalg.norm(directions, axis=1))


@dataclass(frozen=True)
class Steps:
    """A network of step units on exclusive or, by gradient descent and by random search.

    `largest_slope` is the largest |∂J/∂θ| at the start, `start` is J there and `by_gradient` J
    after a hundred steps of gradient descent. `trials` is how many values of J random search asked
    for until J was 0.
    """

    largest_slope: float
    start: float
    by_gradient: float
    trials: float


@cache
def step_units(seed: int = 2) -> Steps:
    """Learn exclusive or with step units, whose slope is zero.

    >>> found = step_units()
    >>> found.largest_slope, found.start == found.by_gradient, found.trials < 3000
    (0.0, True, True)
    """
    net = Network([2, 2, 1], "step", seed=seed)
    slopes = [abs(slope) for slope in net.gradient(X, Y).values()]
    walk = descend(net, X, Y, steps=100)
    search = descend(net, X, Y, method=RandomSearch(spread=1.0), steps=2500, seed=seed)
    return Steps(max(slopes), float(walk.loss[0]), float(walk.loss[-1]), run(search).price(0.0))
