"""The factors of one term as a ladder: what each does to the size and the sign of the product."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.axes import Axes

from nnexplain.derivation import DerivationAt, NumberedFactor, NumberedTerm
from nnexplain.errors import NnexplainError
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.labels import factor_equation, subscripted
from nnexplain.figures.sketch import Box, Sketch, Words
from nnexplain.network import bias_name, weight_name
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

_Steps = tuple[int, int]
_WIDTH, _MARGIN = 360.0, 8.0
_ROW, _HEADER, _AXIS = 35.0, 24.0, 24.0
_BAR = 6.0  # half the height of a bar
_SMALL = 9.0
_TICK_WIDTH = 34.0
_BESIDE = 5.0  # between a bar and its number
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def factor_bars(
    term: NumberedTerm | DerivationAt, *, digits: int = 3, ax: Axes | None = None
) -> Axes:
    """Draw how a term's product is built: |product| after each factor, on a scale of powers of ten.

    Every row is one factor, from J back to the parameter; its bar leads from the product before it
    to the product with it, leftwards where it shrinks. A negative factor flips the sign.

    Arguments:
        term: a term with numbers at one sample, or a derivation at one sample that has just one
            term; the derivation also tells how large each slope can be.
        digits: significant digits of the numbers.
        ax: axes to draw on; a new figure is made if it is left out.

    A product of 0 has no place on the scale: its bar runs out at the left end. nan and infinity are
    written, without a bar. Returns the axes; `nnexplain.figures.description` has the words.
    Raises `NnexplainError` for a term without numbers, for a batch and for several terms.

    >>> import nnexplain as nne
    >>> net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> ax = factor_bars(nne.derive(net, "w12").at([10], 24))
    >>> ax.texts[-1].get_text()
    '10'

    """
    ladder = _Ladder(*_one_term(term), digits)
    sketch = Sketch(ax, _WIDTH, ladder.height)
    _draw(sketch, ladder)
    return describe(sketch.ax, _words(ladder))


def _one_term(given: object) -> tuple[NumberedTerm, Mapping[int, float]]:
    """Return the term to draw and the largest slope of each unit, as far as it is known."""
    limits: Mapping[int, float] = {}
    term = given
    if isinstance(given, DerivationAt):
        if given.path_count > 1:
            raise NnexplainError(
                f"∂J/∂{given.parameter} is a sum of {given.path_count} terms and the bars show "
                "one; pass one of them, for instance derive(...).at(x, y).terms[0]"
            )
        term = given.terms[0]
        units = [unit for layer in given.network.layers[1:] for unit in layer]
        limits = {unit: given.network.activation_of(unit).largest_slope for unit in units}
    if not isinstance(term, NumberedTerm):
        raise NnexplainError(
            f"factor_bars draws numbers, got {type(given).__name__}; "
            "pass derive(net, 'w14').at(x, y) or one of its terms"
        )
    if np.ndim(term.value):
        raise NnexplainError(
            f"the bars show one sample, got a batch of {len(term.value)}; "
            "derive at one row of x and y"
        )
    return term, limits


@dataclass(frozen=True)
class _Ladder:
    """What is drawn: factors, the products before and after each, and their places."""

    term: NumberedTerm
    limits: Mapping[int, float]
    digits: int

    @property
    def factors(self) -> Sequence[NumberedFactor]:
        return self.term.factors

    @cached_property
    def products(self) -> list[float]:
        """1, and the product after each factor."""
        with np.errstate(all="ignore"):
            values = [float(factor.value) for factor in self.factors]
            return list(itertools.accumulate(values, lambda p, f: p * f, initial=1.0))

    @property
    def parameter(self) -> str:
        """The parameter whose derivative it is: that of the last factor."""
        last = self.factors[-1]
        return weight_name(*last.edge) if last.edge else bias_name(last.unit)

    @property
    def height(self) -> float:
        return _HEADER + _ROW * (len(self.factors) + 1) + _AXIS + 2 * _MARGIN

    def row(self, k: int) -> float:
        """Return the middle of a row in height; the row after the last factor is the product."""
        return self.height - _MARGIN - _HEADER - _ROW * (k + 0.5)

    def title(self, factor: NumberedFactor) -> Words:
        return Words(factor_equation(factor, self.digits), factor.kind, bold=True)

    def remark(self, factor: NumberedFactor) -> Words:
        """Return what a factor is and, in words, what it does."""
        what = {"error": "error", "weight": "weight", "input": "input"}
        parts = [what.get(factor.kind, f"slope of unit {factor.unit}")]
        limit = self.limits.get(factor.unit, math.inf)
        if factor.kind.endswith("slope") and math.isfinite(limit):
            parts.append(f"at most {format_number(limit, self.digits)}")
        if factor.value < 0:
            parts.append("flips the sign")
        return Words(", ".join(parts), "muted", _SMALL)

    @property
    def total_title(self) -> Words:
        return Words(subscripted(f"∂J/∂{self.parameter}"), bold=True)

    @property
    def verdict(self) -> str:
        """How the sign comes about."""
        product = self.products[-1]
        if product == 0:
            return "one factor of 0 is enough"
        if math.isnan(product):
            return "not a number"
        count = sum(bool(factor.value < 0) for factor in self.factors)
        number = _COUNTS[count] if count < len(_COUNTS) else str(count)
        factors = "factor" if count == 1 else "factors"
        return f"{number} negative {factors}: {'negative' if product < 0 else 'positive'}"

    def number(self, k: int) -> str:
        return format_number(self.products[k], self.digits)

    @cached_property
    def logs(self) -> list[float | None]:
        """log10 of |product|; None for 0, nan and infinity, which have no place on the scale."""
        return [math.log10(abs(p)) if p != 0 and math.isfinite(p) else None for p in self.products]

    @cached_property
    def span(self) -> tuple[float, float]:
        known = [log for log in self.logs if log is not None]
        low, high = min(known), max(known)
        return (low, high) if high - low > 0.5 else (high - 1.0, high)

    @cached_property
    def left(self) -> float:
        """Where the scale's half of the sheet begins."""
        lines = [self.total_title, Words(self.verdict, "muted", _SMALL)]
        lines += [words for f in self.factors for words in (self.title(f), self.remark(f))]
        return _MARGIN + max(line.width for line in lines) + 10.0

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The places of the smallest and the largest product: numbers beside bars just fit."""
        left, right, edge = self.left, _WIDTH - _MARGIN - 8.0, _WIDTH - _MARGIN
        # Each end depends on the other; a few rounds bring both within a fraction of a point.
        for _ in range(6):
            for steps, part in self._parts:
                need = Words(self.number(steps[1]), bold=True).width + _BESIDE
                if self.grows(steps):
                    right = min(right, (edge - need - left * (1 - part)) / max(part, 0.1))
                elif part < 0.9:
                    left = max(left, (self.left + need - right * part) / (1 - part))
        return left, right

    @property
    def _parts(self) -> list[tuple[_Steps, float]]:
        """Which part of the scale lies left of the end of each bar."""
        low, high = self.span
        ends = ((steps, self.logs[steps[1]]) for steps in self.bars)
        return [(steps, (log - low) / (high - low)) for steps, log in ends if log is not None]

    @property
    def bars(self) -> list[_Steps]:
        """From which product to which each bar leads; the last from 1 to the whole."""
        count = len(self.factors)
        return [*((k, k + 1) for k in range(count)), (0, count)]

    def grows(self, steps: _Steps) -> bool:
        """Return whether a bar leads to a larger product."""
        return abs(self.products[steps[1]]) > abs(self.products[steps[0]])

    def place(self, log: float) -> float:
        """Return where a power of ten stands."""
        (low, high), (left, right) = self.span, self.ends
        return left + (log - low) / (high - low) * (right - left)

    @property
    def ticks(self) -> list[int]:
        """The powers of ten that are labelled."""
        low, high = math.ceil(self.span[0] - 1e-9), math.floor(self.span[1] + 1e-9)
        most = max(2, int((self.ends[1] - self.ends[0]) // _TICK_WIDTH))
        step = max(1, math.ceil((high - low + 1) / most))
        return list(range(high, low - 1, -step))


def _draw(sketch: Sketch, ladder: _Ladder) -> None:
    _draw_scale(sketch, ladder)
    for k, factor in enumerate(ladder.factors):
        y = ladder.row(k)
        sketch.words((_MARGIN, y + 7), ladder.title(factor), "left")
        sketch.words((_MARGIN, y - 6.5), ladder.remark(factor), "left")
        _draw_step(sketch, ladder, k, y)
    last = len(ladder.factors)
    y = ladder.row(last)
    sketch.line((_MARGIN, y + _ROW / 2), (_WIDTH - _MARGIN, y + _ROW / 2), "muted")
    sketch.words((_MARGIN, y + 7), ladder.total_title, "left")
    sketch.words((_MARGIN, y - 6.5), Words(ladder.verdict, "muted", _SMALL), "left")
    _draw_bar(sketch, ladder, ladder.bars[-1], y, "ink")


def _draw_scale(sketch: Sketch, ladder: _Ladder) -> None:
    top = ladder.height - _MARGIN - _HEADER
    bottom = ladder.row(len(ladder.factors)) - _ROW / 2
    for tick in ladder.ticks:
        x = ladder.place(tick)
        sketch.line((x, bottom), (x, top), "grid", 0.8)
        sketch.words((x, bottom - 9), Words(_power(tick), "muted", _SMALL))
    head = top + _HEADER / 2 + 2
    sketch.words((_MARGIN, head), Words("factor", "muted", _SMALL), "left")
    words = Words("size of the product so far", "muted", _SMALL)
    sketch.words((_WIDTH - _MARGIN, head), words, "right")


def _draw_step(sketch: Sketch, ladder: _Ladder, k: int, y: float) -> None:
    """Draw one factor's bar, and the thread that leads down to the next."""
    _draw_bar(sketch, ladder, (k, k + 1), y, ladder.factors[k].kind)
    after = ladder.logs[k + 1]
    if after is not None and k + 1 < len(ladder.factors):
        x = ladder.place(after)
        sketch.line((x, y - _BAR), (x, y - _ROW + _BAR), "muted", 0.8)


