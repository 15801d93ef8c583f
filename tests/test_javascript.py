"""The JavaScript reading, run in a real browser and compared with Python."""

from __future__ import annotations

import base64
import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy import exp, maximum, where
from playwright.sync_api import Browser

import nnexplain as nne
from nnexplain.activations import Activation
from nnexplain.errors import NnexplainError
from nnexplain.experiments.constant_slope import approach
from nnexplain.javascript import (
    Library,
    activation_module,
    formula_module,
    javascript,
    loss_module,
    walk_module,
)

in_browser = pytest.mark.xdist_group("javascript")

_SIZES = np.concatenate(
    [
        [0.0, 5e-324, 1e-308, 1e-300, 1e-17, 1e-8, 0.1, 0.5, 1.0, 2.0, 3.0, 1e4, 1e300, math.inf],
        np.linspace(0.013, 60.0, 500),
        np.linspace(60.0, 1000.0, 200),
    ]
)
GRID = np.concatenate([-_SIZES, _SIZES, [math.nan]])


def agrees(got: Any, expected: Any) -> None:
    # Below 2.2e-308 floats are denormal and have no 12 digits: there, two units in the last place.
    np.testing.assert_allclose(
        np.array(got, dtype=float), np.asarray(expected, dtype=float), rtol=1e-12, atol=1e-323
    )


def run(browser: Browser, module: str, call: str, argument: Any) -> Any:
    """Import `module` in a page and return what `call`, a function of it, makes of `argument`."""
    url = "data:text/javascript;base64," + base64.b64encode(module.encode()).decode()
    page = browser.new_page()
    try:
        script = f"async ([url, argument]) => ({call})(await import(url), argument)"
        return page.evaluate(script, [url, argument])
    finally:
        page.close()


@in_browser
def test_every_activation_equals_python(browser: Browser) -> None:
    module = activation_module(nne.activations.values())
    call = """(m, grid) => Object.entries(m.activations).map(
        ([name, r]) => [name, grid.map(r.f), grid.map(r.df)])"""
    rows = run(browser, module, call, GRID.tolist())
    assert [row[0] for row in rows] == list(nne.activations)
    for name, values, slopes in rows:
        agrees(values, nne.activations[name].f(GRID))
        agrees(slopes, nne.activations[name].df(GRID))


