"""Claims about slopes that are zero or do not exist: the hash, the step, the borrowed slope."""

from __future__ import annotations

from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.experiments.hash_function import SIGMOID, quotients, walks
from nnexplain.experiments.zero_slope import race, silence


@claims.register(
    "Q4",
    source="thread",
    says="An activation function is like a hash function that separates small differences",
    finding="A learner needs the opposite. Whatever the distance of two inputs, from 1 down to "
    "{nudge}, a real hash puts them {apart} apart on average, the sigmoid at most a quarter of the "
    "distance. Descending by difference quotients, the textbook's network with hash units ends at "
    "a mean J of {hashed}, where drawing h by lot gives 1/6; with sigmoid units at {smooth}.",
    references=("fips180",),
)
def a_hash_is_the_opposite() -> Evidence:
    """Measure difference quotients of hash and sigmoid, and let both descend by them."""
    found = quotients()
    settles, explodes = found.gaps[5] < 1e-5, found.growth < -0.9
    hashed, smooth = walks().late, walks(SIGMOID).late
    opposite = settles and explodes and hashed > 10 * smooth
    # A hash that descent can use after all would make the comparison a good one.
    alike = Verdict.TRUE if hashed < 10 * smooth else Verdict.CONDITIONS
    return Evidence(
        Verdict.FALSE if opposite else alike,
        {
            "nudge": found.nudges[-1],
            "apart": float(found.apart.mean()),
            "hashed": hashed,
            "smooth": smooth,
        },
    )


@claims.register(
    "L11-step",
    source="nnexplain",
    says="In front of a layer of step units every partial derivative is exactly 0",
    finding="In {networks} random networks with such a layer, {zero} of {count} partial "
    "derivatives in front of it are exactly 0, and {still} of {count} nudges of {nudge} leave J "
    "unchanged to the last digit. Where a weighted sum stands exactly on the jump, there is no "
    "derivative at all.",
)
def silence_in_front_of_a_step() -> Evidence:
    """Count derivatives that are exactly 0, and nudges that change nothing."""
    found = silence()
    silent = found.zero == found.still == found.count
    numbers = {name: getattr(found, name) for name in ("networks", "count", "zero", "still")}
    return Evidence(Verdict.TRUE if silent else Verdict.FALSE, {**numbers, "nudge": found.nudge})


@claims.register(
    "L11-surrogate",
    source="nnexplain",
    says="A layer of steps can learn if the backward pass borrows a slope",
    finding="Of {starts} random starts of a 2-3-1 network with step hidden units, {true} solve XOR "
    "with the true slope 0 (the output layer alone learns), {sigmoid} with the sigmoid's slope "
    "in its place, {box} with a box, {one} with slope 1. With sigmoid units {smooth} do. "
    "It depends on the slope that is borrowed, and on the start.",
    references=("bengio2013", "neftci2019"),
)
def a_borrowed_slope() -> Evidence:
    """Train the same starts on XOR with each slope in the backward pass."""
    found = race()
    counts = {
        "true": found.last("true slope"),
        "sigmoid": found.last("slope of the sigmoid"),
        "box": found.last("box"),
        "one": found.last("slope 1"),
    }
    borrowed = [counts[name] for name in ("sigmoid", "box", "one")]
    helps = max(borrowed) > 2 * counts["true"]
    always = min(borrowed) == found.starts
    verdict = Verdict.TRUE if always else Verdict.CONDITIONS if helps else Verdict.FALSE
    smooth = found.last("sigmoid units")
    return Evidence(verdict, {**counts, "starts": found.starts, "smooth": smooth})
