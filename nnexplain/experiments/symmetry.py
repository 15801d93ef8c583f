"""Why start at random: hidden units that start equal stay equal, so they might as well be one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnexplain.descent import Trajectory, descend
from nnexplain.experiments.samples import CORNERS_X, ONE_OF_TWO
from nnexplain.network import Network

Array = npt.NDArray[np.float64]

# Each parameter of unit 4 and its counterpart at unit 5.
COUNTERPARTS: tuple[tuple[str, str], ...] = (
    ("w14", "w15"),
    ("w24", "w25"),
    ("w34", "w35"),
    ("b4", "b5"),
    ("w46", "w56"),
)
RATE = 3.0


@dataclass(frozen=True, eq=False)
class Pair:
    """A walk, and how far the two hidden units of its network are apart."""

    walk: Trajectory

    def apart(self, record: int) -> float:
        """Return the largest difference between the two units' counterparts at one record.

        >>> from nnexplain.worked import worked
        >>> round(Pair(descend(worked["han_kamber"].network, [1, 0, 1], 1)).apart(0), 12)
        0.7
        """
        gaps = (self.walk[one][record] - self.walk[other][record] for one, other in COUNTERPARTS)
        return float(max(abs(gap) for gap in gaps))

    @property
    def farthest(self) -> float:
        """The largest difference over the whole walk."""
        return max(self.apart(record) for record in range(len(self.walk)))


def equal_units(net: Network) -> Network:
    """Return the 3-2-1 network with unit 5 made a copy of unit 4.

    >>> from nnexplain.worked import worked
    >>> equal_units(worked["han_kamber"].network).parameters["w15"]
    0.2
    """
    return net.replace(parameters={other: net.parameters[one] for one, other in COUNTERPARTS})


def pair(start: Network, *, rate: float = RATE, steps: int = 1000) -> Pair:
    """Walk from `start` on the eight corners.

    >>> from nnexplain.worked import worked
    >>> pair(equal_units(worked["han_kamber"].network)).farthest
    0.0
    """
    return Pair(descend(start, CORNERS_X, ONE_OF_TWO, learning_rate=rate, steps=steps))
