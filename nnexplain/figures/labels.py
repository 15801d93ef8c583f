"""Names as text in figures: w14 with true subscripts, σ′ for the slope of a sigmoid."""

from __future__ import annotations

from nnexplain.activations import Activation
from nnexplain.losses import Loss
from nnexplain.network import Network

# There is no subscript comma; the low quotation mark stands where it would stand.
_SUBSCRIPTS = str.maketrans("0123456789_", "₀₁₂₃₄₅₆₇₈₉‚")


def symbol(name: str) -> str:
    """Return a name whose number is set as a subscript.

    >>> symbol("w14"), symbol("a4"), symbol("w1_14")
    ('w₁₄', 'a₄', 'w₁‚₁₄')
    """
    return name[0] + name[1:].translate(_SUBSCRIPTS)


def activation_symbol(net: Network, unit: int) -> str:
    """Return the output of a unit as text: x of an input, h of an output, a between.

    >>> net = Network([2, 1, 1, 2], seed=0)
    >>> [activation_symbol(net, unit) for unit in (1, 4, 5)]
    ['x₁', 'a₄', 'h₅']
    """
    if unit in net.layers[-1]:
        return symbol(f"h{unit}") if net.sizes[-1] > 1 else "h"
    return symbol(f"{'a' if net.depth(unit) else 'x'}{unit}")


def slope_symbol(activation: Activation, unit: int) -> str:
    """Return the slope of a unit as text: σ′ for a sigmoid, f′ for every other activation.

    >>> from nnexplain import activations
    >>> slope_symbol(activations["sigmoid"], 4), slope_symbol(activations["tanh"], 6)
    ('σ′(z₄)', 'f′(z₆)')
    """
    letter = "σ" if activation.name == "sigmoid" else "f"
    return f"{letter}′({symbol(f'z{unit}')})"


def error_symbol(loss: Loss, unit: int | None = None) -> str:
    """Return ∂J/∂h as text: h − y for the half squared error; with `unit`, of that output.

    >>> from nnexplain import losses
    >>> error_symbol(losses["half_squared_error"]), error_symbol(losses["mse"], 5)
    ('h − y', '∂J/∂h₅')
    """
    h = "h" if unit is None else symbol(f"h{unit}")
    if loss.latex_slope != "h-y":
        return f"∂J/∂{h}"
    return f"{h} − {h.replace('h', 'y')}"
