"""A hash as an activation: a real SHA-256 scatters what is close, and no slope comes out of it."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from nnexplain.activations import Activation, activations
from nnexplain.network import Network
from nnexplain.worked import worked

Array = npt.NDArray[np.float64]
SIGMOID = activations["sigmoid"]
# Powers of two, so that z + nudge is exact for the z below.
NUDGES: tuple[float, ...] = tuple(2.0**-k for k in range(0, 41, 4))


def hashed(z: float) -> float:
    """Return the SHA-256 of the eight bytes of z as a number in [0, 1).

    >>> hashed(0.0) == hashed(-0.0), 0 <= hashed(1.5) < 1
    (True, True)
    """
    if math.isnan(z):
        return math.nan
    # -0.0 equals 0.0 but has other bytes: adding 0.0 makes them one.
    digest = hashlib.sha256(struct.pack(">d", z + 0.0)).digest()
    # A float holds 53 bits; one more could round to 1.
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def _no_derivative(z: Any) -> Any:
    return z * math.nan


HASH = Activation(
    "hash", np.frompyfunc(hashed, 1, 1), _no_derivative, _no_derivative,
    latex=r"\operatorname{SHA256}(z)/2^{256}", latex_slope=r"\text{does not exist}",
    range=(0.0, 1.0), largest_slope=math.inf, flat=(),
)  # fmt: skip
"""The hash as a record: f is `hashed`, and f′ is nan everywhere, for there is none."""


@dataclass(frozen=True, eq=False)
class View:
    """The hash and the sigmoid at evenly spaced z, at most `reach` away from `centre`."""

    centre: float
    reach: float
    z: Array
    hashed: Array
    sigmoid: Array


def views(
    centre: float = 0.5, reaches: Sequence[float] = (4.0, 1e-6), points: int = 61
) -> tuple[View, ...]:
    """Return the two functions around `centre`, one view for each reach.

    >>> wide, close = views()
    >>> bool(np.ptp(close.hashed) > 0.9), bool(np.ptp(close.sigmoid) < 1e-6)
    (True, True)
    """
    found = []
    for reach in reaches:
        z = np.linspace(centre - reach, centre + reach, points)
        found.append(View(centre, reach, z, HASH.f(z), SIGMOID.f(z)))
    return tuple(found)


@dataclass(frozen=True)
class Nudged:
    """f at z, after a `nudge` of z, and after a step of two nudges against the quotient."""

    nudge: float
    before: float
    after: float
    after_step: float

    @property
    def change(self) -> float:
        """f(z + nudge) - f(z)."""
        return self.after - self.before

    @property
    def quotient(self) -> float:
        """Change ÷ nudge."""
        return self.change / self.nudge

    @property
    def promised(self) -> float:
        """What two nudges against the quotient would change in proportion: -2 |change|."""
        return -2 * abs(self.change)

    @property
    def happened(self) -> float:
        """What the step has changed."""
        return self.after_step - self.before


def nudged(activation: Activation, z: float, nudge: float) -> Nudged:
    """Measure a difference quotient at z and take a step of two nudges downhill by it.

    >>> found = nudged(SIGMOID, 0.5, 2.0**-20)
    >>> round(found.quotient, 4), round(found.happened / found.promised, 4)
    (0.235, 1.0)
    """
    before, after = activation.f(z), activation.f(z + nudge)
    side = (after > before) - (after < before)
    return Nudged(nudge, before, after, activation.f(z - 2 * side * nudge))


@dataclass(frozen=True, eq=False)
class Quotients:
    """Sizes of (f(z + nudge) - f(z)) / nudge: one row a nudge, one column a place z.

    `apart` holds the sizes of the hash's differences before they are divided.
    """

    nudges: tuple[float, ...]
    hashed: Array
    sigmoid: Array
    slopes: Array

    @property
    def apart(self) -> Array:
        """|f(z + nudge) - f(z)| of the hash."""
        return np.asarray(self.hashed * np.array(self.nudges)[:, None])

    @property
    def growth(self) -> float:
        """The power of the nudge that the hash's median quotient follows, by least squares."""
        medians = np.median(self.hashed, axis=1)
        return float(np.polyfit(np.log(self.nudges), np.log(medians), 1)[0])

    @property
    def gaps(self) -> Array:
        """The sigmoid's largest |quotient - slope|, for each nudge."""
        return np.asarray(np.abs(self.sigmoid - self.slopes).max(axis=1))


