"""The network: sizes, activations, a loss and a value for every parameter; and what it computes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt

from nnexplain import arguments, backprop
from nnexplain.activations import Activation
from nnexplain.errors import NnexplainError
from nnexplain.losses import Loss
from nnexplain.numbering import Numbering, bias_name, weight_name
from nnexplain.structure import Structure

Array = npt.NDArray[np.float64]
Values = Mapping[int, Any]
Activations = str | Activation | Iterable[str | Activation]
__all__ = ["Network", "Trace", "bias_name", "weight_name"]


@dataclass(frozen=True)
class Trace:
    """Every number of one forward pass.

    `z[unit]` is the pre-activation of a hidden or output unit, `a[unit]` the activation of any unit
    (an input's is its value), `output` the prediction h. Floats for one sample; arrays (N,) for a
    batch of N. With K > 1 outputs, `output` has the shape (K,) or (N, K).

    >>> trace = Network([1, 1], "relu", {"w12": 2, "b2": 5}).forward([-10])
    >>> trace.a[1], trace.z[2], trace.a[2], trace.output
    (-10.0, -15.0, 0.0, 0.0)
    """

    z: Values
    a: Values
    output: Any

    def __str__(self) -> str:
        rows = [
            f"a{unit} = {_short(value)}" for unit, value in self.a.items() if unit not in self.z
        ]
        rows += [
            f"z{unit} = {_short(z)}   a{unit} = {_short(self.a[unit])}"
            for unit, z in self.z.items()
        ]
        return "\n".join(rows)


def _short(value: Any) -> str:
    return np.array2string(np.asarray(value), precision=6, threshold=6)


class Network(Numbering):
    """h(x; θ): a fully connected network with numbered units and named parameters.

    Arguments:
        sizes: units per layer, inputs first, at least two layers of at least one unit.
        activation: one name (or record) for all layers, or a list with one per layer of
            parameters; see `nnexplain.activations`.
        parameters: the value of every weight and bias by name, all finite.
        seed: instead of `parameters`, draws them: weights from a normal distribution whose standard
            deviation is 1 ("normal"), √(2/(n_in + n_out)) ("xavier", Glorot & Bengio 2010) or
            √(2/n_in) ("he", He et al. 2015); biases are standard normal for "normal", otherwise 0.
        initialisation: "normal" (the default), "xavier" or "he"; only with `seed`.
        loss: a name or record of `nnexplain.losses`.

    Raises `NnexplainError` for sizes below 1, unknown names, missing or surplus parameters and
    values that are not finite numbers. A network never changes; `replace` gives a new one.

    >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> net.forward([10]).output
    25.0
    >>> net.gradient([10], 24)
    {'w12': 10.0, 'b2': 1.0}

    """

    def __init__(
        self,
        sizes: Iterable[SupportsIndex],
        activation: Activations = "sigmoid",
        parameters: Mapping[str, float] | None = None,
        *,
        seed: SupportsIndex | None = None,
        initialisation: str | None = None,
        loss: str | Loss = "half_squared_error",
    ) -> None:
        super().__init__(arguments.layer_sizes(sizes))
        records = arguments.activation_records(activation, len(self.sizes) - 1)
        self.structure = Structure(self.sizes, records, arguments.loss_record(loss))
        self.vector = self._vector(parameters, seed, initialisation)
        self.vector.flags.writeable = False

    def _vector(
        self,
        parameters: Mapping[str, float] | None,
        seed: SupportsIndex | None,
        initialisation: str | None,
    ) -> Array:
        if parameters is not None and seed is None:
            if initialisation is not None:
                raise NnexplainError(
                    "initialisation says how a seed draws parameters; with parameters=... leave it "
                    f"out, got {initialisation!r}"
                )
            return arguments.parameter_vector(parameters, self)
        if seed is not None and parameters is None:
            chosen = "normal" if initialisation is None else initialisation
            return arguments.drawn_vector(self.structure.shapes, seed, chosen)
        raise NnexplainError(
            f"a network needs either parameters={{{self.names[0]!r}: 0.2, ...}} or seed=0, got "
            f"{'neither' if seed is None else 'both'}; give exactly one of them"
        )

    @cached_property
    def parameters(self) -> Mapping[str, float]:
        """θ: every parameter's value by name, in the order of `names`; read-only."""
        return MappingProxyType(dict(zip(self.names, self.vector.tolist(), strict=True)))

    def activation_of(self, unit: int) -> Activation:
        """Return the activation record of a hidden or output unit.

        >>> Network([3, 2, 1], seed=0).activation_of(4).name
        'sigmoid'
        """
        depth = self.depth(unit)
        if depth == 0:
            raise NnexplainError(
                f"unit {unit} is an input: it has a value but no activation; "
                f"units {self.layers[1][0]} to {self.layers[-1][-1]} have one"
            )
        return self.structure.activations[depth - 1]

    @property
    def loss_function(self) -> Loss:
        """The record of the loss whose value `loss` returns."""
        return self.structure.loss

    def replace(
        self,
        *,
        parameters: Mapping[str, float] | None = None,
        activation: Activations | None = None,
        loss: str | Loss | None = None,
    ) -> Network:
        """Return a network that differs in the named parameters, the activation or the loss.

        >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
        >>> dict(net.replace(parameters={"b2": 0}).parameters)
        {'w12': 2.0, 'b2': 0.0}
        """
        changed = {} if parameters is None else parameters
        arguments.check_mapping(changed, self)
        for name in changed:
            self.locate(name)
        values = {**self.parameters, **changed}
        if activation is None and loss is None:
            return self._at(arguments.parameter_vector(values, self))
        return Network(
            self.sizes,
            self.structure.activations if activation is None else activation,
            values,
            loss=self.structure.loss if loss is None else loss,
        )

    def _at(self, vector: Array) -> Network:
        """Return the network at other parameters; all else was checked and numbered once."""
        there = object.__new__(Network)
        there.__setstate__({**self.__getstate__(), "vector": vector})
        return there

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy keeps; the read-only view of the parameters is made anew."""
        return {name: value for name, value in vars(self).items() if name != "parameters"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.vector.flags.writeable = False

    def forward(self, x: npt.ArrayLike) -> Trace:
        """Run a = f(Σ w a + b) unit by unit, for inputs x of shape (n,) or (N, n).

        >>> trace = Network([1, 1], "relu", {"w12": 2, "b2": 5}).forward([[10], [-10]])
        >>> trace.z[2], trace.a[2]
        (array([ 25., -15.]), array([25.,  0.]))
        """
        inputs, single = arguments.sample_rows(x, self.sizes)
        # A trace keeps its numbers when the caller's array changes later.
        inputs = inputs.copy()
        layers = backprop.forward(self.structure, self.vector, inputs)
        z = self.by_unit([layer.z for layer in layers], single)
        a = self.by_unit([inputs, *(layer.a for layer in layers)], single)
        output = layers[-1].a
        shaped = output[0] if len(output) == 1 else output.T
        result = shaped[0] if single else shaped
        return Trace(z, a, float(result) if np.ndim(result) == 0 else result)

    def loss(self, x: npt.ArrayLike, y: npt.ArrayLike) -> float:
        """J(θ) over all samples: x of shape (n,) or (N, n), y a number, (K,), (N,) or (N, K).

        >>> Network([1, 1], "identity", {"w12": 2, "b2": 5}).loss([10], 24)
        0.5
        """
        inputs, targets, _ = self.data(x, y)
        return float(backprop.loss(self.structure, self.vector, inputs, targets))

    def gradient(self, x: npt.ArrayLike, y: npt.ArrayLike) -> dict[str, float]:
        """∂J/∂θ by name, summed over samples as J is; the shapes are those of `loss`.

        >>> Network([1, 1], "identity", {"w12": 2, "b2": 5}).gradient([[10], [1]], [24, 7])
        {'w12': 10.0, 'b2': 1.0}
        """
        inputs, targets, _ = self.data(x, y)
        values = backprop.gradient(self.structure, self.vector, inputs, targets)
        return dict(zip(self.names, values.tolist(), strict=True))

    def losses_at(self, points: npt.ArrayLike, x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
        """J at many parameter sets: points (..., count) in the order of `names` give J (...).

        >>> Network([1, 1], "identity", seed=0).losses_at([[2, 5], [2, 4]], [10], 24)
        array([0.5, 0. ])
        """
        inputs, targets, _ = self.data(x, y)
        sets = arguments.parameter_points(points, self.names)
        return backprop.loss(self.structure, sets, inputs, targets)

    def gradients_at(self, points: npt.ArrayLike, x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
        """∂J/∂θ at many parameter sets (restarts, a plane): the shape of `points`, (..., count).

        The last axis is in the order of `names`. Memory stays bounded however many sets there are.

        >>> Network([1, 1], "identity", seed=0).gradients_at([[2, 5], [2, 4]], [10], 24)
        array([[10.,  1.],
               [ 0.,  0.]])
        """
        inputs, targets, _ = self.data(x, y)
        sets = arguments.parameter_points(points, self.names)
        return backprop.gradient(self.structure, sets, inputs, targets)

    def deltas(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Values:
        """δ = ∂J/∂z of every hidden and output unit: a float for one sample, (N,) for a batch.

        >>> Network([1, 1], "identity", {"w12": 2, "b2": 5}).deltas([10], 24)
        {2: 1.0}
        """
        inputs, targets, single = self.data(x, y)
        return self.by_unit(backprop.deltas(self.structure, self.vector, inputs, targets), single)

    def data(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, Array, bool]:
        """Return checked inputs (n, N), targets (K, N), and whether they are a single sample.

        >>> Network([1, 1], seed=0).data([10], 24)
        (array([[10.]]), array([[24.]]), True)
        """
        inputs, single = arguments.sample_rows(x, self.sizes)
        targets = arguments.target_rows(
            y, self.sizes[-1], inputs.shape[1], single, self.structure.loss
        )
        return inputs, targets, single

    def by_unit(self, rows: Sequence[Array], single: bool) -> dict[int, Any]:
        """Return arrays (units, N), one for each of the last layers, as a mapping unit -> values.

        >>> Network([1, 1], seed=0).by_unit([np.array([[24.0]])], single=True)
        {2: 24.0}
        """
        return {
            unit: value
            for layer, array in zip(self.layers[-len(rows) :], rows, strict=True)
            for unit, value in zip(layer, array[:, 0].tolist() if single else array, strict=True)
        }

    def __repr__(self) -> str:
        names = [record.name for record in self.structure.activations]
        shown = names[0] if len(set(names)) == 1 else names
        many = len(self.names) > 24
        values = f"{len(self.names)} parameters" if many else dict(self.parameters)
        name = self.loss_function.name
        loss = "" if name == "half_squared_error" else f", loss={name!r}"
        return f"Network({list(self.sizes)}, {shown!r}, {values}{loss})"


def check_network(given: object, call: str) -> None:
    """Raise unless what is given first to `call` is a network.

    >>> check_network("w14", "derive(net, 'w14')")
    Traceback (most recent call last):
    nnexplain.errors.NnexplainError: the first argument must be a Network, as in derive(net, ...
    """
    if not isinstance(given, Network):
        raise NnexplainError(
            f"the first argument must be a Network, as in {call}; got {type(given).__name__}"
        )
