"""Numbers for readers: a few significant digits, in Unicode for prose and in TeX for formulas.

A value that *is* a short decimal (0.2, or 0.1 + 0.2 up to the float's own noise) is written
without trailing zeros; a rounded value keeps them, so that 0.3000 says "rounded to four digits".
"""

from __future__ import annotations

import math
import numbers
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import NamedTuple

from nnexplain.errors import NnexplainError, whole_number

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALLEST_EXPONENT, _LARGEST_EXPONENT = -4, 5
# Every decimal of 15 digits survives a float64; what differs beyond them is noise of rounding.
_HELD_DIGITS = 15


class _Parts(NamedTuple):
    """|value| as digits and an exponent of ten; no exponent inside [1e-4, 1e6)."""

    mantissa: str
    exponent: int | None


def format_number(value: float, digits: int = 4) -> str:
    """Return `value` for prose and figures, rounded to `digits` significant digits.

    `value` is an int of any size or a float; -0.0 is written 0, nan "nan" and inf "∞". `digits` is
    1 to 15; digits in front of the decimal point are never rounded away. Anything that is not one
    real number raises `NnexplainError`.

    >>> format_number(0.47388889), format_number(-0.7), format_number(0.1 + 0.2)
    ('0.4739', '−0.7', '0.3')
    >>> format_number(1.2345e-16), format_number(10**100)
    ('1.234 × 10⁻¹⁶', '1 × 10¹⁰⁰')
    """
    special = _special(value, digits)
    if special is not None:
        return special.replace("-", "−")
    mantissa, exponent = _parts(value, digits)
    power = "" if exponent is None else f" × 10{superscript(exponent)}"
    return ("−" if value < 0 else "") + mantissa + power


def superscript(exponent: int) -> str:
    """Return a whole number in raised digits.

    >>> superscript(-16)
    '⁻¹⁶'
    """
    return str(exponent).translate(_SUPERSCRIPTS)


def format_tex(value: float, digits: int = 4) -> str:
    r"""Return `value` for a TeX formula; digits and errors as in `format_number`.

    >>> print(format_tex(-0.7), format_tex(1.2345e-16), format_tex(float("inf")))
    -0.7 1.234\times 10^{-16} \infty
    """
    special = _special(value, digits)
    if special is not None:
        return special.replace("∞", r"\infty").replace("nan", r"\text{nan}")
    mantissa, exponent = _parts(value, digits)
    power = "" if exponent is None else rf"\times 10^{{{exponent}}}"
    return ("-" if value < 0 else "") + mantissa + power


def is_rounded(value: float, digits: int = 4) -> bool:
    """Return whether `digits` significant digits leave something of `value` out.

    >>> is_rounded(0.25), is_rounded(0.1 + 0.2), is_rounded(1 / 3)
    (False, False, True)
    """
    if _special(value, digits) is not None:
        return False
    shown = _parts(value, digits).mantissa
    return Decimal(_scientific(value, _HELD_DIGITS)[0]) != _significand(shown)


def _special(value: float, digits: int) -> str | None:
    """Check the arguments; return the text of 0, nan and ±inf, else None."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise NnexplainError(
            f"one real number can be written here, got {value!r}; "
            "pick one element of an array, or convert with float()"
        )
    whole_number(digits, "digits", 1, _HELD_DIGITS)
    if value == 0:
        return "0"
    if isinstance(value, numbers.Integral):
        return None
    if math.isnan(value):
        return "nan"
    return None if math.isfinite(value) else ("∞" if value > 0 else "-∞")


def _parts(value: float, digits: int) -> _Parts:
    mantissa, exponent = _scientific(value, digits)
    if not _SMALLEST_EXPONENT <= exponent <= _LARGEST_EXPONENT:
        return _Parts(_trimmed(value, mantissa), exponent)
    decimals = max(0, digits - 1 - exponent)
    return _Parts(_trimmed(value, _rounded(abs(_exact(value)), f".{decimals}f")), None)


def _scientific(value: float, digits: int) -> tuple[str, int]:
    """Return |value| as ("d.ddd", exponent), rounded once from the exact value."""
    mantissa, exponent = _rounded(abs(_exact(value)), f".{digits - 1}e").split("e")
    return mantissa, int(exponent)


def _rounded(value: Decimal, form: str) -> str:
    # A tie goes up, as people round and as JavaScript does; Python alone would take the even digit.
    with localcontext(rounding=ROUND_HALF_UP):
        return format(value, form)


def _exact(value: float) -> Decimal:
    # Decimal holds every float and every int exactly: nothing is rounded twice.
    return Decimal(int(value) if isinstance(value, numbers.Integral) else float(value))


def _trimmed(value: float, text: str) -> str:
    """Drop the zeros behind the decimal point if the value is the short decimal they end."""
    if "." not in text or not text.endswith("0"):
        return text
    held, _ = _scientific(value, _HELD_DIGITS)
    short = Decimal(held) == _significand(text)
    return text.rstrip("0").rstrip(".") if short else text


def _significand(text: str) -> Decimal:
    """Return the digits of a decimal text as a number in [1, 10)."""
    number = Decimal(text)
    return number.scaleb(-number.adjusted())
