"""The JavaScript reading of the package: formulas, records and whole networks as ES modules."""

from nnexplain.javascript.descent import step, walk_module
from nnexplain.javascript.family import family_module
from nnexplain.javascript.formulas import (
    Library,
    activation_module,
    formula_module,
    javascript,
    loss_module,
)
from nnexplain.javascript.network import network_module
from nnexplain.javascript.walks import descent_module, field_module

__all__ = [
    "Library",
    "activation_module",
    "descent_module",
    "family_module",
    "field_module",
    "formula_module",
    "javascript",
    "loss_module",
    "network_module",
    "step",
    "walk_module",
]
