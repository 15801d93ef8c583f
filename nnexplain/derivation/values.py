"""The numbers that factors take at given data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from nnexplain import backprop
from nnexplain.derivation.factors import Factor, NumberedFactor
from nnexplain.network import Network, weight_name

Array = npt.NDArray[np.float64]


class Values:
    """What every factor needs at given data, computed once: errors, slopes and activations."""

    def __init__(self, net: Network, x: npt.ArrayLike, y: npt.ArrayLike) -> None:
        inputs, targets, self.single = net.data(x, y)
        self.count = inputs.shape[1]
        self._net = net
        layers = backprop.forward(net.structure, net.vector, inputs)
        with np.errstate(all="ignore"):
            slopes = [
                np.asarray(record.slope(layer.z), dtype=np.float64)
                for record, layer in zip(net.structure.activations, layers, strict=True)
            ]
        self.slope = net.by_unit(slopes, self.single)
        self.a = net.by_unit([inputs, *(layer.a for layer in layers)], self.single)
        self.error = net.by_unit([_errors(net, layers[-1], targets)], self.single)
        self._x, self._y = x, y

    @cached_property
    def delta(self) -> Mapping[int, Any]:
        """δ of every unit, by backpropagation."""
        return self._net.deltas(self._x, self._y)

    def numbered(self, factor: Factor) -> NumberedFactor:
        """Return the factor with its value."""
        return NumberedFactor(**vars(factor), value=self._value(factor))

    def _value(self, factor: Factor) -> Any:
        if factor.kind == "error":
            return self.error[factor.unit]
        if factor.kind in ("output_slope", "hidden_slope"):
            return self.slope[factor.unit]
        if factor.kind == "weight":
            assert factor.edge is not None
            return self._constant(self._net.parameters[weight_name(*factor.edge)])
        return self._constant(1.0) if factor.edge is None else self.a[factor.edge[0]]

    def _constant(self, value: float) -> Any:
        return value if self.single else np.full(self.count, value)


def _errors(net: Network, output: backprop.Layer, targets: Array) -> Array:
    """∂J/∂h of every output (K, N); with a fused loss ∂J/∂z, which saturation cannot spoil."""
    loss = net.loss_function
    with np.errstate(all="ignore"):
        if net.structure.from_logit and loss.logit_slope is not None:
            each = loss.logit_slope(targets, output.z)
        else:
            loss.check_predictions(output.a)
            each = loss.slope(targets, output.a)
    return np.asarray(loss.scale(targets.size) * each, dtype=np.float64)
