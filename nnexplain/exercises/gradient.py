"""Exercises of lesson 5: one partial derivative, factor by factor."""

from __future__ import annotations

from typing import Any

from nnexplain.derivation import DerivationAt, derive
from nnexplain.derivation.symbols import grouped
from nnexplain.exercises.answers import Choice, Mistake, Numbers, Option, Part
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.problem import Draft, exercises
from nnexplain.exercises.text import Formula, derived, given, is_about, line, lines, name_tex
from nnexplain.latex import partial, plain
from nnexplain.network import Network


def _at(draw: Draw, parameter: str) -> tuple[DerivationAt, dict[str, float]]:
    """Return a derivation in a drawn 3-2-1 sigmoid network at a drawn sample, and the numbers."""
    net = draw.network([3, 2, 1])
    x = [draw.pick((-1.0, 0.5, 1.5, 2.0)) for _ in range(3)]
    y = float(draw.whole(0, 1))
    numbers = {f"x{unit}": value for unit, value in zip(net.layers[0], x, strict=True)}
    return derive(net, parameter).at(x, y), {**numbers, "y": y, **net.parameters}


def _question(numbers: dict[str, float], parameter: str) -> tuple[str, ...]:
    sample = {name: value for name, value in numbers.items() if name[0] in "xy"}
    weights = {name: value for name, value in numbers.items() if name not in sample}
    return (
        f"A 3-2-1 network of sigmoid units gets one sample: {given(sample)}.",
        f"Its parameters are {given(weights)}.",
        f"The loss is $J = \\tfrac{{1}}{{2}}(y-h)^2$. Compute "
        f"${partial('J', name_tex(parameter))}$.",
    )


def _forward(net: Network, x: Any) -> Formula:
    trace = net.forward(x)
    sums = [f"z_{unit} &{is_about(z)}" for unit, z in trace.z.items()]
    answers = [f"a_{unit} &= \\sigma(z_{unit}) {is_about(trace.a[unit])}" for unit in (4, 5)]
    return lines(*sums[:2], *answers, sums[2], rf"h &= \sigma(z_6) {is_about(trace.output)}")


def _swapped(at: DerivationAt, factor: str, other: float) -> float:
    """Return the product with another number in the place of a factor."""
    return at.without(factor) * other


def _of_the_output(at: DerivationAt) -> tuple[Mistake, ...]:
    """Return the mistakes with the error and the slope of the output unit, which all paths have."""
    h = at.network.forward(at.x).output
    return (
        Mistake("wrong sign", -at.value, "Only the sign is wrong. The error is h − y, not y − h."),
        Mistake("dropped σ′(z6)", at.without("output_slope"), "This comes out without σ′(z6): the "
                "output unit has a slope too."),
        Mistake("used h", _swapped(at, "output_slope", h), "You have used the output h where its "
                "slope σ′(z6) = h(1 − h) belongs."),
    )  # fmt: skip


@exercises.register("w14-gradient", 5, "The derivative of a weight in front")
def w14_gradient(draw: Draw) -> Draft:
    """Ask for ∂J/∂w14 with every factor: the derivation of the lesson, with other numbers."""
    at, numbers = _at(draw, "w14")
    trace = at.network.forward(at.x)
    return Draft(
        numbers=numbers,
        question=_question(numbers, "w14"),
        answer=Numbers(
            (Part(at.partial, at.value, 3),),
            (
                Mistake("dropped w46", at.without("w46"), "This comes out without the factor w46: "
                        "unit 6 listens to unit 4 as strongly as w46 says."),
                *_of_the_output(at),
                Mistake("dropped σ′(z4)", at.without("hidden_slope"), "This comes out without "
                        "σ′(z4), the slope of the hidden unit."),
                Mistake("used a4", _swapped(at, "hidden_slope", trace.a[4]), "You have used the "
                        "activation a4 where its slope σ′(z4) = a4(1 − a4) belongs."),
                Mistake("dropped x1", at.without("input"), "This comes out without the input x1, "
                        "which the weight w14 carries."),
                Mistake("took w56", _swapped(at, "w46", at.network.parameters["w56"]), "You have "
                        "taken w56. The path from w14 goes through unit 4, so the weight is w46."),
            ),
        ),
        hint=(
            "Follow the nudge from $w_{14}$ to $J$: through $z_4$, $a_4$, $z_6$ and $h$. Five "
            "factors, one for each link:",
            line(at.latex("chain", colour=False)),
            "Compute $z_4$, $z_5$ and $z_6$ first.",
        ),
        worked=(_forward(at.network, at.x), derived(at)),
    )  # fmt: skip


