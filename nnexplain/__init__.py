"""nnexplain: why a neural network learns through the derivative of its activation function.

>>> import nnexplain as nne
>>> net = nne.Network([3, 2, 1], activation="sigmoid", seed=0)
>>> list(net.gradient([1, 0, 1], 1))[:3]
['w14', 'w24', 'w34']
"""

from nnexplain.activations import Activation, activations
from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.losses import Loss, losses
from nnexplain.network import Network, Trace

__version__ = "0.1.0"
__all__ = [
    "Activation",
    "Loss",
    "Network",
    "NnexplainError",
    "Trace",
    "UnknownNameError",
    "activations",
    "losses",
]
