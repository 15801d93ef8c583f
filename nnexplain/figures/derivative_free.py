"""Lesson 14 in pictures: a race on eleven parameters, random directions, and growing prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from nnexplain.experiments.derivative_free import Alignment, Growth, Run
from nnexplain.figures.chart import chart, curve, in_powers, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

# What a method is called, the role that draws it, and the marker that tells it without colour.
_LOOKS = {
    "gradient_descent": ("gradient", "backward", "D"),
    "finite_differences": ("nudge each", "muted", "s"),
    "random_search": ("random search", "ink", "o"),
    "evolution_strategy": ("evolution", "forward", "^"),
}
_POINTS = 60


def method_race(runs: Mapping[str, Run], goal: float, ax: Axes | None = None) -> Axes:
    """Draw J over the forward passes spent, one curve for each method, until it meets the goal.

    >>> from nnexplain.experiments.derivative_free import RACE_GOAL, race
    >>> ax = method_race(race(1), RACE_GOAL)
    >>> [text.get_text() for text in ax.texts][-1]
    'goal'
    """
    ax = chart(ax, x="forward passes spent", y="J", height=270)
    in_powers(ax)
    arrivals = sorted(runs.items(), key=lambda item: item[1].price(goal))
    for place, (name, run) in enumerate(arrivals):
        label, role, marker = _LOOKS[name]
        end = int(np.flatnonzero(run.loss <= goal)[0])
        picked = np.unique(np.geomspace(1, end, _POINTS).round().astype(int))
        curve(ax, run.spent[picked].tolist(), run.loss[picked].tolist(), role)
        ax.plot(run.spent[end], run.loss[end], marker, color=ROLES[role].light, markersize=6)
        # Neighbours arrive close together: their names stand on two lines in turn.
        write(ax, run.spent[end], goal, label, role, dx=0, dy=-32 + 14 * (place % 2), ha="center")
    ax.set_ylim(bottom=goal / 2.5)
    low, high = ax.get_xlim()
    high *= 1.3
    ax.set_xlim(low, high)
    ax.plot([low, high], [goal, goal], color=ROLES["muted"].light, linewidth=0.9)
    write(ax, low, goal, "goal", "muted", dx=3, dy=7)
    return describe(ax, _race_words(runs, goal))


def _race_words(runs: Mapping[str, Run], goal: float) -> Description:
    rows = [(_LOOKS[name][0], format_number(run.price(goal))) for name, run in runs.items()]
    said = "; ".join(f"{label} {price}" for label, price in rows)
    return Description(
        alt=f"J falls under four methods to J = {format_number(goal)}. Forward passes spent: "
        f"{said}.",
        caption="Four methods on the running example with its eleven parameters and three "
        "samples. The mark is the first J at the goal or below.",
        table=(("method", f"forward passes to J ≤ {format_number(goal)}"), *rows),
    )


def random_directions(found: Sequence[Alignment], ax: Axes | None = None) -> Axes:
    """Draw how far random directions point down the steepest way, a row for each dimension.

    Ticks are single directions, the bar holds nine in ten of them.

    >>> from nnexplain.experiments.derivative_free import alignment
    >>> ax = random_directions([alignment(2), alignment(101)])
    >>> ax.texts[-1].get_text()
    '± 0.16'
    """
    ax = chart(ax, x="part that points downhill", y="parameters", height=60 + 42 * len(found))
    for row, one in enumerate(found):
        shown = one.cosines[:80]
        ax.plot(
            shown, np.full(len(shown), row), "|", color=ROLES["muted"].light, markersize=12,
            markeredgewidth=0.8,
        )  # fmt: skip
        ax.plot([-one.middle, one.middle], [row + 0.33] * 2, color=ROLES["ink"].light, linewidth=3)
        text = f"± {format_number(one.middle, 2)}"
        write(ax, one.middle, row + 0.33, text, dx=5 if one.middle < 0.8 else -30, dy=-9)
    ax.set_yticks(range(len(found)), [str(one.count) for one in found])
    ax.set_ylim(len(found) - 0.3, -0.5)
    ax.set_xlim(-1.05, 1.05)
    rows = [
        (str(one.count), *(format_number(v, 2) for v in (one.middle, one.share, 1 / one.count)))
        for one in found
    ]
    said = "; ".join(f"{r[0]} parameters: within ±{r[1]}" for r in rows)
    words = Description(
        alt="Random directions by how far they point downhill: 1 is the steepest way down, 0 "
        f"across, −1 straight up. Nine in ten lie, for {said}.",
        caption="Random directions (ticks) by how far they point down the steepest way: 1 along "
        "it, 0 across, −1 straight up. The bar holds nine in ten of them.",
        table=(("parameters", "nine in ten within ±", "mean square", "1/parameters"), *rows),
    )
    return describe(ax, words)


def growing_prices(growths: Mapping[str, Growth]) -> Axes:
    """Draw the forward passes to a goal over the number of parameters, a view for each task.

    Returns the first view's axes.

    >>> from nnexplain.experiments.derivative_free import Growth
    >>> growth = Growth((10, 100), {"finite_differences": (20.0, 200.0)})
    >>> growing_prices({"task": growth}).texts[-1].get_text()
    'nudge each'
    """
    axes = sheet(len(growths), height=235)
    for ax, (title, growth) in zip(axes, growths.items(), strict=True):
        chart(ax, x="parameters", y="forward passes", title=title)
        in_powers(ax)
        for name, prices in growth.prices.items():
            _, role, marker = _LOOKS[name]
            line = curve(ax, growth.parameters, prices, role)
            line.set(marker=marker, markersize=5)
        _labels(ax, growth)
        low, high = ax.get_xlim()
        ax.set_xlim(low, high * (high / low) ** 0.3)
    return describe(axes[0], _growth_words(growths))


def _labels(ax: Axes, growth: Growth) -> None:
    """Write the methods at the ends of their lines, pushed apart where these are close."""
    ends = sorted((prices[-1], name) for name, prices in growth.prices.items())
    span = np.log10(ends[-1][0] / min(p for prices in growth.prices.values() for p in prices))
    points = 150 / max(span, 1.0)  # points of paper a power of ten takes, about
    height = -np.inf
    for price, name in ends:
        label, role, _ = _LOOKS[name]
        at = points * float(np.log10(price))
        height = max(at, height + 13)
        write(ax, growth.parameters[-1], price, label, role, dx=7, dy=height - at)


def _growth_words(growths: Mapping[str, Growth]) -> Description:
    rows, says = [], []
    for title, growth in growths.items():
        for name, prices in growth.prices.items():
            numbers = (prices[0], prices[-1], growth.power(name))
            rows.append((title, _LOOKS[name][0], *(format_number(v, 3) for v in numbers)))
        ends = f"{growth.parameters[0]} and {growth.parameters[-1]}"
        prices_said = ", ".join(f"{r[1]} {r[2]} and {r[3]}" for r in rows[-len(growth.prices) :])
        says.append(f"{title}, with {ends} parameters: {prices_said}")
    return Description(
        alt=f"Forward passes to the goal over the number of parameters. {'. '.join(says)}.",
        caption="Forward passes until the goal is met, medians of three starts. Both axes count "
        "in powers of ten.",
        table=(
            ("task", "method", "with the fewest parameters", "with the most", "power"), *rows
        ),
    )  # fmt: skip
