r"""The gradient, term by term: ∂J/∂θ as a sum over paths of products of named factors.

Every path from a parameter's unit to an output contributes one term: the error at that output, then
on the way back a slope for every unit and a weight for every connection, and last what enters
through the parameter. `derive` writes this down for any parameter of any network; `.at(x, y)` puts
the numbers in. Deep networks have too many paths to list; the delta form shares their products.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from nnexplain import backprop
from nnexplain.activations import Activation
from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.latex import coloured, function_tex, parameter_tex, partial, plain, subscript
from nnexplain.network import Network, weight_name
from nnexplain.numbers import format_number, format_tex, is_rounded

Array = npt.NDArray[np.float64]
STAGES = ("chain", "symbols", "numbers", "value")
_DELTA = r"\delta"
LISTING_LIMIT = 1000
"""More paths than this are not listed: `.terms` raises and names the delta form."""
READABLE_ROWS = 8
"""A formula of more rows than this is shown in its compact form."""


@dataclass(frozen=True)
class Factor:
    r"""One factor of a term: one link of the chain rule.

    `kind` is "error", "output_slope", "weight", "hidden_slope" or "input"; `partial` the TeX of the
    partial derivative and `symbol` the TeX of what it is; `words` says what it tells. `unit` is the
    unit it belongs to, and `edge` the connection (source, unit) of a weight or an input.

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
        """Return whether `name` is this factor, its kind, its name or its symbol."""
        if isinstance(name, Factor):
            return (name.symbol, name.unit) == (self.symbol, self.unit)
        return name.replace("'", "′") in (self.kind, self.name) or name == self.symbol

    def tex(self, stage: str, digits: int) -> str:
        """Return this factor as it stands in a product at "chain" or "symbols"."""
        return self.partial if stage == "chain" else _grouped(self.symbol)


@dataclass(frozen=True)
class NumberedFactor(Factor):
    """A factor with its value: a float for one sample, an array (N,) for a batch."""

    value: Any = field(kw_only=True)

    def tex(self, stage: str, digits: int) -> str:
        """Return this factor as it stands in a product at any stage, numbers included."""
        if stage == "numbers":
            return f"({format_tex(self.value, digits)})"
        return super().tex(stage, digits)


@dataclass(frozen=True)
class Term:
    """The product of the factors along one path.

    `path` lists the units from the parameter's source (a bias: its unit) to an output; `factors`
    are in the order of the chain rule, from J back to the parameter.

    >>> term = derive(Network([3, 2, 1], seed=0), "w14").terms[0]
    >>> term.path, [factor.name for factor in term.factors]
    ((1, 4, 6), ['h − y', 'σ′(z6)', 'w46', 'σ′(z4)', 'x1'])
    """

    path: tuple[int, ...]
    factors: Sequence[Factor]

    def latex(self, stage: str = "symbols", *, colour: bool = True, digits: int = 4) -> str:
        r"""Return the product in TeX at "chain" or "symbols".

        >>> print(derive(Network([3, 2, 1], seed=0), "w14").terms[0].latex(colour=False))
        (h-y)\,\sigma'(z_6)\,w_{46}\,\sigma'(z_4)\,x_1
        """
        _check_stage(stage, ("chain", "symbols"))
        return _product(self.factors, stage, colour, digits)

    def __str__(self) -> str:
        return " · ".join(plain(_grouped(factor.symbol)) for factor in self.factors)


@dataclass(frozen=True)
class NumberedTerm(Term):
    """A term with numbers; `value` is its product, a float or one value a sample (N,)."""

    factors: Sequence[NumberedFactor]

    @property
    def value(self) -> Any:
        """The product of all factors."""
        return _multiply(self.factors)

    def without(self, name: str | Factor) -> Any:
        """Return the product with one factor left out; names as in `DerivationAt.without`."""
        kept = [factor for factor in self.factors if not factor.is_called(name)]
        if len(kept) == len(self.factors):
            raise _no_factor(name, self.factors)
        return _multiply(kept)

    def latex(self, stage: str = "numbers", *, colour: bool = True, digits: int = 4) -> str:
        """Return the product in TeX; "numbers" and "value" are for one sample."""
        _check_stage(stage, STAGES)
        if stage in ("numbers", "value") and np.ndim(self.value):
            raise NnexplainError(
                f"this term has one value for each of {len(self.value)} samples; "
                "read .value, or derive at one sample for its TeX"
            )
        if stage == "value":
            return format_tex(self.value, digits)
        return _product(self.factors, stage, colour, digits)


