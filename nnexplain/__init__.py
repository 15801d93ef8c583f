"""nnexplain: why a neural network learns through the derivative of its activation function.

>>> import nnexplain as nne
>>> net = nne.Network([3, 2, 1], activation="sigmoid", seed=0)
>>> list(net.gradient([1, 0, 1], 1))[:3]
['w14', 'w24', 'w34']
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

from nnexplain.activations import Activation, activations
from nnexplain.checks import gradient_check
from nnexplain.critical import critical_points, critical_points_in
from nnexplain.curvature import curvature
from nnexplain.derivation import derive
from nnexplain.descent import Trajectories, Trajectory, descend, descend_many
from nnexplain.directions import (
    Direction,
    principal_directions,
    random_direction,
    steepest_direction,
)
from nnexplain.display import install as _install_display
from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.handwork import compare
from nnexplain.landscape import landscape, profile
from nnexplain.losses import Loss, losses
from nnexplain.network import Network, Trace
from nnexplain.worked import worked

if TYPE_CHECKING:
    from nnexplain import exercises, figures

__version__ = "0.1.0"
_install_display()
__all__ = [
    "Activation",
    "Direction",
    "Loss",
    "Network",
    "NnexplainError",
    "Trace",
    "Trajectories",
    "Trajectory",
    "UnknownNameError",
    "activations",
    "compare",
    "critical_points",
    "critical_points_in",
    "curvature",
    "derive",
    "descend",
    "descend_many",
    "exercises",
    "figures",
    "gradient_check",
    "landscape",
    "losses",
    "principal_directions",
    "profile",
    "random_direction",
    "steepest_direction",
    "worked",
]


def __getattr__(name: str) -> ModuleType:
    # Matplotlib takes longer to import than everything else together: only who draws waits for it.
    # Exercises are for those who ask for them.
    if name in ("exercises", "figures"):
        return importlib.import_module(f"nnexplain.{name}")
    raise AttributeError(f"module 'nnexplain' has no attribute {name!r}")
