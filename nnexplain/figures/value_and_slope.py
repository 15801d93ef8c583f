"""Lesson 8 in pictures: activations with the same values and other slopes, and the reverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from nnexplain.experiments.loss import Sweep
from nnexplain.experiments.value_and_slope import Twin, distance
from nnexplain.figures.chart import chart, curve, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.labels import subscripted
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

_REACH = (-2.5, 2.0)
_DASHES = ("-", (0.0, (5.0, 1.6)), (0.0, (1.2, 1.4)), (0.0, (6.0, 1.5, 1.2, 1.5)))


def twin_activations(plain: Twin, twin: Twin) -> Axes:
    """Draw two activations and, below, their slopes; dots mark where the hidden units stand.

    Returns the axes of the values; those of the slopes stand below.

    >>> from nnexplain.experiments.value_and_slope import original, same_values
    >>> ax = twin_activations(original(), same_values(-1.0))
    >>> [view.get_title(loc="left") for view in ax.figure.axes]
    ['values: nearly the same', 'slopes: not alike at all']
    """
    above, below = sheet(2, height=190)
    z = np.linspace(*_REACH, 361)
    chart(above, x="z", y="a = f(z)", title="values: nearly the same")
    chart(below, x="z", y="f′(z)", title="slopes: not alike at all")
    for who, role in ((plain, ""), (twin, "ink")):
        record = who.activation
        for ax, heights, usual in (
            (above, record.f(z), "forward"), (below, record.df(z), "hidden_slope"),
        ):  # fmt: skip
            line = curve(ax, z.tolist(), heights.tolist(), role or usual)
            line.set_linewidth(1.2 if role else 3.0)
    trace = plain.network.forward([1, 0, 1])
    for unit in plain.values:
        _mark(above, trace.z[unit], (plain.values[unit],), f"a{unit}")
        _mark(below, trace.z[unit], (plain.slopes[unit], twin.slopes[unit]), "")
    write(above, z[-1], float(plain.activation.f(z)[-1]), "σ", "forward")
    write(below, z[-1], float(plain.activation.df(z)[-1]), "σ′", "hidden_slope")
    crest = int(np.argmax(np.where(z > 1, twin.activation.df(z), 0)))
    write(below, z[crest], float(twin.activation.df(z)[crest]), "twin′", dy=3)
    write(above, z[50], float(plain.activation.f(z)[50]), "twin: thin", dx=-22, dy=22)
    return describe(above, _twin_words(plain, twin))


def _mark(ax: Axes, z: float, heights: Sequence[float], label: str) -> None:
    ax.plot([z] * len(heights), heights, "o", color=ROLES["ink"].light, markersize=5, zorder=5)
    if label:
        write(ax, z, heights[0], subscripted(label), dx=7, dy=-7)


def _twin_words(plain: Twin, twin: Twin) -> Description:
    gap = distance(twin)
    rows = [
        (f"unit {unit}", *(format_number(v) for v in (
            plain.values[unit], twin.values[unit], plain.slopes[unit], twin.slopes[unit])))
        for unit in plain.values
    ]  # fmt: skip
    said = "; ".join(
        f"at {where} the value of both is {value}, the slope {first} and {second}"
        for where, value, _, first, second in rows
    )
    return Description(
        alt="Two views. Above, the sigmoid and a twin that winds closely around it, never farther "
        f"away than {format_number(gap, 2)}. Below, their slopes: one smooth hill, and a wave "
        f"that swings above and below zero. {said[0].upper()}{said[1:]}.",
        caption="The sigmoid (thick) and a twin (thin) that has the same value where units 4 and 5 "
        f"stand (dots), and is nowhere farther away than {format_number(gap, 2)}. Below: "
        "their slopes.",
        table=(("where", "σ", "twin", "σ′", "twin′"), *rows),
    )


def crossing_losses(
    panels: Sequence[Mapping[str, Sweep]], role: str, titles: Sequence[str] = ()
) -> Axes:
    """Draw J over one parameter, one view a panel: several networks that agree at one point.

    Each panel maps a curve's label to its sweep; the first one is drawn broad and grey, the others
    in the colour of `role` (what differs between them). Returns the first view's axes.

    >>> from nnexplain.experiments.value_and_slope import original, same_values
    >>> curves = {"σ": original().sweep("w14"), "twin": same_values(-1.0).sweep("w14")}
    >>> len(crossing_losses([curves], "hidden_slope").lines)
    3
    """
    axes = sheet(len(panels), height=230)
    for k, (ax, panel) in enumerate(zip(axes, panels, strict=True)):
        first = next(iter(panel.values()))
        title = titles[k] if titles else ""
        chart(ax, x=subscripted(first.name), y="J", title=title)
        ends: list[float] = []
        for number, (label, found) in enumerate(panel.items()):
            used, end = role if number else "muted", float(found.total[-1])
            line = curve(ax, found.values.tolist(), found.total.tolist(), used)
            line.set(linestyle=_DASHES[number % len(_DASHES)], linewidth=2 if number else 4)
            # Curves that end together carry their labels one below the other.
            together = sum(bool(np.isclose(end, other, rtol=1e-9)) for other in ends)
            write(ax, found.values[-1], end, label, used, dy=-13.0 * together)
            ends.append(end)
        ax.plot([first.start], [first.start_loss], "o", color=ROLES["ink"].light, markersize=6)
        ax.locator_params(nbins=5)
    return describe(axes[0], _crossing_words(panels))


def _crossing_words(panels: Sequence[Mapping[str, Sweep]]) -> Description:
    rows, says = [], []
    for panel in panels:
        for label, found in panel.items():
            numbers = [format_number(v) for v in (found.start, found.start_loss, found.slope)]
            rows.append((label, subscripted(found.name), *numbers))
        where = rows[-1]
        slopes = ", ".join(f"{row[0]}: {row[4]}" for row in rows[-len(panel) :])
        says.append(
            f"Over {where[1]}, all curves pass through J = {where[3]} at {where[1]} = {where[2]}, "
            f"with the slopes {slopes}."
        )
    names = " and ".join(dict.fromkeys(row[1] for row in rows))
    return Description(
        alt="J over one parameter, one curve for each activation. " + " ".join(says),
        caption=f"J over {names} for networks that differ only in the activation of the hidden "
        "units. The dot is where they all stand now: same J, and the slope says which way is down.",
        table=(("activation", "parameter", "value", "J", "slope of J"), *rows),
    )
