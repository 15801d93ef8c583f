"""gradient_check: every partial derivative against an oracle that knows no chain rule.

The complex step reads ∂J/∂θ from J(θ + iε): Im J / ε has no difference to cancel, so that 15 digits
agree (Squire1998). It needs formulas that can be continued to complex numbers; where a user's
activation or loss cannot, central differences (J(θ + ε) - J(θ - ε)) / 2ε must do, with about 10
digits at best. Both run their own forward pass, written here, not the one they judge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nnexplain.errors import NnexplainError, real_number
from nnexplain.formula import COMPLEX, interpret
from nnexplain.network import Network, check_network
from nnexplain.numbers import format_number

Array = npt.NDArray[Any]
COMPLEX_STEP = 1e-20
"""ε of the complex step: its square is far below the last digit, its product with a tiny slope far
above the smallest float."""
TOLERANCES = {"complex step": 1e-9, "central difference": 1e-5}
"""The largest error that agrees by each method, relative to the terms that add up."""
_ON_THE_KINK = 1e-12


@dataclass(frozen=True)
class CheckRow:
    """One parameter: `value` of net.gradient, `oracle`, and how they compare.

    They agree when they differ by at most `tolerance` times `size`, the sum of the absolute values
    of the terms that add up to the derivative: where terms cancel, no method keeps more digits.
    `resolution` is added to that: what rounding hides from a difference quotient (0 for a complex
    step). `kinks` says at which kinks the oracle stood: there is no derivative there, and a
    disagreement is no fault.

    >>> CheckRow("w14", 2.0, 2.002, size=2.0, resolution=0.0, tolerance=1e-9).agrees
    False
    """

    parameter: str
    value: float
    oracle: float
    size: float
    resolution: float
    tolerance: float
    kinks: tuple[str, ...] = ()

    @property
    def relative_error(self) -> float:
        """|value - oracle| over the larger of the two; 0 when equal, inf with a nan."""
        return _ratio(self.value, self.oracle, max(abs(self.value), abs(self.oracle)))

    @property
    def agrees(self) -> bool:
        """Whether value and oracle differ by no more than `allowed`; a nan never agrees."""
        return self.value == self.oracle or abs(self.value - self.oracle) <= self.allowed

    @property
    def allowed(self) -> float:
        """The largest difference that agrees: tolerance · size + resolution."""
        return self.tolerance * self.size + self.resolution

    @property
    def verdict(self) -> str:
        """The outcome: "agrees", "on a kink" or "DISAGREES"."""
        return "agrees" if self.agrees else "on a kink" if self.kinks else "DISAGREES"


def _ratio(value: float, oracle: float, unit: float) -> float:
    if value == oracle:
        return 0.0
    gap = abs(value - oracle)
    return gap / unit if math.isfinite(gap) and 0 < unit < math.inf else math.inf


@dataclass(frozen=True)
class GradientCheck:
    """The report of `gradient_check`: one row a parameter, in the network's order.

    `passed` says whether every parameter agrees or stands on a kink. `worst` is the row that comes
    closest to its tolerance, or is furthest beyond, among those on no kink (of all, if all are on
    one). Prints as a table.
    """

    rows: tuple[CheckRow, ...]
    method: str
    step: str
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether no parameter disagrees."""
        return not self.failures

    @property
    def failures(self) -> tuple[CheckRow, ...]:
        """The rows that disagree and stand on no kink."""
        return tuple(row for row in self.rows if row.verdict == "DISAGREES")

    @property
    def worst(self) -> CheckRow:
        """The row whose error is largest against what is allowed."""
        smooth = [row for row in self.rows if not row.kinks] or self.rows
        return max(smooth, key=lambda row: _ratio(row.value, row.oracle, row.allowed))

    @property
    def kinks(self) -> tuple[str, ...]:
        """Every kink that the check stood on, once."""
        return tuple(dict.fromkeys(kink for row in self.rows for kink in row.kinks))

    @property
    def summary(self) -> str:
        """One sentence: how many agree, by which method, and the worst parameter."""
        return " ".join(self._parts)

    @property
    def _parts(self) -> tuple[str, str, str]:
        """The parts of the summary, each short enough for a line."""
        count = len(self.rows)
        if self.passed:
            agreeing = sum(row.agrees for row in self.rows)
            said = f"{agreeing} of {count} partial derivatives agree"
        else:
            wrong = ", ".join(row.parameter for row in self.failures)
            said = f"{len(self.failures)} of {count} partial derivatives are wrong: {wrong}"
        how = f"({self.method}, {self.step}, tolerance {format_number(self.tolerance)});"
        error = format_number(self.worst.relative_error, 2)
        return said, how, f"worst: {self.worst.parameter}, relative error {error}"

    @property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """The report as text: a header and one row a parameter."""
        header = ("parameter", "∂J/∂θ", self.method, "relative error", "verdict")
        return (
            header,
            *(
                (
                    row.parameter,
                    format_number(row.value, 8),
                    format_number(row.oracle, 8),
                    format_number(row.relative_error, 2),
                    row.verdict,
                )
                for row in self.rows
            ),
        )

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(*self.cells, strict=True)]
        lines = [
            "  ".join(
                text.ljust(width) if k in (0, 4) else text.rjust(width)
                for k, (text, width) in enumerate(zip(cells, widths, strict=True))
            ).rstrip()
            for cells in self.cells
        ]
        return "\n".join([*lines, "", *self._parts, *(f"kink: {kink}" for kink in self.kinks)])