@in_browser
def test_every_loss_equals_python(browser: Browser) -> None:
    module = loss_module(nne.losses.values())
    y = [-2.0, 0.0, 0.25, 1.0, math.nan]
    inside = [1e-300, 1e-9, 0.25, 0.5, 1 - 2**-53, math.nan]
    anywhere = [*GRID[:: len(GRID) // 40].tolist(), -800.0, 800.0, math.nan, 0.25]
    call = """(m, [ys, inside, anywhere]) => Object.entries(m.losses).map(([name, r]) =>
        [name, Object.entries(r).map(([part, f]) => [part, ys.map(y =>
            (name === "binary_cross_entropy" && !part.includes("logit") ? inside : anywhere)
                .map(v => f(y, v)))])])"""
    rows = run(browser, module, call, [y, inside, anywhere])
    assert [row[0] for row in rows] == list(nne.losses)
    for name, parts in rows:
        for part, values in parts:
            bounded = name == "binary_cross_entropy" and "logit" not in part
            points = np.array(inside if bounded else anywhere)
            with np.errstate(all="ignore"):
                agrees(values, getattr(nne.losses[name], part)(np.array(y)[:, None], points))


HALF, LIMIT, COUNT = 0.5, math.inf, np.int64(3)


def shapes_of_expressions(z: Any) -> Any:
    """A formula with every construct that is translated."""
    let = -(-z) - (-z - (z - 1) - (z + -2)) / (2 / (3 / 4)) * (z * 2)  # noqa: B002
    let = let + (-z) ** 2 - -(z**3) + z**-2 + COUNT * HALF
    function = where(z != 2, where(z == 3, 1, +z), where(z <= 1, 2, 3)) + 1
    is_small = where(maximum(z, -LIMIT) < HALF, 1.0, 0.0) * math.pi
    return let / (1 + abs(function)) + np.exp(-np.abs(z)) - is_small + where(-z > 1, 1, 0) ** 2


@in_browser
def test_operators_keep_their_meaning(browser: Browser) -> None:
    points = [-3.5, -1.0, 0.25, 0.5, 1.0, 2.0, 3.0, 7.25]
    text = javascript(shapes_of_expressions, "shapes") + "export {shapes};"
    got = run(browser, text, "(m, grid) => grid.map(m.shapes)", points)
    agrees(got, shapes_of_expressions(np.array(points)))


@in_browser
def test_a_record_of_ones_own_runs_in_the_browser(browser: Browser) -> None:
    def hat(z: Any) -> Any:
        return maximum(1 - abs(z), 0.0)

    def hat_slope(z: Any) -> Any:
        return where(abs(z) < 1, -np.sign(z), 0.0 * exp(-abs(z)))

    record = Activation(
        "hat", hat, hat_slope, lambda z: 0.0 * z, latex=r"\max(1-|z|,\ 0)", latex_slope="",
        range=(0.0, 1.0), largest_slope=1.0, flat=((-math.inf, -1.0), (1.0, math.inf)),
        kinks=(-1.0, 0.0, 1.0),
    )  # fmt: skip
    grid = GRID.tolist()
    call = "(m, grid) => [grid.map(m.activations.hat.f), grid.map(m.activations.hat.df)]"
    values, slopes = run(browser, activation_module([record]), call, grid)
    agrees(values, record.f(GRID))
    agrees(slopes, record.df(GRID))


@pytest.mark.parametrize("make", [activation_module, loss_module])
def test_a_module_is_the_same_text_every_time(make: Callable[..., str]) -> None:
    records = nne.activations if make is activation_module else nne.losses
    assert make(records.values()) == make(records.values())
    assert make([]).count("\n") == 3


def test_functions_are_written_once_under_names_of_their_own() -> None:
    text = activation_module(
        [nne.activations[name] for name in ("softplus", "sigmoid", "elu", "linear", "relu")]
    )
    assert text.count("function $sigmoid(") == 1
    assert text.count("function $value(") == text.count("function $value2(") == 1
    order = [text.index(f"function {name}(") for name in ("$keep_nan", "$slope2", "$relu_slope")]
    assert order == sorted(order)


def test_a_known_function_needs_no_text() -> None:
    library = Library()
    assert library.name(np.sin) == "Math.sin"
    assert library.text == ""
    assert javascript(np.maximum, "larger") == "const larger = Math.max;\n"


def test_local_names_that_javascript_reserves_are_changed() -> None:
    def f(new: Any) -> Any:
        var = 2 * new
        return var - new

    text = javascript(f, "f")
    assert "function $f(new$)" in text
    assert "const var$ = 2 * new$;" in text


def test_a_name_assigned_again_is_not_a_constant() -> None:
    def f(z: Any) -> Any:
        """Has a docstring, which is left out."""
        z = z + 1
        e = exp(z)
        e = e / 2
        return e - 1

    assert javascript(f, "f").splitlines()[1:-2] == [
        "  z = z + 1;",
        "  let e = Math.exp(z);",
        "  e = e / 2;",
        "  return e - 1;",
    ]


def branches(z: Any) -> Any:
    if z > 0:
        return z
    return 0.0 * z


def ternary(z: Any) -> Any:
    return z if z > 0 else 0.0


def chained(z: Any) -> Any:
    return where(0 < z < 1, z, 0.0)


def truth_of_a_number(z: Any) -> Any:
    return where(z, 1.0, 0.0)


def floor_division(z: Any) -> Any:
    return z // 2


def negation(z: Any) -> Any:
    return where(~(z > 0), 1.0, 0.0)


def power_of_two(z: Any) -> Any:
    return 2**z


def sum_as_exponent(z: Any) -> Any:
    return z ** (1 + 2)


def keyword(z: Any) -> Any:
    return maximum(z, x2=0.0)


def one_argument_short(z: Any) -> Any:
    return shapes_of_expressions(z) + maximum(z)


def unknown_function(z: Any) -> Any:
    return np.arctan(z)


def method(z: Any) -> Any:
    return z.clip(0, 1)


def truth(z: Any) -> Any:
    return z * True


def text(z: Any) -> Any:
    return z * "two"


def big(z: Any) -> Any:
    return z * 9007199254740993


def pair(z: Any) -> Any:
    a, b = z, z
    return a + b


def undefined(z: Any) -> Any:
    return z * nowhere_defined  # type: ignore[name-defined]  # noqa: F821


def default(z: Any, c: float = 2.0) -> Any:
    return c * z


def nothing(z: Any) -> Any:
    z + 1


def empty_return(z: Any) -> Any:
    return


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        (branches, "`if z > 0:"),
        (ternary, "`z if z > 0 else 0.0`"),
        (chained, "`0 < z < 1`"),
        (truth_of_a_number, "write a comparison as the first argument of where"),
        (floor_division, "`z // 2`"),
        (negation, "write a comparison"),
        (power_of_two, "the exponent of ** must be a finite number"),
        (sum_as_exponent, "the exponent of ** must be a finite number"),
        (keyword, "`maximum(z, x2=0.0)`"),
        (one_argument_short, "`maximum(z)`: it takes 2 arguments"),
        (unknown_function, "np.arctan is no formula"),
        (method, "`z`"),
        (truth, "True is not a number"),
        (text, "'two' is not a number"),
        (big, "cannot hold the integer 9007199254740993"),
        (pair, "`a, b = (z, z)`"),
        (undefined, "the name nowhere_defined is not defined"),
        (default, "its parameters are not plain names"),
        (nothing, "it must end with return"),
        (empty_return, "`return`"),
    ],
)
def test_what_cannot_be_translated_says_so_and_where(
    formula: Callable[..., Any], says: str
) -> None:
    with pytest.raises(NnexplainError) as raised:
        javascript(formula, "f")
    message = str(raised.value)
    assert says in message
    first = inspect.getsourcelines(formula)[1]
    assert f"test_javascript.py:{first}" in message or f"test_javascript.py:{first + 1}" in message
    assert "a formula may use numbers, + - * /" in message