@dataclass(frozen=True)
class Derivation:
    """∂J/∂θ = Σ over paths of products of factors, for one parameter of a network, in symbols.

    `latex()` is the whole derivation, `latex(stage)` the right-hand side at one stage and `partial`
    the left-hand side. Shown in a notebook it is a formula, printed it is plain text.
    """

    network: Network
    parameter: str
    sample: str = ""

    @property
    def partial(self) -> str:
        r"""The TeX of the left-hand side, \frac{\partial J}{\partial w_{14}}."""
        return partial("J", parameter_tex(self.parameter))

    @property
    def path_count(self) -> int:
        """How many paths lead from the parameter to an output, counted without listing them.

        >>> derive(Network([3, 10, 10, 10, 2], seed=0), "w14").path_count
        200
        """
        return math.prod(self.network.sizes[self.network.depth(self._unit) + 1 :])

    @property
    def _unit(self) -> int:
        return self.network.locate(self.parameter)[1]

    @cached_property
    def terms(self) -> Sequence[Term]:
        """One term a path; raises when there are more than `LISTING_LIMIT`."""
        return tuple(Term(path, factors) for path, factors in self._listed())

    def _listed(self) -> Iterator[tuple[tuple[int, ...], tuple[Factor, ...]]]:
        if self.path_count > LISTING_LIMIT:
            raise NnexplainError(
                f"∂J/∂{self.parameter} is a sum over {format_number(self.path_count)} paths and at "
                f"most {LISTING_LIMIT} are listed; use .delta_form(), which shares their products"
            )
        source, unit = self.network.locate(self.parameter)
        later = self.network.layers[self.network.depth(unit) + 1 :]
        for rest in itertools.product(*later):
            units = (unit, *rest)
            path = units if source is None else (source, *units)
            yield path, tuple(_factors(self.network, self.parameter, units, self.sample))

    @property
    def factors(self) -> Sequence[Factor]:
        """Every factor that occurs, once, in the order of the terms."""
        return tuple({(f.symbol, f.unit): f for term in self.terms for f in term.factors}.values())

    @property
    def notation(self) -> tuple[str, ...]:
        r"""Which function a slope belongs to: TeX such as \sigma(z)=..., one per activation.

        >>> print(*derive(Network([1, 1, 1], ["relu", "identity"], seed=0), "b2").notation[1:])
        \mathrm{identity}(z)=z,\quad \mathrm{identity}'(z)=1
        """
        return tuple(
            rf"{function_tex(r.name)}(z)={r.latex},\quad {function_tex(r.name)}'(z)={r.latex_slope}"
            for r in self._records
        )

    @property
    def _records(self) -> Sequence[Activation]:
        """The activations on the paths, each once, the parameter's own unit first."""
        first = self.network.depth(self._unit) - 1
        return tuple(dict.fromkeys(self.network.structure.activations[first:]))

    @property
    def cancellation(self) -> tuple[str, ...]:
        r"""Why an error factor is ∂J/∂z: with cross-entropy the sigmoid's slope cancels.

        One line of TeX for each output on the paths; empty when nothing cancels.
        """
        if not self.network.structure.from_logit:
            return ()
        last = self.network.layers[-1]
        outputs = [unit for unit in last if self._unit not in last or unit == self._unit]
        return tuple(_cancellation(self.network, unit, self.sample) for unit in outputs)

    @property
    def _stages(self) -> tuple[str, ...]:
        return ("chain", "symbols")

    def latex(self, stage: str | None = None, *, colour: bool = True, digits: int = 4) -> str:
        r"""Return TeX: the right-hand side at one stage, or the whole as an aligned derivation.

        Stages are "chain" (partial derivatives), "symbols" (what they are) and, after `.at`,
        "numbers" and "value". A sum of more than `READABLE_ROWS` paths is shown in delta form
        unless a stage asks for its terms. `colour` gives each factor the colour of its kind.

        >>> d = derive(Network([1, 1], "sigmoid", seed=0), "w12")
        >>> print(d.partial, "=", d.latex("symbols", colour=False))
        \frac{\partial J}{\partial w_{12}} = (h-y)\,\sigma'(z_2)\,x_1
        """
        if stage is not None:
            _check_stage(stage, self._stages)
            return " + ".join(self._rows(stage, colour, digits))
        if self.path_count > READABLE_ROWS:
            return self.delta_form().latex(digits=digits)
        lines = [rf"{self.partial} &= {self._broken('chain', colour, digits)}"]
        lines += [
            f"&{self._relation(stage, digits)} {self._broken(stage, colour, digits)}"
            for stage in self._stages[1:]
        ]
        lines += [rf"&\text{{since }} {line}" for line in self.cancellation]
        return _aligned(lines)

    def _broken(self, stage: str, colour: bool, digits: int) -> str:
        return " \\\\\n&\\quad{}+ ".join(self._rows(stage, colour, digits))

    def _rows(self, stage: str, colour: bool, digits: int) -> list[str]:
        return [_product(term.factors, stage, colour, digits) for term in self.terms]

    def _relation(self, stage: str, digits: int) -> str:
        return "="

    def at(self, x: npt.ArrayLike, y: npt.ArrayLike) -> DerivationAt:
        """Return the derivation with numbers, at one sample x (n,) or a batch (N, n).

        >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
        >>> derive(net, "w12").at([10], 24).value
        10.0
        """
        return DerivationAt(self.network, self.parameter, x=x, y=y)

    def delta_form(self) -> DeltaForm:
        r"""Return the compact form, δ by δ from the outputs back; never lists paths.

        >>> print(derive(Network([3, 2, 1], seed=0), "w14").delta_form())
        δ6 = (h − y) · σ′(z6)
        δ4 = σ′(z4) · w46 · δ6
        ∂J/∂w14 = δ4 · x1
        """
        return DeltaForm(self.network, self.parameter)

    def __str__(self) -> str:
        if self.path_count > READABLE_ROWS:
            count = format_number(self.path_count)
            return f"{self.delta_form()}\n(the same as a sum over {count} paths)"
        since = "\n".join(f"since {plain(line)}" for line in self.cancellation)
        blocks = ("\n".join(self._plain_lines()), "\n".join(self._plain_table()), since)
        return "\n\n".join(block for block in (*blocks, self._plain_notation()) if block)

    def _plain_notation(self) -> str:
        # Every other function goes by its own name.
        return "σ is the sigmoid" if any(r.name == "sigmoid" for r in self._records) else ""

    def _plain_lines(self) -> list[str]:
        left = f"∂J/∂{self.parameter}"
        lines = []
        for stage in self._stages:
            sign = self._relation(stage, 4).replace(r"\approx", "≈")
            for row in self._rows(stage, False, 4):
                lines.append(f"{left} {sign} {plain(row)}")
                left, sign = " " * len(left), "+"
            left = " " * len(left)
        return lines

    def _plain_table(self) -> list[str]:
        width = max(len(factor.name) for factor in self.factors)
        return [f"  {factor.name:<{width}}  {factor.words}" for factor in self.factors]

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


