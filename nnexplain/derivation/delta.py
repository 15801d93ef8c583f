"""The delta form: the same gradient without a list of paths, their products shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnexplain.derivation.symbols import (
    READABLE_ROWS,
    aligned,
    delta_tex,
    entering_tex,
    equals,
    grouped,
    output_symbols,
    slope_tex,
    weight_tex,
)
from nnexplain.derivation.values import Values
from nnexplain.errors import NnexplainError
from nnexplain.latex import parameter_tex, partial, plain
from nnexplain.network import Network


@dataclass(frozen=True, eq=False)
class DeltaForm:
    r"""∂J/∂w = δ a, with δ = ∂J/∂z found layer by layer from the outputs back.

    Each δ is used by every path through its unit: that sharing is backpropagation. A layer of more
    than `READABLE_ROWS` units is written as one row for its unit j.
    """

    network: Network
    parameter: str
    numbers: Values | None = None

    @property
    def values(self) -> Mapping[int, Any]:
        """δ by unit, from the parameter's unit on: floats, or (N,) for a batch."""
        if self.numbers is None:
            raise NnexplainError("these are symbols only; use derive(...).at(x, y).delta_form()")
        return {unit: self.numbers.delta[unit] for layer in self._layers for unit in layer}

    @property
    def per_sample(self) -> Any:
        """δ a for each sample: a float for one sample, (N,) for a batch."""
        source, unit = self.network.locate(self.parameter)
        numbers = self.values[unit]
        assert self.numbers is not None
        return numbers if source is None else numbers * self.numbers.a[source]

    @property
    def value(self) -> float:
        """∂J/∂θ, summed over samples."""
        return float(np.sum(self.per_sample))

    @property
    def _layers(self) -> list[tuple[int, ...]]:
        """The units whose δ is needed: the outputs first, the parameter's own unit last."""
        unit = self.network.locate(self.parameter)[1]
        later = self.network.layers[self.network.depth(unit) + 1 :]
        return [*reversed(later), (unit,)]

    def rows(self, digits: int = 4) -> list[tuple[str, str]]:
        """Return the equations as pairs of TeX, left-hand side and right-hand side."""
        rows = [row for layer in self._layers for row in self._layer_rows(layer, digits)]
        source, unit = self.network.locate(self.parameter)
        entering = (
            "" if source is None else rf"\,{entering_tex(self.network, source, self._sample)}"
        )
        right = self._over + delta_tex(unit, self._sample) + entering
        total = "" if self.numbers is None else equals(self.value, digits)
        return [*rows, (partial("J", parameter_tex(self.parameter)), right + total)]

    @property
    def _sample(self) -> str:
        return "i" if self.numbers is not None and not self.numbers.single else ""

    @property
    def _over(self) -> str:
        return rf"\sum_{{i=1}}^{{{self.numbers.count}}} " if self._sample and self.numbers else ""

    def _layer_rows(self, layer: tuple[int, ...], digits: int) -> list[tuple[str, str]]:
        if len(layer) > READABLE_ROWS:
            span = rf",\quad j={layer[0]},\dots,{layer[-1]}"
            delta = delta_tex("j", self._sample)
            return [(delta, self._recursion(layer[0], "j") + span)]
        return [
            (
                delta_tex(unit, self._sample),
                self._recursion(unit, str(unit)) + self._number(unit, digits),
            )
            for unit in layer
        ]

    def _number(self, unit: int, digits: int) -> str:
        if self.numbers is None or self._sample:
            return ""
        return equals(self.numbers.delta[unit], digits)

    def _recursion(self, unit: int, index: str) -> str:
        """Return the right-hand side of δ: error times slope, or slope times the blame below."""
        net, sample = self.network, self._sample
        feeds = net.outgoing(unit)
        if not feeds:
            return r"\,".join(grouped(tex) for tex in output_symbols(net, unit, index, sample))
        slope = slope_tex(net, unit, index, sample)
        if len(feeds) > 3:
            over = rf"\,\sum_{{k={feeds[0]}}}^{{{feeds[-1]}}} "
            return rf"{slope}{over}{weight_tex(index, 'k')}\,{delta_tex('k', sample)}"
        parts = [rf"{weight_tex(index, str(k))}\,{delta_tex(k, sample)}" for k in feeds]
        return rf"{slope}\,{parts[0]}" if len(parts) == 1 else rf"{slope}\,({' + '.join(parts)})"

    def latex(self, *, digits: int = 4) -> str:
        r"""Return the equations as one aligned block of TeX."""
        return aligned([f"{left} &= {right}" for left, right in self.rows(digits)])

    def __str__(self) -> str:
        return "\n".join(f"{plain(left)} = {plain(right)}" for left, right in self.rows())

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"
