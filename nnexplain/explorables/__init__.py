"""Explorables: what a page lets its readers move with their own hand, one file each.

`explorables` holds them all by name. The mathematics they run is generated from the records; the
ES modules in docs/assets/explorables only draw and listen.
"""

from collections.abc import Mapping
from types import MappingProxyType

from nnexplain.explorables.activation_explorer import activation_explorer
from nnexplain.explorables.circuit import circuit
from nnexplain.explorables.depth_and_slopes import depth_and_slopes
from nnexplain.explorables.drop_a_factor import drop_a_factor
from nnexplain.explorables.explorable import Choice, Control, Explorable, Start
from nnexplain.explorables.hash_versus_sigmoid import hash_versus_sigmoid
from nnexplain.explorables.lab import lab
from nnexplain.explorables.landscape import landscape
from nnexplain.explorables.microscope import microscope
from nnexplain.explorables.nudge import nudge
from nnexplain.explorables.ramp_and_bowl import ramp_and_bowl

__all__ = ["Choice", "Control", "Explorable", "Start", "explorables"]

_ALL = (
    circuit(),
    microscope(),
    nudge(),
    activation_explorer(),
    lab(),
    hash_versus_sigmoid(),
    depth_and_slopes(),
    drop_a_factor(),
    ramp_and_bowl(),
    landscape(),
)
explorables: Mapping[str, Explorable] = MappingProxyType({one.name: one for one in _ALL})