@dataclass(frozen=True, eq=False)
class DerivationAt(Derivation):
    """A derivation with numbers: `value` is ∂J/∂θ, summed over paths and samples.

    `terms` carry values too: floats for one sample, arrays (N,) for a batch of N. `x` and `y` are
    the data as given.
    """

    x: npt.ArrayLike = field(kw_only=True)
    y: npt.ArrayLike = field(kw_only=True)

    def __post_init__(self) -> None:
        # Frozen: the index of the samples follows from the data.
        object.__setattr__(self, "sample", "" if self._numbers.single else "i")

    @cached_property
    def _numbers(self) -> _Numbers:
        return _Numbers(self.network, self.x, self.y)

    @cached_property
    def terms(self) -> Sequence[NumberedTerm]:
        """One term a path, with values; raises when there are more than `LISTING_LIMIT`."""
        return tuple(
            NumberedTerm(path, tuple(self._numbers.numbered(factor) for factor in factors))
            for path, factors in self._listed()
        )

    @property
    def factors(self) -> Sequence[NumberedFactor]:
        """Every factor that occurs, once, in the order of the terms, with its value."""
        return tuple({(f.symbol, f.unit): f for term in self.terms for f in term.factors}.values())

    @cached_property
    def per_sample(self) -> Any:
        """The sum over paths for each sample: a float for one sample, (N,) for a batch.

        Taken from the delta form when there are more paths than can be listed.
        """
        if self.path_count > LISTING_LIMIT:
            return self.delta_form().per_sample
        return _add([term.value for term in self.terms])

    @property
    def value(self) -> float:
        """∂J/∂θ: the sum over paths and samples."""
        return float(np.sum(self.per_sample))

    def without(self, name: str | Factor) -> float:
        """Return the value that results when a factor is forgotten.

        `name` is a factor, its name ("w46", "σ'(z4)", "x1") or its kind ("hidden_slope": all of
        them). Terms without it stay as they are; a name that occurs nowhere raises.

        >>> net = Network([1, 1, 1], "identity", {"w12": 2, "b2": 0, "w23": -3, "b3": 0})
        >>> at = derive(net, "w12").at([1], 0)
        >>> at.value, at.without("w23")
        (18.0, -6.0)
        """
        if not any(factor.is_called(name) for factor in self.factors):
            raise _no_factor(name, self.factors)
        values = [
            _multiply([f for f in term.factors if not f.is_called(name)]) for term in self.terms
        ]
        return float(np.sum(_add(values)))

    @property
    def _stages(self) -> tuple[str, ...]:
        return STAGES

    def _rows(self, stage: str, colour: bool, digits: int) -> list[str]:
        if stage == "value":
            return [format_tex(self.value, digits)]
        if self._numbers.single:
            return super()._rows(stage, colour, digits)
        if stage == "numbers":
            return self._sample_rows(colour, digits)
        over = rf"\sum_{{i=1}}^{{{self._numbers.count}}} "
        return [over + row for row in super()._rows(stage, colour, digits)]

    def _sample_rows(self, colour: bool, digits: int) -> list[str]:
        """One row for each sample and path, or the samples' values when these are too many."""
        if self._numbers.count * self.path_count > READABLE_ROWS:
            return [_shortened([f"({format_tex(v, digits)})" for v in self.per_sample.tolist()])]
        return [
            _product([_of_sample(f, i) for f in term.factors], "numbers", colour, digits)
            for i in range(self._numbers.count)
            for term in self.terms
        ]

    def _relation(self, stage: str, digits: int) -> str:
        shown: list[float] = []
        if stage == "value":
            shown = [self.value]
        elif stage == "numbers":
            shown = [v for f in self.factors for v in np.atleast_1d(f.value).tolist()]
        return r"\approx" if any(is_rounded(v, digits) for v in shown) else "="

    def delta_form(self) -> DeltaForm:
        r"""Return the compact form with numbers, δ by δ from the outputs back.

        >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
        >>> print(derive(net, "w12").at([10], 24).delta_form())
        δ2 = (h − y) · identity′(z2) = 1
        ∂J/∂w12 = δ2 · x1 = 10
        """
        return DeltaForm(self.network, self.parameter, self._numbers)

    def _plain_table(self) -> list[str]:
        rows = [(f.name, _plain_value(f.value), f.words) for f in self.factors]
        first, second = (max(len(row[k]) for row in rows) for k in (0, 1))
        return [f"  {name:<{first}}  {value:>{second}}  {words}" for name, value, words in rows]


