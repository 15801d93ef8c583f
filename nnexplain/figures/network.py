"""The network as a picture: values forward, signals backward, and the way of one parameter."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from nnexplain.errors import NnexplainError
from nnexplain.figures.describe import describe
from nnexplain.figures.network_words import words
from nnexplain.figures.sketch import LINE_HEIGHT, Box, Point, Sketch, Words, blocks, rows
from nnexplain.figures.view import Edge, View
from nnexplain.network import Network, weight_name
from nnexplain.palette import KINDS, ROLES

_RADIUS = 16.0
_MARGIN = 8.0
_MOST_HIDDEN = 60.0  # length of other edges that a label may hide
_HEAD = 6.0  # an arrow head, kept clear of labels
_AIR = 5.0  # free space beside a weight's label
_FEW = 3  # labels that get by without a place as wide as they are
# By how much the way behind few weights grows while one of them lacks its label, and how often.
_WIDER, _TRIES = 24.0, 3
_APART = 26.0  # height beside its own that the label of a weight asks for
_BIAS_AT = (-50.0, 36.0)  # the 1 that a bias multiplies, seen from its unit
_PLACES = np.linspace(0.12, 0.88, 39)  # where along an edge its label may stand
# More units or layers than this make no picture that a page can hold.
_MOST_UNITS, _MOST_LAYERS = 16, 8


def network_diagram(
    net: Network,
    x: npt.ArrayLike | None = None,
    y: npt.ArrayLike | None = None,
    *,
    backward: bool = False,
    highlight: str | None = None,
    digits: int = 3,
    ax: Axes | None = None,
) -> Axes:
    """Draw units in columns, weights on their edges and the loss J at the right end.

    Arguments:
        net: up to 16 units a layer and 8 layers.
        x: one sample (n,): adds z and a of every unit, forward values.
        y: its target, a number or (K,): adds y and J.
        backward: adds δ = ∂J/∂z under the units and ∂J/∂w under the weights; needs x and y.
        highlight: a parameter name; lights up every unit and weight between it and J in the colour
            of the factor that it gives to ∂J/∂(parameter), with the factor's value if x (and y)
            are given, and dims the rest.
        digits: significant digits of the numbers.
        ax: axes to draw on; a new figure is made if it is left out.

    Weights whose label finds no free place stay unlabelled; caption and table then say which.
    Returns the axes; `nnexplain.figures.description` has alternative text, caption and table.
    Raises `NnexplainError` for a batch, for y without x, for backward without both, for too large
    a network and (`UnknownNameError`) for an unknown parameter.

    >>> import nnexplain as nne
    >>> net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> ax = network_diagram(net, [10], 24, backward=True)
    >>> ax.texts[-2].get_text()
    '→ forward: values'

    """
    _check(net, x, y, backward)
    view = View(net, x, y, backward, highlight, digits)
    layout = _Layout(view)
    sketch = Sketch(ax, layout.width, layout.height)
    _draw(sketch, layout)
    return describe(sketch.ax, words(view, layout.unlabelled))


def _check(net: Network, x: npt.ArrayLike | None, y: npt.ArrayLike | None, backward: bool) -> None:
    if not isinstance(net, Network):
        raise NnexplainError(
            f"network_diagram draws a nnexplain.Network, got {type(net).__name__}; "
            "make one with nne.Network([3, 2, 1], seed=0)"
        )
    if len(net.sizes) > _MOST_LAYERS or max(net.sizes) > _MOST_UNITS:
        raise NnexplainError(
            f"a {'-'.join(map(str, net.sizes))} network is too large to draw: at most "
            f"{_MOST_LAYERS} layers of {_MOST_UNITS} units; draw a smaller one of the same kind"
        )
    if x is None and y is not None:
        raise NnexplainError("a target y says nothing without the inputs x; give x as well")
    if backward and y is None:
        raise NnexplainError("backward=True shows ∂J/∂z at a sample; give x and y")
    if x is not None and np.ndim(net.forward(x).a[1]):
        raise NnexplainError(
            f"a diagram shows one sample: x must have shape ({net.sizes[0]},), "
            f"got {np.shape(x)}; pick one row"
        )


class _Layout:
    """Where everything stands, in points; y grows upwards."""

    def __init__(self, view: View) -> None:
        self.view = view
        net = view.net
        self.captions = {unit: view.caption(unit) for layer in net.layers for unit in layer}
        self.loss_lines = view.loss_label()
        self.edges = [
            (unit, out) for layer in net.layers for unit in layer for out in net.outgoing(unit)
        ]
        self.edge_lines = {edge: view.edge_label(edge) for edge in self.edges}
        self._wider = dict.fromkeys(range(len(net.layers)), 0.0)
        self._lay_out()
        for _ in range(_TRIES):
            if narrow := self._narrow():
                for layer in narrow:
                    self._wider[layer] += _WIDER
                self._lay_out()

    def _lay_out(self) -> None:
        self._set_columns()
        self.width, self.key, self.height = self._sheet()
        self.labels, self.unlabelled = self._place_labels()

    def _narrow(self) -> set[int]:
        """Return the layers behind which a label found no place, though there are few."""
        depth = self.view.net.depth
        missing = {depth(e[0]) for e, ls in self.edge_lines.items() if ls and e not in self.labels}
        return {layer for layer in missing if len(self._widths(layer)) <= _FEW}

    def _widths(self, layer: int) -> list[float]:
        """Return how wide the labels of the weights behind a layer are."""
        return [
            max(line.width for line in lines)
            for (i, _), lines in self.edge_lines.items()
            if lines and self.view.net.depth(i) == layer
        ]

    def _set_columns(self) -> None:
        """Set the x of every layer and of J."""
        x = _MARGIN + max(_RADIUS, self._half_width(self.view.net.layers[0]))
        self.columns = []
        for k in range(len(self.view.net.layers)):
            self.columns.append(x)
            x += self._gap(k)
        self.loss_x = x

    def _half_width(self, layer: Sequence[int]) -> float:
        return max((line.width / 2 for unit in layer for line in self.captions[unit]), default=0.0)

    def _gap(self, layer: int) -> float:
        """Return the distance from one column to the next: more weights, more room."""
        sizes = self.view.net.sizes
        if layer == len(sizes) - 1:
            outputs = self.view.net.layers[-1]
            if len(outputs) == 1:
                return 54.0
            # A caption at the height of J, or of a lit bias, starts at its unit; others reach half
            # as far.
            half = self._half_width(outputs)
            starts = len(outputs) % 2 or self.view.place in [(None, unit) for unit in outputs]
            return max(54.0, 2 * half if starts else half + 14.0)
        labels = self._widths(layer)
        widest = max(labels, default=0.0)
        if self.view.highlight and sizes[-1] > 1:
            # Errors of several outputs make the sheet wide already: no room for labels not there.
            return max(96.0, widest + 58.0) + self._wider[layer]
        usual = 96.0 + 8.0 * min(sizes[layer] * sizes[layer + 1], 8)
        if len(labels) > _FEW:
            return max(usual, widest + 62.0)
        return usual + self._wider[layer]

    def _sheet(self) -> tuple[float, list[list[Words]], float]:
        """Put everything above the key; return width, key and height of the sheet."""
        tall = max(self._tall(k) for k in range(len(self.view.net.layers)))
        self._stand(0.0, tall)
        boxes = self._fixed_boxes()
        low, high = min(box.bottom for box in boxes), max(box.top for box in boxes)
        parts = _key(self.view)
        longest = max((part.width for part in parts), default=0.0)
        width = _MARGIN + max(_MARGIN + longest, *(box.right for box in boxes))
        key = rows(parts, width - 2 * _MARGIN)
        bottom = _MARGIN + LINE_HEIGHT * len(key) + (6.0 if key else 0.0)
        self._stand(bottom - low, tall)
        return width, key, bottom - low + high + _MARGIN

    def _tall(self, k: int) -> float:
        """Return the height that layer k and the labels of the weights behind it ask for."""
        layer = self.view.net.layers[k]
        lines = max(len(self.captions[unit]) for unit in layer)
        units = len(layer) * (2 * _RADIUS + LINE_HEIGHT * max(lines, 2) + 8)
        labels = [lines for (i, _), lines in self.edge_lines.items() if i in layer and lines]
        # More labels than these would only make the picture tall: some will find no place.
        crowd = sum(LINE_HEIGHT * len(lines) + _APART for lines in labels[:8])
        return max(units, crowd)

    def _stand(self, middle: float, tall: float) -> None:
        self.centres: dict[int, Point] = {}
        for x, layer in zip(self.columns, self.view.net.layers, strict=True):
            # Units take the whole height, so that edges fan out and leave room for labels.
            for row, unit in enumerate(layer):
                self.centres[unit] = (x, middle + tall * ((len(layer) - 1) / 2 - row) / len(layer))
        self.loss_at = (self.loss_x, middle)

    def _fixed_boxes(self) -> list[Box]:
        boxes = [_around(at) for at in (*self.centres.values(), self.loss_at)]
        for unit, lines in self.captions.items():
            if lines:
                at, ha = self.caption_anchor(unit)
                boxes += blocks(at, lines, ha)
        return boxes + blocks(*self.loss_anchor)

    @property
    def loss_anchor(self) -> tuple[Point, Sequence[Words], str]:
        """Where the texts of J are anchored, the texts, and how."""
        x, y = self.loss_at
        y += _RADIUS + 5 + LINE_HEIGHT * len(self.loss_lines) / 2
        # Several outputs reach J from above and below on the left: keep out of their way.
        if self.view.net.sizes[-1] > 1:
            return (x - 6, y), self.loss_lines, "left"
        return (x + _RADIUS, y), self.loss_lines, "right"

    def above(self, unit: int) -> bool:
        """Whether a caption stands above its unit: outside, where fewer edges pass."""
        return self.centres[unit][1] > self.loss_at[1] + 1

    def caption_anchor(self, unit: int) -> tuple[Point, str]:
        """Return where a caption is anchored, and how."""
        x, y = self.centres[unit]
        side = 1 if self.above(unit) else -1
        offset = _RADIUS + 3 + LINE_HEIGHT * len(self.captions[unit]) / 2
        # No edge passes on the right below an output as high as J; a lit bias comes from the left.
        level = unit in self.view.net.layers[-1] and abs(y - self.loss_at[1]) <= 1
        if level or (None, unit) == self.view.place:
            return (x - _RADIUS + 4, y + side * offset), "left"
        return (x, y + side * offset), "center"

    def ends(self, edge: Edge) -> tuple[Point, Point]:
        """Return where an edge leaves and enters its circles."""
        return shortened(self.centres[edge[0]], self.centres[edge[1]])

    def _place_labels(self) -> tuple[dict[Edge, Point], list[str]]:
        """Give each label a free place on its edge; return the places and who found none."""
        fixed = self._fixed_boxes()
        places: dict[Edge, Point] = {}
        # One label's place depends on the others': a second and third look settle it.
        for _ in range(3):
            for edge, lines in self.edge_lines.items():
                taken = [
                    box
                    for other, at in places.items()
                    if other != edge
                    for box in blocks(at, self.edge_lines[other])
                ]
                place = self._best_place(edge, lines, fixed + taken) if lines else None
                if place is not None:
                    places[edge] = place
        missing = [weight_name(*e) for e, ls in self.edge_lines.items() if ls and e not in places]
        return places, missing

    def _best_place(self, edge: Edge, lines: Sequence[Words], taken: Sequence[Box]) -> Point | None:
        """Return the free place on an edge that hides least of the other edges."""
        (x0, y0), (x1, y1) = self.ends(edge)
        # Only edges with a text of their own matter: beside a lit path the others are background.
        others = [self.ends(e) for e, ls in self.edge_lines.items() if ls and e != edge]
        # Both ends of an edge, arrow head included, had better stay in sight.
        heads = [_around(self.centres[unit], _HEAD) for unit in edge]
        best, least = None, math.inf
        for t in _PLACES:
            at = (x0 + t * (x1 - x0), y0 + t * (y1 - y0))
            boxes = blocks(at, lines, pad=_AIR)
            if any(box.overlaps(other) for box in boxes for other in taken):
                continue
            hidden = sum(box.covered(*other) for box in boxes for other in others)
            crowded = sum(box.overlaps(head) for box in boxes for head in heads)
            cost = hidden + 40 * abs(t - 0.3) + _HEAD * crowded
            if hidden <= _MOST_HIDDEN and cost < least:
                best, least = at, cost
        return best


def shortened(start: Point, end: Point) -> tuple[Point, Point]:
    """Return the part of a line between the two circles at its ends."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    part = (_RADIUS + 1.5) / math.hypot(dx, dy)
    x, y = part * dx, part * dy
    return (start[0] + x, start[1] + y), (end[0] - x, end[1] - y)


