"""One formula, several readings: the same function over arrays, complex numbers and floats.

A formula is an ordinary Python function whose body uses only the operations below, as `abs` or as
`np.abs`, arithmetic, comparisons and other formulas. Read with NumPy's operations it works on
arrays; `interpret` gives the same function other operations: `COMPLEX` for the complex step,
`SCALAR` for plain floats. `nnexplain.javascript` reads the very same source text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import CellType, FunctionType, ModuleType
from typing import Any, cast

import numpy as np

from nnexplain.errors import NnexplainError

Formula = Callable[..., Any]
OPERATIONS = ("exp", "expm1", "log1p", "log", "sin", "cos", "tanh", "abs", "sign", "where",
              "maximum", "minimum")  # fmt: skip


def _complex_abs(z: Any) -> Any:
    # |z| is not differentiable in the complex sense; along the real axis it is ±z.
    return np.where(np.real(z) < 0, -z, z)


def _complex_log1p(z: Any) -> Any:
    # NumPy's complex log1p forms 1 + z and loses what is small in z.
    x, h = np.real(z), np.imag(z)
    ratio = h / (1 + x)
    return np.log1p(x) + 0.5 * np.log1p(ratio * ratio) + 1j * np.arctan2(h, 1 + x)


def _complex_maximum(a: Any, b: Any) -> Any:
    x, y = np.real(a), np.real(b)
    # At a tie the first one, as |z| is z at 0: max(z, 0) - |z|/2 then has its slope ½ there.
    # Where neither comparison holds there is a nan, which the sum keeps.
    return np.where(x >= y, a, np.where(x < y, b, a + b))


COMPLEX: Mapping[str, Formula] = {
    "exp": np.exp,
    "expm1": np.expm1,
    "log1p": _complex_log1p,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "abs": _complex_abs,
    "sign": lambda z: np.sign(np.real(z)),
    "where": np.where,
    "maximum": _complex_maximum,
    "minimum": lambda a, b: -_complex_maximum(-a, -b),
}


def _scalar_extreme(pick: Callable[[float, float], float]) -> Callable[[float, float], float]:
    def extreme(a: float, b: float) -> float:
        # Python's max and min drop a nan; NumPy's and JavaScript's keep it.
        return math.nan if math.isnan(a) or math.isnan(b) else pick(a, b)

    return extreme


def _scalar_periodic(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda z: function(z) if math.isfinite(z) else math.nan


SCALAR: Mapping[str, Formula] = {
    "exp": math.exp,
    "expm1": math.expm1,
    "log1p": math.log1p,
    "log": math.log,
    "sin": _scalar_periodic(math.sin),
    "cos": _scalar_periodic(math.cos),
    "tanh": math.tanh,
    "abs": abs,
    "sign": lambda z: z if math.isnan(z) else (z > 0) - (z < 0),
    "where": lambda condition, then, other: then if condition else other,
    "maximum": _scalar_extreme(max),
    "minimum": _scalar_extreme(min),
}


class _Numpy:
    """NumPy as a formula sees it that says `np.abs`: its operations replaced, all else its own."""

    def __init__(self, operations: Mapping[str, Formula]) -> None:
        self._operations = operations

    def __getattr__(self, name: str) -> Any:
        return self._operations.get(name) or getattr(np, name)


def check_formula(formula: Formula, what: str, constant: str, **arguments: Any) -> None:
    """Raise unless a formula takes arrays, keeps their shape, and is nan where its last one is.

    `what` names the formula, and `constant` says how one that is constant is written.

    >>> some = np.array([0.5, math.nan])
    >>> check_formula(lambda z: z if z > 0 else 0.0, "the formula", "c + 0 * z", z=some)
    Traceback (most recent call last):
    nnexplain.errors.NnexplainError: the formula must take arrays, but for z = [0.5 nan] it fails...
    """
    *_, (name, last) = arguments.items()
    given = ", ".join(f"{letter} = {array}" for letter, array in arguments.items())
    try:
        with np.errstate(all="ignore"):
            result = np.asarray(formula(*arguments.values()), dtype=np.float64)
    except Exception as error:
        raise NnexplainError(
            f"{what} must take arrays, but for {given} it fails: {error}. Write "
            f"where({name} > 0, {name}, 0.0) instead of an if, and functions of NumPy instead of "
            "those of math"
        ) from error
    if result.shape != last.shape or not np.isnan(result[np.isnan(last)]).all():
        raise NnexplainError(
            f"{what} must give an array of {name}'s shape and nan where {name} is nan; it gives "
            f"{result} for {given}. For a constant c write {constant}"
        )


def interpret(formula: Formula, operations: Mapping[str, Formula]) -> Formula:
    """Return f with its operations replaced: the same formula over other numbers.

    Formulas that `formula` calls, by name or from the function around it, are read the same way.
    `formula` must be a plain Python function that does not call itself; anything else (a NumPy
    ufunc) is returned unchanged. Read with `SCALAR`, a formula raises ArithmeticError or ValueError
    where Python's floats do, for instance when it divides by zero; NumPy gives inf or nan there.

    >>> def cube(z):
    ...     return abs(z) * abs(z) * z
    >>> interpret(cube, COMPLEX)(np.array([-2.0 + 1e-30j])).imag / 1e-30
    array([12.])
    """
    if isinstance(formula, ModuleType) and formula is np:
        return cast(Formula, _Numpy(operations))
    if not isinstance(formula, FunctionType):
        return formula
    names: dict[str, Any] = {"__builtins__": __builtins__}
    for name in formula.__code__.co_names:
        if name in operations:
            names[name] = operations[name]
        elif name in formula.__globals__:
            names[name] = interpret(formula.__globals__[name], operations)
    closure = tuple(
        CellType(interpret(cell.cell_contents, operations)) for cell in formula.__closure__ or ()
    )
    return FunctionType(
        formula.__code__, names, formula.__name__, formula.__defaults__, closure or None
    )
