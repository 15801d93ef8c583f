"""What a network diagram says: the texts at units, weights and J, and their roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nnexplain.derivation import Factor, derive
from nnexplain.figures.labels import activation_name, equation, factor_equation
from nnexplain.figures.sketch import Words
from nnexplain.network import Network, Trace, bias_name, weight_name
from nnexplain.numbers import format_number

Edge = tuple[int, int]


@dataclass
class View:
    """What is to be shown: the network, its numbers at a sample, and the factors that are lit."""

    net: Network
    x: npt.ArrayLike | None
    y: npt.ArrayLike | None
    backward: bool
    highlight: str | None
    digits: int

    @cached_property
    def trace(self) -> Trace | None:
        """Every z and a at x; None without x."""
        return None if self.x is None else self.net.forward(self.x)

    @cached_property
    def loss(self) -> float | None:
        """J at x and y; None without y."""
        return None if self.x is None or self.y is None else self.net.loss(self.x, self.y)

    @cached_property
    def targets(self) -> Mapping[str, float]:
        """Every target by name: y, or y5, y6 with several outputs; empty without y."""
        if self.y is None:
            return {}
        outputs = self.net.layers[-1]
        names = ["y"] if len(outputs) == 1 else [f"y{unit}" for unit in outputs]
        return dict(zip(names, np.reshape(self.y, -1).tolist(), strict=True))

    @cached_property
    def deltas(self) -> Mapping[int, float]:
        """δ of each unit; empty unless signals are shown."""
        if not self.backward or self.x is None or self.y is None:
            return {}
        return self.net.deltas(self.x, self.y)

    @cached_property
    def gradient(self) -> Mapping[str, float]:
        """∂J/∂θ by name; empty unless signals are shown."""
        if not self.backward or self.x is None or self.y is None:
            return {}
        return self.net.gradient(self.x, self.y)

    @cached_property
    def factors(self) -> Sequence[Factor]:
        """Every factor of the highlighted derivative, with values where x and y are given."""
        if self.highlight is None:
            return ()
        derivation = derive(self.net, self.highlight)
        if self.x is None or self.y is None:
            return derivation.factors
        return derivation.at(self.x, self.y).factors

    @cached_property
    def place(self) -> tuple[int | None, int] | None:
        """Source and unit of the highlighted parameter; the source of a bias is None."""
        return None if self.highlight is None else self.net.locate(self.highlight)

    @cached_property
    def errors(self) -> Mapping[int, Factor]:
        """The lit error of each output."""
        return {f.unit: f for f in self.factors if f.kind == "error"}

    @cached_property
    def at_unit(self) -> Mapping[int, Factor]:
        """The lit factor of each unit: its slope, or what it puts into the parameter's weight."""
        lit = {f.unit: f for f in self.factors if f.kind.endswith("slope")}
        return lit | {f.edge[0]: f for f in self.factors if f.kind == "input" and f.edge}

    @cached_property
    def at_edge(self) -> Mapping[Edge, Factor]:
        """The lit factor of each connection: its weight."""
        return {f.edge: f for f in self.factors if f.kind == "weight" and f.edge}

    def unit_role(self, unit: int) -> str | None:
        """Return the kind in which a unit is lit; an output whose slope cancelled is its error."""
        if unit in self.at_unit:
            return self.at_unit[unit].kind
        return "error" if unit in self.errors else None

    def caption(self, unit: int) -> list[Words]:
        """Return what is written at a unit."""
        if self.highlight and not self.unit_role(unit):
            return []
        lines = []
        bias = bias_name(unit)
        if self.net.depth(unit) and self.highlight in (None, bias):
            lines.append(self._words("", bias, self.net.parameters[bias], bold=bool(self.place)))
        lines += self._values(unit)
        if unit in self.at_unit:
            lines.append(self._factor(self.at_unit[unit]))
        if unit in self.deltas:
            lines.append(self._words("←", f"δ{unit}", self.deltas[unit], "backward"))
        return lines

    def edge_label(self, edge: Edge) -> list[Words]:
        """Return what is written at a weight."""
        name = weight_name(*edge)
        if self.highlight and edge != self.place and edge not in self.at_edge:
            return []
        if edge in self.at_edge:
            return [self._factor(self.at_edge[edge])]
        lines = [self._words("", name, self.net.parameters[name], bold=bool(self.place))]
        if self.gradient:
            text = f"← {format_number(self.gradient[name], self.digits)}"
            lines.append(Words(text, "backward"))
        return lines

    def loss_label(self) -> list[Words]:
        """Return what is written at J: errors, the longest lines, highest; then J, then y."""
        lines = [self._factor(factor) for factor in self.errors.values()]
        if self.loss is not None:
            lines.append(self._words("→", "J", self.loss, "forward"))
        return lines + [self._words("", name, value) for name, value in self.targets.items()]

    def _values(self, unit: int) -> list[Words]:
        if self.trace is None:
            return []
        values = {f"z{unit}": self.trace.z[unit]} if unit in self.trace.z else {}
        # Where the activation is the lit factor itself, the factor's own line says it.
        if self.unit_role(unit) != "input":
            values[activation_name(self.net, unit)] = self.trace.a[unit]
        return [self._words("→", name, value, "forward") for name, value in values.items()]

    def _factor(self, factor: Factor) -> Words:
        return Words(factor_equation(factor, self.digits), factor.kind, bold=True)

    def _words(
        self, mark: str, name: str, value: float, role: str = "ink", *, bold: bool = False
    ) -> Words:
        return Words(equation(mark, name, value, self.digits), role, bold=bold)