def test_formulas_without_a_source_say_so() -> None:
    typed: dict[str, Any] = {}
    exec("def f(z):\n    return z", typed)
    with pytest.raises(NnexplainError, match="source text of formula 'f' cannot be found"):
        javascript(typed["f"], "f")
    with pytest.raises(NnexplainError, match="is a lambda or has a decorator; write it as a plain"):
        javascript(lambda z: z, "f")
    with pytest.raises(NnexplainError, match="has no source text to translate"):
        javascript(np.arctan, "f")


@pytest.mark.parametrize("name", ["let", "2f", "a-b", "", "Math"])
def test_a_name_must_be_one_in_javascript(name: str) -> None:
    with pytest.raises(NnexplainError, match="cannot name a JavaScript function"):
        javascript(np.sin, name)


def test_a_module_of_formulas_refuses_a_name_that_cannot_be() -> None:
    with pytest.raises(NnexplainError, match="'new' cannot name a JavaScript function"):
        formula_module({"new": shapes_of_expressions})


@in_browser
@pytest.mark.parametrize("rate", [0.05, 0.3, 1.0, 2.0, 2.5])
def test_a_walk_of_one_prediction_equals_descend(browser: Browser, rate: float) -> None:
    names = ("half_squared_error", "absolute", "linear")
    y, h, steps = 1.0, -2.25, 40
    call = """(m, [names, ...rest]) => names.map(name => m.walk(name, ...rest))"""
    module = walk_module([nne.losses[name] for name in names])
    found = run(browser, module, call, [names, y, h, rate, steps])
    for name, path in zip(names, found, strict=True):
        walk = approach(name, rate, steps, start=h, target=y)
        agrees(path, walk.weights)