def _draw_bar(sketch: Sketch, ladder: _Ladder, steps: _Steps, y: float, role: str) -> None:
    before, after = (ladder.logs[k] for k in steps)
    number = Words(ladder.number(steps[1]), bold=True)
    if before is None or (after is None and ladder.products[steps[1]] != 0):
        sketch.stack((ladder.left, y), [number], "left")
        return
    start = ladder.place(before)
    if after is None:
        # A product of 0 lies beyond the left end of any scale of powers.
        end = ladder.left + number.width + 4
        sketch.arrow((start, y), (end, y), role, 2.4)
    else:
        end = ladder.place(after)
        # A factor of 1 moves nothing: a bar as wide as a stroke shows that it is there.
        left, right = min(start, end), max(start, end)
        thin = max(0.0, 1.25 - (right - left) / 2)
        sketch.bar(Box(left - thin, y - _BAR, right + thin, y + _BAR), role)
    side = 1 if ladder.grows(steps) else -1
    sketch.stack((end + side * _BESIDE, y), [number], "left" if side == 1 else "right")


def _power(exponent: int) -> str:
    """Return a power of ten as a label.

    >>> _power(-1), _power(-12)
    ('0.1', '10⁻¹²')
    """
    if -3 <= exponent <= 3:
        return format_number(10.0**exponent)
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def _words(ladder: _Ladder) -> Description:
    names = [factor.name for factor in ladder.factors]
    kinds = [ROLES[factor.kind].name for factor in ladder.factors]
    values = [format_number(float(f.value), ladder.digits) for f in ladder.factors]
    after = [ladder.number(k + 1) for k in range(len(names))]
    steps = "; ".join(
        f"times {name} = {value} ({kind}) gives {product}"
        for name, value, kind, product in zip(names, values, kinds, after, strict=True)
    )
    total = f"∂J/∂{ladder.parameter} = {after[-1]}"
    return Description(
        alt=f"Ladder of the factors of ∂J/∂{ladder.parameter}, on a scale of powers of ten. "
        f"From 1: {steps}. Together {total}; {ladder.verdict}.",
        caption=f"How the product {subscripted(total)} is built: each bar leads from the product "
        "before its factor to the product with it, on a scale of powers of ten.",
        table=(
            ("factor", "kind", "value", "product so far"),
            *zip(map(subscripted, names), kinds, values, after, strict=True),
        ),
    )
