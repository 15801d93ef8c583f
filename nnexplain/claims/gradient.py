"""Claims about one partial derivative, ∂J/∂w14, judged on the running example."""

from __future__ import annotations

from collections.abc import Sequence

from nnexplain.checks import gradient_check
from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.derivation import derive
from nnexplain.experiments.loss import THREE_X, THREE_Y
from nnexplain.worked import worked

_TOLERANCE = 1e-12


@claims.register(
    "A3",
    source="thread",
    says="∂J/∂w₁₄ = Σ (h − y) · ∂h/∂w₁₄",
    finding="With the textbook's sample both sides are {left}, and with two more samples {three} "
    "(relative difference at most {gap}).",
    references=("han2011",),
)
def residual_times_sensitivity() -> Evidence:
    """Compare ∂J/∂w14 with Σ (h - y) ∂h/∂w14, where ∂h/∂w14 is the gradient of the loss h - y."""
    net = worked["han_kamber"].network
    ramp = net.replace(loss="linear")

    def sides(samples: Sequence[tuple[Sequence[float], float]]) -> tuple[float, float]:
        xs, ys = [x for x, _ in samples], [y for _, y in samples]
        terms = [(net.forward(x).output - y) * ramp.gradient(x, y)["w14"] for x, y in samples]
        return net.gradient(xs, ys)["w14"], sum(terms)

    samples = list(zip(THREE_X, THREE_Y, strict=True))
    (left, right), (three, three_right) = sides(samples[:1]), sides(samples)
    gap = max(abs(left - right) / abs(left), abs(three - three_right) / abs(three))
    return Evidence(
        Verdict.TRUE if gap < _TOLERANCE else Verdict.FALSE,
        {"left": left, "three": three, "gap": gap},
    )


@claims.register(
    "A4",
    source="thread",
    says="∂h/∂w₁₄ = σ′(q) · σ′(p) · x₁",
    finding="The factor w₄₆ is missing. With it, ∂J/∂w₁₄ is {right}; without it, {wrong}: the sign "
    "is wrong. A step with the textbook's learning rate changes J by {down} if it follows the "
    "right derivative, and by +{up} if it follows the other one: uphill.",
    references=("han2011",),
)
def the_missing_weight() -> Evidence:
    """Compute ∂J/∂w14 with and without the factor w46, and take a step along each."""
    example = worked["han_kamber"]
    net, x, y = example.network, example.x, example.y
    term = derive(net, "w14").at(x, y)
    right, wrong = term.value, term.without("w46")
    before = net.loss(x, y)

    def change(slope: float) -> float:
        moved = net.parameters["w14"] - example.learning_rate * slope
        return net.replace(parameters={"w14": moved}).loss(x, y) - before

    down, up = change(right), change(wrong)
    agree = abs(right - wrong) <= _TOLERANCE * abs(right)
    wrong_way = right * wrong < 0 and down < 0 < up
    verdict = Verdict.FALSE if wrong_way else Verdict.TRUE if agree else Verdict.CONDITIONS
    return Evidence(verdict, {"right": right, "wrong": wrong, "down": down, "up": up})


@claims.register(
    "L5-ways",
    source="nnexplain",
    says="Three ways, one of which knows no derivative, give the same eleven numbers",
    finding="Paths and factors, one backward pass, and complex steps without any derivative "
    "formula: over all {count} parameters they differ by at most {gap} (relative).",
    references=("squire1998",),
)
def three_ways() -> Evidence:
    """Compare every parameter's derivation, backpropagation and complex step."""
    example = worked["han_kamber"]
    net, x, y = example.network, example.x, example.y
    backward = net.gradient(x, y)
    report = gradient_check(net, x, y)
    gaps = [
        abs(derive(net, name).at(x, y).value - value) / max(abs(value), 1e-300)
        for name, value in backward.items()
    ]
    gap = max(*gaps, report.worst.relative_error)
    return Evidence(
        Verdict.TRUE if gap < _TOLERANCE else Verdict.FALSE, {"count": len(backward), "gap": gap}
    )
