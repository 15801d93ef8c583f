"""What a network diagram says: the texts at units, weights and J, and their roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnexplain.figures.labels import activation_symbol, error_symbol, slope_symbol, symbol
from nnexplain.figures.sketch import Words
from nnexplain.network import Network, bias_name, weight_name
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Edge = tuple[int, int]
EQUALS = "\u2009=\u2009"  # between thin spaces


@dataclass
class View:
    """What is to be shown: the network, its numbers at a sample and the lit path."""

    net: Network
    x: Any
    y: Any
    backward: bool
    highlight: str | None
    digits: int

    @cached_property
    def trace(self) -> Any:
        """Every z and a at x; None without x."""
        return None if self.x is None else self.net.forward(self.x)

    @cached_property
    def loss(self) -> float | None:
        """J at x and y; None without y."""
        return None if self.y is None else self.net.loss(self.x, self.y)

    @cached_property
    def targets(self) -> Mapping[int, float]:
        """The target of each output unit."""
        outputs = self.net.layers[-1]
        return dict(zip(outputs, np.reshape(self.y, -1).tolist(), strict=True))

    @cached_property
    def deltas(self) -> Mapping[int, float]:
        """δ of each unit; empty unless signals are shown."""
        return self.net.deltas(self.x, self.y) if self.backward else {}

    @cached_property
    def gradient(self) -> Mapping[str, float]:
        """∂J/∂θ by name; empty unless signals are shown."""
        return self.net.gradient(self.x, self.y) if self.backward else {}

    @cached_property
    def parameter_edge(self) -> tuple[int | None, int] | None:
        """Source and unit of the highlighted parameter; the source of a bias is None."""
        return None if self.highlight is None else self.net.locate(self.highlight)

    @cached_property
    def lit(self) -> Mapping[int, str]:
        """The kind of factor that each lit unit gives."""
        if self.parameter_edge is None:
            return {}
        source, unit = self.parameter_edge
        kinds = {} if source is None else {source: "input"}
        _, *after = self.net.layers[self.net.depth(unit) :]
        for layer in ((unit,), *after):
            last = layer[0] in self.net.layers[-1]
            kinds |= dict.fromkeys(layer, "output_slope" if last else "hidden_slope")
        return kinds

    @property
    def used_kinds(self) -> set[str]:
        """The kinds of factors that the picture shows."""
        kinds = {"error", *self.lit.values()}
        if self.parameter_edge and self.parameter_edge[0] is None:
            kinds.add("input")
        if any(self.lights((i, u)) for u in self.lit for i in self.net.incoming(u)):
            kinds.add("weight")
        return kinds

    def lights(self, edge: Edge) -> bool:
        """Return whether a weight is a factor of the lit derivative."""
        slopes = ("hidden_slope", "output_slope")
        return all(self.lit.get(unit) in slopes for unit in edge)

    def number(self, value: float) -> str:
        """Return a number as the picture writes it."""
        return format_number(value, self.digits)

    def errors(self) -> Mapping[int, float]:
        """Return ∂J/∂h of every output at the sample."""
        record, outputs = self.net.loss_function, self.net.layers[-1]
        scale = record.scale(len(outputs))
        return {
            u: scale * float(record.slope(np.float64(self.targets[u]), np.float64(self.trace.a[u])))
            for u in outputs
        }

    def factor(self, unit: int) -> Words:
        """Return the factor that a lit unit gives, as a caption line."""
        kind = self.lit[unit]
        if kind == "input":
            name = activation_symbol(self.net, unit)
            value = None if self.trace is None else self.trace.a[unit]
        else:
            record = self.net.activation_of(unit)
            name = slope_symbol(record, unit)
            value = None if self.trace is None else record.df(self.trace.z[unit])
        return Words(_said(ROLES[kind].mark, name, value, self), kind, bold=True)

    def caption(self, unit: int) -> list[Words]:
        """Return what is written at a unit."""
        if self.highlight and unit not in self.lit:
            return []
        lines = []
        bias = bias_name(unit)
        if self.net.depth(unit) and self.highlight in (None, bias):
            text = _said("", symbol(bias), self.net.parameters[bias], self)
            lines.append(Words(text, bold=bias == self.highlight))
        if self.trace is not None:
            lines += self._values(unit)
        if unit in self.lit:
            lines.append(self.factor(unit))
        if unit in self.deltas:
            lines.append(Words(_said("←", symbol(f"δ{unit}"), self.deltas[unit], self), "backward"))
        return lines

    def _values(self, unit: int) -> list[Words]:
        values = [(symbol(f"z{unit}"), self.trace.z[unit])] if unit in self.trace.z else []
        # Where the activation is the lit factor itself, the factor's own line says it.
        if self.lit.get(unit) != "input":
            values.append((activation_symbol(self.net, unit), self.trace.a[unit]))
        return [Words(_said("→", name, value, self), "forward") for name, value in values]

    def edge_label(self, edge: Edge) -> list[Words]:
        """Return what is written at a weight."""
        name = weight_name(*edge)
        asked, lit = name == self.highlight, self.lights(edge)
        if self.highlight and not (asked or lit):
            return []
        mark = ROLES["weight"].mark if lit else ""
        text = _said(mark, symbol(name), self.net.parameters[name], self)
        lines = [Words(text, "weight" if lit else "ink", bold=asked or lit)]
        if self.backward and (asked or not self.highlight):
            lines.append(Words(f"← {self.number(self.gradient[name])}", "backward"))
        return lines

    def loss_label(self) -> list[Words]:
        """Return what is written at J."""
        if self.y is None:
            return [self._error(None, None)] if self.highlight else []
        single = len(self.targets) == 1
        lines = []
        # The error, the longest line, stands highest: away from the weights' labels.
        if self.highlight:
            lit = [u for u in self.net.layers[-1] if self.lit.get(u) == "output_slope"]
            lines += [self._error(None if single else u, self.errors()[u]) for u in lit]
        lines.append(Words(_said("→", "J", self.loss, self), "forward"))
        targets = {"y" if single else symbol(f"y{u}"): y for u, y in self.targets.items()}
        return lines + [Words(_said("", name, value, self)) for name, value in targets.items()]

    def _error(self, unit: int | None, value: float | None) -> Words:
        name = error_symbol(self.net.loss_function, unit)
        return Words(_said(ROLES["error"].mark, name, value, self), "error", bold=True)


def _said(mark: str, name: str, value: float | None, view: View) -> str:
    text = name if value is None else f"{name}{EQUALS}{view.number(value)}"
    return f"{mark} {text}".strip()
