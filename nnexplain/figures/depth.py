"""Lesson 12 in pictures: where a slope is nearly zero, and what many of them do to a signal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from nnexplain.activations import Activation
from nnexplain.arguments import activation_records
from nnexplain.errors import NnexplainError, real_number
from nnexplain.experiments.saturation import LearningCurve, Rounding, Signal
from nnexplain.figures.chart import apart, chart, curve, in_powers, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Array = npt.NDArray[np.float64]
# Told apart by marker and label, not by colour alone.
_LINES = (
    ("hidden_slope", "o"), ("input", "s"), ("weight", "^"), ("output_slope", "D"), ("error", "v"),
)  # fmt: skip
_TALL = 270.0
_WORD = 14  # points of a curve under the word that calls its end flat


def curve_and_slope(record: str | Activation, marks: Mapping[str, float]) -> Axes:
    """Draw f above f′ over the same z, with named places on both. Returns the upper axes.

    `marks` maps each name to its z. Shaded is where |f′| is at most a tenth of its supremum, or,
    if that is infinite, of its largest value in the picture.

    Raises `NnexplainError` for no marks and for a z that is no finite number.

    >>> ax = curve_and_slope("sigmoid", {"z4": -0.7})
    >>> "z4" in [text.get_text() for text in ax.texts]
    True
    """
    (activation,) = activation_records(record, 1)
    places = _checked_marks(marks)
    top, bottom = sheet(2, height=165)
    reach = max(6.0, *(abs(z) + 1 for z in places.values()))
    z = np.linspace(-reach, reach, 181)
    heights, slopes = activation.f(z), activation.df(z)
    largest = activation.largest_slope
    steepest = largest if np.isfinite(largest) else float(np.abs(slopes).max())
    flat = np.abs(slopes) <= steepest / 10
    for ax, values, name, role in (
        (top, heights, "a = f(z)", "forward"),
        (bottom, slopes, "slope f′(z)", "hidden_slope"),
    ):
        chart(ax, x="z", y=name)
        low, high = min(0.0, float(np.min(values))), max(0.0, float(np.max(values)))
        # Room for the word at the top, and for a line that is 0 everywhere.
        low, high = 1.1 * low, high + 0.22 * (high - low or 1.0)
        ax.set_ylim(low, high)
        ax.set_xlim(-reach, reach)
        ax.fill_between(
            z, low, high, where=flat, color=ROLES["grid"].light, linewidth=0, alpha=0.55
        )
        curve(ax, z.tolist(), values.tolist(), role)
    for name, place in places.items():
        for ax, value in ((top, activation.f(place)), (bottom, activation.df(place))):
            ax.plot([place], [value], "o", color=ROLES["ink"].light, markersize=5)
            side = "center" if ax is bottom and place > 0 else "right"
            # Behind the hump the curve still falls where the label begins.
            dy = 20 if ax is bottom and value < steepest / 2 else 11
            write(ax, place, value, name, dx=-3 if side == "right" else 0, dy=dy, ha=side)
    for ax in (top, bottom):
        height = ax.get_ylim()[1]
        if flat[:_WORD].all():
            write(ax, -reach, height, "flat", "muted", dx=4, dy=-7)
        if flat[-_WORD:].all():
            write(ax, reach, height, "flat", "muted", dx=-4, dy=-7, ha="right")
    return describe(top, _slope_words(activation, places, _Shape(z, slopes, flat, steepest)))


def _checked_marks(marks: Mapping[str, float]) -> dict[str, float]:
    if not isinstance(marks, Mapping) or not marks:
        raise NnexplainError(
            f'marks must map at least one name to its z, for instance {{"z4": -0.7}}; got {marks!r}'
        )
    return {name: real_number(z, f"the z of {name!r}") for name, z in marks.items()}


class _Shape(NamedTuple):
    """A drawn slope: its values at z, where it counts as flat, and its largest size."""

    z: Array
    slopes: Array
    flat: npt.NDArray[np.bool_]
    steepest: float

    @property
    def heights(self) -> str:
        """Between what the slope lies, in words."""
        low, high = (format_number(float(v), 3) for v in (self.slopes.min(), self.slopes.max()))
        return f"{low} everywhere" if low == high else f"between {low} and {high}"

    @property
    def shade(self) -> str:
        """What counts as flat, in words."""
        if not self.steepest:
            return "the slope is 0"
        return f"the slope is at most a tenth of its largest size, {format_number(self.steepest)}"

    @property
    def shaded(self) -> str:
        """Where the slope counts as flat, in words."""
        if self.flat.all():
            return "everywhere"
        ends = np.flatnonzero(np.diff(self.flat, prepend=False, append=False)).reshape(-1, 2)
        places = [[format_number(self.z[k], 2) for k in (low, end - 1)] for low, end in ends]
        listed = ", ".join(f"from {a} to {b}" if a != b else f"near {a}" for a, b in places)
        return f"z {listed}" if listed else "nowhere"


def _slope_words(record: Activation, marks: Mapping[str, float], shape: _Shape) -> Description:
    listed = "; ".join(
        f"at {name} = {format_number(z)} it is {format_number(record.df(z))}"
        for name, z in marks.items()
    )
    rows = tuple(
        (name, *(format_number(v) for v in (z, record.f(z), record.df(z))))
        for name, z in marks.items()
    )
    saturates = record.df(-math.inf) == record.df(math.inf) == 0
    return Description(
        alt=f"Above, the curve of {record.name}; below, its slope, {shape.heights}: {listed}. "
        f"Shaded, where {shape.shade}: {shape.shaded}.",
        caption=f"The {record.name} and its slope. "
        f"Shaded: where {shape.shade}{'' if shape.flat.any() else ', which is nowhere'}."
        + (" A unit that works far out is saturated." if saturates else ""),
        table=(("unit", "z", "a", "slope"), *rows),
    )


def signals_by_layer(signals: Sequence[Signal], ax: Axes | None = None) -> Axes:
    """Draw each signal from the last layer back to the first, on a scale of powers of ten.

    >>> from nnexplain.experiments.saturation import chain_signal
    >>> signals_by_layer([chain_signal(1.0)]).lines[0].get_ydata()[:2].tolist()
    [0.25, 0.0625]
    """
    ax = chart(ax, x="layers passed on the way back", y="size of the signal |δ|", height=_TALL)
    in_powers(ax, ax.yaxis)
    for signal, (role, marker) in zip(signals, _LINES, strict=False):
        back = signal.sizes[::-1]
        line = curve(ax, list(range(len(back))), list(back), role)
        line.set_marker(marker)
        line.set_markersize(4.5)
    ax.margins(y=0.1)
    for signal, (role, _), dy in zip(signals, _LINES, _lifts(signals), strict=False):
        write(ax, len(signal.sizes) - 1, signal.sizes[0], signal.label, role, dx=8, dy=dy)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    listed = "; ".join(
        f"{s.label}: {format_number(s.sizes[-1], 2)} at the last layer, "
        f"{format_number(s.sizes[0], 2)} at the first"
        for s in signals
    )
    words = Description(
        alt=f"The size of the signal in each layer, on a scale of powers of ten. {listed}.",
        caption="The signal from the last layer, at the left, back to the first. A straight line "
        "means: every layer multiplies by about the same factor.",
        table=(
            ("network", "last layer", "first layer", "first / last"),
            *(
                (s.label, *(format_number(v, 3) for v in (s.sizes[-1], s.sizes[0], s.kept)))
                for s in signals
            ),
        ),
    )
    return describe(ax, words)


def _lifts(signals: Sequence[Signal]) -> list[float]:
    """Return how far up each label moves, in points, so that no two of them touch.

    A decade is a little higher than reckoned here, so that labels end up further apart.
    """
    ends = np.log10([signal.sizes[0] for signal in signals])
    every = np.log10([size for signal in signals for size in signal.sizes])
    points = 0.6 * _TALL * (ends - every.min()) / max(float(np.ptp(every)), 1.0)
    return apart(points.tolist())


def learning_curves(rows: Sequence[Sequence[LearningCurve]]) -> Axes:
    """Draw one view for each loss, with one curve of outputs for each start. Returns the first.

    >>> from nnexplain.experiments.saturation import slow_neuron
    >>> ax = learning_curves([slow_neuron("half_squared_error")])
    >>> ax.get_title(loc="left")
    'half squared error'
    """
    axes = sheet(len(rows), height=190)
    for ax, curves in zip(axes, rows, strict=True):
        chart(ax, x="step", y="output (target 0)", title=curves[0].loss.replace("_", " "))
        ax.set_ylim(0, 1.05)
        for found, (role, _) in zip(curves, _LINES, strict=False):
            steps = list(range(0, len(found.outputs), 3))
            curve(ax, steps, [found.outputs[k] for k in steps], role)
            half = found.half_way
            ax.plot([half], [found.outputs[half]], "o", color=ROLES[role].light, markersize=5)
            place, dx, dy, ha = _beside(found, curves)
            text = f"{found.start}: step {half}"
            write(ax, place, 0.5, text, role, dx=dx, dy=dy, ha=ha)
    every = [found for curves in rows for found in curves]
    listed = "; ".join(
        f"{f.loss.replace('_', ' ')} from {f.start}: below ½ at step {f.half_way}" for f in every
    )
    words = Description(
        alt=f"The output of one neuron while it learns to give 0. {listed}.",
        caption="One neuron, two starts, two losses, the same learning rate. The dots mark the "
        "step at which the output falls below ½.",
        table=(
            ("loss", "start", "first output", "last output", "below ½ at step"),
            *(
                (
                    f.loss.replace("_", " "), f.start, format_number(f.outputs[0]),
                    format_number(f.outputs[-1]), str(f.half_way),
                )
                for f in every
            ),
        ),
    )  # fmt: skip
    return describe(axes[0], words)


def _beside(
    found: LearningCurve, curves: Sequence[LearningCurve]
) -> tuple[float, float, float, str]:
    """Return where a curve's label stands (x, offsets in points, side), clear of the others."""
    latest, steps = curves[-1].half_way, len(found.outputs)
    if found.half_way > steps / 2:
        return found.half_way, -8, -4, "right"
    first = found is curves[0]
    if latest < steps / 2:
        return latest, 10, -6 if first else 14, "left"
    return found.half_way, 8, 14, "left"


