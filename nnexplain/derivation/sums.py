"""Derivations: one partial derivative as the sum of its terms, in symbols and in numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from nnexplain.activations import Activation
from nnexplain.derivation.delta import DeltaForm
from nnexplain.derivation.factors import (
    Factor,
    NumberedFactor,
    add,
    factors_along,
    multiply,
    no_factor,
    of_sample,
    product_tex,
)
from nnexplain.derivation.symbols import (
    READABLE_FACTORS,
    READABLE_ROWS,
    STAGES,
    aligned,
    cancellation_tex,
    check_stage,
    shortened,
)
from nnexplain.derivation.terms import NumberedTerm, Term
from nnexplain.derivation.values import Values
from nnexplain.errors import NnexplainError
from nnexplain.latex import function_tex, parameter_tex, partial, plain
from nnexplain.network import Network, check_network
from nnexplain.numbers import format_number, format_tex, is_rounded

LISTING_LIMIT = 1000
"""More paths than this are not listed: `.terms` raises and names the delta form."""


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
        r"""The TeX of the left-hand side, `\frac{\partial J}{\partial w_{14}}`."""
        return partial("J", parameter_tex(self.parameter))

    @property
    def path_count(self) -> int:
        """How many paths lead from the parameter to an output, counted without listing them.

        >>> derive(Network([3, 10, 10, 10, 2], seed=0), "w14").path_count
        200
        """
        return math.prod(self.network.sizes[self.network.depth(self._unit) + 1 :])

    @property
    def is_long(self) -> bool:
        """Whether the whole is shown in delta form: too many paths, or too many factors in one."""
        return self.path_count > READABLE_ROWS or self._factor_count > READABLE_FACTORS

    @property
    def size_in_words(self) -> str:
        """How many paths there are and how long they are, in words.

        >>> derive(Network([1, 2, 2, 1], seed=0), "w12").size_in_words
        'a sum over 2 paths, each a product of 7 factors'
        """
        if self.path_count == 1:
            return f"one path, a product of {self._factor_count} factors"
        count = format_number(self.path_count)
        return f"a sum over {count} paths, each a product of {self._factor_count} factors"

    @property
    def _factor_count(self) -> int:
        later = len(self.network.sizes) - 1 - self.network.depth(self._unit)
        return 2 * later + (2 if self.network.structure.from_logit else 3)

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
            yield path, tuple(factors_along(self.network, self.parameter, units, self.sample))

    @property
    def factors(self) -> Sequence[Factor]:
        """Every factor that occurs, once, in the order of the terms."""
        return tuple({(f.symbol, f.unit): f for term in self.terms for f in term.factors}.values())

    @property
    def notation(self) -> tuple[str, ...]:
        r"""Which function a slope belongs to: TeX such as `\sigma(z)=...`, one per activation.

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
        return tuple(cancellation_tex(self.network, unit, self.sample) for unit in outputs)

    @property
    def _stages(self) -> tuple[str, ...]:
        return ("chain", "symbols")

    def latex(self, stage: str | None = None, *, colour: bool = True, digits: int = 4) -> str:
        r"""Return TeX: the right-hand side at one stage, or the whole as an aligned derivation.

        Stages are "chain" (partial derivatives), "symbols" (what they are) and, after `.at`,
        "numbers" and "value". More than `READABLE_ROWS` paths or `READABLE_FACTORS` factors are
        shown in delta form, unless a stage asks for the terms. `colour` gives each factor the
        colour of its kind.

        >>> d = derive(Network([1, 1], "sigmoid", seed=0), "w12")
        >>> print(d.partial, "=", d.latex("symbols", colour=False))
        \frac{\partial J}{\partial w_{12}} = (h-y)\,\sigma'(z_2)\,x_1
        """
        if stage is not None:
            check_stage(stage, self._stages)
            return " + ".join(self._rows(stage, colour, digits))
        if self.is_long:
            return self.delta_form().latex(digits=digits)
        lines = [rf"{self.partial} &= {self._broken('chain', colour, digits)}"]
        lines += [
            f"&{self._relation(stage, digits)} {self._broken(stage, colour, digits)}"
            for stage in self._stages[1:]
        ]
        lines += [rf"&\text{{since }} {line}" for line in self.cancellation]
        return aligned(lines)

    def _broken(self, stage: str, colour: bool, digits: int) -> str:
        return " \\\\\n&\\quad{}+ ".join(self._rows(stage, colour, digits))

    def _rows(self, stage: str, colour: bool, digits: int) -> list[str]:
        return [product_tex(term.factors, stage, colour, digits) for term in self.terms]

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
        if self.is_long:
            return f"{self.delta_form()}\n({self.size_in_words})"
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
    def _numbers(self) -> Values:
        return Values(self.network, self.x, self.y)

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
        return add([term.value for term in self.terms])

    @property
    def value(self) -> float:
        """∂J/∂θ: the sum over paths and samples."""
        return float(np.sum(self.per_sample))

    def without(self, *names: str | Factor) -> float:
        """Return the value that results when factors are forgotten.

        Each of `names` is a factor, its name (`w46`, `h - y`, `σ'(z4)`) or its kind
        (`hidden_slope`: all of them). Terms without them stay as they are; a name that occurs
        nowhere raises.

        >>> net = Network([1, 1, 1], "identity", {"w12": 2, "b2": 0, "w23": -3, "b3": 0})
        >>> at = derive(net, "w12").at([1], 0)
        >>> at.value, at.without("w23"), at.without("w23", "error")
        (18.0, -6.0, 1.0)
        """
        for name in names:
            if not any(factor.is_called(name) for factor in self.factors):
                raise no_factor(name, self.factors)
        values = [
            multiply([f for f in term.factors if not any(map(f.is_called, names))])
            for term in self.terms
        ]
        return float(np.sum(add(values)))

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
            return [shortened([f"({format_tex(v, digits)})" for v in self.per_sample.tolist()])]
        return [
            product_tex([of_sample(f, i) for f in term.factors], "numbers", colour, digits)
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


def _plain_value(value: Any) -> str:
    if np.ndim(value) == 0:
        return format_number(value)
    shown = [format_number(v) for v in value[:3].tolist()]
    return ", ".join(shown + ["…"] * (len(value) > 3))


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
    check_network(network, "derive(net, 'w14')")
    network.locate(parameter)
    return Derivation(network, parameter)