@dataclass(frozen=True, eq=False)
class DeltaForm:
    r"""∂J/∂w = δ a, with δ = ∂J/∂z found layer by layer from the outputs back.

    Each δ is used by every path through its unit: that sharing is backpropagation. A layer of more
    than `READABLE_ROWS` units is written as one row for its unit j.
    """

    network: Network
    parameter: str
    numbers: _Numbers | None = None

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
        entering = "" if source is None else rf"\,{_entering(self.network, source, self._sample)}"
        right = self._over + subscript(_DELTA, unit, self._sample) + entering
        total = "" if self.numbers is None else _equals(self.value, digits)
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
            delta = subscript(_DELTA, "j", self._sample)
            return [(delta, self._recursion(layer[0], "j") + span)]
        return [
            (
                subscript(_DELTA, unit, self._sample),
                self._recursion(unit, str(unit)) + self._number(unit, digits),
            )
            for unit in layer
        ]

    def _number(self, unit: int, digits: int) -> str:
        if self.numbers is None or self._sample:
            return ""
        return _equals(self.numbers.delta[unit], digits)

    def _recursion(self, unit: int, index: str) -> str:
        """Return the right-hand side of δ: error times slope, or slope times the blame below."""
        net, sample = self.network, self._sample
        feeds = net.outgoing(unit)
        if not feeds:
            return r"\,".join(_grouped(tex) for tex in _output_symbols(net, unit, index, sample))
        slope = _slope(net, unit, index, sample)
        if len(feeds) > 3:
            over = rf"\,\sum_{{k={feeds[0]}}}^{{{feeds[-1]}}} "
            return rf"{slope}{over}{_weight(index, 'k')}\,{subscript(_DELTA, 'k', sample)}"
        parts = [rf"{_weight(index, str(k))}\,{subscript(_DELTA, k, sample)}" for k in feeds]
        return rf"{slope}\,{parts[0]}" if len(parts) == 1 else rf"{slope}\,({' + '.join(parts)})"

    def latex(self, *, digits: int = 4) -> str:
        r"""Return the equations as one aligned block of TeX."""
        return _aligned([f"{left} &= {right}" for left, right in self.rows(digits)])

    def __str__(self) -> str:
        return "\n".join(f"{plain(left)} = {plain(right)}" for left, right in self.rows())

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


