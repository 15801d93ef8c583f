"""Published worked examples beside our numbers, digit by digit (lesson 16)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nnexplain.derivation import derive
from nnexplain.experiments.linear_collapse import least_squares
from nnexplain.experiments.linear_dynamics import Modes, modes
from nnexplain.experiments.saturation import slow_neuron
from nnexplain.experiments.xor import xor
from nnexplain.network import Network
from nnexplain.worked import (
    WorkedExample,
    gradient_step,
    outputs_first_step,
    worked,
)


@dataclass(frozen=True)
class Line:
    """One published number and ours.

    `value` is unrounded; `shown` is `value` at as many decimals as were printed, and the two agree
    if it is the printed number. `least_decimals` says so where the print ends with zeros (0.20).

    >>> line = Line("h", 0.474, 0.47388889)
    >>> line.shown, line.agrees
    ('0.474', True)
    """

    quantity: str
    printed: float
    value: float
    least_decimals: int = 0

    @property
    def decimals(self) -> int:
        """How many decimals were printed."""
        exponent = Decimal(repr(self.printed)).as_tuple().exponent
        return max(self.least_decimals, -exponent) if isinstance(exponent, int) else 0

    @property
    def printed_text(self) -> str:
        """The printed number with all its decimals, never as a power of ten."""
        return f"{Decimal(repr(self.printed)):.{self.decimals}f}".replace("-", "−")

    @property
    def shown(self) -> str:
        """Our number, rounded where the printed one ends."""
        return f"{self.value:.{self.decimals}f}".replace("-", "−")

    @property
    def agrees(self) -> bool:
        """Whether every printed digit is reproduced."""
        return round(self.value, self.decimals) == self.printed


Lines = Sequence[Line]
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def exactly(example: WorkedExample) -> dict[str, Any]:
    """Return Han & Kamber's quantities in exact arithmetic, by the names of `published`.

    >>> round(exactly(worked["han_kamber"])["z6"], 6)
    -0.10454
    """
    net, x, y = example.network, example.x, example.y
    trace, delta = net.forward(x), net.deltas(x, y)
    return {
        **{f"z{unit}": z for unit, z in trace.z.items()},
        **{f"a{unit}": trace.a[unit] for unit in net.layers[1]},
        "h": trace.output,
        **{f"minus_delta{unit}": -value for unit, value in delta.items()},
        "new": gradient_step(net, x, y, example.learning_rate).parameters,
    }


def han_kamber(ours: Callable[[WorkedExample], Mapping[str, Any]] = exactly) -> Lines:
    """Return every number of Han & Kamber's example; `ours` is `exactly` or `by_hand`.

    >>> [line.quantity for line in han_kamber() if not line.agrees]
    ['−δ₆']
    >>> from nnexplain.worked import by_hand
    >>> all(line.agrees for line in han_kamber(by_hand))
    True
    """
    example = worked["han_kamber"]
    return tuple(_lines(example.published, ours(example)))


def _lines(printed: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[Line]:
    for name, value in printed.items():
        if isinstance(value, Mapping):
            yield from _lines({f"new {k}": v for k, v in value.items()},
                              {f"new {k}": v for k, v in ours[name].items()})  # fmt: skip
        else:
            yield Line(_readable(name), value, ours[name])


def _readable(name: str) -> str:
    """Return a key of the records as a reader writes it: −δ₆, ∂J/∂w₃₅, local gradient."""
    words = name.replace("minus_delta", "−δ").replace("dJ_d", "∂J/∂").replace("_", " ")
    # Digits that follow a letter number units; others, as in "after 10000 steps", count.
    return re.sub(r"(?<=[^\W\d])\d+", lambda found: found[0].translate(_SUBSCRIPTS), words)


Step = Callable[..., Network]


def mazur_run(step: Step, steps: int) -> Network:
    """Return Mazur's network after `steps` of one update rule; biases stay as they are.

    >>> net = mazur_run(gradient_step, 1)
    >>> round(net.loss(worked["mazur"].x, worked["mazur"].y), 10)
    0.2910277737
    """
    example = worked["mazur"]
    net = example.network
    weights = [name for name in net.names if name.startswith("w")]
    for _ in range(steps):
        net = step(net, example.x, example.y, example.learning_rate, weights)
    return net


def mazur() -> Lines:
    """Return Mazur's forward pass, two partial derivatives, and the weights after one step."""
    example = worked["mazur"]
    net, x, y = example.network, example.x, example.y
    trace, gradient = net.forward(x), net.gradient(x, y)
    ours: dict[str, Any] = {
        **{f"z{unit}": z for unit, z in trace.z.items()},
        **{f"a{unit}": a for unit, a in trace.a.items()},
        "J": net.loss(x, y),
        **{f"dJ_d{name}": value for name, value in gradient.items()},
        "new": mazur_run(gradient_step, 1).parameters,
    }
    return tuple(_lines({k: v for k, v in example.published.items() if k in ours}, ours))