def _around(centre: Point, air: float = 0.0) -> Box:
    (x, y), half = centre, _RADIUS + air
    return Box(x - half, y - half, x + half, y + half)


def _key(view: View) -> list[Words]:
    """Return the meaning of the signs that the picture uses."""
    key = [
        Words(f"{ROLES[kind].mark} {ROLES[kind].name}", kind, 9)
        for kind in KINDS
        if any(factor.kind == kind for factor in view.factors)
    ]
    if view.trace is not None:
        key.append(Words("→ forward: values", "forward", 9))
    if view.backward:
        key.append(Words("← backward: δ = ∂J/∂z, and ∂J/∂w at each weight", "backward", 9))
    return key


def _draw(sketch: Sketch, layout: _Layout) -> None:
    view = layout.view
    for edge in layout.edges:
        role = "ink" if edge == view.place else "weight" if edge in view.at_edge else None
        _draw_edge(sketch, view, layout.ends(edge), role)
    for unit in view.net.layers[-1]:
        role = "error" if unit in view.errors else None
        _draw_edge(sketch, view, shortened(layout.centres[unit], layout.loss_at), role)
    for edge, at in layout.labels.items():
        sketch.stack(at, layout.edge_lines[edge])
    for unit in layout.captions:
        _draw_unit(sketch, layout, unit)
    _draw_loss(sketch, layout)
    for k, row in enumerate(layout.key):
        sketch.row(_MARGIN, _MARGIN + LINE_HEIGHT * (len(layout.key) - k - 0.5), row)