def rounded_slope(found: Rounding, zero: float, ax: Axes | None = None) -> Axes:
    """Draw σ′ as the record computes it and as a (1 - a), which ends at z = `zero`.

    >>> from nnexplain.experiments.saturation import rounding
    >>> rounded_slope(rounding([30.0, 36.0, 37.0]), 36.7).get_yscale()
    'log'
    """
    ax = chart(ax, x="z", y="slope of the sigmoid", height=240)
    in_powers(ax, ax.yaxis)
    z, left = found.z, found.textbook > 0
    curve(ax, z.tolist(), found.record.tolist(), "hidden_slope")
    steps = ax.plot(z[left], found.textbook[left], color=ROLES["error"].light, linewidth=1.6)[0]
    steps.set_linestyle((0, (3, 1.5)))
    last = found.textbook[left][-1]
    ax.plot([zero], [last], "X", color=ROLES["error"].light, markersize=8)
    third = 2 * len(z) // 3
    write(ax, z[third], found.record[third], "the true slope", "hidden_slope", dx=-8, dy=-8,
          ha="right")  # fmt: skip
    text = f"a (1 − a): exactly 0\nfrom z = {format_number(zero)} on"
    write(ax, zero, last, text, "error", dx=8, dy=10)
    shown = [int(k) for k in np.linspace(0, len(z) - 1, 9)]
    words = Description(
        alt="Two curves on a scale of powers of ten. The true slope falls steadily to "
        f"{format_number(found.record[-1], 2)} at z = {format_number(z[-1])}. The slope computed "
        f"as a (1 - a) turns into a staircase and ends at z = {format_number(zero)}: from there "
        "on it is exactly 0.",
        caption="The slope of a saturated sigmoid in 64-bit floats. Solid: computed without "
        "cancellation. Dashed: a (1 − a), which runs out of digits and drops to exactly 0.",
        table=(
            ("z", "true slope", "a (1 − a)", "relative error"),
            *(
                tuple(
                    format_number(float(v), 3)
                    for v in (z[k], found.record[k], found.textbook[k], found.error[k])
                )
                for k in shown
            ),
        ),
    )
    return describe(ax, words)
