"""Places of a landscape: their kind, the way down they hide, and which way is steepest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from nnexplain.curvature import Curvature
from nnexplain.errors import NnexplainError
from nnexplain.experiments.landscape import HiddenWay, Rulers
from nnexplain.figures.chart import chart, clear, curve, sheet, write
from nnexplain.figures.describe import Description, describe
from nnexplain.figures.given import places as checked_places
from nnexplain.figures.labels import subscripted
from nnexplain.landscape import Landscape
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

Array = npt.NDArray[np.float64]


def crossings(
    places: Sequence[Curvature], x: npt.ArrayLike, y: npt.ArrayLike, *, reach: float = 1.5
) -> Axes:
    """Draw J along two lines through each place, those along which it bends up most and least.

    `places` are critical points within a plane, as in `critical_points_in(view).points`; the lines
    are their principal directions there, `reach` to both sides. Raises `NnexplainError` for no
    places and for one that is a slope.

    >>> import nnexplain as nne
    >>> net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 4})
    >>> place = nne.curvature(net, [10], 24)
    >>> crossings([place], [10], 24).get_title(loc="left")
    'valley'
    """
    places = _checked_level(places)
    axes = sheet(len(places), height=190, columns=min(2, len(places)))
    along = np.linspace(-reach, reach, 41)
    rows = []
    for ax, place in zip(axes, places, strict=True):
        chart(ax, x="step", y="J", title=place.kind)
        values = place.eigenvalues[[-1, 0]].tolist()
        ways = place.eigenvectors[:, [-1, 0]].T @ place.directions
        for way, role in zip(ways, ("ink", "forward"), strict=True):
            points = place.network.vector + along[:, None] * way
            curve(ax, along.tolist(), place.network.losses_at(points, x, y).tolist(), role)
        ax.lines[-1].set_linestyle((0, (3, 1.5)))
        ax.plot([0], [place.loss], "o", color=ROLES["ink"].light, markersize=6)
        ax.margins(y=0.25)
        low, high = ax.get_ylim()
        if high - low < 0.01:  # a level place is to look level
            ax.set_ylim(place.loss - 0.05, place.loss + 0.05)
        most, least = (format_number(round(v, 6) + 0, 2) for v in values)
        text = f"curvature {most}, {least}"
        clear(write(ax, reach, ax.get_ylim()[1], text, "muted", dx=0, dy=-6, ha="right"))
        rows.append((place.kind, format_number(place.loss), most, least))
    listed = "; ".join(f"{k} at J = {j}, curvatures {a} and {b}" for k, j, a, b in rows)
    words = Description(
        alt="J along two lines that cross at a level place, for "
        f"{len(rows)} place{'s' * (len(rows) > 1)}: {listed}.",
        caption="Level places of a plane, each crossed along the two lines in which J bends up "
        "most (solid) and least (dashed).",
        table=(("kind", "J", "largest curvature", "smallest curvature"), *rows),
    )
    return describe(axes[0], words)


def _checked_level(given: Sequence[Curvature]) -> list[Curvature]:
    places = checked_places(given, "places")
    if not places:
        raise NnexplainError("crossings needs at least one place, got none")
    for number, place in enumerate(places, start=1):
        if place.kind == "slope":
            length = format_number(float(np.linalg.norm(place.gradient)), 3)
            raise NnexplainError(
                f"crossings shows critical points, but place {number} is a slope, |∇J| = {length}; "
                "search some with nne.critical_points, or within a view with "
                "nne.critical_points_in"
            )
    return places


def hidden_down(found: HiddenWay, ax: Axes | None = None) -> Axes:
    """Draw J along each parameter through a critical point, and along the way that leads down.

    >>> from nnexplain.experiments.landscape import hidden_way
    >>> len(hidden_down(hidden_way()).lines)
    13
    """
    ax = chart(ax, x="step from the point", y="J", height=260)
    level = found.point.loss
    for line in found.along:
        curve(ax, (line.values - line.centre).tolist(), line.loss.tolist(), "muted")
        ax.lines[-1].set(linewidth=0.9, alpha=0.7)
    curve(ax, found.down.values.tolist(), found.down.loss.tolist(), "backward")
    ax.plot([0], [level], "o", color=ROLES["ink"].light, markersize=6, zorder=4)
    low = float(found.down.loss.min())
    top = level + 2.2 * (level - low)
    right = float(found.down.values[-1])
    ax.set(xlim=(-right, right), ylim=(low - 0.4 * (level - low), top))
    write(ax, right, low, "many parameters at once", "backward", dx=-4, dy=-12, ha="right")
    # Left of the point nothing is drawn between the crest and the deepest place.
    alone = f"thin: each of the {len(found.along)}\nparameters alone"
    write(ax, -right, (level + low) / 2, alone, "muted", dx=6)
    picked = np.linspace(0, len(found.down.values) - 1, 9).round().astype(int)
    columns = [found.down, *found.along]
    words = Description(
        alt=f"J around a critical point with J = {format_number(level)}. Along each of the "
        f"{len(found.along)} parameters J rises to both sides. Along one direction in which all "
        f"parameters move together it falls, on one side to {format_number(low)}.",
        caption="The same point seen along every single parameter (thin): the bottom of a valley. "
        "Seen along one slanted direction (thick, dashed): a crest.",
        table=(
            ("step", "slanted", *(line.name for line in found.along)),
            *(
                tuple(
                    format_number(round(float(v), 6) + 0)
                    for v in (found.down.values[k], *(line.loss[k] for line in columns))
                )
                for k in picked.tolist()
            ),
        ),
    )
    return describe(ax, words)


def two_rulers(view: Landscape, rulers: Rulers, ax: Axes | None = None) -> Axes:
    """Draw lines of equal J around a point, the steps of length 1 by two rulers, and the steepest.

    `rulers` must be of the same two parameters and network as the `view`.

    >>> from nnexplain.experiments.landscape import rulers, same_sign
    >>> import nnexplain as nne
    >>> net = nne.Network([3, 2, 1], seed=2)
    >>> view = nne.landscape(net, *same_sign(), "w14", "w24", points=9)
    >>> two_rulers(view, rulers(net)).get_xlabel()
    'w₁₄'
    """
    one, other = (subscripted(name) for name in rulers.names)
    ax = chart(ax, x=one, y=other, height=330)
    ax.grid(visible=False)
    _draw_lines(ax, view)
    at = np.array(rulers.at)
    turn = np.linspace(0, 2 * np.pi, 73)
    circle = np.stack([np.cos(turn), np.sin(turn)])
    steps = []  # of length 1, each by its own ruler
    for squeeze, way, role, text, label in (
        (1.0, rulers.plain, "backward", "ruler 1", (-0.71, 0.71)),
        (1 / rulers.factor, rulers.other, "hidden_slope", "ruler 2", (1.0, 0.0)),
    ):
        ring = at[:, None] + circle * [[squeeze], [1.0]]
        curve(ax, ring[0].tolist(), ring[1].tolist(), role)
        ax.lines[-1].set_linewidth(1.2)
        steps.append(np.array(way) / np.hypot(way[0] / squeeze, way[1]))
        tip = at + steps[-1]
        arrow = {
            "arrowstyle": "-|>", "color": ROLES[role].light, "linewidth": 2.2,
            "shrinkA": 0, "shrinkB": 0, "mutation_scale": 13,
        }  # fmt: skip
        ax.annotate("", tuple(tip), tuple(at), arrowprops=arrow)
        _name_ring(ax, at + np.array(label) * (squeeze, 1.0), text, role)
    ax.plot(*at, "o", color=ROLES["ink"].light, markersize=6)
    ax.set(xlim=view.first[[0, -1]], ylim=view.second[[0, -1]], aspect="equal")
    factor, angle = format_number(rulers.factor), format_number(rulers.angle, 2)
    plain, turned = (f"({', '.join(format_number(v, 3) for v in step.tolist())})" for step in steps)
    words = Description(
        alt=f"Lines of equal J over {rulers.names[0]} and {rulers.names[1]} around a point. A "
        f"circle holds the steps of length 1 by the first ruler; the steepest is {plain}, across "
        f"the lines. An upright ellipse holds those by the second ruler, which counts "
        f"{rulers.names[0]} {factor} times; the steepest is {turned}. The two directions differ "
        f"by {angle} degrees.",
        caption=f"All steps of length 1 from one point, by a ruler that counts {one} and {other} "
        f"alike (circle) and by one that counts {one} {factor} times (ellipse). Each arrow goes "
        f"steepest down by its own ruler: they are {angle}° apart.",
        table=(
            ("ruler", f"step in {rulers.names[0]}", f"step in {rulers.names[1]}"),
            *((str(k), *map(format_number, step.tolist())) for k, step in enumerate(steps, 1)),
        ),
    )
    return describe(ax, words)


def _name_ring(ax: Axes, at: Array, text: str, role: str) -> None:
    """Write a ruler's name on the ring of its steps."""
    clear(write(ax, float(at[0]), float(at[1]), text, role, dx=0, ha="center"))


def _draw_lines(ax: Axes, view: Landscape) -> None:
    """Draw lines of equal J with their heights."""
    levels = np.linspace(view.loss.min(), view.loss.max(), 9)[1:-1]
    lines = ax.contour(
        view.first, view.second, view.loss.T, levels, colors=[ROLES["forward"].light],
        linewidths=0.9,
    )  # fmt: skip
    for text in ax.clabel(lines, levels[1::2], fmt=lambda v: format_number(v, 2), fontsize=8):
        text.set(color=ROLES["muted"].light, zorder=4)
        clear(text)