def gradient_check(
    net: Network, x: npt.ArrayLike, y: npt.ArrayLike, *, tolerance: float | None = None
) -> GradientCheck:
    """Compare every partial derivative of `net.gradient(x, y)` with an independent oracle.

    The oracle is the complex step if every activation and the loss allow it, else central
    differences. `tolerance` is the largest error that agrees, relative to the sizes of the terms
    that add up (see `CheckRow`); by default 1e-9 for complex steps and 1e-5 for differences. x and
    y are as in `Network.gradient`. Costs one to three forward passes for each parameter.

    >>> net = Network([1, 1], "tanh", {"w12": 0.5, "b2": -1})
    >>> report = gradient_check(net, [2.0], 0.25)
    >>> report.passed, report.method
    (True, 'complex step')
    """
    check_network(net, "gradient_check(net, x, y)")
    inputs, targets, _ = net.data(x, y)
    method = "complex step" if _allows_complex(net) else "central difference"
    chosen = TOLERANCES[method] if tolerance is None else tolerance
    allowed = real_number(chosen, "tolerance", finite=False)
    if not 0 < allowed < 1:
        raise NnexplainError(f"tolerance must lie between 0 and 1, got {tolerance!r}")
    oracle = _complex_step if method == "complex step" else _central_difference
    values, sizes = net.gradient(x, y), _sizes(net, inputs, targets)
    rows = []
    for k, (name, size) in enumerate(zip(net.names, sizes.tolist(), strict=True)):
        found, resolution, kinks = oracle(net, k, inputs, targets)
        rows.append(CheckRow(name, values[name], found, size, resolution, allowed, kinks))
    step = "ε = 1e-20" if method == "complex step" else "nudges up to 6e-6"
    return GradientCheck(tuple(rows), method, step, allowed)


def _allows_complex(net: Network) -> bool:
    """Whether all formulas are known to continue to complex numbers."""
    activations = all(record.complex_step for record in net.structure.activations)
    return net.loss_function.complex_step and activations


Result = tuple[float, float, tuple[str, ...]]


def _complex_step(net: Network, k: int, x: Array, y: Array) -> Result:
    theta = net.vector.astype(np.complex128)
    theta[k] += 1j * COMPLEX_STEP
    J, layers = _forward(net, theta, x, y, is_complex=True)
    near = [
        (np.abs(z.real - kink) <= _ON_THE_KINK * max(1.0, abs(kink))) & (z.imag != 0)
        for z, kink in _watched(net, layers, y)
    ]
    return float(np.imag(J)) / COMPLEX_STEP, 0.0, _said(net, near)


def _central_difference(net: Network, k: int, x: Array, y: Array) -> Result:
    step, ends = _difference_step(net, k, x, y), []
    for sign in (1.0, -1.0):
        theta = net.vector.copy()
        theta[k] += sign * step
        J, layers = _forward(net, theta, x, y, is_complex=False)
        ends.append((float(J), theta[k], _watched(net, layers, y)))
    (above, right, watched), (below, left, behind) = ends
    crossed = [
        ((z - kink) * (z_behind - kink) <= 0) & (z != z_behind)
        for (z, kink), (z_behind, _) in zip(watched, behind, strict=True)
    ]
    rounding = 8 * np.finfo(float).eps * (abs(above) + abs(below)) / (right - left)
    return (above - below) / (right - left), float(rounding), _said(net, crossed)


