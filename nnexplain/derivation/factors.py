"""Factors: the links of the chain rule along one path, each with its name, words and place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnexplain.derivation.symbols import (
    entering_tex,
    grouped,
    output_symbols,
    prediction_tex,
    slope_tex,
)
from nnexplain.errors import UnknownNameError
from nnexplain.latex import coloured, parameter_tex, partial, plain, subscript
from nnexplain.network import Network, weight_name
from nnexplain.numbers import format_tex


@dataclass(frozen=True)
class Factor:
    r"""One factor of a term: one link of the chain rule.

    `kind` is "error", "output_slope", "weight", "hidden_slope" or "input"; `partial` the TeX of the
    partial derivative and `symbol` the TeX of what it is; `words` says what it tells. `unit` is the
    unit it belongs to, and `edge` the connection (source, unit) of a weight or an input.

    >>> from nnexplain.derivation import derive
    >>> factor = derive(Network([3, 2, 1], seed=0), "w14").terms[0].factors[2]
    >>> factor.kind, factor.name, factor.edge, factor.partial
    ('weight', 'w46', (4, 6), '\\frac{\\partial z_6}{\\partial a_4}')
    >>> factor.words
    'how strongly unit 4 feeds unit 6: the weight w46'
    """

    kind: str
    partial: str
    symbol: str
    words: str
    unit: int
    edge: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """The symbol in plain text: "h − y", "σ′(z6)", "w46", "x1"."""
        return plain(self.symbol)

    def is_called(self, name: str | Factor) -> bool:
        """Return whether `name` is this factor, its kind, its name as typed, or its symbol."""
        if isinstance(name, Factor):
            return (name.symbol, name.unit) == (self.symbol, self.unit)
        if not isinstance(name, str):
            return False
        printed = name.replace("'", "′").replace("-", "−")
        return printed in (self.kind, self.name.replace("-", "−")) or name == self.symbol

    def tex(self, stage: str, digits: int) -> str:
        """Return this factor as it stands in a product at "chain" or "symbols"."""
        return self.partial if stage == "chain" else grouped(self.symbol)


@dataclass(frozen=True)
class NumberedFactor(Factor):
    """A factor with its value: a float for one sample, an array (N,) for a batch."""

    value: Any = field(kw_only=True)

    def tex(self, stage: str, digits: int) -> str:
        """Return this factor as it stands in a product at any stage, numbers included."""
        if stage == "numbers":
            return f"({format_tex(self.value, digits)})"
        return super().tex(stage, digits)


def factors_along(
    net: Network, parameter: str, units: tuple[int, ...], sample: str
) -> Iterator[Factor]:
    """Yield the factors along `units`, the parameter's unit to an output, from J back."""
    yield from _output_factors(net, units[-1], sample)
    for unit, below in zip(units[-2::-1], units[:0:-1], strict=True):
        z, a = subscript("z", unit, sample), subscript("a", unit, sample)
        name = weight_name(unit, below)
        yield Factor("weight", partial(subscript("z", below, sample), a), parameter_tex(name),
                     f"how strongly unit {unit} feeds unit {below}: the weight {name}",
                     below, (unit, below))  # fmt: skip
        yield Factor("hidden_slope", partial(a, z), slope_tex(net, unit, str(unit), sample),
                     _slope_words(unit), unit)  # fmt: skip
    yield _input_factor(net, parameter, sample)


def _output_factors(net: Network, unit: int, sample: str) -> Iterator[Factor]:
    h, z = prediction_tex(net, unit, sample), subscript("z", unit, sample)
    symbols = output_symbols(net, unit, str(unit), sample)
    if net.structure.from_logit:
        words = f"the error signal: how fast J changes as z{unit} moves"
        yield Factor("error", partial("J", z), symbols[0], words, unit)
        return
    shown = plain(prediction_tex(net, unit, ""))
    words = f"the error signal: how fast J changes as the prediction {shown} moves"
    yield Factor("error", partial("J", h), symbols[0], words, unit)
    yield Factor("output_slope", partial(h, z), symbols[1], _slope_words(unit), unit)


def _input_factor(net: Network, parameter: str, sample: str) -> Factor:
    source, unit = net.locate(parameter)
    link = partial(subscript("z", unit, sample), parameter_tex(parameter))
    if source is None:
        return Factor("input", link, "1", f"the bias {parameter} enters as it is: factor 1", unit)
    what = "input" if net.depth(source) == 0 else "activation"
    symbol = entering_tex(net, source, sample)
    words = f"what enters through {parameter}: the {what} {plain(entering_tex(net, source, ''))}"
    return Factor("input", link, symbol, words, unit, (source, unit))


def _slope_words(unit: int) -> str:
    return f"how fast unit {unit} answers: the slope of its activation at z{unit}"


def product_tex(factors: Sequence[Factor], stage: str, colour: bool, digits: int) -> str:
    """Return the product of factors in TeX."""
    parts = [(factor.kind, factor.tex(stage, digits)) for factor in factors]
    between = "" if stage == "numbers" else r"\,"
    return between.join(coloured(kind, tex) if colour else tex for kind, tex in parts)


def multiply(factors: Sequence[NumberedFactor]) -> Any:
    """Return the product of the values."""
    with np.errstate(all="ignore"):
        return math.prod((factor.value for factor in factors), start=1.0)


def add(values: Sequence[Any]) -> Any:
    """Return the sum of floats or of arrays."""
    with np.errstate(all="ignore"):
        return sum(values[1:], start=values[0])


def of_sample(factor: NumberedFactor, i: int) -> NumberedFactor:
    """Return a factor of a batch as it is for sample i."""
    return NumberedFactor(**{**vars(factor), "value": float(factor.value[i])})


def no_factor(name: str | Factor, factors: Sequence[Factor]) -> UnknownNameError:
    """Return the error for a name that belongs to no factor."""
    given = name.name if isinstance(name, Factor) else name
    known = dict.fromkeys([*(f.name for f in factors), *(f.kind for f in factors)])
    return UnknownNameError("factor", given, known)