class _Numbers:
    """What every factor needs at given data, computed once: errors, slopes and activations."""

    def __init__(self, net: Network, x: npt.ArrayLike, y: npt.ArrayLike) -> None:
        inputs, targets, self.single = net.data(x, y)
        self.count = inputs.shape[1]
        self._net = net
        layers = backprop.forward(net.structure, net.vector, inputs)
        with np.errstate(all="ignore"):
            slopes = [
                np.asarray(record.slope(layer.z), dtype=np.float64)
                for record, layer in zip(net.structure.activations, layers, strict=True)
            ]
        self.slope = net.by_unit(slopes, self.single)
        self.a = net.by_unit([inputs, *(layer.a for layer in layers)], self.single)
        self.error = net.by_unit([_errors(net, layers[-1], targets)], self.single)
        self._x, self._y = x, y

    @cached_property
    def delta(self) -> Mapping[int, Any]:
        return self._net.deltas(self._x, self._y)

    def numbered(self, factor: Factor) -> NumberedFactor:
        return NumberedFactor(**vars(factor), value=self._value(factor))

    def _value(self, factor: Factor) -> Any:
        if factor.kind == "error":
            return self.error[factor.unit]
        if factor.kind in ("output_slope", "hidden_slope"):
            return self.slope[factor.unit]
        if factor.kind == "weight":
            assert factor.edge is not None
            return self._constant(self._net.parameters[weight_name(*factor.edge)])
        return self._constant(1.0) if factor.edge is None else self.a[factor.edge[0]]

    def _constant(self, value: float) -> Any:
        return value if self.single else np.full(self.count, value)


def _errors(net: Network, output: backprop.Layer, targets: Array) -> Array:
    """∂J/∂h of every output (K, N); with a fused loss ∂J/∂z, which saturation cannot spoil."""
    loss = net.loss_function
    with np.errstate(all="ignore"):
        if net.structure.from_logit and loss.logit_slope is not None:
            each = loss.logit_slope(targets, output.z)
        else:
            loss.check_predictions(output.a)
            each = loss.slope(targets, output.a)
    return np.asarray(loss.scale(targets.size) * each, dtype=np.float64)


