"""A derivative with one path as a row of its factors: symbol, number, meaning."""

from __future__ import annotations

from nnexplain.derivation import DerivationAt
from nnexplain.latex import parameter_tex
from nnexplain.numbers import format_number
from nnexplain.pages.markup import kind
from nnexplain.pages.maths import mathml


def product(at: DerivationAt) -> str:
    """Return the factors of a derivative's only path side by side, then the derivative itself.

    >>> import nnexplain as nne
    >>> net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> product(nne.derive(net, "w12").at([10], 24)).count("nne-amount")
    4
    """
    signs = ["×"] * (len(at.factors) - 1) + ["="]
    cells = [
        _cell(one.symbol, one.value, sign, kind(one.kind), one.kind)
        for one, sign in zip(at.factors, signs, strict=True)
    ]
    whole = rf"\partial J / \partial {parameter_tex(at.parameter)}"
    cells.append(_cell(whole, at.value, "", '<span class="nne-kind">the derivative</span>', "ink"))
    return f'<div class="nne-product" data-search-exclude>{"".join(cells)}</div>'


def _cell(tex: str, value: float, sign: str, words: str, role: str) -> str:
    """Return one column: a symbol, its value with the sign behind it, and what it is."""
    behind = f' data-sign="{sign}"' if sign else ""
    amount = f'<span class="nne-amount"{behind}>{format_number(value, 3)}</span>'
    colour = f"nne-{role.replace('_', '-')}"
    return f'<span class="{colour}">{mathml(tex, display=False)}{amount}{words}</span>'
