"""What a figure says without being seen: alternative text, caption and table from its own data."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes

from nnexplain.errors import NnexplainError
from nnexplain.figures.ground import suit


@dataclass(frozen=True)
class Description:
    """The words of a figure.

    `alt` replaces the picture for a reader who cannot see it, numbers included; `caption` stands
    under the picture; `table` holds the drawn numbers as rows of text, the first row its header.

    >>> Description("One bar of height 2.", "A bar.", (("bar", "height"), ("1", "2"))).table[1]
    ('1', '2')
    """

    alt: str
    caption: str
    table: tuple[tuple[str, ...], ...]


# Weak keys: a description lives exactly as long as the axes it describes.
_DESCRIPTIONS: WeakKeyDictionary[Axes, Description] = WeakKeyDictionary()


def describe(ax: Axes, words: Description) -> Axes:
    """Keep `words` as the description of what was drawn on `ax`; return `ax`.

    As the last thing that a drawing function does, it suits the colours to the ground. Raises
    `NnexplainError` for words that are no `Description`.

    >>> from matplotlib.figure import Figure
    >>> ax = describe(Figure().add_subplot(), Description("Empty axes.", "", ()))
    >>> description(ax).alt
    'Empty axes.'
    """
    if not isinstance(words, Description):
        raise NnexplainError(
            f"describe needs a Description, got {type(words).__name__}; "
            "write describe(ax, Description(alt, caption, table))"
        )
    suit(ax)
    _DESCRIPTIONS[ax] = words
    return ax


def description(ax: Axes) -> Description:
    """Return alternative text, caption and table of a figure of this package.

    `ax` is the axes that a drawing function returned; other axes raise `NnexplainError`.

    >>> import nnexplain as nne
    >>> net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> from nnexplain.figures.network import network_diagram
    >>> description(network_diagram(net)).table[1]
    ('w12', '2')
    """
    if not isinstance(ax, Axes):
        raise NnexplainError(
            f"description needs the axes that a figure function returned, got {type(ax).__name__}; "
            "write for instance description(network_diagram(net))"
        )
    if ax not in _DESCRIPTIONS:
        raise NnexplainError(
            "these axes have no description: nothing of nnexplain.figures was drawn on them; "
            "draw with a function of nnexplain.figures, or call describe(ax, Description(...))"
        )
    return _DESCRIPTIONS[ax]