def derive(network: Network, parameter: str) -> Derivation:
    r"""Write ∂J/∂θ of one named parameter as a sum over paths of products of factors.

    `parameter` is a name of `network.names`; an unknown one raises with the nearest suggested.

    >>> net = Network([3, 2, 1], "sigmoid", seed=0)
    >>> print(derive(net, "w14"))
    ∂J/∂w14 = ∂J/∂h · ∂h/∂z6 · ∂z6/∂a4 · ∂a4/∂z4 · ∂z4/∂w14
            = (h − y) · σ′(z6) · w46 · σ′(z4) · x1
    <BLANKLINE>
      h − y   the error signal: how fast J changes as the prediction h moves
      σ′(z6)  how fast unit 6 answers: the slope of its activation at z6
      w46     how strongly unit 4 feeds unit 6: the weight w46
      σ′(z4)  how fast unit 4 answers: the slope of its activation at z4
      x1      what enters through w14: the input x1
    <BLANKLINE>
    σ is the sigmoid
    """
    network.locate(parameter)
    return Derivation(network, parameter)


def _factors(net: Network, parameter: str, units: tuple[int, ...], sample: str) -> Iterator[Factor]:
    """Yield the factors along `units`, the parameter's unit to an output, from J back."""
    yield from _output_factors(net, units[-1], sample)
    for unit, below in zip(units[-2::-1], units[:0:-1], strict=True):
        z, a = subscript("z", unit, sample), subscript("a", unit, sample)
        name = weight_name(unit, below)
        yield Factor("weight", partial(subscript("z", below, sample), a), parameter_tex(name),
                     f"how strongly unit {unit} feeds unit {below}: the weight {name}",
                     below, (unit, below))  # fmt: skip
        yield Factor("hidden_slope", partial(a, z), _slope(net, unit, str(unit), sample),
                     _slope_words(unit), unit)  # fmt: skip
    yield _input_factor(net, parameter, sample)


def _output_factors(net: Network, unit: int, sample: str) -> Iterator[Factor]:
    h, z = _prediction(net, unit, sample), subscript("z", unit, sample)
    symbols = _output_symbols(net, unit, str(unit), sample)
    if net.structure.from_logit:
        words = f"the error signal: how fast J changes as z{unit} moves"
        yield Factor("error", partial("J", z), symbols[0], words, unit)
        return
    shown = plain(_prediction(net, unit, ""))
    words = f"the error signal: how fast J changes as the prediction {shown} moves"
    yield Factor("error", partial("J", h), symbols[0], words, unit)
    yield Factor("output_slope", partial(h, z), symbols[1], _slope_words(unit), unit)


def _output_symbols(net: Network, unit: int, index: str, sample: str) -> list[str]:
    """TeX of ∂J/∂h and the slope of an output unit, or of the one factor that both fuse to."""
    loss, slope = net.loss_function, _slope(net, unit, index, sample)
    error = loss.latex_slope
    if net.structure.from_logit:
        cancelled = re.fullmatch(r"\\frac\{(.*)\}\{h\(1-h\)\}", error)
        error = cancelled[1] if cancelled else rf"{_grouped(error)}\,h(1-h)"
    if loss.averages:
        outputs = net.sizes[-1]
        error = rf"\tfrac{{1}}{{{'' if outputs == 1 else outputs}N}}\,{_grouped(error)}"
    error = _with_index(error, index if net.sizes[-1] > 1 else "", sample)
    return [error] if net.structure.from_logit else [error, slope]


def _cancellation(net: Network, unit: int, sample: str) -> str:
    h, z = _prediction(net, unit, sample), subscript("z", unit, sample)
    index = str(unit) if net.sizes[-1] > 1 else ""
    error = _grouped(_with_index(net.loss_function.latex_slope, index, sample))
    slope = _with_index("h(1-h)", index, sample)
    fused = _output_symbols(net, unit, str(unit), sample)[0]
    return (
        rf"{partial('J', z)} = {partial('J', h)}\,{partial(h, z)} = {error}\cdot {slope} = {fused}"
    )


