"""The gradient, term by term: ∂J/∂θ as a sum over paths of products of named factors.

Every path from a parameter's unit to an output contributes one term: the error at that output, then
on the way back a slope for every unit and a weight for every connection, and last what enters
through the parameter. `derive` writes this down for any parameter of any network; `.at(x, y)` puts
the numbers in. Deep networks have too many paths to list; the delta form shares their products.

symbols -> factors -> values, terms -> delta -> sums: each file builds on those before it.
"""

from nnexplain.derivation.delta import DeltaForm
from nnexplain.derivation.factors import Factor, NumberedFactor
from nnexplain.derivation.sums import LISTING_LIMIT, Derivation, DerivationAt, derive
from nnexplain.derivation.symbols import READABLE_FACTORS, READABLE_ROWS, STAGES
from nnexplain.derivation.terms import NumberedTerm, Term

__all__ = [
    "LISTING_LIMIT",
    "READABLE_FACTORS",
    "READABLE_ROWS",
    "STAGES",
    "DeltaForm",
    "Derivation",
    "DerivationAt",
    "Factor",
    "NumberedFactor",
    "NumberedTerm",
    "Term",
    "derive",
]
