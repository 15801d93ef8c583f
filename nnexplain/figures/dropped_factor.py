"""A step along ∂J/∂θ, and one along what is left of it when a factor is forgotten."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from nnexplain.derivation import DerivationAt
from nnexplain.experiments.dropped_factor import MutilatedStep, loss_along, step_without
from nnexplain.figures.chart import chart, curve, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.given import positive
from nnexplain.figures.labels import subscripted
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

_DIGITS = 5  # J changes little in one step
_ROOM = 1.35  # how much wider a chart is than the longest step in it
_LEAST = 1e-3  # half the width of a chart in which the steps themselves are too short to be seen


class _Look(NamedTuple):
    """How a step is told apart, without colour too."""

    role: str
    line: str
    marker: str
    lift: float


_LOOKS = (_Look("forward", "-", "o", 12.0), _Look("error", "--", "X", 26.0))


def dropped_factor(
    at: DerivationAt, *missing: str, learning_rate: float, ax: Axes | None = None
) -> Axes:
    """Draw J along a parameter, one step along its derivative, and one with factors `missing`.

    The factors are named as in `DerivationAt.without`; with none there is one step. Raises
    `UnknownNameError` for a factor that does not occur and `NnexplainError` for a `learning_rate`
    that is not above 0.

    >>> from nnexplain.derivation import derive
    >>> from nnexplain.worked import worked
    >>> example = worked["han_kamber"]
    >>> at = derive(example.network, "w14").at(example.x, example.y)
    >>> [text.get_text() for text in dropped_factor(at, "w46", learning_rate=0.9).texts[1:]]
    ['whole product', 'without w₄₆']
    """
    learning_rate = positive(learning_rate, "learning_rate")
    name = subscripted(at.parameter)
    steps = [step_without(at, learning_rate=learning_rate)]
    titles = ["whole product"]
    if missing:
        steps.append(step_without(at, *missing, learning_rate=learning_rate))
        left_out = [f.name for f in at.factors if any(map(f.is_called, missing))]
        titles.append(f"without {subscripted(' and '.join(left_out))}")
    ax = chart(ax, x=name, y="loss J", height=230)
    start = steps[0].start
    reach = max(_LEAST, _ROOM * max(abs(step.end - start) for step in steps))
    values = np.linspace(start - reach, start + reach, 121)
    curve(ax, values.tolist(), loss_along(at, values).tolist(), "muted").set_linewidth(1.2)
    for step, title, look in zip(steps, titles, _LOOKS, strict=False):
        _draw_step(ax, at, step, title, look)
    ax.plot([start], [steps[0].before], "s", color=ROLES["ink"].light, markersize=6)
    ax.margins(x=0.02, y=0.22)
    ax.ticklabel_format(useOffset=False)
    return describe(ax, _words(at.parameter, titles, steps))


def _draw_step(ax: Axes, at: DerivationAt, step: MutilatedStep, title: str, look: _Look) -> None:
    """Draw the piece of the curve that a step walks, its end, and its name outside of the curve."""
    way = np.linspace(step.start, step.end, 31)
    colour = ROLES[look.role].light
    ax.plot(way, loss_along(at, way), color=colour, linewidth=3, linestyle=look.line)
    ax.plot([step.end], [step.after], look.marker, color=colour, markersize=8)
    # A name runs from the step's end back towards its start, on the side where the curve is not.
    dx, ha = (4.0, "left") if step.end <= step.start else (-4.0, "right")
    dy = math.copysign(look.lift, step.change)
    write(ax, step.end, step.after, title, look.role, dx=dx, dy=dy, ha=ha)


def _way(change: float) -> str:
    return "uphill" if change > 0 else "downhill" if change < 0 else "neither way"


def _words(parameter: str, titles: list[str], steps: list[MutilatedStep]) -> Description:
    rows = [
        (title, *(format_number(v) for v in (step.slope, step.end)),
         format_number(step.after, _DIGITS), _way(step.change))
        for title, step in zip(titles, steps, strict=True)
    ]  # fmt: skip
    told = "; ".join(
        f"{title}: slope {slope}, to {parameter} = {end}, J {after}, {way}"
        for title, slope, end, after, way in rows
    )
    start, before = format_number(steps[0].start), format_number(steps[0].before, _DIGITS)
    return Description(
        alt=f"J along {parameter}, from {parameter} = {start} with J = {before}. One step along "
        f"the product of factors. {told}.",
        caption=f"J along {subscripted(parameter)}. The square is where the steps begin. A step "
        "goes against its product of factors, so it goes downhill if the product’s sign is right.",
        table=(("step along the", "slope", "ends at", "J there", "it went"), *rows),
    )
