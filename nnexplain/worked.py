"""Worked examples of the literature: inputs, published numbers and where they were published.

Every published digit is reproduced by a test. Where a publication rounds on the way, `by_hand`
rounds where it does; where it updates the output layer first, `outputs_first_step` does so too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.network import Network, bias_name, weight_name


@dataclass(frozen=True, eq=False)
class WorkedExample:
    """A published calculation: the network, the data, and the numbers as printed.

    `networks` holds every network of the example by what it is called there, `network` is the first
    of them. `published` keeps the printed numbers, to the printed digits; `note` says what a reader
    must know to get them. `learning_rate` is 0 where nothing is learned.

    >>> worked["han_kamber"].published["h"]
    0.474
    """

    name: str
    source: str
    networks: Mapping[str, Network]
    x: tuple[Any, ...]
    y: tuple[Any, ...]
    published: Mapping[str, Any]
    note: str
    learning_rate: float = 0.0
    constants: Mapping[str, float] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        """The first network of the example."""
        return next(iter(self.networks.values()))

    def __str__(self) -> str:
        return f"{self.name}: {self.source}\n{self.note}"


class WorkedExamples(Mapping[str, WorkedExample]):
    """All worked examples by name.

    >>> list(worked)
    ['han_kamber', 'mazur', 'nielsen_slow_neuron', 'cs231n_neuron', 'goodfellow_xor', 'saxe_linear']
    """

    def __init__(self, records: Sequence[WorkedExample]) -> None:
        self._records = {record.name: record for record in records}

    def __getitem__(self, name: str) -> WorkedExample:
        """Return the example called `name`."""
        if isinstance(name, str) and name in self._records:
            return self._records[name]
        raise UnknownNameError("worked example", name, self._records)

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


def gradient_step(
    network: Network, x: Any, y: Any, learning_rate: float, names: Iterable[str] | None = None
) -> Network:
    """θ ← θ - η ∂J/∂θ: return the network after one step of gradient descent.

    `names` are the parameters that move, all by default; they move together. An unknown name
    raises `UnknownNameError`.

    >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> gradient_step(net, [10], 24, 0.01, ["w12"]).parameters["w12"]
    1.9
    """
    gradient = network.gradient(x, y)
    moved = _moved(network, names)
    return network.replace(
        parameters={
            name: network.parameters[name] - learning_rate * gradient[name] for name in moved
        }
    )


def _moved(network: Network, names: Iterable[str] | None) -> set[str]:
    moved = set(network.names if names is None else names)
    for name in moved:
        network.locate(name)
    return moved


def outputs_first_step(
    network: Network, x: Any, y: Any, learning_rate: float, names: Iterable[str] | None = None
) -> Network:
    """Return the network after a step in which blame flows back through weights already changed.

    z, a and the errors of the outputs come from one forward pass; then each layer, the outputs
    first, is updated *before* its weights hand δ on. That is not gradient descent on J, though for
    small steps it is close. One sample x (n,), y as in `Network.loss`.

    >>> net = Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> outputs_first_step(net, [10], 24, 0.01, ["w12"]).parameters["w12"]
    1.9
    """
    trace, theta = network.forward(x), dict(network.parameters)
    # A bias adds to z what it is: ∂J/∂b = ∂J/∂z = δ.
    gradient = network.gradient(x, y)
    delta = {unit: gradient[bias_name(unit)] for unit in network.layers[-1]}
    moved = _moved(network, names)
    # Names go from the inputs to the outputs.
    for name in reversed(network.names):
        source, unit = network.locate(name)
        if unit not in delta:
            blame = sum(theta[weight_name(unit, k)] * delta[k] for k in network.outgoing(unit))
            delta[unit] = network.activation_of(unit).df(trace.z[unit]) * blame
        if name in moved:
            theta[name] -= learning_rate * delta[unit] * (trace.a[source] if source else 1.0)
    return network.replace(parameters=theta)


def by_hand(example: WorkedExample) -> dict[str, Any]:
    """Return one step of a sigmoid network with one hidden layer and one output, as a book rounds.

    z, a and the new parameters keep three decimals and the errors -δ four, and every next line is
    computed from the rounded one. The keys are those of `published`.

    >>> by_hand(worked["han_kamber"])["minus_delta6"]
    0.1311
    """
    net, rate = example.network, example.learning_rate
    if len(net.layers) != 3 or net.sizes[-1] != 1 or rate == 0:
        raise NnexplainError(
            "by_hand follows Han & Kamber's calculation: it needs one hidden layer, one output and "
            f"a learning rate; {example.name} has sizes {list(net.sizes)}"
        )
    inputs, hidden, (last,) = net.layers
    a = dict(zip(inputs, example.x, strict=True))
    z: dict[int, float] = {}
    for unit in (*hidden, last):
        total = sum(net.parameters[weight_name(i, unit)] * a[i] for i in net.incoming(unit))
        z[unit] = round(total + net.parameters[bias_name(unit)], 3)
        a[unit] = round(net.activation_of(unit).f(z[unit]), 3)
    error = {last: round(a[last] * (1 - a[last]) * (example.y[0] - a[last]), 4)}
    for unit in hidden:
        blame = error[last] * net.parameters[weight_name(unit, last)]
        error[unit] = round(a[unit] * (1 - a[unit]) * blame, 4)
    new = {
        name: round(value + rate * error[unit] * (1.0 if source is None else a[source]), 3)
        for name, value in net.parameters.items()
        for source, unit in [net.locate(name)]
    }
    return {
        **{f"z{unit}": z[unit] for unit in z},
        **{f"a{unit}": a[unit] for unit in hidden},
        "h": a[last],
        **{f"minus_delta{unit}": value for unit, value in error.items()},
        "new": new,
    }


def saxe_mode(t: float, s: float, u0: float, tau: float = 1.0) -> float:
    """u(t) = s e^{2st/τ} / (e^{2st/τ} - 1 + s/u0): one mode of a two-layer linear network.

    `s` is the strength that the data ask for and 0 < u0 < s the strength at the start; written so
    that nothing overflows for any t ≥ 0 (Saxe2013).

    >>> saxe_mode(0.0, 2.0, 0.01), saxe_mode(1e6, 2.0, 0.01)
    (0.01, 2.0)
    """
    if not (0 < u0 < s < math.inf and t >= 0 and 0 < tau < math.inf):
        raise NnexplainError(
            f"saxe_mode needs 0 < u0 < s, t ≥ 0 and tau > 0, got t={t}, s={s}, u0={u0}, tau={tau}"
        )
    return s / (1 + (s / u0 - 1) * math.exp(-2 * s * t / tau))


def _frozen(data: Any) -> Any:
    """Return nested dicts and lists as read-only mappings and tuples."""
    if isinstance(data, dict):
        return MappingProxyType({key: _frozen(value) for key, value in data.items()})
    return tuple(map(_frozen, data)) if isinstance(data, list) else data


_HAN_KAMBER = WorkedExample(
    "han_kamber",
    source="Han & Kamber, Data Mining: Concepts and Techniques: worked example of backpropagation "
    "in a 3-2-1 network of sigmoids",
    networks=_frozen({"as printed": Network([3, 2, 1], "sigmoid", {
        "w14": 0.2, "w15": -0.3, "w24": 0.4, "w25": 0.1, "w34": -0.5, "w35": 0.2,
        "w46": -0.3, "w56": -0.2, "b4": -0.4, "b5": 0.2, "b6": 0.1,
    })}),
    x=(1, 0, 1),
    y=(1,),
    learning_rate=0.9,
    published=_frozen({
        "z4": -0.7, "z5": 0.1, "z6": -0.105, "a4": 0.332, "a5": 0.525, "h": 0.474,
        "minus_delta6": 0.1311, "minus_delta5": -0.0065, "minus_delta4": -0.0087,
        "new": {"w46": -0.261, "w56": -0.138, "w14": 0.192, "w15": -0.306, "w24": 0.4, "w25": 0.1,
                "w34": -0.508, "w35": 0.194, "b6": 0.218, "b5": 0.194, "b4": -0.408},
    }),
    note="Printed to three digits, and every line is computed from the rounded line before it. The "
    "book writes Err for our -δ.",
)  # fmt: skip

_MAZUR = WorkedExample(
    "mazur",
    source="Matt Mazur, A Step by Step Backpropagation Example (2015): a 2-2-2 network of sigmoids",
    networks=_frozen({"as printed": Network([2, 2, 2], "sigmoid", {
        "w13": 0.15, "w23": 0.2, "w14": 0.25, "w24": 0.3, "w35": 0.4, "w45": 0.45, "w36": 0.5,
        "w46": 0.55, "b3": 0.35, "b4": 0.35, "b5": 0.6, "b6": 0.6,
    })}),
    x=(0.05, 0.1),
    y=(0.01, 0.99),
    learning_rate=0.5,
    published=_frozen({
        "z3": 0.3775, "a3": 0.593269992, "a4": 0.596884378, "z5": 1.105905967, "a5": 0.75136507,
        "a6": 0.772928465, "J": 0.298371109, "dJ_dw35": 0.082167041, "dJ_dw13": 0.000438568,
        "new": {"w13": 0.149780716, "w23": 0.19956143, "w14": 0.24975114, "w24": 0.29950229,
                "w35": 0.35891648, "w45": 0.408666186, "w36": 0.51130127, "w46": 0.561370121},
        "J_after_one_step": 0.291027924,
        "J_after_10000_steps": 0.0000351085,
        "outputs_after_10000_steps": [0.015912196, 0.984065734],
    }),
    note="Both units of a layer share their bias, and biases are not updated. The printed new "
    "weights are one step of gradient descent, and give J = 0.2910277737. The printed J after one "
    "step and the outputs after 10,000 steps belong to another run: it updates the output weights "
    "first and sends the blame to the hidden layer through the new ones (outputs_first_step). The "
    "printed J after 10,000 steps does not follow from the printed outputs, which give "
    "0.000035085: it has one digit 1 too many.",
)  # fmt: skip

_NIELSEN = WorkedExample(
    "nielsen_slow_neuron",
    source="Michael Nielsen, Neural Networks and Deep Learning, chapter 3: one sigmoid neuron that "
    "has to turn 1 into 0",
    networks=_frozen({
        "w = 0.6, b = 0.9": Network([1, 1], "sigmoid", {"w12": 0.6, "b2": 0.9}),
        "w = 2, b = 2": Network([1, 1], "sigmoid", {"w12": 2.0, "b2": 2.0}),
    }),
    x=(1,),
    y=(0,),
    learning_rate=0.15,
    published=_frozen({
        "epochs": 300,
        "starts": [{"first_output": 0.82, "last_output": 0.09},
                   {"first_output": 0.98, "last_output": 0.20}],
    }),
    note="C = (y - a)²/2. The second start hardly moves for about 150 epochs; with cross-entropy "
    "it learns at once.",
)  # fmt: skip

_CS231N = WorkedExample(
    "cs231n_neuron",
    source="CS231n course notes, optimization-2: a sigmoid neuron with two inputs",
    networks=_frozen({
        "f": Network([2, 1], "sigmoid", {"w13": 2, "w23": -3, "b3": -3}, loss="linear"),
    }),
    x=(-1, -2),
    y=(0,),
    published=_frozen({"dot": 1.0, "f": 0.73, "local_gradient": 0.2}),
    note="The notes differentiate the output itself: with the linear loss and y = 0, J is h.",
)  # fmt: skip

_GOODFELLOW = WorkedExample(
    "goodfellow_xor",
    source="Goodfellow, Bengio & Courville, Deep Learning, section 6.1: learning XOR",
    networks=_frozen({
        "best linear map": Network(
            [2, 1], "identity", {"w13": 0, "w23": 0, "b3": 0.5}, loss="mse"),
        "relu solution": Network([2, 2, 1], ["relu", "identity"], {
            "w13": 1, "w23": 1, "b3": 0, "w14": 1, "w24": 1, "b4": -1,
            "w35": 1, "w45": -2, "b5": 0,
        }, loss="mse"),
    }),
    x=((0, 0), (0, 1), (1, 0), (1, 1)),
    y=(0, 1, 1, 0),
    published=_frozen({
        "best_linear": {"w": [0, 0], "b": 0.5, "output_everywhere": 0.5},
        "relu_solution": {"W": [[1, 1], [1, 1]], "c": [0, -1], "w": [1, -2], "b": 0,
                          "outputs_on_00_01_10_11": [0, 1, 1, 0]},
    }),
    note="Mean squared error over the four corners. No straight line separates them, two ReLU do.",
)  # fmt: skip

_SAXE = WorkedExample(
    "saxe_linear",
    source="Saxe, McClelland & Ganguli, Exact solutions to the nonlinear dynamics of learning in "
    "deep linear neural networks (2013): one mode of a two-layer linear network",
    networks=_frozen({"balanced start": Network(
        [1, 1, 1], "identity", {"w12": 0.1, "b2": 0, "w23": 0.1, "b3": 0})}),
    x=(1,),
    y=(2,),
    published=_frozen({"formula": "u(t) = s e^{2 s t/tau} / (e^{2 s t/tau} - 1 + s/u0)"}),
    constants=_frozen({"s": 2.0, "u0": 0.01, "tau": 1.0}),
    note="Gradient flow: the limit of small steps. u = w12 w23 follows the formula when both "
    "weights start equal and the biases stay 0. s and u0 are our choice.",
)  # fmt: skip

worked = WorkedExamples((_HAN_KAMBER, _MAZUR, _NIELSEN, _CS231N, _GOODFELLOW, _SAXE))
