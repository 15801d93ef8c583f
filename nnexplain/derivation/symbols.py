r"""TeX of the pieces that derivations are made of, and how they are put together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.latex import function_tex, partial, subscript
from nnexplain.network import Network
from nnexplain.numbers import format_tex, is_rounded

STAGES = ("chain", "symbols", "numbers", "value")


READABLE_ROWS = 8
"""A formula of more rows than this is shown in its compact form."""
READABLE_FACTORS = 11
"""So is a product of more factors than this: it would not fit a line."""


def prediction_tex(net: Network, unit: int, sample: str) -> str:
    """Return the TeX of the prediction: h, or h_5 where there are several outputs."""
    return subscript("h", unit if net.sizes[-1] > 1 else "", sample)


def delta_tex(index: object, sample: str) -> str:
    """Return the TeX of δ of a unit."""
    return subscript(r"\delta", index, sample)


def entering_tex(net: Network, source: int, sample: str) -> str:
    """Return the TeX of what a unit sends: x_1 of an input, a_4 of a hidden unit."""
    return subscript("a" if net.depth(source) else "x", source, sample)


def slope_tex(net: Network, unit: int, index: str, sample: str) -> str:
    """Return the TeX of a unit's slope, σ'(z_4); `index` may be a letter for the unit."""
    return f"{function_tex(net.activation_of(unit).name)}'({subscript('z', index, sample)})"


def weight_tex(source: str, unit: str) -> str:
    """Return the TeX of a weight whose ends may be letters: w_{46}, w_{1,14}, w_{jk}."""
    return rf"w_{{{source}{',' if len(source + unit) > 2 else ''}{unit}}}"


def output_symbols(net: Network, unit: int, index: str, sample: str) -> list[str]:
    """Return the TeX of ∂J/∂h and of the output unit's slope, or of the one factor of both."""
    loss, slope = net.loss_function, slope_tex(net, unit, index, sample)
    error = loss.latex_slope
    if net.structure.from_logit:
        cancelled = re.fullmatch(r"\\frac\{(.*)\}\{h\(1-h\)\}", error)
        error = cancelled[1] if cancelled else rf"{grouped(error)}\,h(1-h)"
    if loss.averages:
        outputs = net.sizes[-1]
        error = rf"\tfrac{{1}}{{{'' if outputs == 1 else outputs}N}}\,{grouped(error)}"
    error = with_index(error, index if net.sizes[-1] > 1 else "", sample)
    return [error] if net.structure.from_logit else [error, slope]


def cancellation_tex(net: Network, unit: int, sample: str) -> str:
    """Return the TeX of ∂J/∂z of an output with the sigmoid's slope cancelling."""
    h, z = prediction_tex(net, unit, sample), subscript("z", unit, sample)
    index = str(unit) if net.sizes[-1] > 1 else ""
    error = grouped(with_index(net.loss_function.latex_slope, index, sample))
    slope = with_index("h(1-h)", index, sample)
    fused = output_symbols(net, unit, str(unit), sample)[0]
    return (
        rf"{partial('J', z)} = {partial('J', h)}\,{partial(h, z)} = {error}\cdot {slope} = {fused}"
    )


def with_index(tex: str, index: str, sample: str) -> str:
    """Give the letters h and y of a loss's TeX their index; commands keep their letters."""
    return re.sub(r"(?<![A-Za-z\\])[hy](?![A-Za-z])", lambda m: subscript(m[0], index, sample), tex)


def grouped(tex: str) -> str:
    """Return `tex` as it can stand in a product: a sum or difference in brackets."""
    outside = re.sub(r"\\left\(|\\right\)", "", tex)
    while (shorter := re.sub(r"\{[^{}]*\}|\([^()]*\)", "", outside)) != outside:
        outside = shorter
    return f"({tex})" if re.search(r"[-+]", outside) else tex


def equals(value: float, digits: int) -> str:
    """Return "= value", or "≈ value" where digits are left out."""
    sign = r"\approx" if is_rounded(value, digits) else "="
    return f" {sign} {format_tex(value, digits)}"


def shortened(parts: list[str]) -> str:
    """Join summands with +, leaving out the middle of many."""
    kept = parts if len(parts) <= READABLE_ROWS else [*parts[:3], r"\cdots", parts[-1]]
    return " + ".join(kept)


def aligned(lines: Sequence[str]) -> str:
    """Return one aligned block of TeX."""
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def check_stage(stage: str, allowed: Sequence[str]) -> None:
    """Raise unless `stage` is allowed here; say where the others are."""
    if stage in allowed:
        return
    if stage in STAGES:
        raise NnexplainError(
            f"stage {stage!r} needs numbers: use derive(network, name).at(x, y).latex({stage!r})"
        )
    raise UnknownNameError("stage", stage, allowed)
