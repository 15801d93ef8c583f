"""The records judged by mpmath formulas written independently, and by the complex step."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import numpy.typing as npt
import pytest

import nnexplain as nne
from nnexplain.activations import Activation, activations, elu, keep_nan, leaky_relu, linear
from nnexplain.errors import NnexplainError, UnknownNameError
from tests.tex_reader import evaluate

Array = npt.NDArray[np.float64]
Oracle = Callable[[Any], Any]


def sigma(z: Any) -> Any:
    return 1 / (1 + mp.exp(-z))


def normal(z: Any) -> Any:
    return mp.erfc(-z / mp.sqrt(2)) / 2


def density(z: Any) -> Any:
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def line(c: float) -> tuple[Oracle, Oracle, Oracle]:
    return lambda z: mp.mpf(c) * z, lambda z: mp.mpf(c), lambda z: mp.mpf(0)


def bent(left: float) -> tuple[Oracle, Oracle, Oracle]:
    return (
        lambda z: z if z > 0 else mp.mpf(left) * z,
        lambda z: mp.mpf(1) if z > 0 else mp.mpf(left),
        lambda z: mp.mpf(0),
    )


def bent_exponential(alpha: float) -> tuple[Oracle, Oracle, Oracle]:
    return (
        lambda z: z if z > 0 else alpha * mp.expm1(z),
        lambda z: mp.mpf(1) if z > 0 else alpha * mp.exp(z),
        lambda z: mp.mpf(0) if z > 0 else alpha * mp.exp(z),
    )


def flat_but_at(low: float, high: float, slope: Any) -> tuple[Oracle, Oracle]:
    return lambda z: slope if low < z < high else mp.mpf(0), lambda z: mp.mpf(0)


# f, f′ and f″, none of which loses digits, so that 40 of them are plenty.
ORACLES: dict[str, tuple[Oracle, Oracle, Oracle]] = {
    "identity": line(1),
    "linear": line(3),
    "step": (lambda z: mp.mpf(z >= 0), lambda z: mp.mpf(0), lambda z: mp.mpf(0)),
    "sign": (mp.sign, lambda z: mp.mpf(0), lambda z: mp.mpf(0)),
    "sigmoid": (
        sigma,
        lambda z: mp.sech(z / 2) ** 2 / 4,
        lambda z: -mp.tanh(z / 2) * mp.sech(z / 2) ** 2 / 4,
    ),
    "tanh": (mp.tanh, lambda z: mp.sech(z) ** 2, lambda z: -2 * mp.tanh(z) * mp.sech(z) ** 2),
    "relu": bent(0),
    "leaky_relu": bent(0.01),
    "elu": bent_exponential(1),
    "softplus": (lambda z: mp.log1p(mp.exp(z)), sigma, lambda z: mp.sech(z / 2) ** 2 / 4),
    "silu": (
        lambda z: z * sigma(z),
        lambda z: sigma(z) * (1 + z * sigma(-z)),
        lambda z: sigma(z) * sigma(-z) * (2 - z * mp.tanh(z / 2)),
    ),
    "gelu": (
        lambda z: z * normal(z),
        lambda z: normal(z) + z * density(z),
        lambda z: (2 - z * z) * density(z),
    ),
    "softsign": (
        lambda z: z / (1 + abs(z)),
        lambda z: 1 / (1 + abs(z)) ** 2,
        lambda z: -2 * mp.sign(z) / (1 + abs(z)) ** 3,
    ),
    "gaussian": (
        lambda z: mp.exp(-z * z),
        lambda z: -2 * z * mp.exp(-z * z),
        lambda z: (4 * z * z - 2) * mp.exp(-z * z),
    ),
    "sin": (mp.sin, mp.cos, lambda z: -mp.sin(z)),
    "hard_sigmoid": (lambda z: min(max((z + 3) / 6, mp.mpf(0)), mp.mpf(1)),
                     *flat_but_at(-3, 3, mp.mpf(1) / 6)),
    "hard_tanh": (lambda z: min(max(z, mp.mpf(-1)), mp.mpf(1)), *flat_but_at(-1, 1, mp.mpf(1))),
    "linear(-0.5)": line(-0.5),
    "leaky_relu(0.25)": bent(0.25),
    "elu(2)": bent_exponential(2),
}  # fmt: skip
NAMES = list(ORACLES)
# Isolated zeros of f′ and f″ away from 0, where relative accuracy is out of reach.
ROOTS = {
    ("silu", 1): (-1.27846,),
    ("silu", 2): (-2.39936, 2.39936),
    ("gelu", 1): (-0.75179,),
    ("gelu", 2): (-math.sqrt(2), math.sqrt(2)),
    ("gaussian", 2): (-math.sqrt(0.5), math.sqrt(0.5)),
}
_SIZES = np.concatenate(
    [
        [
            5e-324,
            2.2250738585072014e-308,
            1.0,
            3.0,
            *np.nextafter([1.0, 1.0, 3.0, 3.0], [0, 2, 0, 4]),
        ],
        10.0 ** np.linspace(-300, 3, 102),
        np.linspace(0, 1000, 126)[1:],
        np.linspace(36, 40, 21),
        np.linspace(705, 750, 46),
        np.random.default_rng(0).uniform(0, 10, 250),
    ]
)
GRID = np.concatenate([-_SIZES, [-0.0, 0.0], _SIZES])


@pytest.fixture(autouse=True)
def _digits() -> Any:
    with mp.workdps(40):
        yield


def exact(oracle: Oracle, points: Array) -> list[Any]:
    return [oracle(mp.mpf(float(z))) for z in points]


def errors(values: Array, truth: list[Any]) -> tuple[Array, Array]:
    """Return the errors, absolute and in units in the last place of the truth.

    The unit is float64's spacing there, 5e-324 among denormal numbers: no digit that a float can
    hold is given away.
    """
    pairs = zip(values.tolist(), truth, strict=True)
    absolute = [abs(mp.mpf(value) - t) for value, t in pairs]
    units = np.spacing(np.abs(np.array(truth, dtype=float))).tolist()
    relative = [float(a / mp.mpf(u)) for a, u in zip(absolute, units, strict=True)]
    return np.array(absolute, dtype=float), np.array(relative)


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_value_slope_and_curvature_to_the_last_digits(name: str, order: int) -> None:
    record = activations[name]
    computed = (record.f, record.df, record.d2f)[order](GRID)
    absolute, units = errors(computed, exact(ORACLES[name][order], GRID))
    near = np.zeros(len(GRID), dtype=bool)
    for root in ROOTS.get((name, order), ()):
        near |= abs(GRID - root) < 0.6
    assert units[~near].max() <= (2.5 if order == 0 else 8)
    # Around an isolated zero of f′ or f″ two terms of size 1 cancel: one unit of 1 may be lost.
    assert (absolute[near] <= 2.0**-52).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_oracles_are_each_others_derivatives(name: str) -> None:
    f, df, d2f = ORACLES[name]
    for z in map(mp.mpf, ("-7.3", "-2.1", "-0.4", "0.3", "1.7", "5.9")):
        assert abs(mp.diff(f, z) - df(z)) < 1e-15
        assert abs(mp.diff(df, z) - d2f(z)) < 1e-15


@pytest.mark.parametrize(
    ("name", "value", "slope"),
    [  # at -inf and at inf
        ("identity", (-math.inf, math.inf), (1, 1)),
        ("linear", (-math.inf, math.inf), (3, 3)),
        ("step", (0, 1), (0, 0)),
        ("sign", (-1, 1), (0, 0)),
        ("sigmoid", (0, 1), (0, 0)),
        ("tanh", (-1, 1), (0, 0)),
        ("relu", (0, math.inf), (0, 1)),
        ("leaky_relu", (-math.inf, math.inf), (0.01, 1)),
        ("elu", (-1, math.inf), (0, 1)),
        ("softplus", (0, math.inf), (0, 1)),
        ("silu", (0, math.inf), (0, 1)),
        ("gelu", (0, math.inf), (0, 1)),
        ("softsign", (-1, 1), (0, 0)),
        ("gaussian", (0, 0), (0, 0)),
        ("sin", (math.nan, math.nan), (math.nan, math.nan)),
        ("hard_sigmoid", (0, 1), (0, 0)),
        ("hard_tanh", (-1, 1), (0, 0)),
    ],
)
def test_limits(name: str, value: tuple[float, float], slope: tuple[float, float]) -> None:
    record, ends = activations[name], np.array([-math.inf, math.inf])
    for limits, far in ((ends, 1), (np.array([-1e308, 1e308]), 1e308)):
        if name == "sin" and far > 1:
            continue  # no limit: any huge argument has its own value
        bounded = np.clip(np.array(value), -far * 3, far * 3) if far > 1 else np.array(value)
        if far == 1 or not math.isinf(value[1]):
            np.testing.assert_allclose(record.f(limits), bounded, rtol=1e-15)
        np.testing.assert_allclose(record.df(limits), slope, atol=1e-300)
    curvature = [math.nan] * 2 if name == "sin" else [0.0, 0.0]
    np.testing.assert_array_equal(record.d2f(ends), curvature)


@pytest.mark.parametrize("name", NAMES)
def test_nan_in_nan_out_in_every_reading(name: str) -> None:
    record = activations[name]
    points = np.array([0.5, math.nan])
    value, slope = np.empty(2), np.empty(2)
    record.value_and_slope(points, value, slope)
    readings = [record.f(points), record.df(points), record.d2f(points), value, slope]
    readings += [np.array([0.5, part(math.nan)]) for part in record.scalar]
    for reading in [*readings, record.complex(points + 0j).real]:
        np.testing.assert_array_equal(np.isnan(reading), [False, True])


@pytest.mark.parametrize("name", NAMES)
def test_all_readings_agree(name: str) -> None:
    record = activations[name]
    value, slope = np.empty_like(GRID), np.empty_like(GRID)
    record.value_and_slope(GRID, value, slope)
    f, df = record.scalar
    for fused, alone, single in ((value, record.f(GRID), f), (slope, record.df(GRID), df)):
        np.testing.assert_allclose(fused, alone, rtol=2e-15, atol=1e-323)
        np.testing.assert_allclose(
            [single(z) for z in GRID.tolist()], alone, rtol=4e-15, atol=2e-323
        )
    np.testing.assert_allclose(
        record.complex(GRID + 0j).real, record.f(GRID), rtol=4e-15, atol=2e-323
    )


def test_the_fused_sigmoid_keeps_the_accuracy() -> None:
    value, slope = np.empty_like(GRID), np.empty_like(GRID)
    activations["sigmoid"].value_and_slope(GRID, value, slope)
    for computed, oracle, bound in zip((value, slope), ORACLES["sigmoid"], (2.5, 8), strict=False):
        assert errors(computed, exact(oracle, GRID))[1].max() <= bound


@pytest.mark.parametrize("name", NAMES)
def test_slope_is_the_complex_step_of_the_value(name: str) -> None:
    record = activations[name]
    smooth = GRID[[all(abs(abs(z) - abs(kink)) > 1e-14 for kink in record.kinks) for z in GRID]]
    step = np.imag(record.complex(smooth + 1e-30j)) / 1e-30
    # f′ times the step underflows where f′ is below 1e-278; near isolated zeros terms cancel.
    atol = 1e-15 if (name, 1) in ROOTS else 1e-278
    np.testing.assert_allclose(record.df(smooth), step, rtol=1e-12, atol=atol)


@pytest.mark.parametrize("name", NAMES)
def test_range_is_the_infimum_and_supremum(name: str) -> None:
    record = activations[name]
    values = record.f(np.concatenate([GRID, np.linspace(-5, 5, 4001), [-1e308, 1e308]]))
    low, high = record.range
    assert values.min() >= low
    assert values.max() <= high
    assert values.min() == pytest.approx(low, abs=1e-6) or (
        low == -math.inf and values.min() < -1e300
    )
    assert values.max() == pytest.approx(high, abs=1e-6) or (
        high == math.inf and values.max() > 1e300
    )


@pytest.mark.parametrize("name", NAMES)
def test_largest_slope_is_the_supremum(name: str) -> None:
    record = activations[name]
    slopes = abs(record.df(np.concatenate([GRID, np.linspace(-5, 5, 4001)])))
    assert slopes.max() <= record.largest_slope * (1 + 2e-16)
    assert slopes.max() == pytest.approx(record.largest_slope, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "zero_of_slope", "zero_of_curvature"),
    [("silu", -1.3, 2.4), ("gelu", -0.75, 1.4), ("gaussian", None, 0.7)],
)
def test_extreme_facts_to_the_last_digit(
    name: str, zero_of_slope: float | None, zero_of_curvature: float
) -> None:
    f, df, d2f = ORACLES[name]
    record = activations[name]
    assert record.largest_slope == float(abs(df(mp.findroot(d2f, zero_of_curvature))))
    if zero_of_slope is not None:
        root = mp.findroot(df, zero_of_slope)
        assert record.flat == ((float(root), float(root)),)
        assert record.range[0] == float(f(root))


def is_flat(record: Activation, z: Array) -> npt.NDArray[np.bool_]:
    copies = range(-320, 321) if record.flat_period else [0]
    found = np.zeros(z.shape, dtype=bool)
    for low, high in record.flat:
        for k in copies:
            shift = k * (record.flat_period or 0)
            found |= (z >= low + shift - 1e-9) & (z <= high + shift + 1e-9)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_is_zero_exactly_where_the_record_says(name: str) -> None:
    record = activations[name]
    reach = 26 if name == "gaussian" else 38 if name == "gelu" else 300  # beyond, f′ underflows
    zeros = [np.clip([low, high], -reach, reach) + k * (record.flat_period or 0)
             for low, high in record.flat for k in (-3, 0, 5)]  # fmt: skip
    points = np.concatenate([np.linspace(-reach, reach, 4801) + 1e-7, [0.0, -3.0, -1.0, 1.0, 3.0]])
    assert (abs(record.df(np.array(zeros))) < 3e-15).all()
    flat = is_flat(record, points)
    assert (record.df(points[~flat]) != 0).all()
    assert (abs(record.df(points[flat])) < 1e-9).all()


@pytest.mark.parametrize("name", NAMES)
def test_constant_slope_is_said_of_the_right_ones(name: str) -> None:
    record = activations[name]
    assert record.constant_slope == (np.ptp(record.df(np.linspace(-9, 9, 100))) == 0)


def one_sided(f: Oracle, z: float) -> tuple[Any, Any]:
    """The difference quotients on the left and on the right of z."""
    h = mp.mpf(10) ** -12
    return (f(mp.mpf(z)) - f(z - h)) / h, (f(z + h) - f(mp.mpf(z))) / h


@pytest.mark.parametrize("name", NAMES)
def test_kinks_are_where_the_two_sides_differ(name: str) -> None:
    f, record = ORACLES[name][0], activations[name]
    # Around a jump both quotients are huge, or equal: both mean that there is no derivative.
    candidates = [-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0]
    sides = {z: one_sided(f, z) for z in candidates}
    assert record.kinks == tuple(
        z for z, (a, b) in sides.items() if abs(a - b) > 1e-6 or abs(a) > 1e6
    )
    assert ("at a kink" in record.convention) == bool(record.kinks)


@pytest.mark.parametrize(
    ("name", "point", "slope", "says"),
    [
        ("step", 0.0, 0.0, "f′(0) = 0"),
        ("sign", 0.0, 0.0, "f′(0) = 0"),
        ("relu", 0.0, 0.0, "f′(0) = 0"),
        ("leaky_relu", 0.0, 0.01, "f′(0) = 0.01"),
        ("elu(2)", 0.0, 2.0, "f′(0) is its left value, α"),
        ("hard_sigmoid", -3.0, 0.0, "f′(±3) = 0"),
        ("hard_sigmoid", 3.0, 0.0, "f′(±3) = 0"),
        ("hard_tanh", -1.0, 0.0, "f′(±1) = 0"),
        ("hard_tanh", 1.0, 0.0, "f′(±1) = 0"),
    ],
)
def test_conventions_at_kinks(name: str, point: float, slope: float, says: str) -> None:
    record = activations[name]
    assert point in record.kinks
    assert record.df(point) == slope
    assert says in record.convention


def test_conventions_of_values_and_curvatures() -> None:
    assert activations["step"].f([-0.0, 0.0]).tolist() == [1.0, 1.0]
    assert activations["sign"].f([-0.0, 0.0]).tolist() == [0.0, 0.0]
    assert activations["elu"].d2f(0.0) == 1.0
    assert "left value" in activations["elu"].convention
    assert activations["softsign"].d2f(0.0) == 0.0
    assert "f″(0) = 0" in activations["softsign"].convention


def test_where_the_slope_is_zero_in_words() -> None:
    words = {name: record.where_flat for name, record in activations.items()}
    assert words == {
        "identity": "nowhere",
        "linear": "nowhere",
        "step": "everywhere",
        "sign": "everywhere",
        "sigmoid": "nowhere; it fades as |z| grows",
        "tanh": "nowhere; it fades as |z| grows",
        "relu": "z ≤ 0",
        "leaky_relu": "nowhere",
        "elu": "nowhere; it fades as z falls",
        "softplus": "nowhere; it fades as z falls",
        "silu": "z ≈ −1.278; it fades as z falls",
        "gelu": "z ≈ −0.7518; it fades as z falls",
        "softsign": "nowhere; it fades as |z| grows",
        "gaussian": "z = 0; it fades as |z| grows",
        "sin": "z ≈ 1.571 + 3.142 k for every whole number k",
        "hard_sigmoid": "z ≤ −3 and z ≥ 3",
        "hard_tanh": "z ≤ −1 and z ≥ 1",
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_tex_says_what_is_computed(name: str) -> None:
    record = activations[name]
    for z in (-20.0, -3.0, -1.0, -0.3, 0.0, 0.7, 1.0, 2.5, 3.0, 17.0):
        value = float(evaluate(record.latex, z=mp.mpf(z)))
        slope = float(evaluate(record.latex_slope, z=mp.mpf(z)))
        assert record.f(z) == pytest.approx(value, rel=1e-14, abs=1e-300)
        assert record.df(z) == pytest.approx(slope, rel=1e-14, abs=1e-300)


def test_shapes_and_types_of_arguments() -> None:
    sigmoid = activations["sigmoid"]
    assert type(sigmoid.f(1)) is float
    assert sigmoid.f(np.zeros((2, 3))).shape == (2, 3)
    assert sigmoid.df([]).shape == (0,)
    assert sigmoid.f(np.array([1], dtype=np.int8)).dtype == np.float64
    assert activations["identity"].f(np.float32(0.1)) == float(np.float32(0.1))
    given = np.array([1.0, 2.0])
    activations["identity"].f(given)[0] = 7.0
    assert given[0] == 1.0


@pytest.mark.parametrize("z", [True, "1", 1j, None, [1, [2]], [True, False], [1, "a"]])
def test_what_is_not_a_real_number_is_refused(z: Any) -> None:
    for part in (activations["tanh"].f, activations["tanh"].df, activations["tanh"].d2f):
        with pytest.raises(NnexplainError, match="z must be"):
            part(z)


def test_families_take_their_number() -> None:
    assert activations["linear( 0.5 )"].f(4.0) == 2.0
    assert activations["linear"].f(2.0) == linear().f(2.0) == 6.0
    assert leaky_relu(0).flat == ((-math.inf, 0.0),)
    assert leaky_relu(0).range == (0.0, math.inf)
    assert linear(0).flat == ((-math.inf, math.inf),)
    assert linear(0).range == (0.0, 0.0)
    assert elu(0.5).largest_slope == 1.0
    assert [linear(0.1234567891).name, elu().name] == ["linear(0.1234567891)", "elu"]
    assert linear(1e-7).latex == r"1\times 10^{-7}\,z"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("linear(x)", "could not convert string to float: 'x'; write for instance 'linear.0.5.'"),
        ("linear(inf)", "the slope c of linear must be finite, got inf"),
        ("leaky_relu(1)", r"the leak of leaky_relu must lie in \[0, 1\), got 1"),
        ("elu(0)", "the alpha of elu must be positive, got 0"),
        ("tanh(2)", "unknown activation 'tanh\\(2\\)'; did you mean 'tanh'"),
        ("sigmod", "did you mean 'sigmoid'"),
        (7, "unknown activation 7"),
    ],
)
def test_unknown_names_and_numbers(name: Any, says: str) -> None:
    with pytest.raises(NnexplainError, match=says):
        activations[name]


def test_a_family_takes_one_number() -> None:
    with pytest.raises(NnexplainError, match="the slope c of linear must be one number, got"):
        linear([1.0, 2.0])  # type: ignore[arg-type]


def test_the_catalogue_is_a_mapping() -> None:
    assert len(activations) == 17
    assert list(activations) == NAMES[:17]
    assert "sigmoid" in activations
    assert "sigmod" not in activations
    assert all(record.complex_step for record in activations.values())
    assert [record.name for record in activations.values()] == list(activations)


def cube(z: Any) -> Any:
    return z * z * z


def cube_slope(z: Any) -> Any:
    return 3 * z * z


def cube_curvature(z: Any) -> Any:
    return 6 * z


def own_record(**changes: Any) -> Activation:
    facts = {
        "name": "cube", "formula": cube, "slope": cube_slope, "curvature": cube_curvature,
        "latex": "z^3", "latex_slope": "3z^2", "range": (-math.inf, math.inf),
        "largest_slope": math.inf, "flat": ((0.0, 0.0),),
    }  # fmt: skip
    return Activation(**{**facts, **changes})


def test_a_record_of_ones_own_works_in_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activations, "_records", dict(activations))
    activations.register(own_record())
    net = nne.Network([1, 1, 1], "cube", {"w12": 2, "b2": 1, "w23": 1, "b3": -26})
    assert net.forward([1.0]).output == 1.0  # (1 · 3³ - 26)³
    # J = ½ (h - y)²: ∂J/∂w12 = (h - y) · 3 · 1² · w23 · 3 · 3² · x
    assert net.gradient([1.0], 3.0)["w12"] == -2.0 * 3 * 27
    assert own_record().where_flat == "z = 0"
    with pytest.raises(NnexplainError, match="activation 'cube' exists already"):
        activations.register(own_record())
    with pytest.raises(UnknownNameError, match="did you mean 'cube'"):
        activations["cub"]


@pytest.mark.parametrize(
    ("part", "formula"),
    [
        ("slope", lambda z: 3.0),
        ("curvature", lambda z: np.zeros(np.shape(z))),
        ("formula", np.sum),
        ("formula", np.nan_to_num),
    ],
)
def test_a_formula_that_hides_nan_or_changes_the_shape_is_refused(
    part: str, formula: Callable[..., Any]
) -> None:
    with pytest.raises(
        NnexplainError, match=rf"the {part} of activation 'cube' .* keep_nan\(c, z\)"
    ):
        own_record(**{part: formula})
    assert own_record(slope=lambda z: keep_nan(3.0, z)).df([1.0, 2.0]).tolist() == [3.0, 3.0]


@pytest.mark.parametrize(
    ("part", "formula"),
    [
        ("formula", lambda z: z if z > 0 else 0.0),
        ("slope", math.exp),
        ("curvature", lambda: 0.0),
    ],
)
def test_a_formula_for_one_number_alone_is_refused_in_words(
    part: str, formula: Callable[..., Any]
) -> None:
    says = (
        rf"the {part} of activation 'cube' must take arrays, but for z = \[0.5 nan\] it fails: .*"
        r"Write where\(z > 0, z, 0.0\) instead of an if, and functions of NumPy instead of those of"
    )
    with pytest.raises(NnexplainError, match=says):
        own_record(**{part: formula})
