"""One formula over arrays, complex numbers and floats."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from numpy import maximum, where

from nnexplain.activation import Activation
from nnexplain.formula import COMPLEX, OPERATIONS, SCALAR, interpret

VALUES = [-3.0, -0.5, 0.0, 1e-300, 0.25, 2.0, 40.0, math.inf, math.nan]
TWO = ("maximum", "minimum")
ONE = tuple(name for name in OPERATIONS if name not in (*TWO, "where"))


def compute(operation: Callable[..., Any], *arguments: Any) -> Any:
    with np.errstate(all="ignore"):
        return operation(*arguments)


def defined(name: str, value: float) -> bool:
    """Python's math raises where the logarithm of NumPy is nan or -inf."""
    bound = {"log": 0.0, "log1p": -1.0}.get(name, -math.inf)
    return math.isnan(value) or value > bound


@pytest.mark.parametrize("operations", [COMPLEX, SCALAR])
def test_both_readings_know_all_operations(operations: Mapping[str, Any]) -> None:
    assert set(operations) == set(OPERATIONS)


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in ONE for value in VALUES if defined(name, value)]
)
def test_operations_of_one_argument_agree(name: str, value: float) -> None:
    expected = compute(getattr(np, name), value)
    assert SCALAR[name](value) == pytest.approx(expected, rel=1e-15, abs=0, nan_ok=True)
    if math.isfinite(value):
        complex_value = compute(COMPLEX[name], np.complex128(value))
        assert np.real(complex_value) == pytest.approx(expected, rel=1e-15, abs=0)
        assert np.imag(complex_value) == 0


@pytest.mark.parametrize("name", TWO)
@pytest.mark.parametrize("a", VALUES)
@pytest.mark.parametrize("b", VALUES)
def test_extremes_agree_and_keep_nan(name: str, a: float, b: float) -> None:
    expected = compute(getattr(np, name), a, b)
    assert SCALAR[name](a, b) == pytest.approx(expected, nan_ok=True)
    found = np.real(compute(COMPLEX[name], np.complex128(a), np.complex128(b)))
    assert float(found) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "derivative"),
    [
        ("exp", math.exp),
        ("expm1", math.exp),
        ("log", lambda x: 1 / x),
        ("log1p", lambda x: 1 / (1 + x)),
        ("sin", math.cos),
        ("cos", lambda x: -math.sin(x)),
        ("tanh", lambda x: 1 / math.cosh(x) ** 2),
        ("abs", lambda x: math.copysign(1.0, x)),
        ("sign", lambda x: 0.0),
    ],
)
def test_a_complex_step_gives_the_derivative(name: str, derivative: Callable[..., float]) -> None:
    for x in (-0.75, -0.1, 1e-20, 0.3, 2.5, 30.0):
        if defined(name, x):
            step = np.imag(COMPLEX[name](np.complex128(x + 1e-200j))) / 1e-200
            assert step == pytest.approx(derivative(x), rel=1e-14)


def test_a_small_logarithm_keeps_its_digits() -> None:
    assert COMPLEX["log1p"](np.complex128(1e-40)) == 1e-40
    assert COMPLEX["log1p"](np.complex128(3 + 4j)) == pytest.approx(np.log(4 + 4j), rel=1e-15)


def test_extremes_take_the_first_side_at_a_tie() -> None:
    a, b = np.complex128(1 + 2j), np.complex128(1 + 3j)
    assert COMPLEX["maximum"](a, b) == COMPLEX["minimum"](a, b) == a


def ramp(z: Any) -> Any:
    return maximum(z, 0.0)


def above(z: Any) -> Any:
    return where(z > 1, ramp(z), abs(z))


def twice(inner: Callable[..., Any], factor: float) -> Callable[..., Any]:
    def outer(z: Any) -> Any:
        return factor * inner(z)

    return outer


def test_formulas_that_a_formula_calls_are_read_too() -> None:
    scalar = interpret(twice(above, 2.0), SCALAR)
    assert [type(scalar(z)) for z in (-3.0, 5.0)] == [float, float]
    assert [scalar(-3.0), scalar(5.0)] == [6.0, 10.0]
    step = interpret(twice(above, 2.0), COMPLEX)(np.array([-3.0, 5.0]) + 1e-30j)
    np.testing.assert_allclose(np.imag(step) / 1e-30, [-2.0, 2.0])


def test_operations_are_read_by_their_full_names_too() -> None:
    def bent(z: Any) -> Any:
        return np.where(np.abs(z) < 1, np.sign(z) * z, np.sqrt(4.0) * z)

    scalar = interpret(bent, SCALAR)
    assert [scalar(-0.5), scalar(3.0)] == [0.5, 6.0]
    assert type(scalar(-0.5)) is float
    step = interpret(bent, COMPLEX)(np.array([-0.5, 3.0]) + 1e-30j)
    np.testing.assert_allclose(np.imag(step) / 1e-30, [-1.0, 2.0])


def test_the_reference_lists_the_operations() -> None:
    words = re.split(r"[\s,;.:]+", Activation.__doc__ or "")
    first = words.index(OPERATIONS[0])
    assert tuple(words[first : first + len(OPERATIONS)]) == OPERATIONS


def test_what_is_no_python_function_stays_as_it_is() -> None:
    assert interpret(np.sin, SCALAR) is np.sin


def test_the_scalar_reading_raises_where_floats_do() -> None:
    def inverse(z: Any) -> Any:
        return 1 / z

    with pytest.raises(ZeroDivisionError):
        interpret(inverse, SCALAR)(0.0)
    with pytest.raises(OverflowError):
        SCALAR["exp"](1000.0)
    with pytest.raises(ValueError, match=r"math domain error|positive"):
        SCALAR["log"](0.0)
