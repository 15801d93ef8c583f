"""How far hidden units of one activation can bend, when learning is left aside."""

from __future__ import annotations

import numpy as np

from nnexplain.activations import Activation, activations
from nnexplain.errors import NnexplainError
from nnexplain.experiments.linear_collapse import bent_curve, noisy_plane
from nnexplain.network import Network, weight_name


def miss(activation: str | Activation, units: int) -> float:
    """√(mean (y - h)²): how far a layer of `units` hidden units stays from `bent_curve`.

    x runs over [-1, 1]. Unit k is f(x - p) with the p spread evenly from -1 on; the output weights
    are the best there are, by least squares, so no learning is involved. It is a bound from above:
    other hidden weights might do better. For f(z) = z and f(z) = z² no others do, once there are 2
    units.

    >>> round(miss("identity", 1), 3), round(miss("identity", 30), 3), round(miss("relu", 30), 3)
    (0.412, 0.412, 0.001)
    """
    if isinstance(units, bool) or not isinstance(units, int) or units < 1:
        raise NnexplainError(
            f"a hidden layer needs one unit or more, got {units!r}; give 1, 2, ..."
        )
    record = activation if isinstance(activation, Activation) else activations[activation]
    x = np.linspace(-1.0, 1.0, 401)
    y = bent_curve(x)
    places = np.linspace(-1.0, 1.0, units, endpoint=False)
    hidden = np.column_stack([record.f(x[:, None] - places), np.ones_like(x)])
    best = np.linalg.lstsq(hidden, y, rcond=None)[0]
    return float(np.sqrt(np.mean((y - hidden @ best) ** 2)))


def signal(activation: str | Activation) -> float:
    """Return the largest |∂J/∂w| in front of hidden units of one kind, at a random start.

    The network is 3-2-1 with an identity output, the data are `noisy_plane()`.

    >>> signal("step"), signal("identity") > 1
    (0.0, True)
    """
    data = noisy_plane()
    net = Network([3, 2, 1], [activation, "identity"], seed=0, initialisation="xavier")
    slopes = net.gradient(*data)
    return max(abs(slopes[weight_name(i, unit)]) for unit in net.layers[1] for i in (1, 2, 3))