def _input_factor(net: Network, parameter: str, sample: str) -> Factor:
    source, unit = net.locate(parameter)
    link = partial(subscript("z", unit, sample), parameter_tex(parameter))
    if source is None:
        return Factor("input", link, "1", f"the bias {parameter} enters as it is: factor 1", unit)
    what = "input" if net.depth(source) == 0 else "activation"
    symbol = _entering(net, source, sample)
    words = f"what enters through {parameter}: the {what} {plain(_entering(net, source, ''))}"
    return Factor("input", link, symbol, words, unit, (source, unit))


def _entering(net: Network, source: int, sample: str) -> str:
    return subscript("a" if net.depth(source) else "x", source, sample)


def _prediction(net: Network, unit: int, sample: str) -> str:
    return subscript("h", unit if net.sizes[-1] > 1 else "", sample)


def _slope(net: Network, unit: int, index: str, sample: str) -> str:
    return f"{function_tex(net.activation_of(unit).name)}'({subscript('z', index, sample)})"


def _slope_words(unit: int) -> str:
    return f"how fast unit {unit} answers: the slope of its activation at z{unit}"


def _weight(source: str, unit: str) -> str:
    """Return the TeX of a weight whose ends may be letters: w_{46}, w_{1,14}, w_{jk}."""
    return rf"w_{{{source}{',' if len(source + unit) > 2 else ''}{unit}}}"


def _with_index(tex: str, index: str, sample: str) -> str:
    """Give the letters h and y of a loss's TeX their index; commands keep their letters."""
    return re.sub(r"(?<![A-Za-z\\])[hy](?![A-Za-z])", lambda m: subscript(m[0], index, sample), tex)


def _grouped(tex: str) -> str:
    """Put a sum or difference in brackets, so that it can stand in a product."""
    outside = re.sub(r"\\left\(|\\right\)", "", tex)
    while (shorter := re.sub(r"\{[^{}]*\}|\([^()]*\)", "", outside)) != outside:
        outside = shorter
    return f"({tex})" if re.search(r"[-+]", outside) else tex


def _product(factors: Sequence[Factor], stage: str, colour: bool, digits: int) -> str:
    parts = [(factor.kind, factor.tex(stage, digits)) for factor in factors]
    between = "" if stage == "numbers" else r"\,"
    return between.join(coloured(kind, tex) if colour else tex for kind, tex in parts)


def _of_sample(factor: NumberedFactor, i: int) -> NumberedFactor:
    return NumberedFactor(**{**vars(factor), "value": float(factor.value[i])})


def _multiply(factors: Sequence[NumberedFactor]) -> Any:
    with np.errstate(all="ignore"):
        return math.prod((factor.value for factor in factors), start=1.0)


def _add(values: Sequence[Any]) -> Any:
    with np.errstate(all="ignore"):
        return sum(values[1:], start=values[0])


def _shortened(parts: list[str]) -> str:
    kept = parts if len(parts) <= READABLE_ROWS else [*parts[:3], r"\cdots", parts[-1]]
    return " + ".join(kept)


def _equals(value: float, digits: int) -> str:
    sign = r"\approx" if is_rounded(value, digits) else "="
    return f" {sign} {format_tex(value, digits)}"


def _aligned(lines: Sequence[str]) -> str:
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _plain_value(value: Any) -> str:
    if np.ndim(value) == 0:
        return format_number(value)
    shown = [format_number(v) for v in value[:3].tolist()]
    return ", ".join(shown + ["…"] * (len(value) > 3))


def _check_stage(stage: str, allowed: Sequence[str]) -> None:
    if stage in allowed:
        return
    if stage in STAGES:
        raise NnexplainError(
            f"stage {stage!r} needs numbers: use derive(network, name).at(x, y).latex({stage!r})"
        )
    raise UnknownNameError("stage", stage, allowed)


def _no_factor(name: str | Factor, factors: Sequence[Factor]) -> UnknownNameError:
    given = name.name if isinstance(name, Factor) else name
    known = dict.fromkeys([*(f.name for f in factors), *(f.kind for f in factors)])
    return UnknownNameError("factor", given, known)
