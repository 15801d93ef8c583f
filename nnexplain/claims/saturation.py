"""Claims about slopes that are nearly zero: their product, the weights around them, rounding."""

from __future__ import annotations

from nnexplain.activations import activations
from nnexplain.claims.registry import Evidence, Verdict, claims
from nnexplain.experiments.saturation import chain_signal, layer_signal, slow_neuron, zero_from

_UNITS = 10
_LAYERS = 20


@claims.register(
    "L12-quarter",
    source="nnexplain",
    says="σ′ is at most ¼, so a signal always fades on its way through sigmoid layers",
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
    finding="If they fit the activation function. Of a signal at the last of 20 layers, the first "
    "one gets {relu_he} times as much with ReLU and He's weights, {tanh} with tanh and Xavier's, "
    "{relu_xavier} with ReLU and Xavier's, and {sigmoid} with sigmoids and Xavier's. This is the "
    "start; training moves the weights.",
    references=("glorot2010", "he2015"),
)
def weights_that_fit() -> Evidence:
    """Measure the signal in fresh networks of 20 layers, for weights that fit and that do not."""
    pairs = {"relu_he": ("relu", "he"), "tanh": ("tanh", "xavier"),
             "relu_xavier": ("relu", "xavier"), "sigmoid": ("sigmoid", "xavier")}  # fmt: skip
    kept = {name: layer_signal(*pair, layers=_LAYERS).kept for name, pair in pairs.items()}
    alive = [value > 0.01 for value in kept.values()]
    verdict = Verdict.TRUE if all(alive) else Verdict.CONDITIONS if any(alive) else Verdict.FALSE
    return Evidence(verdict, kept)


@claims.register(
    "L12-slow",
    source="nnexplain",
    says="A saturated output unit learns at once if the loss is cross-entropy",
    finding="From the saturated start the output falls below ½ after {slow} steps with half the "
    "squared error and after {quick} with cross-entropy; from the better start after {slow_near} "
    "and {quick_near}.",
    references=("nielsen2015",),
)
def cross_entropy_does_not_wait() -> Evidence:
    """Count the steps of Nielsen's neuron with either loss and the same learning rate."""
    near, far = (curve.half_way for curve in slow_neuron("half_squared_error"))
    quick_near, quick = (curve.half_way for curve in slow_neuron("binary_cross_entropy"))
    return Evidence(
        Verdict.TRUE if quick < far / 5 and quick_near < near else Verdict.FALSE,
        {"slow": far, "quick": quick, "slow_near": near, "quick_near": quick_near},
    )


@claims.register(
    "L12-rounded",
    source="nnexplain",
    says="The slope of the sigmoid is a (1 − a)",
    finding="On paper. Computed so in 64-bit floats, it is exactly 0 from z = {zero} on, where the "
    "slope is {truth}; in 32-bit floats from {zero32} on, in 16-bit floats from {zero16} on. There "
    "a is rounded to 1, and 1 − a to 0. A slope written with E = e⁻ᶻ as E/(1 + E)² keeps its "
    "digits.",
)
def rounded_to_zero() -> Evidence:
    """Find where a (1 - a) becomes exactly 0, and the slope there."""
    zero, zero32, zero16 = (zero_from(bits) for bits in (64, 32, 16))
    truth = activations["sigmoid"].df(zero)
    return Evidence(
        Verdict.NEARLY if truth > 0 else Verdict.TRUE,
        {"zero": zero, "truth": truth, "zero32": zero32, "zero16": zero16},
    )
