"""Claims about what learning feels of an activation: its slope, its value, and the gradient."""

from __future__ import annotations

from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.experiments import value_and_slope as experiment
from nnexplain.worked import worked

_TOLERANCE = 1e-12


@claims.register(
    "Q1",
    source="thread",
    says="The derivative of an activation function is what matters, not the function itself",
    finding="Half of it. Keep the values of units 4 and 5 and turn their slopes round: ∂J/∂w₁₄ "
    "goes from {front} to {front_turned}, and ∂J/∂w₄₆ stays {back}. Keep all slopes, lower the "
    "values by ½ and let b₆ make up for it: ∂J/∂w₁₄ stays {front}, and ∂J/∂w₄₆ goes from {back} "
    "to {back_lowered}. The slope speaks to the weights in front of a unit, the value to the "
    "weights behind it.",
)
def slope_and_value() -> Evidence:
    """Compare the running network with a twin of the same values and one of the same slopes."""
    plain, turned = experiment.original(), experiment.same_values(-1.0)
    lowered = experiment.same_slopes()
    front, back = (
        [twin.gradient[name] for twin in (plain, turned, lowered)] for name in ("w14", "w46")
    )
    slope_matters = front[0] * front[1] < 0 and abs(back[1] - back[0]) < _TOLERANCE
    value_matters = abs(front[2] - front[0]) < _TOLERANCE and abs(back[2] - back[0]) > 0.01
    verdicts = {(True, True): Verdict.CONDITIONS, (True, False): Verdict.TRUE}
    return Evidence(
        verdicts.get((slope_matters, value_matters), Verdict.FALSE),
        {"front": front[0], "front_turned": front[1], "back": back[0], "back_lowered": back[2]},
    )


@claims.register(
    "C1",
    source="thread",
    says="Gradient descent needs the gradient, and the gradient is the vector of all partial "
    "derivatives",
    finding="The {parameters} partial derivatives foretell the slope of J in every direction: "
    "along {directions} random directions the slope measured by differences of J and the one from "
    "the gradient differ by at most {gap}. The steepest of them had a slope of {steepest}; along "
    "the gradient itself it is {length}, and nowhere is it steeper.",
)
def gradient_is_all_directions() -> Evidence:
    """Measure the slope of J along random directions, without any derivative."""
    found = experiment.random_directions()
    holds = found.gap < 1e-9 and found.steepest <= found.length
    return Evidence(Verdict.TRUE if holds else Verdict.FALSE, vars(found))


@claims.register(
    "L8-twin",
    source="nnexplain",
    says="How near two activation functions are does not say how a network learns with them",
    finding="A twin of the sigmoid that is nowhere farther away than {distance} gives the running "
    "network the same prediction and the same loss, {loss}. Yet all {moving} weights and biases in "
    "front of the hidden units that move in the textbook's step move the other way, w₁₄ by {move} "
    "with the sigmoid and by {twin_move} with the twin.",
)
def near_and_yet_opposite() -> Evidence:
    """Take the textbook's step with the sigmoid and with its warped twin."""
    plain, twin = experiment.original(), experiment.same_values(-1.0)
    distance, rate = experiment.distance(twin), worked["han_kamber"].learning_rate
    net = plain.network
    front = [name for name in net.names if net.locate(name)[1] in net.layers[1]]
    moving = [name for name in front if plain.gradient[name] != 0]
    opposite = all(plain.gradient[name] * twin.gradient[name] < 0 for name in moving)
    same = abs(plain.loss - twin.loss) < _TOLERANCE and abs(plain.h - twin.h) < _TOLERANCE
    move, twin_move = (-rate * t.gradient["w14"] for t in (plain, twin))
    return Evidence(
        Verdict.TRUE if same and opposite and distance < 0.05 else Verdict.FALSE,
        {"distance": distance, "loss": plain.loss, "moving": len(moving),
         "move": move, "twin_move": twin_move},
    )  # fmt: skip
