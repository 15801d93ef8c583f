"""The methods that `descend` knows: one small record each, with the update rule and its options.

Those that follow a gradient change θ in place by `move`, for any number of parameter sets at once.
`slots` is the number of arrays of θ's shape that they remember; the last is room for the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nnexplain.errors import NnexplainError, UnknownNameError, real_number, whole_number

Array = npt.NDArray[np.float64]


def _check_decay(value: float, what: str) -> None:
    if not 0 <= real_number(value, what) < 1:
        raise NnexplainError(f"{what} must be at least 0 and below 1, got {value}")


def _check_positive(value: float, what: str) -> None:
    if not real_number(value, what) > 0:
        raise NnexplainError(f"{what} must be above 0, got {value}")


@dataclass(frozen=True)
class GradientDescent:
    """θ ← θ - η ∂J/∂θ.

    >>> GradientDescent().name
    'gradient_descent'
    """

    name: ClassVar[str] = "gradient_descent"
    slots: ClassVar[int] = 1

    def move(self, theta: Array, gradient: Array, rate: Array, memory: Array, step: int) -> None:
        """Change theta in place; `step` counts from 1."""
        np.multiply(gradient, rate, out=memory[0])
        np.subtract(theta, memory[0], out=theta)


@dataclass(frozen=True)
class Momentum:
    """v ← β v + ∂J/∂θ, then θ ← θ - η v (Polyak 1964): a heavy ball; `decay` is β in [0, 1).

    >>> Momentum(1.0)
    Traceback (most recent call last):
    nnexplain.errors.NnexplainError: decay of momentum must be at least 0 and below 1, got 1.0
    """

    decay: float = 0.9
    name: ClassVar[str] = "momentum"
    slots: ClassVar[int] = 2

    def __post_init__(self) -> None:
        _check_decay(self.decay, "decay of momentum")

    def move(self, theta: Array, gradient: Array, rate: Array, memory: Array, step: int) -> None:
        """Change theta in place; `step` counts from 1."""
        velocity, room = memory
        np.multiply(velocity, self.decay, out=velocity)
        np.add(velocity, gradient, out=velocity)
        np.multiply(velocity, rate, out=room)
        np.subtract(theta, room, out=theta)


@dataclass(frozen=True)
class Adam:
    """θ ← θ - η m̂ / (√v̂ + ε): each step is scaled by past gradients (Kingma & Ba 2015).

    m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g² with g = ∂J/∂θ; after step t,
    m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ). Both betas lie in [0, 1), epsilon is above 0.

    >>> Adam()
    Adam(beta1=0.9, beta2=0.999, epsilon=1e-08)
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    name: ClassVar[str] = "adam"
    slots: ClassVar[int] = 3

    def __post_init__(self) -> None:
        _check_decay(self.beta1, "beta1 of adam")
        _check_decay(self.beta2, "beta2 of adam")
        _check_positive(self.epsilon, "epsilon of adam")

    def move(self, theta: Array, gradient: Array, rate: Array, memory: Array, step: int) -> None:
        """Change theta in place; `step` counts from 1."""
        mean, square, room = memory
        np.multiply(mean, self.beta1, out=mean)
        np.multiply(gradient, 1 - self.beta1, out=room)
        np.add(mean, room, out=mean)
        np.multiply(gradient, gradient, out=room)
        np.multiply(room, 1 - self.beta2, out=room)
        np.multiply(square, self.beta2, out=square)
        np.add(square, room, out=square)
        np.divide(square, 1 - self.beta2**step, out=room)
        np.sqrt(room, out=room)
        np.add(room, self.epsilon, out=room)
        np.divide(mean, room, out=room)
        np.multiply(room, rate / (1 - self.beta1**step), out=room)
        np.subtract(theta, room, out=theta)


@dataclass(frozen=True)
class FiniteDifferences:
    """Gradient descent with ∂J/∂θ ≈ (J(θ + w) - J(θ - w)) / 2w, one parameter after the other.

    A step costs two loss evaluations for each parameter that moves; `width` is w.

    >>> FiniteDifferences().width
    1e-05
    """

    width: float = 1e-5
    name: ClassVar[str] = "finite_differences"

    def __post_init__(self) -> None:
        _check_positive(self.width, "width of finite_differences")


@dataclass(frozen=True)
class RandomSearch:
    """Try θ + spread · a standard normal vector and keep it if J is lower (Rastrigin 1963).

    A step costs one loss evaluation, and the start another. The learning rate is not used.

    >>> RandomSearch().spread
    0.1
    """

    spread: float = 0.1
    name: ClassVar[str] = "random_search"

    def __post_init__(self) -> None:
        _check_positive(self.spread, "spread of random_search")


@dataclass(frozen=True)
class EvolutionStrategy:
    """θ ← θ - η Σ (J(θ + s e) - J(θ - s e)) e / 2ms, m random directions e (Salimans et al. 2017).

    `pairs` is m and `spread` is s. The sum estimates the gradient of J averaged over a cloud of
    standard deviation s. A step costs 2m loss evaluations, however many parameters there are.

    >>> EvolutionStrategy().pairs
    10
    """

    spread: float = 0.1
    pairs: int = 10
    name: ClassVar[str] = "evolution_strategy"

    def __post_init__(self) -> None:
        _check_positive(self.spread, "spread of evolution_strategy")
        whole_number(self.pairs, "pairs of evolution_strategy", 1)


ByGradient = GradientDescent | Momentum | Adam
ByTrial = FiniteDifferences | RandomSearch | EvolutionStrategy
Method = ByGradient | ByTrial
_ALL: tuple[Method, ...] = (
    GradientDescent(), Momentum(), Adam(), FiniteDifferences(), RandomSearch(), EvolutionStrategy()
)  # fmt: skip
METHODS: Mapping[str, Method] = MappingProxyType({method.name: method for method in _ALL})


def method_record(given: str | Method) -> Method:
    """Return the method given by name or as a record.

    >>> method_record("adm")
    Traceback (most recent call last):
    nnexplain.errors.UnknownNameError: unknown method 'adm'; did you mean 'adam'? Allowed: ...
    """
    if isinstance(given, Method):
        return given
    if isinstance(given, str) and given in METHODS:
        return METHODS[given]
    raise UnknownNameError("method", given, METHODS)
