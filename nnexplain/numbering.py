"""Numbers of units and names of parameters: all that follows from the sizes of the layers alone.

Units are numbered 1, 2, ... from the inputs on. w14 is the weight from unit 1 to unit 4 and b4 the
bias of unit 4; once a number in a weight's name has two digits it is written w1_14.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property

from nnexplain.errors import UnknownNameError


def weight_name(source: int, unit: int) -> str:
    """Return the name of the weight from unit `source` to unit `unit`.

    >>> weight_name(1, 4), weight_name(1, 14)
    ('w14', 'w1_14')
    """
    joint = "" if source < 10 and unit < 10 else "_"
    return f"w{source}{joint}{unit}"


def bias_name(unit: int) -> str:
    """Return the name of the bias of unit `unit`.

    >>> bias_name(4)
    'b4'
    """
    return f"b{unit}"


class Numbering:
    """Units and parameters of a fully connected network with `sizes` units per layer, inputs first.

    >>> three_two_one = Numbering((3, 2, 1))
    >>> three_two_one.layers, three_two_one.names[:4]
    (((1, 2, 3), (4, 5), (6,)), ('w14', 'w24', 'w34', 'b4'))
    """

    def __init__(self, sizes: tuple[int, ...]) -> None:
        self.sizes = sizes

    @cached_property
    def layers(self) -> tuple[tuple[int, ...], ...]:
        """The unit numbers of each layer, inputs first.

        >>> from nnexplain.network import Network
        >>> Network([2, 1, 1], seed=0).layers
        ((1, 2), (3,), (4,))
        """
        layers, first = [], 1
        for size in self.sizes:
            layers.append(tuple(range(first, first + size)))
            first += size
        return tuple(layers)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names: unit by unit, its incoming weights and then its bias.

        >>> from nnexplain.network import Network
        >>> Network([2, 1, 1], seed=0).names
        ('w13', 'w23', 'b3', 'w34', 'b4')
        """
        return tuple(self._places)

    @cached_property
    def _places(self) -> Mapping[str, tuple[int | None, int]]:
        return dict(self._each_parameter())

    def _each_parameter(self) -> Iterator[tuple[str, tuple[int | None, int]]]:
        for before, layer in zip(self.layers, self.layers[1:], strict=False):
            for unit in layer:
                for source in before:
                    yield weight_name(source, unit), (source, unit)
                yield bias_name(unit), (None, unit)

    @cached_property
    def _depths(self) -> Mapping[int, int]:
        return {unit: depth for depth, layer in enumerate(self.layers) for unit in layer}

    def depth(self, unit: int) -> int:
        """Return the layer of a unit, 0 for inputs; an unknown unit raises `UnknownNameError`.

        >>> from nnexplain.network import Network
        >>> Network([3, 2, 1], seed=0).depth(4)
        1
        """
        if not isinstance(unit, Hashable) or unit not in self._depths:
            raise UnknownNameError("unit", unit, self._depths)
        return self._depths[unit]

    def incoming(self, unit: int) -> tuple[int, ...]:
        """Return the units that feed `unit`; none for an input.

        >>> from nnexplain.network import Network
        >>> Network([3, 2, 1], seed=0).incoming(6)
        (4, 5)
        """
        depth = self.depth(unit)
        return self.layers[depth - 1] if depth else ()

    def outgoing(self, unit: int) -> tuple[int, ...]:
        """Return the units that `unit` feeds; none for an output.

        >>> from nnexplain.network import Network
        >>> Network([3, 2, 1], seed=0).outgoing(1)
        (4, 5)
        """
        depth = self.depth(unit)
        return self.layers[depth + 1] if depth + 1 < len(self.layers) else ()

    def locate(self, parameter: str) -> tuple[int | None, int]:
        """Return (source unit, unit) of a weight and (None, unit) of a bias.

        An unknown name raises `UnknownNameError`, which suggests the nearest one.

        >>> from nnexplain.network import Network
        >>> net = Network([3, 2, 1], seed=0)
        >>> net.locate("w14"), net.locate("b6")
        ((1, 4), (None, 6))
        """
        if not isinstance(parameter, str) or parameter not in self._places:
            raise UnknownNameError("parameter", parameter, self.names)
        return self._places[parameter]
