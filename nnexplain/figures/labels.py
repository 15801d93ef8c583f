"""Names and numbers as text in figures: w14 with true subscripts, equals signs between thin spaces.

Text stays text, so that it can take the page's font: no figure uses TeX.
"""

from __future__ import annotations

import re

from nnexplain.derivation import Factor, NumberedFactor
from nnexplain.network import Network
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

# There is no subscript comma; the low quotation mark stands where it would stand.
_SUBSCRIPTS = str.maketrans("0123456789_", "₀₁₂₃₄₅₆₇₈₉‚")
_EQUALS = "\u2009=\u2009"


def subscripted(text: str) -> str:
    """Return a text with the numbers of its names set as subscripts.

    >>> subscripted("σ′(z6)"), subscripted("w1_14"), subscripted("2(h − y)")
    ('σ′(z₆)', 'w₁‚₁₄', '2(h − y)')
    """
    return re.sub(r"(?<=[^\W\d_])\d+(_\d+)?", lambda match: match[0].translate(_SUBSCRIPTS), text)


def equation(mark: str, name: str, value: float | None, digits: int) -> str:
    """Return "mark name = value"; mark and name where there is no value, or the name says it.

    >>> equation("→", "z4", -0.7, 3).replace(chr(0x2009), " "), equation("", "x1", None, 3)
    ('→ z₄ = −0.7', 'x₁')
    >>> equation("●", "1", 1.0, 3)
    '● 1'
    """
    number = "" if value is None else format_number(value, digits)
    said = _EQUALS + number if number not in ("", name) else ""
    return f"{mark} {subscripted(name)}{said}".strip()


def factor_value(factor: Factor) -> float | None:
    """Return a factor's value at one sample; None where it is a symbol only."""
    return float(factor.value) if isinstance(factor, NumberedFactor) else None


def factor_equation(factor: Factor, digits: int) -> str:
    """Return a factor with the sign of its kind: "▼ σ′(z₄) = 0.222"."""
    return equation(ROLES[factor.kind].mark, factor.name, factor_value(factor), digits)


def activation_name(net: Network, unit: int) -> str:
    """Return the name of a unit's output: x of an input, h of an output, a between.

    >>> net = Network([2, 1, 1, 2], seed=0)
    >>> [activation_name(net, unit) for unit in (1, 4, 5)]
    ['x1', 'a4', 'h5']
    """
    if unit in net.layers[-1]:
        return f"h{unit}" if net.sizes[-1] > 1 else "h"
    return f"{'a' if net.depth(unit) else 'x'}{unit}"
