"""The ground that a figure stands on: on a dark one roles take their dark colours.

Figures of their own stand on light ground. On axes that somebody gives, in whatever style, marks
take the scheme of that ground, and text is readable on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgb, to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from nnexplain.palette import ROLES

_READABLE = 4.5  # WCAG 2: contrast of text
_DARK = {role.light: role.dark for role in ROLES.values()}
_COLOURS = (
    (Text, ("color",)),
    (Line2D, ("color", "markerfacecolor", "markeredgecolor")),
    (Patch, ("facecolor", "edgecolor")),
    (Collection, ("facecolor", "edgecolor")),
)


def luminance(colour: Any) -> float:
    """Return how light a colour is, as WCAG 2 measures it: 0 is black, 1 is white.

    >>> luminance("black"), luminance("white")
    (0.0, 1.0)
    """
    parts = np.asarray(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: Any, other: Any) -> float:
    """Return the contrast of two colours, from 1 to 21.

    >>> contrast("black", "white"), contrast("white", "white")
    (21.0, 1.0)
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ground(ax: Axes) -> str:
    """Return the colour behind axes: that of their figure."""
    colour = ax.figure.get_facecolor()
    return to_hex(colour) if to_rgba(colour)[3] else ROLES["surface"].light


def is_dark(colour: Any) -> bool:
    """Whether a ground is dark. For the eye, half way from black to white is a luminance of 0.18.

    >>> is_dark("#777777"), is_dark("#555555")
    (False, True)
    """
    return luminance(colour) < 0.18


def suit(ax: Axes) -> None:
    """Give what was drawn on axes in light colours those that suit the ground of the axes."""
    behind = ground(ax)
    if behind == ROLES["surface"].light:
        return
    for part, name, colour in list(_coloured(ax)):
        suited = _suited(colour, behind, is_text=isinstance(part, Text) and not _boxed(part))
        if suited != colour:
            getattr(part, f"set_{name}")(suited)
    for axis in (ax.xaxis, ax.yaxis):
        colours = axis.get_tick_params()
        for name in ("labelcolor", "grid_color"):
            if name in colours:
                suited = _suited(colours[name], behind, is_text=name == "labelcolor")
                axis.set_tick_params(**{name: suited})


def _coloured(ax: Axes) -> Iterator[tuple[Any, str, Any]]:
    """Yield (artist, name of the property, colour) of all that is drawn on axes."""
    boxes = [t.get_bbox_patch() for t in ax.findobj(Text) if _boxed(t)]
    for kind, names in _COLOURS:
        for part in [*ax.findobj(kind), *(boxes if kind is Patch else ())]:
            for name in names:
                colour = getattr(part, f"get_{name}")()
                if isinstance(colour, str | tuple) or np.ndim(colour) == 1:
                    yield part, name, colour


def _boxed(text: Any) -> bool:
    return text.get_bbox_patch() is not None


def _suited(colour: Any, behind: str, *, is_text: bool) -> Any:
    dark = is_dark(behind)
    name = to_hex(colour) if to_rgba(colour)[3] else ""
    suited = _DARK.get(name, colour) if dark else colour
    on_a_mark = name in (ROLES["surface"].light, ROLES["surface"].dark)
    if is_text and not on_a_mark and contrast(suited, behind) < _READABLE:
        return ROLES["ink"].dark if dark else ROLES["ink"].light
    return suited
