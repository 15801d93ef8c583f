"""Terms: the product of the factors along one path, in symbols and in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnexplain.derivation.factors import (
    Factor,
    NumberedFactor,
    multiply,
    no_factor,
    product_tex,
)
from nnexplain.derivation.symbols import STAGES, check_stage, grouped
from nnexplain.errors import NnexplainError
from nnexplain.latex import plain
from nnexplain.numbers import format_tex


@dataclass(frozen=True)
class Term:
    """The product of the factors along one path.

    `path` lists the units from the parameter's source (a bias: its unit) to an output; `factors`
    are in the order of the chain rule, from J back to the parameter.

    >>> from nnexplain.derivation import derive
    >>> from nnexplain.network import Network
    >>> term = derive(Network([3, 2, 1], seed=0), "w14").terms[0]
    >>> term.path, [factor.name for factor in term.factors]
    ((1, 4, 6), ['h − y', 'σ′(z6)', 'w46', 'σ′(z4)', 'x1'])
    """

    path: tuple[int, ...]
    factors: Sequence[Factor]

    def latex(self, stage: str = "symbols", *, colour: bool = True, digits: int = 4) -> str:
        r"""Return the product in TeX at "chain" or "symbols".

        >>> from nnexplain.derivation import derive
        >>> from nnexplain.network import Network
        >>> print(derive(Network([3, 2, 1], seed=0), "w14").terms[0].latex(colour=False))
        (h-y)\,\sigma'(z_6)\,w_{46}\,\sigma'(z_4)\,x_1
        """
        check_stage(stage, ("chain", "symbols"))
        return product_tex(self.factors, stage, colour, digits)

    def __str__(self) -> str:
        return " · ".join(plain(grouped(factor.symbol)) for factor in self.factors)


@dataclass(frozen=True)
class NumberedTerm(Term):
    """A term with numbers; `value` is its product, a float or one value a sample (N,)."""

    factors: Sequence[NumberedFactor]

    @property
    def value(self) -> Any:
        """The product of all factors."""
        return multiply(self.factors)

    def without(self, name: str | Factor) -> Any:
        """Return the product with one factor left out; names as in `DerivationAt.without`."""
        kept = [factor for factor in self.factors if not factor.is_called(name)]
        if len(kept) == len(self.factors):
            raise no_factor(name, self.factors)
        return multiply(kept)

    def latex(self, stage: str = "numbers", *, colour: bool = True, digits: int = 4) -> str:
        """Return the product in TeX; "numbers" and "value" are for one sample."""
        check_stage(stage, STAGES)
        if stage in ("numbers", "value") and np.ndim(self.value):
            raise NnexplainError(
                f"this term has one value for each of {len(self.value)} samples; "
                "read .value, or derive at one sample for its TeX"
            )
        if stage == "value":
            return format_tex(self.value, digits)
        return product_tex(self.factors, stage, colour, digits)
