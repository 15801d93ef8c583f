"""The network: units numbered across layers, parameters by name, and what a forward pass records.

Units are numbered 1, 2, ... from the inputs on. w14 is the weight from unit 1 to unit 4 and b4 the
bias of unit 4 (w1_14, b14 once a number in a weight's name has two digits).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nnexplain import backprop
from nnexplain.activations import Activation, activations
from nnexplain.errors import NnexplainError, UnknownNameError, real_array
from nnexplain.losses import Loss, losses

Array = npt.NDArray[np.float64]
Values = Mapping[int, Any]
INITIALISATIONS = ("normal", "xavier", "he")


def weight_name(source: int, unit: int) -> str:
    """Return the name of the weight from unit `source` to unit `unit`.

    >>> weight_name(1, 4), weight_name(1, 14)
    ('w14', 'w1_14')
    """
    joint = "" if source < 10 and unit < 10 else "_"
    return f"w{source}{joint}{unit}"


def bias_name(unit: int) -> str:
    """Return the name of the bias of unit `unit`.

    >>> bias_name(4)
    'b4'
    """
    return f"b{unit}"


@dataclass(frozen=True)
class Trace:
    """Every number of one forward pass.

    `z[unit]` is the pre-activation of a hidden or output unit, `a[unit]` the activation of any unit
    (an input's is its value), `output` the prediction h. Floats for one sample; arrays (N,) for a
    batch of N. With K > 1 outputs, `output` has the shape (K,) or (N, K).
    """

    z: Values
    a: Values
    output: Any

    def __str__(self) -> str:
        rows = [f"a{unit} = {_short(value)}" for unit, value in self.a.items() if unit not in self.z]
        rows += [
            f"z{unit} = {_short(z)}   a{unit} = {_short(self.a[unit])}"
            for unit, z in self.z.items()
        ]
        return "\n".join(rows)


def _short(value: Any) -> str:
    return np.array2string(np.asarray(value), precision=6, threshold=6)


class Network:
    """h(x; θ): a fully connected network with numbered units and named parameters.

    Arguments:
        sizes: units per layer, inputs first, at least two layers of at least one unit.
        activation: one name (or record) for all layers, or a list with one per layer of
            parameters; see `nnexplain.activations`.
        parameters: the value of every weight and bias by name.
        seed: instead of `parameters`, draws them: weights from a normal distribution whose standard
            deviation is 1 ("normal"), √(2/(n_in + n_out)) ("xavier", Glorot2010) or √(2/n_in)
            ("he", He2015); biases are standard normal for "normal", otherwise 0.
        initialisation: "normal", "xavier" or "he"; only with `seed`.
        loss: a name or record of `nnexplain.losses`.

    Raises `NnexplainError` for sizes below 1, unknown names, missing or surplus parameters and
    values that are not finite numbers. A network never changes; `replace` gives a new one.

    >>> net = Network([1, 1], activation="identity", parameters={"w12": 2, "b2": 5})
    >>> net.forward([10]).output
    25.0
    >>> net.gradient([10], 24)
    {'w12': 10.0, 'b2': 1.0}
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Activation | Sequence[str | Activation] = "sigmoid",
        parameters: Mapping[str, float] | None = None,
        *,
        seed: int | None = None,
        initialisation: str | None = None,
        loss: str | Loss = "half_squared_error",
    ) -> None:
        self.sizes = _checked_sizes(sizes)
        self.structure = backprop.Structure(
            self.sizes,
            _records(activation, len(self.sizes) - 1),
            loss if isinstance(loss, Loss) else losses[loss],
        )
        if (parameters is None) == (seed is None):
            raise NnexplainError(
                "a network needs either parameters={'w14': 0.2, ...} or seed=0, exactly one of them"
            )
        if parameters is not None:
            if initialisation is not None:
                raise NnexplainError("initialisation is for networks drawn with seed=...; drop one")
            self.vector = self._by_name(parameters)
        else:
            assert seed is not None
            self.vector = _draw(self.structure.shapes, seed, initialisation or "normal")
        self.vector.flags.writeable = False

    @cached_property
    def layers(self) -> tuple[tuple[int, ...], ...]:
        """The unit numbers of each layer, inputs first.

        >>> Network([3, 2, 1], seed=0).layers
        ((1, 2, 3), (4, 5), (6,))
        """
        ends = np.cumsum((0, *self.sizes)).tolist()
        return tuple(
            tuple(range(start + 1, end + 1)) for start, end in zip(ends, ends[1:], strict=False)
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names: unit by unit, incoming weights and then the bias.

        >>> Network([2, 1, 1], seed=0).names
        ('w13', 'w23', 'b3', 'w34', 'b4')
        """
        return tuple(
            name
            for before, layer in zip(self.layers, self.layers[1:], strict=False)
            for unit in layer
            for name in (*(weight_name(i, unit) for i in before), bias_name(unit))
        )

    @cached_property
    def parameters(self) -> Mapping[str, float]:
        """θ: every parameter's value by name, in the order of `names`; read-only."""
        return MappingProxyType(dict(zip(self.names, self.vector.tolist(), strict=True)))

    @cached_property
    def _depth(self) -> Mapping[int, int]:
        return {unit: k for k, layer in enumerate(self.layers) for unit in layer}

    def depth(self, unit: int) -> int:
        """Return the layer of a unit, 0 for inputs; unknown units raise.

        >>> Network([3, 2, 1], seed=0).depth(4)
        1
        """
        if unit not in self._depth:
            raise UnknownNameError("unit", str(unit), [str(u) for u in self._depth])
        return self._depth[unit]

    def incoming(self, unit: int) -> tuple[int, ...]:
        """Return the units that feed `unit`; none for an input.

        >>> Network([3, 2, 1], seed=0).incoming(6)
        (4, 5)
        """
        depth = self.depth(unit)
        return self.layers[depth - 1] if depth else ()

    def outgoing(self, unit: int) -> tuple[int, ...]:
        """Return the units that `unit` feeds; none for an output.

        >>> Network([3, 2, 1], seed=0).outgoing(1)
        (4, 5)
        """
        depth = self.depth(unit)
        return self.layers[depth + 1] if depth + 1 < len(self.layers) else ()

    def activation_of(self, unit: int) -> Activation:
        """Return the activation record of a hidden or output unit.

        >>> Network([3, 2, 1], seed=0).activation_of(4).name
        'sigmoid'
        """
        depth = self.depth(unit)
        if depth == 0:
            raise NnexplainError(f"unit {unit} is an input: it has a value but no activation")
        return self.structure.activations[depth - 1]

    @property
    def loss_function(self) -> Loss:
        """The record of the loss whose value `loss` returns."""
        return self.structure.loss

    def locate(self, parameter: str) -> tuple[int | None, int]:
        """Return (source unit, unit) of a weight, (None, unit) of a bias.

        >>> Network([3, 2, 1], seed=0).locate("w14"), Network([3, 2, 1], seed=0).locate("b6")
        ((1, 4), (None, 6))
        """
        if parameter not in self._places:
            raise UnknownNameError("parameter", parameter, self.names)
        return self._places[parameter]

    @cached_property
    def _places(self) -> Mapping[str, tuple[int | None, int]]:
        return {
            name: place
            for before, layer in zip(self.layers, self.layers[1:], strict=False)
            for unit in layer
            for name, place in (
                *((weight_name(i, unit), (i, unit)) for i in before),
                (bias_name(unit), (None, unit)),
            )
        }

    def replace(
        self,
        *,
        parameters: Mapping[str, float] | None = None,
        activation: str | Activation | Sequence[str | Activation] | None = None,
        loss: str | Loss | None = None,
    ) -> Network:
        """Return a network that differs in the named parameters, the activation or the loss.

        >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
        >>> dict(net.replace(parameters={"b2": 0}).parameters)
        {'w12': 2.0, 'b2': 0.0}
        """
        for name in parameters or {}:
            self.locate(name)
        return Network(
            self.sizes,
            self.structure.activations if activation is None else activation,
            {**self.parameters, **(parameters or {})},
            loss=self.structure.loss if loss is None else loss,
        )

    def forward(self, x: npt.ArrayLike) -> Trace:
        """a = f(Σ w a + b), unit by unit: run inputs x of shape (n,) or (N, n) through the network.

        >>> trace = Network([1, 1], "relu", {"w12": 2, "b2": 5}).forward([[10], [-10]])
        >>> trace.z[2], trace.a[2]
        (array([ 25., -15.]), array([25.,  0.]))
        """
        inputs, single = self.inputs(x)
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
        layers = backprop.forward(self.structure, self.vector, inputs)
        return float(backprop.loss_value(self.structure, layers[-1], targets))

    def gradient(self, x: npt.ArrayLike, y: npt.ArrayLike) -> dict[str, float]:
        """∂J/∂θ by name, summed over samples as J is; the shapes are those of `loss`.

        >>> Network([1, 1], "identity", {"w12": 2, "b2": 5}).gradient([[10], [1]], [24, 7])
        {'w12': 10.0, 'b2': 1.0}
        """
        inputs, targets, _ = self.data(x, y)
        values = backprop.gradient(self.structure, self.vector, inputs, targets)
        return dict(zip(self.names, values.tolist(), strict=True))

    def deltas(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Values:
        """δ = ∂J/∂z of every hidden and output unit: a float for one sample, (N,) for a batch.

        >>> Network([1, 1], "identity", {"w12": 2, "b2": 5}).deltas([10], 24)
        {2: 1.0}
        """
        inputs, targets, single = self.data(x, y)
        return self.by_unit(backprop.deltas(self.structure, self.vector, inputs, targets), single)

    def inputs(self, x: npt.ArrayLike) -> tuple[Array, bool]:
        """Return x as feature-major samples (n, N), and whether it was a single sample."""
        array = real_array(x, "x")
        n = self.sizes[0]
        if array.shape == (n,):
            return array[:, None], True
        if array.ndim == 2 and array.shape[1] == n:
            if len(array) == 0:
                raise NnexplainError(f"x has no samples: shape {array.shape}; give at least one")
            return array.T, False
        raise NnexplainError(
            f"x must have shape ({n},) for one sample or (N, {n}) for N samples of this "
            f"{'-'.join(map(str, self.sizes))} network, got {array.shape}"
        )

    def data(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, Array, bool]:
        """Return inputs (n, N), targets (K, N), and whether they are a single sample."""
        inputs, single = self.inputs(x)
        array = real_array(y, "y")
        outputs, count = self.sizes[-1], inputs.shape[1]
        allowed = [(outputs,)] if single else [(count, outputs)]
        if outputs == 1:
            allowed.append(() if single else (count,))
        if array.shape not in allowed:
            raise NnexplainError(
                f"y must have shape {' or '.join(map(str, allowed))} for this x and "
                f"{outputs} output{'s' * (outputs > 1)}, got {array.shape}"
            )
        targets = array.reshape(count, outputs).T
        self.structure.loss.check_targets(targets)
        return inputs, targets, single

    def by_unit(self, rows: Sequence[Array], single: bool) -> dict[int, Any]:
        """Return arrays (units, N), one for each of the last layers, as a mapping unit -> values."""
        values = {}
        for layer, array in zip(self.layers[-len(rows) :], rows, strict=True):
            for unit, row in zip(layer, array, strict=True):
                values[unit] = float(row[0]) if single else row
        return values

    def _by_name(self, parameters: Mapping[str, float]) -> Array:
        names = set(self.names)
        for name in parameters:
            if name not in names:
                raise UnknownNameError("parameter", name, self.names)
        missing = [name for name in self.names if name not in parameters]
        if missing:
            raise NnexplainError(
                f"missing parameters: {', '.join(missing)}; this "
                f"{'-'.join(map(str, self.sizes))} network needs {', '.join(self.names)}"
            )
        vector = np.empty(len(self.names))
        for k, name in enumerate(self.names):
            value = real_array(parameters[name], f"parameter {name}")
            if value.ndim:
                raise NnexplainError(
                    f"parameter {name} must be one number, got shape {value.shape}"
                )
            vector[k] = value
        return vector

    def __repr__(self) -> str:
        names = [record.name for record in self.structure.activations]
        shown = names[0] if len(set(names)) == 1 else names
        values = {name: round(value, 6) for name, value in self.parameters.items()}
        if len(values) > 24:
            return f"Network({list(self.sizes)}, {shown!r}, {len(values)} parameters)"
        return f"Network({list(self.sizes)}, {shown!r}, {values})"


def _checked_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    good = isinstance(sizes, Sequence) and not isinstance(sizes, str) and len(sizes) >= 2
    if not good or not all(type(n) is int and n >= 1 for n in sizes):
        raise NnexplainError(
            f"sizes must be at least two whole numbers of 1 or more, inputs first, "
            f"for instance [3, 2, 1]; got {sizes!r}"
        )
    return tuple(sizes)


def _records(
    activation: str | Activation | Sequence[str | Activation], count: int
) -> tuple[Activation, ...]:
    if isinstance(activation, str | Activation):
        given: Sequence[str | Activation] = [activation] * count
    else:
        given = list(activation)
    if len(given) != count:
        raise NnexplainError(
            f"activation must be one name or one for each of the {count} layers of parameters, "
            f"got {len(given)}: inputs have none"
        )
    return tuple(a if isinstance(a, Activation) else activations[a] for a in given)


def _draw(shapes: Sequence[tuple[int, int]], seed: int, initialisation: str) -> Array:
    if initialisation not in INITIALISATIONS:
        raise UnknownNameError("initialisation", initialisation, INITIALISATIONS)
    rng = np.random.default_rng(seed)
    parts = []
    for units, width in shapes:
        draw = rng.standard_normal((units, width))
        if initialisation != "normal":
            fan = (width - 1 + units) if initialisation == "xavier" else width - 1
            draw *= math.sqrt(2 / fan)
            draw[:, -1] = 0.0
        parts.append(draw.ravel())
    return np.concatenate(parts)