def _quiet(view: View) -> str:
    return "grid" if view.highlight else "muted"


def _draw_edge(sketch: Sketch, view: View, ends: tuple[Point, Point], role: str | None) -> None:
    """Draw a solid arrow forward or, where signals are shown, a dashed arrow backward."""
    start, end = ends
    if role:
        sketch.arrow(start, end, role, 2.4)
    elif view.backward and not view.highlight:
        sketch.arrow(end, start, "backward", 1.2)
    else:
        sketch.arrow(start, end, _quiet(view))


def _draw_unit(sketch: Sketch, layout: _Layout, unit: int) -> None:
    view = layout.view
    if (None, unit) == view.place:
        _draw_bias(sketch, layout, unit)
    role = view.unit_role(unit)
    sketch.circle(layout.centres[unit], _RADIUS, role or _quiet(view), 2.6 if role else 1.2)
    number = Words(str(unit), "muted" if view.highlight and not role else "ink", 11, bold=True)
    sketch.words(layout.centres[unit], number)
    if layout.captions[unit]:
        at, ha = layout.caption_anchor(unit)
        sketch.stack(at, layout.captions[unit], ha)


def _draw_bias(sketch: Sketch, layout: _Layout, unit: int) -> None:
    """Draw the 1 that a bias multiplies, the lit factor `input` of a bias."""
    x, y = layout.centres[unit]
    side = 1 if layout.above(unit) else -1
    at = (x + _BIAS_AT[0], y + side * _BIAS_AT[1])
    start, end = shortened(at, (x, y))
    sketch.arrow(start, end, "ink", 2.4)
    sketch.circle(at, 11, "input", 2.6)
    sketch.words(at, Words("1", "ink", 11, bold=True))


def _draw_loss(sketch: Sketch, layout: _Layout) -> None:
    x, y = layout.loss_at
    r = _RADIUS + 1
    lit = bool(layout.view.highlight)
    corners = [(x - r, y), (x, y + r), (x + r, y), (x, y - r)]
    sketch.polygon(corners, "soft", "error" if lit else "muted", 2.6 if lit else 1.2)
    sketch.words((x, y), Words("J", "ink", 11, bold=True))
    sketch.stack(*layout.loss_anchor)
