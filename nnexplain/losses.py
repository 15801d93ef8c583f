"""Losses: what "wrong" means, one record each, with the derivative with respect to h and the TeX.

J adds the loss of one output, ℓ(y, h), over samples and outputs; the mean squared error divides by
their number. Cross-entropy is computed from the pre-activation z when the output unit is a sigmoid,
where the two cancel to h - y and no digit is lost in saturation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy import exp, log, log1p, sign, where

from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.formula import Formula, check_formula

Array = npt.NDArray[np.float64]
_ANYWHERE = (-np.inf, np.inf)


@dataclass(frozen=True)
class Loss:
    """J = scale · Σ ℓ(y, h): a loss, its slope ∂ℓ/∂h and the TeX of both.

    `formula` and `slope` are functions of target y and prediction h. Set `complex_step` if they use
    only what the formulas of an `Activation` may use: then their derivatives are taken by complex
    steps, otherwise by differences.
    `averages` says that J divides by the number of samples times outputs. `targets` and
    `predictions` are the closed intervals in which y and the open interval in which h must lie.
    `from_logit` and `logit_slope`, where given, replace σ at the output: functions of y and of the
    pre-activation z of a sigmoid output unit. Every one gives nan for a nan. `kink` says what the
    slope is where ℓ has none.

    Raises `NnexplainError` for a formula that fails for arrays, changes their shape or hides a nan:
    write a constant slope as `1.0 + 0 * h`.

    >>> losses["half_squared_error"].slope(1.0, 0.25)
    -0.75
    """

    name: str
    formula: Formula
    slope: Formula
    latex: str
    latex_slope: str
    averages: bool = False
    targets: tuple[float, float] = _ANYWHERE
    predictions: tuple[float, float] = _ANYWHERE
    from_logit: Formula | None = None
    logit_slope: Formula | None = None
    kink: str = ""
    complex_step: bool = False

    def __post_init__(self) -> None:
        some, other = np.array([0.5, 0.5]), np.array([0.25, np.nan])
        for part in ("formula", "slope", "from_logit", "logit_slope"):
            formula, letter = getattr(self, part), "z" if "logit" in part else "h"
            if formula is not None:
                what, constant = f"the {part} of loss {self.name!r}", f"c + 0 * {letter}"
                check_formula(formula, what, constant, y=some, **{letter: other})

    def scale(self, count: int) -> float:
        """Return the factor in front of the sum over `count` pairs (samples times outputs).

        >>> losses["mse"].scale(4), losses["absolute"].scale(4)
        (0.25, 1.0)
        """
        return 1.0 / count if self.averages else 1.0

    def check_targets(self, y: Array) -> None:
        """Raise if a target lies where this loss is not defined.

        >>> losses["binary_cross_entropy"].check_targets(np.array([2.0]))
        Traceback (most recent call last):
        nnexplain.errors.NnexplainError: binary_cross_entropy needs targets y in [0, 1], got 2.0...
        """
        low, high = self.targets
        if self.targets == _ANYWHERE:
            return
        bad = ~((y >= low) & (y <= high))
        if bad.any():
            raise NnexplainError(
                f"{self.name} needs targets y in [{low:g}, {high:g}], got {y[bad].flat[0]}; "
                "rescale the targets or choose another loss"
            )

    def check_predictions(self, h: Array) -> None:
        """Raise if a prediction lies where this loss is not defined.

        >>> losses["binary_cross_entropy"].check_predictions(np.array([1.5]))
        Traceback (most recent call last):
        nnexplain.errors.NnexplainError: binary_cross_entropy needs predictions h in (0, 1), got...
        """
        low, high = self.predictions
        if self.predictions == _ANYWHERE:
            return
        bad = ~((h > low) & (h < high))
        if bad.any():
            raise NnexplainError(
                f"{self.name} needs predictions h in ({low:g}, {high:g}), got {h[bad].flat[0]}; "
                "give the output layer the activation 'sigmoid'"
            )


def _half_squared_error(y: Any, h: Any) -> Any:
    return 0.5 * (y - h) * (y - h)


def _half_squared_error_slope(y: Any, h: Any) -> Any:
    return h - y


def _squared_error(y: Any, h: Any) -> Any:
    return (y - h) * (y - h)


def _squared_error_slope(y: Any, h: Any) -> Any:
    return 2 * (h - y)


def _absolute(y: Any, h: Any) -> Any:
    return abs(y - h)


def _absolute_slope(y: Any, h: Any) -> Any:
    return sign(h - y)


def _cross_entropy(y: Any, h: Any) -> Any:
    return -y * log(h) - (1 - y) * log1p(-h)


def _cross_entropy_slope(y: Any, h: Any) -> Any:
    return (h - y) / (h * (1 - h))


def _cross_entropy_from_logit(y: Any, z: Any) -> Any:
    # ln(1 + e^z) - y z, written so that nothing overflows or cancels: 1 - y, not z - y z.
    return where(z >= 0, 1 - y, -y) * z + log1p(exp(-abs(z)))


def _cross_entropy_logit_slope(y: Any, z: Any) -> Any:
    # σ(z) - y = (1 - y) σ(z) - y σ(-z): a target of exactly 0 or 1 keeps every digit.
    e = exp(-abs(z))
    big = 1 / (1 + e)
    small = e / (1 + e)
    return (1 - y) * where(z >= 0, big, small) - y * where(z >= 0, small, big)


def _linear(y: Any, h: Any) -> Any:
    return h - y


def _linear_slope(y: Any, h: Any) -> Any:
    return 1.0 + 0.0 * (h - y)


_RECORDS = (
    Loss("half_squared_error", _half_squared_error, _half_squared_error_slope,
         latex=r"\tfrac{1}{2}(y-h)^2", latex_slope="h-y"),
    Loss("mse", _squared_error, _squared_error_slope, latex="(y-h)^2", latex_slope="2(h-y)",
         averages=True),
    Loss("absolute", _absolute, _absolute_slope, latex="|y-h|",
         latex_slope=r"\operatorname{sign}(h-y)",
         kink="at h = y the slope is not defined; by convention it is 0"),
    Loss("binary_cross_entropy", _cross_entropy, _cross_entropy_slope,
         latex=r"-y\ln h-(1-y)\ln(1-h)", latex_slope=r"\frac{h-y}{h(1-h)}",
         targets=(0.0, 1.0), predictions=(0.0, 1.0),
         from_logit=_cross_entropy_from_logit, logit_slope=_cross_entropy_logit_slope),
    Loss("linear", _linear, _linear_slope, latex="h-y", latex_slope="1"),
)  # fmt: skip


class Losses(Mapping[str, Loss]):
    """All losses by name.

    >>> list(losses)
    ['half_squared_error', 'mse', 'absolute', 'binary_cross_entropy', 'linear']
    """

    def __init__(self, records: Mapping[str, Loss]) -> None:
        self._records = dict(records)

    def __getitem__(self, name: str) -> Loss:
        """Return the loss called `name`."""
        if isinstance(name, str) and name in self._records:
            return self._records[name]
        raise UnknownNameError("loss", name, self._records)

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


losses = Losses({r.name: replace(r, complex_step=True) for r in _RECORDS})