@dataclass(frozen=True)
class UpdateOrders:
    """Mazur's contradiction: J after one step and the run to 10,000, for both update orders.

    `together` moves all weights at once (gradient descent); `outputs_first` sends the blame back
    through output weights that have changed already. `follows` is the J that the printed outputs
    give; `outputs` compares them with the second order, `outputs_together` with the first.
    """

    printed: float
    together: float
    outputs_first: float
    printed_final: float
    follows: float
    outputs: Lines
    outputs_together: Lines


def mazur_orders(steps: int = 10_000) -> UpdateOrders:
    """Run both update orders for one step and the second one for `steps`."""
    example = worked["mazur"]
    x, y, printed = example.x, example.y, example.published
    names = [_readable(f"a{unit} after {steps:,} steps") for unit in example.network.layers[-1]]
    outputs = printed["outputs_after_10000_steps"]

    def compared(step: Step) -> Lines:
        return tuple(map(Line, names, outputs, mazur_run(step, steps).forward(x).output.tolist()))

    return UpdateOrders(
        printed=printed["J_after_one_step"],
        together=mazur_run(gradient_step, 1).loss(x, y),
        outputs_first=mazur_run(outputs_first_step, 1).loss(x, y),
        printed_final=printed["J_after_10000_steps"],
        follows=float(sum((b - a) ** 2 / 2 for a, b in zip(outputs, y, strict=True))),
        outputs=compared(outputs_first_step),
        outputs_together=compared(gradient_step),
    )


def nielsen() -> Lines:
    """Return the first and last outputs of Nielsen's neuron, for both starts.

    >>> all(line.agrees for line in nielsen())
    True
    """
    printed = worked["nielsen_slow_neuron"].published["starts"]
    return tuple(
        # The book prints two decimals throughout, 0.20 among them.
        Line(f"{when} output from {curve.start}", numbers[f"{when}_output"], curve.outputs[k], 2)
        for curve, numbers in zip(slow_neuron("half_squared_error"), printed, strict=True)
        for when, k in (("first", 0), ("last", -1))
    )


def cs231n() -> Lines:
    """Return the three numbers of the neuron in the CS231n notes.

    >>> [line.shown for line in cs231n()]
    ['1.0', '0.73', '0.2']
    """
    example = worked["cs231n_neuron"]
    net, x = example.network, example.x
    trace, (unit,) = net.forward(x), net.layers[-1]
    local = derive(net, f"b{unit}").at(x, example.y[0]).value
    ours = {"dot": trace.z[unit], "f": trace.output, "local_gradient": local}
    return tuple(_lines(example.published, ours))


def goodfellow() -> Lines:
    """Return the best straight line for XOR by least squares, and the outputs of the ReLU network.

    >>> all(line.agrees for line in goodfellow())
    True
    """
    example = worked["goodfellow_xor"]
    best = least_squares(xor()).vector
    line, relu = example.published["best_linear"], example.published["relu_solution"]
    outputs = example.networks["relu solution"].forward(example.x).output
    names = [f"ReLU network on {point}" for point in example.x]
    return (
        # Adding 0.0 turns the -0.0 of rounding into 0.0.
        *map(Line, ("w₁", "w₂"), map(float, line["w"]), (round(w, 12) + 0.0 for w in best[:2])),
        Line("b", line["b"], float(best[-1])),
        *map(Line, names, map(float, relu["outputs_on_00_01_10_11"]), map(float, outputs)),
    )


def saxe(rate: float = 1e-3, until: float = 5.0) -> Modes:
    """Compare u(t) = w12 w23 under gradient descent with the published formula.

    Small steps follow the flow: the gap shrinks in proportion to `rate`.

    >>> round(saxe(1e-2).half_time(0), 2)
    1.34
    """
    constants = worked["saxe_linear"].constants
    start = math.sqrt(constants["u0"])
    return modes((constants["s"],), start, learning_rate=rate, until=until)
