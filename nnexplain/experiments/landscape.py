"""The landscape of J: where descents end, what pictures of it hide, and what "steepest" means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nnexplain.critical import critical_points, critical_points_in
from nnexplain.curvature import Curvature, curvature
from nnexplain.descent import Trajectory, descend, descend_many
from nnexplain.directions import Direction, steepest_direction
from nnexplain.experiments.samples import Samples
from nnexplain.landscape import Landscape, Profile, landscape, profile
from nnexplain.network import Network
from nnexplain.worked import worked

Array = npt.NDArray[np.float64]
RATE = 0.3


def same_sign() -> Samples:
    """Return 24 samples: y is near 0.9 where x1 and x2 have the same sign, else near 0.1.

    x is drawn between -2 and 2, y = 0.5 + 0.4 tanh(x1 x2), and x3 says nothing. Targets stay away
    from 0 and 1, which a sigmoid reaches only at infinity: so the bottoms lie at finite places.

    >>> x, y = same_sign()
    >>> x[0].tolist(), float(y[0])
    ([0.0, 1.8, -1.4], 0.5)
    """
    x = np.random.default_rng(1).uniform(-2, 2, size=(24, 3)).round(1)
    return Samples(x, (0.5 + 0.4 * np.tanh(x[:, 0] * x[:, 1])).round(2))


def walk_from(seed: int, steps: int = 6000) -> Trajectory:
    """Gradient descent of the 3-2-1 network on `same_sign`, from random parameters.

    >>> round(float(walk_from(2).loss[-1]), 2)
    0.48
    """
    return descend(Network([3, 2, 1], seed=seed), *same_sign(), learning_rate=RATE, steps=steps)


class Scene(NamedTuple):
    """A walk in all parameters, and J over a plane of two weights through its end."""

    walk: Trajectory
    view: Landscape


@cache
def two_weights() -> Scene:
    """Walk down from seed 2, and look at J over w14 and w24 from where the walk has come to.

    >>> walk, view = two_weights()
    >>> view.names, int(walk.steps[-1])
    (('w14', 'w24'), 6000)
    """
    walk = walk_from(2)
    return Scene(walk, landscape(
        walk.network, *same_sign(), "w14", "w24", first_range=(-8.5, 5.5), second_range=(-8, 4),
        points=71,
    ))  # fmt: skip


@cache
def critical_places() -> tuple[Curvature, ...]:
    """Return the critical points of the plane of `two_weights`, lowest J first.

    >>> critical_places()[0].kind
    'minimum'
    """
    return critical_points_in(two_weights().view).points


@cache
def four_kinds() -> tuple[Curvature, ...]:
    """Return the lowest minimum, saddle and maximum of the plane of `two_weights`, and a plateau.

    On the plateau b6 is 40, so that h is 1 for every input; it is not in the plane.

    >>> [place.kind for place in four_kinds()]
    ['minimum', 'saddle', 'maximum', 'plateau']
    """
    walk, view = two_weights()
    lowest = {place.kind: place for place in reversed(critical_places())}
    level = walk.network.replace(parameters={"b6": 40.0})
    flat = curvature(level, *same_sign(), directions=view.directions)
    return (*(lowest[kind] for kind in ("minimum", "saddle", "maximum")), flat)


@dataclass(frozen=True, eq=False)
class Restarts:
    """J at the ends (P,) of descents of `steps` steps from P random starts, sorted."""

    steps: int
    ends: Array

    def between(self, low: float, high: float) -> int:
        """How many ended with low ≤ J < high."""
        return int(((low <= self.ends) & (self.ends < high)).sum())


def restarts(count: int = 100, steps: int = 10_000) -> Restarts:
    """Walk down from `count` random starts of the 3-2-1 network on `same_sign`.

    >>> restarts().ends[[0, -1]].round(2).tolist()
    [0.08, 0.54]
    """
    net = worked["han_kamber"].network
    starts = np.random.default_rng(0).normal(size=(count, len(net.names)))
    walks = descend_many(
        net, *same_sign(), starts, learning_rate=RATE, steps=steps, every=steps
    )  # fmt: skip
    return Restarts(steps, np.sort(walks.loss[-1]))


@dataclass(frozen=True, eq=False)
class HiddenWay:
    """A critical point that looks like a bottom in pictures, and the way down that they hide.

    Of the `pictures` over two parameters through the point, `bowls` show a minimum there. `down` is
    J along the principal direction of most negative curvature, `along` J along each parameter.
    """

    point: Curvature
    pictures: int
    bowls: int
    down: Profile
    along: tuple[Profile, ...]


@cache
def hidden_way(reach: float = 3.5) -> HiddenWay:
    """Search a saddle from where the walk of seed 28 is after 200 steps, and look around.

    >>> found = hidden_way()
    >>> found.point.kind, found.bowls, found.pictures, found.point.signs
    ('saddle', 55, 55, (2, 0, 9))
    """
    x, y = same_sign()
    near = walk_from(28, steps=200).network
    (point,) = critical_points(near, x, y, near.vector[None]).points
    net = point.network
    pairs = list(combinations(range(len(net.names)), 2))
    bowls = sum(np.linalg.eigvalsh(point.hessian[np.ix_(pair, pair)])[0] > 0 for pair in pairs)
    way = point.eigenvectors[:, 0]
    # The sign of an eigenvector means nothing: let the deeper side be on the right.
    if net.losses_at(net.vector + way, x, y) > net.losses_at(net.vector - way, x, y):
        way = -way
    down = profile(net, x, y, Direction("a slanted direction", way), value_range=(-reach, reach))
    along = tuple(
        profile(net, x, y, name, value_range=(value - reach, value + reach))
        for name, value in net.parameters.items()
    )
    return HiddenWay(point, len(pairs), int(bowls), down, along)


@dataclass(frozen=True, eq=False)
class Stall:
    """A saddle of J, a descent that starts exactly on it, and one that starts a nudge beside it."""

    point: Curvature
    on_it: Trajectory
    beside_it: Trajectory
    nudge: float


@cache
def stall(nudge: float = 0.001, steps: int = 5000) -> Stall:
    """Start at the network that ignores its inputs and always predicts the mean of the targets.

    All its weights are 0, and b6 = ln(m/(1 - m)) for the mean m. The nudge goes to w14 and w46.

    >>> found = stall()
    >>> found.on_it.stopped, bool(found.beside_it.loss[-1] < 0.1)
    ('stalled at a saddle', True)
    """
    x, y = same_sign()
    net = worked["han_kamber"].network
    mean = float(y.mean())
    weights = {name: 0.0 for name in net.names if name.startswith("w")}
    level = net.replace(parameters={**weights, "b6": math.log(mean / (1 - mean))})
    beside = level.replace(parameters={"w14": nudge, "w46": nudge})
    on_it, beside_it = (
        descend(start, x, y, learning_rate=RATE, steps=steps) for start in (level, beside)
    )
    return Stall(curvature(level, x, y), on_it, beside_it, nudge)


@dataclass(frozen=True, eq=False)
class Shadow:
    """A walk and its shadow on a plane: J on the walk (T,), J below it, and their distance."""

    walk: Array
    plane: Array
    distance: Array


def shadow(view: Landscape, walk: Trajectory) -> Shadow:
    """Compare J on a walk with J at its shadow on the plane.

    >>> walk, view = two_weights()
    >>> seen = shadow(view, walk)
    >>> bool(seen.distance[0] > 8), float(seen.distance[-1].round(12))
    (True, 0.0)
    """
    below = view.point(*np.moveaxis(view.project(walk.parameters), -1, 0))
    plane = view.network.losses_at(below, view.x, view.y)
    return Shadow(walk.loss, plane, view.distance(walk.parameters))


@dataclass(frozen=True)
class InputsOrWeights:
    """Two descents of J on one sample: one moves the sample's inputs, one the parameters.

    `start` is J of the sample before. `moved_x` are the inputs after the first descent, `there` J
    at them, and `given` J of the sample as it was given, with the network after that descent.
    `learned` is J of the given sample after the second descent.
    """

    start: float
    moved_x: tuple[float, ...]
    there: float
    given: float
    learned: float


@cache
def inputs_or_weights(steps: int = 1000, learning_rate: float = 0.9) -> InputsOrWeights:
    """Walk down J of the textbook's sample over the inputs, and again over the parameters.

    ∂J/∂x_i = Σ_j w_ij δ_j: the blame that flows back to the inputs.

    >>> found = inputs_or_weights()
    >>> found.given == found.start, found.there < found.start, found.learned < 0.01
    (True, True, True)
    """
    example = worked["han_kamber"]
    net, y = example.network, float(example.y[0])
    x = np.array(example.x, dtype=float)
    start = net.loss(x, y)
    into = net.structure.matrices(net.vector)[0][:, :-1]
    for _ in range(steps):
        delta = net.deltas(x, y)
        x -= learning_rate * np.array([delta[unit] for unit in net.layers[1]]) @ into
    learned = descend(net, example.x, y, learning_rate=learning_rate, steps=steps)
    return InputsOrWeights(
        start, tuple(x.tolist()), net.loss(x, y), net.loss(example.x, y), float(learned.loss[-1])
    )


@dataclass(frozen=True)
class Rulers:
    """Two directions of steepest descent at one point, by two rulers for two parameters.

    `slope` holds ∂J/∂ of the two `names` at the point `at`. `plain` is the steepest direction where
    a step of 1 counts alike in both, `other` where the first parameter's steps count `factor`
    times; both of length 1 by the plain ruler. `angle` is between them, in degrees.
    """

    names: tuple[str, str]
    at: tuple[float, float]
    slope: tuple[float, float]
    plain: tuple[float, float]
    other: tuple[float, float]
    factor: float
    angle: float


def rulers(net: Network, names: tuple[str, str] = ("w14", "w24"), factor: float = 3.0) -> Rulers:
    """Measure the first of two parameters by another ruler, and ask for the steepest way again.

    So it is when the input of the weight is written in another unit: 3 times the weight with a
    third of the input is the same network.

    >>> found = rulers(Network([3, 2, 1], seed=2))
    >>> found.factor, 0 < found.angle < 90
    (3.0, True)
    """
    x, y = same_sign()
    gradient = net.gradient(x, y)
    lengths = np.ones(len(net.names))
    lengths[net.names.index(names[0])] = factor
    ways = [steepest_direction(net, x, y, lengths=each).vector for each in (None, lengths)]
    plain, other = (_within(way, net, names) for way in ways)
    return Rulers(
        names, (net.parameters[names[0]], net.parameters[names[1]]),
        (gradient[names[0]], gradient[names[1]]), plain, other, factor,
        math.degrees(math.acos(plain[0] * other[0] + plain[1] * other[1])),
    )  # fmt: skip


def _within(way: Array, net: Network, names: tuple[str, str]) -> tuple[float, float]:
    """Return the share of a direction in two parameters, of length 1."""
    first, second = (float(way[net.names.index(name)]) for name in names)
    length = math.hypot(first, second)
    return first / length, second / length