def quotients(nudges: Sequence[float] = NUDGES, places: int = 200, seed: int = 0) -> Quotients:
    """Measure difference quotients of both functions at `places` z drawn from [-4, 4].

    >>> found = quotients()
    >>> round(found.growth, 1), round(float(found.apart.mean()), 2)
    (-1.0, 0.33)
    """
    # Multiples of 2^-10: z + nudge is then a float for every nudge here.
    z = np.random.default_rng(seed).integers(-4096, 4097, places) / 1024
    near = z + np.array(nudges)[:, None]
    widths = np.array(nudges)[:, None]
    return Quotients(
        tuple(nudges),
        np.abs(HASH.f(near) - HASH.f(z)) / widths,
        np.abs(SIGMOID.f(near) - SIGMOID.f(z)) / widths,
        np.asarray(SIGMOID.df(z)),
    )


@dataclass(frozen=True, eq=False)
class Walks:
    """J (starts, steps + 1) of the running example's network, walking by difference quotients."""

    activation: str
    nudge: float
    learning_rate: float
    J: Array

    @property
    def late(self) -> float:
        """The mean of J over the second half of all walks."""
        return float(self.J[:, self.J.shape[1] // 2 :].mean())


@cache
def walks(
    activation: Activation = HASH, *, nudge: float = 1e-3, learning_rate: float = 0.9,
    starts: int = 10, steps: int = 200,
) -> Walks:  # fmt: skip
    """Descend on the textbook's sample, every slope replaced by a central difference quotient.

    All units have the given activation; the starts are the networks of the seeds 0, 1, ...

    >>> walks(SIGMOID, starts=3).late < 0.002 < walks(starts=3, steps=20).late
    True
    """
    example = worked["han_kamber"]
    net = example.network.replace(activation=activation)
    theta = np.array([Network(net.sizes, seed=seed).vector for seed in range(starts)])
    nudges = np.vstack([np.eye(len(net.names)), -np.eye(len(net.names))]) * nudge
    J = np.empty((starts, steps + 1))
    for step in range(steps + 1):
        J[:, step] = net.losses_at(theta, example.x, example.y)
        above, below = np.split(
            net.losses_at(theta[:, None, :] + nudges, example.x, example.y), 2, axis=1
        )
        theta = theta - learning_rate * (above - below) / (2 * nudge)
    return Walks(activation.name, nudge, learning_rate, J)


@dataclass(frozen=True)
class Memory:
    """How far a fitted curve is from sin(πx): at the samples, and halfway between them (RMS)."""

    activation: str
    at_samples: float
    between: float


def memory(activation: Activation = HASH, *, units: int = 12, samples: int = 9) -> Memory:
    """Fit sin(πx) on [-1, 1] by one hidden layer: random hidden weights, the best output weights.

    >>> memory().at_samples < 1e-12 < 0.3 < memory().between
    True
    """
    draw = np.random.default_rng(0)
    weights, biases = draw.normal(0.0, 3.0, (2, units, 1))

    def features(x: Array) -> Array:
        return np.vstack([np.asarray(activation.f(weights * x + biases)), np.ones(x.size)]).T

    x = np.linspace(-1.0, 1.0, samples)
    middle = (x[1:] + x[:-1]) / 2
    best, *_ = np.linalg.lstsq(features(x), np.sin(np.pi * x), rcond=None)

    def miss(at: Array) -> float:
        return float(np.sqrt(np.mean((features(at) @ best - np.sin(np.pi * at)) ** 2)))

    return Memory(activation.name, miss(x), miss(middle))
