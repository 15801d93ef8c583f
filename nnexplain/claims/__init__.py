"""What the site claims: each with an id, a verdict that is computed, and its evidence.

A claim is a function that runs the thing in question and returns `Evidence`. The function's
source is the evidence a page links to; a test in tests/claims judges the same claim by an
independent oracle.
"""

from nnexplain.claims import backpropagation as _backpropagation
from nnexplain.claims import basics as _basics
from nnexplain.claims import constant_derivative as _constant_derivative
from nnexplain.claims import derivative_free as _derivative_free
from nnexplain.claims import descent as _descent
from nnexplain.claims import gradient as _gradient
from nnexplain.claims import landscape as _landscape
from nnexplain.claims import relu as _relu
from nnexplain.claims import saturation as _saturation
from nnexplain.claims import value_and_slope as _value_and_slope
from nnexplain.claims import zero_slope as _zero_slope
from nnexplain.claims.registry import Claim, Evidence, Verdict, claims

__all__ = ["Claim", "Evidence", "Verdict", "claims"]
del (
    _backpropagation,
    _basics,
    _constant_derivative,
    _derivative_free,
    _descent,
    _gradient,
    _landscape,
    _value_and_slope,
    _relu,
    _saturation,
    _zero_slope,
)
