"""The site's mark: the product ∂J/∂w14, factor by factor, as five shrinking bars."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import log10
from operator import mul

from nnexplain.derivation import derive
from nnexplain.derivation.factors import NumberedFactor
from nnexplain.palette import ROLES, variable
from nnexplain.worked import worked

_SIZE = 32
_WIDTH, _GAP = 4.8, 1.6
_DECADES = 2.75  # what the full height spans, on a scale of powers of ten


def factors() -> Sequence[NumberedFactor]:
    """Return the five factors of ∂J/∂w14 at the running example.

    >>> [one.kind for one in factors()]
    ['error', 'output_slope', 'weight', 'hidden_slope', 'input']
    """
    example = worked["han_kamber"]
    return derive(example.network, "w14").at(example.x, example.y).factors


def heights() -> list[float]:
    """Return how high each bar stands, 0 to 1: the product up to its factor, in powers of ten.

    >>> [round(height, 2) for height in heights()]
    [0.9, 0.68, 0.49, 0.25, 0.25]
    """
    products = accumulate((abs(one.value) for one in factors()), mul)
    return [1 + log10(product) / _DECADES for product in products]


def inline() -> str:
    """Return the mark for a page, in the colours that its scheme has now."""
    colours = [f"var({variable(one.kind)})" for one in factors()]
    return f'<svg viewBox="0 0 {_SIZE} {_SIZE}" aria-hidden="true">{_bars(colours, "style")}</svg>'


def favicon() -> str:
    """Return the mark as a file of its own, which follows the reader's scheme."""
    roles = [ROLES[one.kind] for one in factors()]
    dark = " ".join(f".b{k} {{ fill: {role.dark}; }}" for k, role in enumerate(roles))
    light = _bars([role.light for role in roles], "fill")
    style = f"<style>@media (prefers-color-scheme: dark) {{ {dark} }}</style>"
    box = f'viewBox="0 0 {_SIZE} {_SIZE}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{style}{light}</svg>\n'


def _bars(colours: Sequence[str], attribute: str) -> str:
    """Return one rounded bar for each factor; a colour goes into `fill` or into a style."""
    parts = []
    for k, (colour, height) in enumerate(zip(colours, heights(), strict=True)):
        fill = f'fill="{colour}"' if attribute == "fill" else f'style="fill:{colour}"'
        tall = height * _SIZE
        parts.append(
            f'<rect class="b{k}" x="{k * (_WIDTH + _GAP) + 0.8:.1f}" y="{_SIZE - tall:.1f}" '
            f'width="{_WIDTH}" height="{tall:.1f}" rx="1.2" {fill}/>'
        )
    return "".join(parts)
