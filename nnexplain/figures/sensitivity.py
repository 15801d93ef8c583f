"""Lesson 1 in pictures: a curve under the microscope, steep and flat places, slopes with signs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from nnexplain.activations import Activation
from nnexplain.arguments import activation_records
from nnexplain.experiments.sensitivity import Response, Zoom
from nnexplain.figures.chart import chart, curve, in_powers, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.given import numbers, positive
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

_POINTS = 121
_PANEL = 180.0  # height of one view
_TANGENT_DASH = (0.0, (2.5, 1.6))


def microscope(zoom: Zoom) -> Axes:
    """Draw one view for each nudge: the curve and its tangent, as far from z as the nudge reaches.

    Every view stretches both axes alike, so that only the magnification differs. The gap between
    curve and tangent is measured where z + nudge is. Returns the first view's axes.

    >>> from nnexplain.experiments.sensitivity import zoom
    >>> ax = microscope(zoom("tanh", 0.0, (1.0, 0.1)))
    >>> [view.get_title(loc="left") for view in ax.figure.axes]
    ['× 1', '× 10']
    """
    axes = sheet(len(zoom.responses), height=_PANEL)
    for ax, response in zip(axes, zoom.responses, strict=True):
        _view(ax, zoom, response)
    for ax, inner in zip(axes, zoom.responses[1:], strict=False):
        _frame_of_the_next(ax, zoom, abs(inner.nudge))
    return describe(axes[0], _zoom_words(zoom))


def _view(ax: Axes, zoom: Zoom, response: Response) -> None:
    record, z, reach = zoom.activation, zoom.z, abs(response.nudge)
    height = record.f(z)
    chart(ax, x="z", y="a", title=f"× {_times(zoom, response)}")
    grid = np.linspace(z - reach, z + reach, _POINTS)
    tangent = height + response.slope * (grid - z)
    curve(ax, grid.tolist(), record.f(grid).tolist(), "forward")
    (line,) = ax.plot(grid, tangent, color=ROLES["hidden_slope"].light, linewidth=1.6)
    line.set_linestyle(_TANGENT_DASH)
    ax.plot([z], [height], "o", color=ROLES["ink"].light, markersize=5)
    edge = z + response.nudge
    ends = (height + response.foretold, height + response.change)
    ax.plot([edge, edge], ends, color=ROLES["error"].light, linewidth=2.5)
    ax.set_xlim(z - 1.1 * reach, z + 1.1 * reach)
    half = _half_height(zoom) * reach / abs(zoom.responses[0].nudge)
    ax.set_ylim(height - half, height + half)
    ax.locator_params(nbins=5)
    text = f"gap {format_number(abs(response.gap), 2)}"
    # The corner that the curve leaves free.
    corner = height - np.sign(response.slope * response.nudge) * 0.5 * half
    ha, dx = ("right", 2) if response.nudge > 0 else ("left", -2)
    write(ax, edge, corner, text, "error", dx=dx, ha=ha)
    if response is zoom.responses[0]:
        far = int(0.86 * _POINTS)
        lower, upper = sorted([
            (float(record.f(grid[far])), "curve", "forward"),
            (float(tangent[far]), "tangent", "hidden_slope"),
        ])  # fmt: skip
        write(ax, grid[far], *lower, dy=-12)
        write(ax, grid[far], *upper, dx=-8, dy=6, ha="right")


def _half_height(zoom: Zoom) -> float:
    """Return how far up and down the widest view must reach to hold curve and tangent."""
    record, wide = zoom.activation, zoom.responses[0]
    grid = np.linspace(zoom.z - abs(wide.nudge), zoom.z + abs(wide.nudge), _POINTS)
    away = np.max(np.abs(record.f(grid) - record.f(zoom.z)))
    return 1.12 * max(float(away), abs(wide.foretold))


def _times(zoom: Zoom, response: Response) -> str:
    return format_number(abs(zoom.responses[0].nudge / response.nudge), 3)


def _frame_of_the_next(ax: Axes, zoom: Zoom, reach: float) -> None:
    half = _half_height(zoom) * reach / abs(zoom.responses[0].nudge)
    height = zoom.activation.f(zoom.z)
    left, right, low, high = zoom.z - reach, zoom.z + reach, height - half, height + half
    xs, ys = [left, right, right, left, left], [low, low, high, high, low]
    ax.plot(xs, ys, color=ROLES["muted"].light, linewidth=0.9)


def _zoom_words(zoom: Zoom) -> Description:
    name, z = zoom.activation.name, format_number(zoom.z)
    slope = format_number(zoom.responses[0].slope)
    views = "; ".join(
        f"magnified {_times(zoom, r)} times, at a distance of {format_number(abs(r.nudge))} the "
        f"gap is {format_number(abs(r.gap), 2)}"
        for r in zoom.responses
    )
    return Description(
        alt=f"The curve of {name} and its tangent at z = {z}, slope {slope}, in "
        f"{len(zoom.responses)} views. {views}. In the last view curve and tangent lie on each "
        "other.",
        caption=f"The same point of the same curve, {name} at z = {z}, at "
        f"{len(zoom.responses)} magnifications, with its tangent of slope {slope}. Each frame "
        "marks what the next view shows.",
        table=_response_table(zoom.responses),
    )


def _response_table(responses: Sequence[Response]) -> tuple[tuple[str, ...], ...]:
    rows = [
        tuple(format_number(v) for v in (r.nudge, r.change, r.foretold, r.gap)) for r in responses
    ]
    return (("nudge", "change", "slope × nudge", "gap"), *rows)


def gap_against_nudge(zoom: Zoom, ax: Axes | None = None) -> Axes:
    """Draw the sizes of change and gap against the size of the nudge, on scales of powers of ten.

    A straight line of steepness p says "grows with the p-th power": 1 for the change, `zoom.order`
    for the gap.

    >>> from nnexplain.experiments.sensitivity import zoom
    >>> gap_against_nudge(zoom("tanh", 1.0, (1.0, 0.1))).get_xscale()
    'log'
    """
    ax = chart(ax, x="size of the nudge", y="size of change and of gap", height=230)
    sizes = [abs(r.nudge) for r in zoom.responses]
    for role, label, marker, values in (
        ("forward", "change", "o", [abs(r.change) for r in zoom.responses]),
        ("error", "gap", "D", [abs(r.gap) for r in zoom.responses]),
    ):
        line = curve(ax, sizes, values, role)
        line.set_marker(marker)
        line.set_markersize(5)
        write(ax, sizes[0], values[0], label, role, dx=8)
    in_powers(ax)
    ax.margins(x=0.16)
    order = format_number(zoom.order, 3)
    at = f"{zoom.activation.name} at z = {format_number(zoom.z)}"
    first, last = zoom.responses[0], zoom.responses[-1]
    words = Description(
        alt=f"Two straight lines on scales of powers of ten, for {at}: while the nudge shrinks "
        f"from {format_number(abs(first.nudge))} to {format_number(abs(last.nudge))}, the change "
        f"shrinks from {format_number(abs(first.change), 2)} to "
        f"{format_number(abs(last.change), 2)} and the gap, twice as steeply, from "
        f"{format_number(abs(first.gap), 2)} to {format_number(abs(last.gap), 2)}.",
        caption=f"Measured for {at}: each time the nudge shrinks ten times, the change shrinks "
        f"about ten times and the gap about a hundred times (with the power {order} of the nudge, "
        "measured at the small end).",
        table=_response_table(zoom.responses),
    )
    return describe(ax, words)


def steep_and_flat(
    activation: Activation, responses: Sequence[Response], ax: Axes | None = None
) -> Axes:
    """Draw the same nudge at several places of a curve, and how much of it comes out.

    >>> from nnexplain.activations import activations
    >>> from nnexplain.experiments.sensitivity import respond
    >>> ax = steep_and_flat(activations["sigmoid"], [respond("sigmoid", 0.0, 1.0)])
    >>> ax.texts[-1].get_text()
    'out 0.23'
    """
    ax = chart(ax, x="z", y="a", height=230)
    ends = [r.z for r in responses] + [r.z + r.nudge for r in responses]
    grid = np.linspace(min(ends) - 1.5, max(ends) + 1.0, 241)
    curve(ax, grid.tolist(), activation.f(grid).tolist(), "ink")
    for r in responses:
        low = activation.f(r.z)
        right, high = r.z + r.nudge, low + r.change
        ax.plot([r.z, right], [low, low], color=ROLES["input"].light, linewidth=2.5)
        ax.plot([right, right], [low, high], color=ROLES["forward"].light, linewidth=4)
        middle = (r.z + right) / 2
        write(ax, middle, low, f"in {format_number(r.nudge)}", "input", dx=0, dy=-9, ha="center")
        out = f"out {format_number(r.change, 2)}"
        write(ax, right, min(low, high), out, "forward", dx=0, dy=-22, ha="center")
    listed = "; ".join(
        f"from z = {format_number(r.z)}, slope {format_number(r.slope)}, the output changes by "
        f"{format_number(r.change)}"
        for r in responses
    )
    words = Description(
        alt=f"The curve of {activation.name} and the same nudge of "
        f"{format_number(responses[0].nudge)} at {len(responses)} places: {listed}.",
        caption=f"The same nudge in, at {len(responses)} places of the {activation.name}: what "
        "comes out depends on how steep the curve is there.",
        table=(
            ("z", "nudge in", "change out", "slope at z"),
            *(
                tuple(format_number(v) for v in (r.z, r.nudge, r.change, r.slope))
                for r in responses
            ),
        ),
    )
    return describe(ax, words)


def tangents(
    activation: str | Activation,
    points: Sequence[float],
    *,
    reach: float = 0.8,
    ax: Axes | None = None,
) -> Axes:
    """Draw a curve with a tangent, `reach` to either side, and its slope at each of `points`.

    Raises `NnexplainError` for no points, for one that is no finite number and for a `reach` that
    is not above 0.

    >>> tangents("sin", [0.0]).texts[-1].get_text()
    'slope 1'
    """
    (activation,) = activation_records(activation, 1)
    points, reach = numbers(points, "points"), positive(reach, "reach")
    ax = chart(ax, x="z", y=f"{activation.name} of z", height=220)
    grid = np.linspace(min(points) - reach, max(points) + reach, 161)
    curve(ax, grid.tolist(), activation.f(grid).tolist(), "ink")
    for z in points:
        height, slope = activation.f(z), activation.df(z)
        ends = np.array([-reach, reach])
        ax.plot(z + ends, height + slope * ends, color=ROLES["hidden_slope"].light, linewidth=2)
        ax.plot([z], [height], "o", color=ROLES["ink"].light, markersize=5)
        below = slope == 0
        write(
            ax, z, height, f"slope {format_number(slope)}", "hidden_slope",
            dx=0 if below else float(np.sign(slope)) * -12, dy=12,
            ha="center" if below else ("right" if slope > 0 else "left"),
        )  # fmt: skip
    slopes = [activation.df(z) for z in points]
    listed = ", ".join(
        f"{format_number(slope)} at z = {format_number(z)}"
        for z, slope in zip(points, slopes, strict=True)
    )
    words = Description(
        alt=f"The curve of {activation.name} with tangents of slope {listed}.",
        caption="A curve and its slopes: where the slope is negative it falls to the right, where "
        "positive it rises, and where zero it is level.",
        table=(
            ("z", "value", "slope"),
            *(
                tuple(format_number(v) for v in (z, activation.f(z), slope))
                for z, slope in zip(points, slopes, strict=True)
            ),
        ),
    )
    return describe(ax, words)
