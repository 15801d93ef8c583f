"""Lesson 11 in pictures: stairs, a hash under the microscope, a lottery, and borrowed slopes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from nnexplain.experiments.hash_function import Quotients, View, Walks
from nnexplain.experiments.loss import Sweep
from nnexplain.experiments.zero_slope import STEPS, Race
from nnexplain.figures.chart import chart, curve, in_powers, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.labels import subscripted
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Array = npt.NDArray[np.float64]
_NONE = np.array([], dtype=np.intp)
_ROWS = 12  # at most so many rows in a table
_THIN = 3  # walks drawn one by one beside their mean

# How each slope is drawn, the same in both panels of `borrowed_slopes`: its words, role and dash.
_SLOPES: dict[str, tuple[str, str, tuple[float, ...]]] = {
    "true slope": ("true slope, 0", "hidden_slope", (1.2, 1.2)),
    "slope of the sigmoid": ("slope of the sigmoid", "hidden_slope", ()),
    "box": ("box", "hidden_slope", (5.0, 1.5)),
    "slope 1": ("slope 1", "hidden_slope", (5.0, 1.5, 1.2, 1.5)),
    "sigmoid units": ("sigmoid units", "ink", ()),
}


def staircase_of_steps(step: Sweep, smooth: Sweep) -> Axes:
    """Draw J over one weight in front of step units, and below it in front of sigmoid units.

    >>> from nnexplain.experiments.zero_slope import staircase
    >>> ax = staircase_of_steps(*staircase([-1.0, 0.0, 1.0]))
    >>> [panel.get_title(loc="left") for panel in ax.figure.axes]
    ['step hidden units', 'sigmoid hidden units']
    """
    axes = sheet(2, height=170)
    for ax, sweep, kind in zip(axes, (step, smooth), ("step", "sigmoid"), strict=True):
        chart(ax, x=subscripted(sweep.name), y="loss J", title=f"{kind} hidden units")
        _pieces(ax, sweep)
        _tangent(ax, sweep)
    name, treads = step.name, len(_jumps(step)) + 1
    start, low, high = (format_number(float(v)) for v in (step.start, *step.values[[0, -1]]))
    slopes = [format_number(sweep.slope, 3) for sweep in (step, smooth)]
    words = Description(
        alt=f"J over {name} from {low} to {high}, twice. With step units in the hidden layer it "
        f"is a staircase of {treads} level treads, with slope {slopes[0]} at {name} = {start}. "
        f"With sigmoid units it is a smooth curve, with slope {slopes[1]} there.",
        caption=f"J of eight samples while {subscripted(name)} moves. Above, every nudge that "
        "stays on its tread changes nothing, and a jump has no slope. Below, every nudge is felt.",
        table=_table(
            (name, "J, step units", "J, sigmoid units"),
            zip(step.values, step.total, smooth.total, strict=True),
        ),
    )
    return describe(axes[0], words)


def _pieces(ax: Axes, sweep: Sweep) -> None:
    """Draw J without a stroke over its jumps."""
    cuts = _jumps(sweep)
    for x, y in zip(np.split(sweep.values, cuts), np.split(sweep.total, cuts), strict=True):
        curve(ax, x.tolist(), y.tolist(), "ink")


def _jumps(sweep: Sweep) -> npt.NDArray[np.intp]:
    """Return the indices in front of which J jumps; a curve that is not mostly level has none."""
    changes = np.abs(np.diff(sweep.total))
    return np.flatnonzero(changes) + 1 if np.median(changes) == 0 else _NONE


def _tangent(ax: Axes, sweep: Sweep) -> None:
    away = np.array([-0.18, 0.18])
    height = sweep.start_loss + sweep.slope * away
    ax.plot(sweep.start + away, height, color=ROLES["backward"].light, linewidth=2.6)
    ax.plot([sweep.start], [sweep.start_loss], "o", color=ROLES["ink"].light, markersize=5)
    text = f"slope {format_number(sweep.slope, 3)}"
    write(ax, sweep.start, sweep.start_loss, text, "backward", dx=0, dy=14, ha="right")
    ax.margins(y=0.25)


def hash_microscope(views: Sequence[View]) -> Axes:
    """Draw sigmoid and hash side by side, one row of panels for each view.

    >>> from nnexplain.experiments.hash_function import views
    >>> len(hash_microscope(views()).figure.axes)
    4
    """
    axes = sheet(2 * len(views), height=175, columns=2)
    for k, view in enumerate(views):
        left, right = axes[2 * k], axes[2 * k + 1]
        for ax, name in ((left, "sigmoid"), (right, "hash")):
            chart(ax, x="z", y="a", title=f"{name}, ± {_reach(view)}")
            ends = view.centre + view.reach * np.array([-1, 0, 1])
            ax.set_xticks(ends, _places(view))
            ax.set_ylim(-0.06, 1.06)
        curve(left, view.z.tolist(), view.sigmoid.tolist(), "forward")
        right.plot(view.z, view.hashed, "o", color=ROLES["ink"].light, markersize=3)
    centre, count = format_number(views[0].centre), len(views[0].z)
    seen = "; ".join(
        f"within {format_number(v.reach)} of z = {centre} the sigmoid moves by "
        f"{format_number(float(np.ptp(v.sigmoid)), 2)}, and the hash is a cloud of points from "
        f"{format_number(float(v.hashed.min()), 2)} to {format_number(float(v.hashed.max()), 2)}"
        for v in views
    )
    magnified = (
        f", and below the same after magnifying {format_number(views[0].reach / views[-1].reach)} "
        "times. The sigmoid has become level. The hash looks as wild as before."
    )
    words = Description(
        alt=f"Sigmoid on the left, hash on the right: {seen}.",
        caption=f"{count} neighbours of z = {centre} under the sigmoid and under the hash"
        f"{magnified if len(views) > 1 else '.'}",
        table=_table(
            (f"z − {centre}", "sigmoid", "hash"),
            (row for v in views for row in zip(v.z - v.centre, v.sigmoid, v.hashed, strict=True)),
        ),
    )
    return describe(axes[0], words)


def _places(view: View) -> list[str]:
    """Name the two ends and the middle of a view: by value, or close up by the distance."""
    low, middle, high = (format_number(view.centre + far) for far in (-view.reach, 0.0, view.reach))
    away = _reach(view)
    return ["−" + away, middle, "+" + away] if view.reach < 0.01 else [low, middle, high]


def _reach(view: View) -> str:
    return format_number(view.reach, 2).removeprefix("1 × ")


def quotients_against_nudge(found: Quotients, ax: Axes | None = None) -> Axes:
    """Draw the median difference quotient of hash and sigmoid over the size of the nudge.

    >>> from nnexplain.experiments.hash_function import quotients
    >>> quotients_against_nudge(quotients((1.0, 0.25))).get_yscale()
    'log'
    """
    ax = chart(ax, x="size of the nudge", y="size of change ÷ nudge", height=240)
    hashed = _band(ax, found.nudges, found.hashed, ("ink", "hash", "o"))
    sigmoid = _band(ax, found.nudges, found.sigmoid, ("hidden_slope", "sigmoid", "D"))
    in_powers(ax)
    first, last = (format_number(found.nudges[k], 2) for k in (0, -1))
    climb = [format_number(float(hashed[k]), 2) for k in (0, -1)]
    words = Description(
        alt=f"On scales of powers of ten, while the nudge shrinks from {first} to {last}, the "
        f"hash's median quotient climbs in a straight line from {climb[0]} to {climb[1]}; the "
        f"sigmoid's stays level at about {format_number(float(sigmoid[-1]), 2)}.",
        caption=f"Difference quotients at {found.hashed.shape[1]} places: the median, and a band "
        "with the middle eight tenths. The sigmoid’s settle on its slopes. The hash’s grow as "
        "fast as the nudge shrinks: there is nothing to settle on.",
        table=_table(
            ("nudge", "hash, median", "sigmoid, median"),
            zip(found.nudges, hashed, sigmoid, strict=True),
        ),
    )
    return describe(ax, words)


def _band(ax: Axes, x: Sequence[float], values: Array, style: tuple[str, str, str]) -> Array:
    """Draw the median of each row of `values` with a band from the 10 % to the 90 % quantile."""
    role, name, marker = style
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9), axis=1)
    ax.fill_between(x, low, high, color=ROLES[role].light, alpha=0.18, linewidth=0)
    line = curve(ax, x, middle.tolist(), role)
    line.set_marker(marker)
    line.set_markersize(4)
    at = len(x) // 2
    write(ax, x[at], middle[at], name, role, dx=8, dy=10)
    return np.asarray(middle)


def hash_lottery(hashed: Walks, smooth: Walks, *, shown: int = 40) -> Axes:
    """Draw J over the first `shown` steps of descent: sigmoid units above, hash units below.

    >>> from nnexplain.experiments.hash_function import SIGMOID, walks
    >>> ax = hash_lottery(walks(starts=2, steps=4), walks(SIGMOID, starts=2, steps=4))
    >>> [panel.get_title(loc="left") for panel in ax.figure.axes]
    ['sigmoid units', 'hash units']
    """
    axes = sheet(2, height=180)
    for ax, found in zip(axes, (smooth, hashed), strict=True):
        chart(ax, x="step", y="loss J", title=f"{found.activation} units")
        begun = found.J[:, : shown + 1]
        for row in begun[:_THIN]:
            curve(ax, list(range(len(row))), row.tolist(), "muted").set_linewidth(0.8)
        line = curve(ax, list(range(begun.shape[1])), begun.mean(axis=0).tolist(), "ink", "mean")
        line.set_linewidth(2.6)
        ax.set_ylim(-0.01, 0.51)
    starts, steps = hashed.J.shape[0], hashed.J.shape[1] - 1
    late = [format_number(found.late, 2) for found in (smooth, hashed)]
    words = Description(
        alt=f"J over {shown} steps from {starts} starts. With sigmoid units all curves fall "
        f"smoothly; their mean over the second half of {steps} steps is {late[0]}. With hash "
        f"units every step jumps to another place between 0 and ½; their mean is {late[1]}.",
        caption=f"The textbook’s network from {starts} random starts, descending by difference "
        f"quotients; the first {shown} of {steps} steps. Thin lines: {_THIN} of the starts. With "
        "hash units, each step is a new draw in a lottery.",
        table=_table(
            ("step", "mean J, sigmoid units", "mean J, hash units"),
            zip(
                range(min(shown, steps) + 1),
                *(found.J.mean(axis=0)[: shown + 1] for found in (smooth, hashed)),
                strict=True,
            ),
        ),
    )
    return describe(axes[0], words)


def borrowed_slopes(race: Race) -> Axes:
    """Draw the slopes that a step can borrow, and below how many starts solve XOR with each.

    >>> from nnexplain.experiments.zero_slope import race
    >>> ax = borrowed_slopes(race(starts=2, steps=3))
    >>> [panel.get_title(loc="left") for panel in ax.figure.axes]
    ['slopes for the backward pass', 'starts that have solved XOR']
    """
    above, below = sheet(2, height=215)
    _draw_slopes(above)
    chart(below, x="step", y=f"of {race.starts}", title="starts that have solved XOR")
    for name, counts in race.solved.items():
        picked = np.unique(np.linspace(0, len(counts) - 1, 101).astype(int))
        _styled(below, picked, counts[picked], name)
        words, role, _ = _SLOPES[name]
        write(below, picked[-1], counts[-1], words, role, dx=0, dy=_beside(race, name), ha="right")
    below.set_ylim(-0.16 * race.starts, 1.1 * race.starts)
    listed = ", ".join(f"{_SLOPES[name][0]}: {race.last(name)}" for name in race.solved)
    steps = len(race.solved["box"]) - 1
    text = Description(
        alt="Above, four slopes over z: 0, the sigmoid's hill of height "
        "0.25, a box of height 0.5 from −1 to 1, and 1 everywhere. Below, how many of "
        f"{race.starts} random starts have solved XOR. After {steps} steps, {listed}.",
        caption="Above: what the backward pass may use as the slope of a step. Below: a network "
        f"of step hidden units trained with each of them from {race.starts} random starts, "
        "beside a network of sigmoid units.",
        table=_table(
            ("step", *(_SLOPES[name][0] for name in race.solved)),
            zip(range(steps + 1), *race.solved.values(), strict=True),
        ),
    )
    return describe(above, text)


def _draw_slopes(ax: Axes) -> None:
    chart(ax, x="z", y="slope", title="slopes for the backward pass")
    z = np.linspace(-3.0, 3.0, 241)
    for name, record in STEPS.items():
        _styled(ax, z, record.df(z), name)
    places = {"slope 1": (-3.0, -9), "box": (-1.0, 9), "slope of the sigmoid": (1.1, 13),
              "true slope": (1.1, -9)}  # fmt: skip
    for name, (at, dy) in places.items():
        words, role, _ = _SLOPES[name]
        write(ax, at, float(STEPS[name].df(at)), words, role, dx=0, dy=dy)
    ax.set_ylim(-0.17, 1.1)


def _beside(race: Race, name: str) -> float:
    """Return how far above its curve a name stands: below it where another ends just above."""
    own = race.last(name)
    ends = [race.last(other) for other in race.solved if other != name]
    return -15.0 if any(0 <= end - own < 0.12 * race.starts for end in ends) else 9.0


def _styled(ax: Axes, x: npt.ArrayLike, y: npt.ArrayLike, name: str) -> None:
    _, role, dash = _SLOPES[name]
    line = curve(ax, np.asarray(x).tolist(), np.asarray(y).tolist(), role)
    line.set_linestyle((0.0, dash) if dash else "-")


def _table(head: tuple[str, ...], rows: Iterable[Iterable[float]]) -> tuple[tuple[str, ...], ...]:
    """Return a header and a dozen of the rows as text, first and last among them."""
    full = [tuple(format_number(float(v)) for v in row) for row in rows]
    picked = np.unique(np.linspace(0, len(full) - 1, _ROWS).astype(int))
    return (head, *(full[k] for k in picked))
