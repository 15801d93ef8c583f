"""Claims about slopes that are nearly zero: their product, the weights around them, rounding."""

from __future__ import annotations

from nnexplain.activations import activations
from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.experiments.saturation import chain_signal, layer_signal, slow_neuron, zero_from

_UNITS = 10
_LAYERS = 20
_LEAST = 0.01


@claims.register(
    "L12-quarter",
    source="nnexplain",
    says="σ′ is at most ¼, so a signal fades on its way through sigmoid layers",
    finding="The slope is at most {largest}. But a layer multiplies by weight times slope. "
    "Over ten units, each at its steepest, the signal is multiplied by {faded} on its way from "
    "the last to the first if every weight is 1, by {same} if it is 4, and by {grown} if it is 6.",
    references=("hochreiter1998", "nielsen2015"),
)
def a_quarter_for_each_layer() -> Evidence:
    """Send a signal back through ten sigmoid units whose slopes are all as large as they can be."""
    faded, same, grown = (chain_signal(weight, _UNITS).kept for weight in (1.0, 4.0, 6.0))
    largest = activations["sigmoid"].largest_slope
    always = max(faded, same, grown) < 1
    return Evidence(
        Verdict.TRUE if always else Verdict.CONDITIONS if faded < 1 else Verdict.FALSE,
        {"largest": largest, "faded": faded, "same": same, "grown": grown},
    )


@claims.register(
    "L12-init",
    source="nnexplain",
    says="Well chosen initial weights keep the signal alive in a deep network",
    finding="If they fit the activation function. Say that a signal lives while the first of 20 "
    "layers gets at least {least} of what the last one had. With ReLU and He's weights it gets "
    "{relu_he}, with tanh and Xavier's {tanh}; but with ReLU and Xavier's {relu_xavier}, and with "
    "sigmoids and Xavier's {sigmoid}. This is the start; training moves the weights.",
    references=("glorot2010", "he2015"),
)
def weights_that_fit() -> Evidence:
    """Measure the signal in fresh networks of 20 layers, for weights that fit and that do not."""
    pairs = {"relu_he": ("relu", "he"), "tanh": ("tanh", "xavier"),
             "relu_xavier": ("relu", "xavier"), "sigmoid": ("sigmoid", "xavier")}  # fmt: skip
    kept = {name: layer_signal(*pair, layers=_LAYERS).kept for name, pair in pairs.items()}
    alive = [value >= _LEAST for value in kept.values()]
    verdict = Verdict.TRUE if all(alive) else Verdict.CONDITIONS if any(alive) else Verdict.FALSE
    return Evidence(verdict, {"least": _LEAST, **kept})


@claims.register(
    "L12-slow",
    source="nnexplain",
    says="A saturated output unit learns at once if the loss is cross-entropy",
    finding="With half the squared error the worse start gets the smaller signal, {dim} against "
    "{dim_near}, and its output falls below ½ after {slow} steps against {slow_near}. With "
    "cross-entropy it gets the larger signal, {bright} against {bright_near}, and needs {quick} "
    "steps against {quick_near}.",
    references=("nielsen2015",),
)
def cross_entropy_does_not_wait() -> Evidence:
    """Compare both starts of Nielsen's neuron: the first signals, and the steps to ½."""
    near, far = slow_neuron("half_squared_error")
    quick_near, quick = slow_neuron("binary_cross_entropy")
    # The order of the signals does not depend on the learning rate, as the steps do.
    cured = far.signal < near.signal and quick.signal > quick_near.signal
    return Evidence(
        Verdict.TRUE if cured and quick.half_way < far.half_way / 5 else Verdict.FALSE,
        {"dim": far.signal, "dim_near": near.signal, "bright": quick.signal,
         "bright_near": quick_near.signal, "slow": far.half_way, "slow_near": near.half_way,
         "quick": quick.half_way, "quick_near": quick_near.half_way},
    )  # fmt: skip


@claims.register(
    "L12-rounded",
    source="nnexplain",
    says="The slope of the sigmoid is a (1 − a)",
    finding="On paper. Computed so in 64-bit floats, it is exactly 0 from z = {zero} on, where the "
    "slope is {truth}; in 32-bit floats from {zero32} on, in 16-bit floats from {zero16} on. There "
    "a is rounded to 1, and 1 − a to 0. A slope written as E/(1 + E)², with E = "
    "exp(−|z|), keeps its digits on both sides.",
)
def rounded_to_zero() -> Evidence:
    """Find where a (1 - a) becomes exactly 0, and the slope there."""
    zero, zero32, zero16 = (zero_from(bits) for bits in (64, 32, 16))
    truth = activations["sigmoid"].df(zero)
    return Evidence(
        Verdict.NEARLY if truth > 0 else Verdict.TRUE,
        {"zero": zero, "truth": truth, "zero32": zero32, "zero16": zero16},
    )