@exercises.register("w46-gradient", 5, "The derivative of a weight behind")
def w46_gradient(draw: Draw) -> Draft:
    """Ask for ∂J/∂w46, where the input of the weight is an activation."""
    at, numbers = _at(draw, "w46")
    net = at.network
    trace, w46 = net.forward(at.x), net.parameters["w46"]
    hidden_slope = float(net.activation_of(4).df(trace.z[4]))
    return Draft(
        numbers=numbers,
        question=_question(numbers, "w46"),
        answer=Numbers(
            (Part(at.partial, at.value, 3),),
            (
                *_of_the_output(at),
                Mistake("used w46", _swapped(at, "input", w46), "You have multiplied by w46 "
                        "itself. The derivative asks what w46 is multiplied by: by a4."),
                Mistake("went through unit 4", at.value * hidden_slope, "The factor σ′(z4) is too "
                        "much. w46 lies behind unit 4, so its path does not go through it."),
                Mistake("dropped a4", at.without("input"), "This comes out without a4, which the "
                        "weight w46 carries."),
                Mistake("used z4", _swapped(at, "input", trace.z[4]), "You have used the sum z4. "
                        "What unit 4 sends is its activation a4."),
            ),
        ),
        hint=(
            "The path is short: from $w_{46}$ to $z_6$, to $h$, to $J$. By what is $w_{46}$ "
            "multiplied in $z_6 = w_{46}\\,a_4 + w_{56}\\,a_5 + b_6$?",
            line(at.latex("chain", colour=False)),
        ),
        worked=(_forward(net, at.x), derived(at)),
    )  # fmt: skip


@exercises.register("missing-factor", 5, "Which factor is missing?")
def missing_factor(draw: Draw) -> Draft:
    """Find the factor that a derivation has lost; a thread's answer lost one too."""
    net = Network([3, 2, 1], seed=0)
    name = draw.pick(("w14", "w24", "w34", "w15", "w25", "w35"))
    factors = derive(net, name).factors
    lost = draw.pick(factors[1:4])
    other = derive(net, name.translate(str.maketrans("45", "54"))).factors
    left = r"\,".join(grouped(factor.symbol) for factor in factors if factor is not lost)
    shown = [*factors[1:4], other[2], other[3]]
    kept = "This factor is there already."
    elsewhere = "This factor belongs to a path through the other hidden unit."
    return Draft(
        numbers={"parameter": name, "left": plain(left)},
        question=(
            "In a 3-2-1 network somebody writes",
            line(rf"{partial('J', name_tex(name))} = {left}"),
            "One factor has been lost. Which one?",
        ),
        answer=Choice(
            tuple(
                Option(
                    factor.name,
                    factor.words.capitalize() + "." if factor is lost
                    else kept if factor in factors else elsewhere,
                    "" if factor is lost
                    else "is there already" if factor in factors else "other unit",
                )
                for factor in draw.shuffled(shown)
            )
        ),
        hint=(
            f"Write the chain from $J$ back to ${name_tex(name)}$, every link for itself, and say "
            "for each which factor it gives.",
        ),
        worked=(Formula(derive(net, name).latex(), str(derive(net, name))),),
    )  # fmt: skip
