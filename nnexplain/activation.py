"""The record of an activation function: f, f′, f″, their TeX and the facts about them.

`nnexplain.activations` holds all of them. A record checks itself when it is made, so that a formula
of your own fails at once and says why, not in the middle of a gradient.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

import numpy as np
import numpy.typing as npt
from numpy import where

from nnexplain.errors import real_array
from nnexplain.formula import COMPLEX, SCALAR, Formula, check_formula, interpret
from nnexplain.numbers import format_number, is_rounded

Array = npt.NDArray[np.float64]
Interval = tuple[float, float]
NOWHERE: tuple[Interval, ...] = ()
EVERYWHERE: tuple[Interval, ...] = ((-math.inf, math.inf),)


@dataclass(frozen=True)
class Activation:
    """a = f(z): an activation function with its first two derivatives and its facts.

    `formula`, `slope` and `curvature` compute f, f′ and f″ from a float array z of any shape with
    arithmetic, comparisons and these functions of NumPy: exp, expm1, log1p, log, sin, cos, tanh,
    abs, sign, where, maximum, minimum. `latex` and `latex_slope` are TeX in the letter z.
    `range` holds the infimum and supremum of f, `largest_slope` the supremum of |f′|. `flat` lists
    the closed intervals where f′ is zero, a point as (p, p) and nowhere as (); they repeat every
    `flat_period` if that is given. `kinks` lists the points without a derivative, and `convention`
    says which value stands there. Set `complex_step` if the formulas use nothing else:
    then derivatives are checked by complex steps, otherwise by differences.

    `both`, where given, writes f and f′ at once and faster; it may leave nan where an exponential
    overflows, and the formulas take over there. The array for f′ may be that of z.

    Raises `NnexplainError` for a formula that fails for an array, changes the shape of z or hides a
    nan: write a constant slope as `keep_nan(3.0, z)`.

    A new activation takes a few lines:

    >>> def cube(z):
    ...     return z * z * z
    >>> def cube_slope(z):
    ...     return 3 * z * z
    >>> def cube_curvature(z):
    ...     return 6 * z
    >>> import math
    >>> record = Activation("cube", cube, cube_slope, cube_curvature, latex="z^3",
    ...                     latex_slope="3z^2", range=(-math.inf, math.inf),
    ...                     largest_slope=math.inf, flat=((0.0, 0.0),))
    >>> record.df([0.0, 2.0])
    array([ 0., 12.])
    """

    name: str
    formula: Formula
    slope: Formula
    curvature: Formula
    latex: str
    latex_slope: str
    range: tuple[float, float]
    largest_slope: float
    flat: tuple[Interval, ...]
    flat_period: float | None = None
    constant_slope: bool = False
    kinks: tuple[float, ...] = ()
    convention: str = ""
    complex_step: bool = False
    both: Callable[[Array, Array, Array], None] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        constant = "keep_nan(c, z) of nnexplain.activations"
        for part in ("formula", "slope", "curvature"):
            what = f"the {part} of activation {self.name!r}"
            check_formula(getattr(self, part), what, constant, z=np.array([0.5, math.nan]))

    @overload
    def f(self, z: float) -> float: ...
    @overload
    def f(self, z: npt.ArrayLike) -> Any: ...
    def f(self, z: Any) -> Any:
        """Return f at z, a number or an array of any shape; nan gives nan.

        >>> from nnexplain.activations import activations
        >>> activations["sigmoid"].f(0.0)
        0.5
        """
        return _evaluate(self.formula, z)

    @overload
    def df(self, z: float) -> float: ...
    @overload
    def df(self, z: npt.ArrayLike) -> Any: ...
    def df(self, z: Any) -> Any:
        """Return f′ at z, a number or an array of any shape; nan gives nan.

        >>> from nnexplain.activations import activations
        >>> activations["sigmoid"].df(0.0)
        0.25
        """
        return _evaluate(self.slope, z)

    @overload
    def d2f(self, z: float) -> float: ...
    @overload
    def d2f(self, z: npt.ArrayLike) -> Any: ...
    def d2f(self, z: Any) -> Any:
        """Return f″ at z, a number or an array of any shape; nan gives nan.

        >>> from nnexplain.activations import activations
        >>> round(activations["tanh"].d2f(1.0), 3)
        -0.64
        """
        return _evaluate(self.curvature, z)

    def value_and_slope(self, z: Array, value: Array, slope: Array) -> None:
        """Write f(z) to `value` and f′(z) to `slope` (same shape), sharing work where it pays.

        >>> from nnexplain.activations import activations
        >>> z = np.zeros(1); a = np.empty(1); s = np.empty(1)
        >>> activations["sigmoid"].value_and_slope(z, a, s); a, s
        (array([0.5]), array([0.25]))
        """
        with np.errstate(all="ignore"):
            if self.both is not None:
                self.both(z, value, slope)
            if self.both is None or not math.isfinite(np.vdot(slope, slope)):
                value[...] = self.formula(z)
                slope[...] = self.slope(z)

    @property
    def where_flat(self) -> str:
        """Where f′ is zero, and where it fades without ever being zero, in words.

        >>> from nnexplain.activations import activations
        >>> activations["relu"].where_flat
        'z ≤ 0'
        >>> activations["silu"].where_flat
        'z ≈ −1.278; it fades as z falls'
        """
        if self.flat == EVERYWHERE:
            return "everywhere"
        places = " and ".join(_in_words(low, high) for low, high in self.flat) or "nowhere"
        if self.flat_period is not None:
            places += f" + {format_number(self.flat_period)} k for every whole number k"
        return places + _FADES[self._fades(-math.inf), self._fades(math.inf)]

    @property
    def facts(self) -> dict[str, str]:
        """What a table says of this function, in words: its range, slopes and kinks.

        >>> from nnexplain.activations import activations
        >>> for fact, words in activations["relu"].facts.items():
        ...     print(f"{fact}: {words}")
        range: 0 to ∞
        largest slope: 1
        slope 0 at: z ≤ 0
        kinks: 0
        convention: f′(0) = 0
        """
        low, high = (format_number(bound) for bound in self.range)
        return {
            "range": f"{low} to {high}",
            "largest slope": format_number(self.largest_slope),
            "slope 0 at": self.where_flat,
            "kinks": ", ".join(format_number(kink) for kink in self.kinks) or "none",
            "convention": self.convention.split("by convention ")[-1] if self.kinks else "",
        }

    def _fades(self, end: float) -> bool:
        reached = any(end in interval for interval in self.flat)
        return not reached and self.df(end) == 0

    @cached_property
    def scalar(self) -> tuple[Formula, Formula]:
        """The pair f, f′ for one plain float."""
        return interpret(self.formula, SCALAR), interpret(self.slope, SCALAR)

    @cached_property
    def complex(self) -> Formula:
        """The function f continued to complex numbers near the real axis, for the complex step."""
        formula = interpret(self.formula, COMPLEX)

        def continued(z: npt.NDArray[np.complex128]) -> Any:
            with np.errstate(all="ignore"):
                return formula(z)

        return continued


def _evaluate(formula: Formula, z: Any) -> Any:
    array = real_array(z, "z", finite=False)
    with np.errstate(all="ignore"):
        result = np.asarray(formula(array), dtype=np.float64)
    return float(result) if array.ndim == 0 else result


_FADES = {
    (False, False): "",
    (True, False): "; it fades as z falls",
    (False, True): "; it fades as z grows",
    (True, True): "; it fades as |z| grows",
}


def _in_words(low: float, high: float) -> str:
    if low == high:
        return f"z {'≈' if is_rounded(low) else '='} {format_number(low)}"
    return f"z ≤ {format_number(high)}" if low == -math.inf else f"z ≥ {format_number(low)}"


def keep_nan(value: Any, z: Any) -> Any:
    """Return `value`, but nan where z is nan (a constant slope must not hide one).

    >>> keep_nan(1.0, np.array([2.0, math.nan]))
    array([ 1., nan])
    """
    return where(z == z, value, z)  # noqa: PLR0124 - only nan differs from itself
