"""Lesson 4 in pictures: steps in a bowl, J over steps, equal hidden units, where starts end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from nnexplain.descent import Trajectory
from nnexplain.errors import NnexplainError
from nnexplain.experiments.step_size import Outcomes
from nnexplain.experiments.symmetry import Pair
from nnexplain.figures.chart import apart, chart, curve, in_powers, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.labels import subscripted
from nnexplain.losses import losses
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Array = npt.NDArray[np.float64]
# A solid line first, then ever shorter dashes: curves differ without colour.
_DASHES: tuple[Any, ...] = ("-", (0.0, (6.0, 1.6)), (0.0, (3.0, 1.6)), (0.0, (1.2, 1.4)))
_POINTS = 60
_TALL = 280.0  # points of paper; the axes have about 0.7 of them
_DOTS = 21


def bowl_walks(walks: Mapping[float, Trajectory]) -> Axes:
    """Draw J = ½ (1 - h)² over h, one view for each learning rate, and the steps of a walk on it.

    `walks` maps a learning rate to a walk of `nnexplain.experiments.step_size.bowl`. Returns the
    first view's axes.

    >>> from nnexplain.experiments.step_size import bowl
    >>> ax = bowl_walks({0.5: bowl(0.5, steps=2), 2.1: bowl(2.1, steps=2)})
    >>> [view.get_title(loc="left") for view in ax.figure.axes]
    ['η = 0.5', 'η = 2.1']
    """
    axes = sheet(len(walks), height=165, columns=2)
    reach = 1.08 * max(float(np.abs(walk["b2"] - 1).max()) for walk in walks.values())
    grid = np.linspace(1 - reach, 1 + reach, 121)
    heights = losses["half_squared_error"].formula(1.0, grid)
    for ax, (rate, walk) in zip(axes, walks.items(), strict=True):
        chart(ax, x="h", y="J", title=f"η = {format_number(rate)}")
        curve(ax, grid.tolist(), heights.tolist(), "muted").set_linewidth(1.0)
        line = curve(ax, walk["b2"].tolist(), walk.loss.tolist(), "ink")
        line.set(marker="o", markersize=4, linewidth=1.2)
        write(ax, walk["b2"][0], walk.loss[0], "start", dx=-6, ha="right")
        ax.set_ylim(-0.06 * heights.max(), 1.05 * heights.max())
        ax.locator_params(nbins=4)
    return describe(axes[0], _bowl_words(walks))


def _bowl_words(walks: Mapping[float, Trajectory]) -> Description:
    start = format_number(float(next(iter(walks.values()))["b2"][0]))
    last = max(len(walk) - 1 for walk in walks.values())
    rows = [
        (format_number(rate), *(format_number(float(h), 3) for h in walk["b2"]))
        for rate, walk in walks.items()
    ]
    said = "; ".join(f"η = {row[0]}: h = {', '.join(row[1:5])}, and so on" for row in rows)
    return Description(
        alt=f"{len(walks)} views of the same bowl, lowest at h = 1, with the steps of a walk from "
        f"h = {start}. {said}.",
        caption=f"The same bowl and start, {last} steps, {len(walks)} learning rates. Every step "
        "is η times the slope where it begins.",
        table=(("η", *(f"step {k}" for k in range(last + 1))), *rows),
    )


def loss_over_steps(walks: Mapping[str, Trajectory], ax: Axes | None = None) -> Axes:
    """Draw J after each step, both axes in powers of ten, one labelled curve for each walk.

    `walks` maps a label to each walk. Such a scale has no place for a J that is 0, negative or no
    finite number: the curve has a gap there, and the words say from where on.

    Raises `NnexplainError` for anything but such a mapping, for none, and for a walk of which
    nothing can be drawn.

    >>> from nnexplain.experiments.step_size import example_walk
    >>> loss_over_steps({"η = 0.9": example_walk(0.9, 50)}).texts[-1].get_text()
    'η = 0.9'
    """
    _check_walks(walks)
    steps = _spread(_last(walks) + 1)
    curves = {label: _drawable([_height(w, at) for at in steps]) for label, w in walks.items()}
    _check_curves(curves)
    ax = chart(ax, x="step", y="J", height=_TALL)
    ends = []
    for k, heights in enumerate(curves.values()):
        line = curve(ax, steps, heights.tolist(), "ink")
        line.set_linestyle(_DASHES[k % len(_DASHES)])
        last = np.flatnonzero(np.isfinite(heights))[-1]
        ends.append((steps[last], float(heights[last])))
    in_powers(ax)
    ax.margins(x=0.02, y=0.06)
    low, high = ax.get_xlim()
    ax.set_xlim(low, high * (high / low) ** 0.2)
    # Labels of walks that end at one height stand one above the other.
    places = ax.transAxes.inverted().transform(ax.transData.transform(ends))
    lifts = apart((0.7 * _TALL * places[:, 1]).tolist())
    for label, end, lift in zip(walks, ends, lifts, strict=True):
        write(ax, *end, label, dx=4, dy=lift)
    return describe(ax, _steps_words(walks))


def _check_walks(walks: Mapping[str, Trajectory]) -> None:
    if not isinstance(walks, Mapping) or not walks:
        given = "none" if isinstance(walks, Mapping) else type(walks).__name__
        raise NnexplainError(
            "walks must map a label to each walk, for instance "
            f'{{"η = 0.5": nne.descend(...)}}; got {given}'
        )
    for label, walk in walks.items():
        if not isinstance(walk, Trajectory):
            raise NnexplainError(
                f"walk {label!r} must be what nne.descend returns, got {type(walk).__name__}"
            )


def _check_curves(curves: Mapping[str, Array]) -> None:
    for label, heights in curves.items():
        if not np.isfinite(heights).any():
            raise NnexplainError(
                f"a scale of powers of ten has no place for walk {label!r}: after none of its "
                "steps is J a finite number above 0; plot its steps and loss with Matplotlib"
            )


def _drawable(heights: Sequence[float]) -> Array:
    """Return heights with nan for what a scale of powers of ten has no place for."""
    given = np.array(heights)
    return np.where((given > 0) & np.isfinite(given), given, np.nan)


def _last(walks: Mapping[str, Trajectory]) -> int:
    """Return the number of the last step of the longest walk."""
    return max(int(walk.steps[-1]) for walk in walks.values())


def _height(walk: Trajectory, step: int) -> float:
    """Return J at the last record up to a step; a walk that stopped early stays where it is."""
    return float(walk.loss[np.searchsorted(walk.steps, step, side="right") - 1])


def _spread(count: int) -> list[int]:
    """Return about `_POINTS` positions from 1 to count - 1, even on a scale of powers of ten."""
    return sorted({round(at) for at in np.geomspace(1, count - 1, _POINTS)})


def _steps_words(walks: Mapping[str, Trajectory]) -> Description:
    last = _last(walks)
    asked = sorted({*(10**k for k in range(int(np.log10(last)) + 1)), last})
    rows = []
    for label, walk in walks.items():
        heights = [_height(walk, step) for step in asked]
        rows.append((label, *(format_number(j, 3) for j in heights), walk.stopped))
    starts = {format_number(float(walk.loss[0]), 3): None for walk in walks.values()}
    start = f"J = {' and '.join(starts)}"
    said = "; ".join(
        f"{row[0]}: J is {row[2]} after {asked[1]} steps and {row[-2]} after {last}"
        if len(asked) > 2
        else f"{row[0]}: J is {row[-2]} after {last} step{'s' * (last > 1)}"
        for row in rows
    )
    missing = "".join(_missing(label, walk) for label, walk in walks.items())
    return Description(
        alt=f"J over steps on scales of powers of ten, from {start} at the start. {said}.{missing}",
        caption=f"J after each step, from {start}. Both axes count in powers of ten.{missing}",
        table=(("walk", *(f"step {step}" for step in asked), "stopped"), *rows),
    )


def _missing(label: str, walk: Trajectory) -> str:
    """Say from where on a curve has gaps; nothing if it has none."""
    gaps = np.flatnonzero(np.isnan(_drawable(walk.loss.tolist()))[1:]) + 1
    if not gaps.size:
        return ""
    later = f", and at {gaps.size - 1} later steps" if gaps.size > 1 else ""
    return (
        f" Not drawn, being no finite number above 0: J of {label} at step {walk.steps[gaps[0]]}, "
        f"{format_number(float(walk.loss[gaps[0]]), 3)}{later}."
    )


def twin_units(pairs: Mapping[str, Pair], names: tuple[str, str] = ("w14", "w15")) -> Axes:
    """Draw a weight into each of the two hidden units over the steps, one view for each walk.

    Returns the first view's axes.

    >>> from nnexplain.experiments.symmetry import equal_units, pair
    >>> from nnexplain.worked import worked
    >>> ax = twin_units({"equal": pair(equal_units(worked["han_kamber"].network), steps=20)})
    >>> [text.get_text() for text in ax.texts][-1]
    'w₁₄ and w₁₅'
    """
    axes = sheet(len(pairs), height=180)
    for ax, (title, pair) in zip(axes, pairs.items(), strict=True):
        walk = pair.walk
        chart(ax, x="step", y="weight", title=title)
        picked = [0, *_spread(len(walk))]
        curve(ax, walk.steps[picked].tolist(), walk[names[0]][picked].tolist(), "ink")
        few = np.linspace(0, len(walk) - 1, _DOTS).round().astype(int)
        dots = curve(ax, walk.steps[few].tolist(), walk[names[1]][few].tolist(), "weight")
        dots.set(marker="o", markersize=6, linestyle="none")
        labels = [subscripted(name) for name in names]
        ends = [float(walk[name][-1]) for name in names]
        if ends[0] == ends[1]:
            labels = ["", f"{labels[0]} and {labels[1]}"]
        for label, end, role in zip(labels, ends, ("ink", "weight"), strict=True):
            write(ax, walk.steps[-1], end, label, role, dx=-4, dy=12, ha="right")
        ax.margins(y=0.25)
    return describe(axes[0], _twin_words(pairs, names))


def _twin_words(pairs: Mapping[str, Pair], names: tuple[str, str]) -> Description:
    one, other = (subscripted(name) for name in names)
    rows = [
        (
            title,
            str(len(pair.walk) - 1),
            *(format_number(float(pair.walk[name][-1])) for name in names),
            format_number(pair.farthest),
            format_number(float(pair.walk.loss[-1]), 3),
        )
        for title, pair in pairs.items()
    ]
    said = "; ".join(
        f"{row[0]}: after {row[1]} steps {one} is {row[2]} and {other} is {row[3]}, J = {row[5]}"
        for row in rows
    )
    return Description(
        alt=f"{one} and {other} over the steps, one view for each start. {said}.",
        caption=f"{one} (line, into unit 4) and {other} (dots, into unit 5) over the steps. "
        "Equal units stay equal: the dots lie on the line.",
        table=(("start", "steps", one, other, "largest difference of the units", "J"), *rows),
    )


def start_outcomes(outcomes: Sequence[Outcomes], ax: Axes | None = None) -> Axes:
    """Draw how many starts ended solved, falling, or idle: a bar for each learning rate.

    >>> from nnexplain.experiments.step_size import Outcomes
    >>> ax = start_outcomes([Outcomes(1.0, 2000, 75, 2, 23, 0.5)])
    >>> [text.get_text() for text in ax.texts][1:]
    ['75 solved', '23 idle']
    """
    ax = chart(ax, x="starts", y="learning rate η", height=50 + 34 * len(outcomes))
    for row, found in enumerate(outcomes):
        left = 0
        for kind, face, text in (
            ("solved", "forward", "surface"), ("falling", "soft", "ink"), ("idle", "grid", "ink"),
        ):  # fmt: skip
            count = getattr(found, kind)
            ax.barh(
                row, count, left=left, height=0.66, color=ROLES[face].light,
                edgecolor=ROLES["muted"].light, linewidth=0.8 if count else 0.0,
            )  # fmt: skip
            if count > found.starts / 8:
                write(ax, left + count / 2, row, f"{count} {kind}", text, dx=0, ha="center")
            left += count
    ax.set_yticks(range(len(outcomes)), [format_number(found.rate) for found in outcomes])
    ax.invert_yaxis()
    ax.grid(visible=False)
    ax.set_xlim(0, outcomes[0].starts)
    rows = [
        (format_number(f.rate), *(str(n) for n in (f.solved, f.falling, f.idle)), _median(f))
        for f in outcomes
    ]
    said = "; ".join(f"η = {r[0]}: {r[1]} solved, {r[2]} falling, {r[3]} idle" for r in rows)
    words = Description(
        alt=f"Bars that divide {outcomes[0].starts} random starts by how they ended. {said}.",
        caption=f"The same {outcomes[0].starts} random starts under {len(outcomes)} learning "
        f"rates, {outcomes[0].steps} steps each.",
        table=(("η", "solved", "falling", "idle", "median J of the idle"), *rows),
    )
    return describe(ax, words)


def _median(found: Outcomes) -> str:
    return format_number(found.idle_at, 3) if found.idle else "none"