def _difference_step(net: Network, k: int, x: Array, y: Array) -> float:
    """Return ε such that z moves by 6e-6, the cube root of the rounding unit.

    There rounding and the neglected third derivative balance, for functions that bend over z ~ 1.
    """
    source, _ = net.locate(net.names[k])
    carried = 0.0
    if source is not None:
        _, layers = _forward(net, net.vector, x, y, is_complex=False)
        depth = net.depth(source)
        values = [x, *(a for _, a in layers)][depth]
        carried = float(np.max(np.abs(values[source - net.layers[depth][0]])))
    smallest = 1024 * float(np.spacing(abs(net.vector[k])))
    return max(6e-6 / max(1.0, carried), smallest)


def _forward(
    net: Network, theta: Array, x: Array, y: Array, *, is_complex: bool
) -> tuple[Any, list[tuple[Array, Array]]]:
    """J and (z, a) of every layer, at parameters that may be complex."""

    def read(formula: Callable[..., Any]) -> Callable[..., Any]:
        return interpret(formula, COMPLEX) if is_complex else formula

    a, layers, loss = x, [], net.loss_function
    with np.errstate(all="ignore"):
        for matrix, record in zip(
            net.structure.matrices(theta), net.structure.activations, strict=True
        ):
            z = np.asarray(matrix[:, :-1] @ a + matrix[:, -1:])
            a = np.asarray(read(record.formula)(z))
            layers.append((z, a))
        if net.structure.from_logit and loss.from_logit is not None:
            each = read(loss.from_logit)(y, z)
        else:
            each = read(loss.formula)(y, a)
    return loss.scale(y.size) * np.sum(each), layers


def _watched(
    net: Network, layers: Sequence[tuple[Array, Array]], y: Array
) -> list[tuple[Array, float]]:
    """Everything that may sit on a kink, with the place of the kink."""
    watched = [
        (z, kink)
        for (z, _), record in zip(layers, net.structure.activations, strict=True)
        for kink in record.kinks
    ]
    return [*watched, (layers[-1][1] - y, 0.0)] if net.loss_function.kink else watched


def _said(net: Network, hits: Sequence[npt.NDArray[np.bool_]]) -> tuple[str, ...]:
    """Say in words which units stand on which kinks, for hits in the order of `_watched`."""
    places = [
        (layer, kink, record.convention)
        for layer, record in zip(net.layers[1:], net.structure.activations, strict=True)
        for kink in record.kinks
    ]
    said = [
        f"z{unit} = {format_number(kink)}: {convention}"
        for (layer, kink, convention), hit in zip(places, hits, strict=False)
        for unit, row in zip(layer, hit, strict=True)
        if row.any()
    ]
    if net.loss_function.kink and hits[-1].any():
        said.append(f"loss {net.loss_function.name}: {net.loss_function.kink}")
    return tuple(said)


def _sizes(net: Network, x: Array, y: Array) -> npt.NDArray[np.float64]:
    """Σ |δ| |a| with every sum taken of absolute values: what adds up to each derivative."""
    _, layers = _forward(net, net.vector, x, y, is_complex=False)
    matrices, entering = net.structure.matrices(net.vector), [x, *(a for _, a in layers)]
    blame, sizes = _output_size(net, *layers[-1], y), []
    with np.errstate(all="ignore"):
        for k in reversed(range(len(layers))):
            ones = np.ones((1, x.shape[1]))
            sizes.append((blame @ np.abs(np.vstack([entering[k], ones])).T).ravel())
            if k:
                slope = np.abs(net.structure.activations[k - 1].slope(layers[k - 1][0]))
                blame = slope * (np.abs(matrices[k][:, :-1]).T @ blame)
    return np.concatenate(sizes[::-1])


def _output_size(net: Network, z: Array, h: Array, y: Array) -> Array:
    """|∂J/∂z| of the outputs, plus what rounding h can do to it (in h - y the digits cancel)."""
    loss = net.loss_function
    with np.errstate(all="ignore"):
        if net.structure.from_logit and loss.logit_slope is not None:
            up, down = (np.abs(loss.logit_slope(target, z)) for target in (0.0, 1.0))
            size = (1 - y) * up + y * down
        else:
            error, nudge = loss.slope(y, h), 1e-6
            moved = (loss.slope(y, h * (1 + nudge)) - error) / nudge
            slope = np.abs(net.structure.activations[-1].slope(z))
            size = (np.abs(error) + np.abs(moved)) * slope
    return np.asarray(loss.scale(y.size) * size)
