"""Numbers for readers: hard roundings, and what Hypothesis finds between them."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnexplain.errors import NnexplainError
from nnexplain.numbers import format_number, format_tex, is_rounded

CASES = [
    (0.2, "0.2"),
    (1, "1"),
    (1.0, "1"),
    (-0.7, "−0.7"),
    (0.1 + 0.2, "0.3"),  # 0.30000000000000004: the float's noise is not a digit
    (0.3000001, "0.3000"),  # rounded, and the zeros say so
    (0.47388889, "0.4739"),
    (9.9995, "9.999"),  # the float is 9.99949999999999939
    (9.99951, "10.00"),
    (0.99999, "1.000"),
    (0.015625, "0.01563"),  # a tie, 2⁻⁶: up
    (100000.5, "100001"),
    (2.0**-18 + 2.0**-40, "3.815 × 10⁻⁶"),
    (100.04, "100.0"),
    (12345.678, "12346"),  # no digit in front of the point is rounded away
    (123456, "123456"),
    (999999.4, "1.000 × 10⁶"),
    (1e6, "1 × 10⁶"),
    (1e-4, "0.0001"),
    (9.9999e-5, "0.0001000"),
    (-0.0, "0"),
    (0, "0"),
    (5e-324, "4.941 × 10⁻³²⁴"),
    (1e300, "1 × 10³⁰⁰"),
    (-1.7976931348623157e308, "−1.798 × 10³⁰⁸"),
    (10**400, "1 × 10⁴⁰⁰"),  # no float holds it
    (math.nan, "nan"),
    (math.inf, "∞"),
    (-math.inf, "−∞"),
    (np.float64(0.25), "0.25"),
    (np.float32(0.25), "0.25"),
    (np.int64(-3), "−3"),
    (Fraction(1, 3), "0.3333"),
]


@pytest.mark.parametrize(("value", "text"), CASES)
def test_four_digits_for_prose(value: float, text: str) -> None:
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.7, "-0.7"),
        (0.1 + 0.2, "0.3"),
        (1.25e-16, r"1.25\times 10^{-16}"),
        (1 / 3e20, r"3.333\times 10^{-21}"),
        (math.nan, r"\text{nan}"),
        (-math.inf, r"-\infty"),
        (-0.0, "0"),
    ],
)
def test_four_digits_for_tex(value: float, text: str) -> None:
    assert format_tex(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(2 / 3, 1, "0.7"), (2 / 3, 9, "0.666666667"), (0.1, 15, "0.1"), (-0.52, 3, "−0.52")],
)
def test_other_numbers_of_digits(value: float, digits: int, text: str) -> None:
    assert format_number(value, digits) == text


@pytest.mark.parametrize("value", [True, "1", None, 1j, np.ones(3), np.array(1.0)])
def test_only_one_real_number_is_written(value: object) -> None:
    with pytest.raises(NnexplainError, match="one real number"):
        format_number(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("digits", [0, 16, -1, 2.0, True])
def test_digits_are_1_to_15(digits: object) -> None:
    with pytest.raises(NnexplainError, match="1 to 15"):
        format_tex(1.0, digits)  # type: ignore[arg-type]


def read(text: str) -> Decimal:
    """Read a number as a person would."""
    text = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
    return Decimal(re.sub(r" × 10", "e", text))


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 15))
def test_what_is_read_is_the_value_to_half_a_digit(value: float, digits: int) -> None:
    error = abs(Fraction(read(format_number(value, digits))) - Fraction(value))
    assert error <= Fraction(1, 2) * Fraction(10) ** (1 - digits) * abs(Fraction(value))


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 15))
def test_text_is_marked_rounded_exactly_when_digits_are_lost(value: float, digits: int) -> None:
    seen = read(format_number(value, digits))
    held = Decimal(f"{Decimal(value):.14e}")
    assert is_rounded(value, digits) == (seen != held)


@given(st.floats(1e-4, 999_999.0), st.integers(1, 15))
def test_the_minus_sign_is_the_only_difference(value: float, digits: int) -> None:
    assert format_number(-value, digits) == "−" + format_number(value, digits)
    assert format_tex(-value, digits) == "-" + format_tex(value, digits)
