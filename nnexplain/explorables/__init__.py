"""Explorables: what a page lets its readers move with their own hand, one file each.

`explorables` holds them all by name. The mathematics they run is generated from the records; the
ES modules in docs/assets/explorables only draw and listen.
"""

from collections.abc import Mapping
from types import MappingProxyType

from nnexplain.explorables.circuit import circuit
from nnexplain.explorables.explorable import Choice, Control, Explorable, Start
from nnexplain.explorables.lab import lab
from nnexplain.explorables.microscope import microscope

__all__ = ["Choice", "Control", "Explorable", "Start", "explorables"]

_ALL = (circuit(), microscope(), lab())
explorables: Mapping[str, Explorable] = MappingProxyType({one.name: one for one in _ALL})
