"""Activation functions: one record each, with f, f′, f″, their TeX and the facts about them.

Every function is a formula (see `nnexplain.formula`): NumPy arrays, complex steps, plain floats
and JavaScript are readings of the same few lines. They are written so that no digit is lost in the
tails: with E = exp(-|z|) the slope of the sigmoid is E / (1 + E)², never a (1 - a).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy import cos, exp, expm1, log1p, maximum, minimum, sign, sin, tanh, where

from nnexplain.activation import EVERYWHERE, NOWHERE, Activation, Array, keep_nan
from nnexplain.errors import NnexplainError, UnknownNameError, real_number

__all__ = ["Activation", "Activations", "activations", "elu", "keep_nan", "leaky_relu", "linear"]
_KINK = "at a kink f′ is not defined; by convention "


def _zero(z: Any) -> Any:
    return keep_nan(0.0, z)


def _one(z: Any) -> Any:
    return keep_nan(1.0, z)


def _identity(z: Any) -> Any:
    return 1.0 * z


def _step(z: Any) -> Any:
    return keep_nan(where(z >= 0, 1.0, 0.0), z)


def _sign(z: Any) -> Any:
    return 1.0 * sign(z)


def _sigmoid(z: Any) -> Any:
    e = exp(-abs(z))
    return where(z >= 0, 1.0, e) / (1 + e)


def _sigmoid_slope(z: Any) -> Any:
    e = exp(-abs(z))
    return e / ((1 + e) * (1 + e))


def _sigmoid_curvature(z: Any) -> Any:
    e = exp(-abs(z))
    q = 1 + e
    return sign(z) * e * expm1(-abs(z)) / (q * q * q)


# As an array, because NumPy takes half of a short call to turn a float into one.
_UNIT = np.array(1.0)


def _sigmoid_both(z: Array, value: Array, slope: Array) -> None:
    # With p = e^z: σ = p/(1 + p) and σ′ = σ/(1 + p), one exponential, no branch, no other array.
    exp(z, value)
    np.add(value, _UNIT, slope)
    np.divide(value, slope, value)
    np.divide(value, slope, slope)


def _tanh(z: Any) -> Any:
    return tanh(z)


def _tanh_slope(z: Any) -> Any:
    e = exp(-2 * abs(z))
    return 4 * e / ((1 + e) * (1 + e))


def _tanh_curvature(z: Any) -> Any:
    return -2 * tanh(z) * _tanh_slope(z)


def _relu(z: Any) -> Any:
    return maximum(z, 0.0)


def _relu_slope(z: Any) -> Any:
    return keep_nan(where(z > 0, 1.0, 0.0), z)


def _softplus(z: Any) -> Any:
    return maximum(z, 0.0) + log1p(exp(-abs(z)))


def _silu(z: Any) -> Any:
    # Below -708 the exponential alone is denormal: multiplying its halves one by one loses nothing.
    # Below -1e4 the value is 0 to the last digit; -inf times 0 would be nan.
    near = maximum(z, -1e4)
    half = exp(minimum(near, 0.0) / 2)
    return where(z < -708, near * half * half, near * _sigmoid(near))


def _silu_slope(z: Any) -> Any:
    near = maximum(minimum(z, 1e4), -1e4)
    half = exp(minimum(near, 0.0) / 2)
    return half * (1 + near * _sigmoid(-near)) * half / (1 + exp(-abs(near)))


def _silu_curvature(z: Any) -> Any:
    near = maximum(minimum(z, 1e4), -1e4)
    half = exp(-abs(near) / 2)
    q = 1 + half * half
    return half * (2 - near * tanh(near / 2)) * half / (q * q)


def _head(x: Any) -> Any:
    # The upper 26 bits of x: the product of two heads is exact.
    split = 134217729.0 * x
    return split - (split - x)


def _exp_minus_square(z: Any, scale: float) -> Any:
    # exp(-scale z²) where rounding z² would cost z² units in the last place: z² = head² + rest.
    near = maximum(minimum(z, 60.0), -60.0)
    head = _head(near)
    bulk = exp(-scale * head * head)
    return bulk + bulk * expm1(-scale * (near - head) * (near + head))


def _normal_rest(t: Any) -> Any:
    # r(t) = φ(t)/Φ(-t) - t for 0 <= t <= 40, a Chebyshev fit in x of relative error 1e-17 (mpmath).
    x = (4 - 1.2 * t) / (4 + t)
    return 0.2612170759294216 + x * (0.3730347671812498 + x * (0.1718887325673067 + x * (
        0.023057295640514137 + x * (-0.024135872520195768 + x * (-0.012680291408291394 + x * (
        0.0024139439664499908 + x * (0.003844008256354824 + x * (0.00019765276848302186 + x * (
        -0.0009846240187501563 + x * (-0.00022285581202992298 + x * (0.00022609920545669984 + x * (
        9.023582195436741e-05 + x * (-4.6697616722990795e-05 + x * (-2.844574974306824e-05 + x * (
        8.371683787073525e-06 + x * (7.79817020521019e-06 + x * (-1.1439041737626055e-06 + x * (
        -1.9027137018860243e-06 + x * (4.853804630843814e-08 + x * (4.002194024342049e-07 + x * (
        3.314347954062358e-08 + x * (-6.437342774972714e-08 + x * (-1.1328157356432299e-08 + x * (
        5.730939612449899e-09 + x * 1.425008102043262e-09))))))))))))))))))))))))  # fmt: skip


def _normal_centre(z: Any) -> Any:
    # (Φ(z) - ½)/z for |z| <= ½, the Taylor series Σ (-½ z²)^k / (k! (2k+1) √(2π)).
    u = -0.5 * z * z
    series = 1 / 3 + u * (1 / 10 + u * (1 / 42 + u * (1 / 216 + u * (1 / 1320 + u * (
        1 / 9360 + u * (1 / 75600 + u * (1 / 685440 + u * (
        1 / 6894720 + u / 76204800))))))))  # fmt: skip
    return 0.3989422804014327 + 0.3989422804014327 * u * series


def _normal_tail(t: Any) -> Any:
    # t Φ(-t) = φ(t) t / (t + r(t)) for t > 0. Five roundings in a row would cost 3 units in the
    # last place, so each factor is a head with exact products and a small rest.
    rest = _normal_rest(t)
    total = t + rest
    high = _head(total)
    ratio = _head(t / total)
    ratio_rest = ((t - ratio * high) - ratio * ((t - high) + rest)) / total
    share = 0.3989422768354416 * ratio
    share_rest = 0.3989422768354416 * ratio_rest + 3.5659910885844774e-09 * (ratio + ratio_rest)
    head = _head(t)
    bulk = exp(-0.5 * head * head)
    growth = expm1(-0.5 * (t - head) * (t + head))
    return bulk * share + bulk * (share_rest + (share + share_rest) * growth)


def _gelu(z: Any) -> Any:
    centre = maximum(minimum(z, 0.5), -0.5)
    outside = maximum(z, 0.0) - _normal_tail(minimum(abs(z), 40.0))
    return where(centre == z, centre * (0.5 + centre * _normal_centre(centre)), outside)


def _gelu_slope(z: Any) -> Any:
    t = minimum(abs(z), 40.0)
    rest = _normal_rest(t)
    half = _exp_minus_square(t, 0.25)
    tail = half * (0.3989422804014327 * (1 - t * t - t * rest) / (t + rest)) * half
    return where(z < 0, tail, 1 - tail)


def _gelu_curvature(z: Any) -> Any:
    near = maximum(minimum(z, 60.0), -60.0)
    half = _exp_minus_square(near, 0.25)
    return half * (0.3989422804014327 * (2 - near * near)) * half


def _softsign(z: Any) -> Any:
    near = maximum(minimum(z, 1e300), -1e300)
    return near / (1 + abs(near))


def _softsign_slope(z: Any) -> Any:
    q = 1 / (1 + abs(z))
    return q * q


def _softsign_curvature(z: Any) -> Any:
    q = 1 / (1 + abs(z))
    return -2 * sign(z) * q * q * q


def _gaussian(z: Any) -> Any:
    return _exp_minus_square(z, 1.0)


def _gaussian_slope(z: Any) -> Any:
    near = maximum(minimum(z, 60.0), -60.0)
    half = _exp_minus_square(near, 0.5)
    return half * (-2 * near) * half


def _gaussian_curvature(z: Any) -> Any:
    near = maximum(minimum(z, 60.0), -60.0)
    half = _exp_minus_square(near, 0.5)
    return half * (4 * near * near - 2) * half


def _sin(z: Any) -> Any:
    return sin(z)


def _sin_slope(z: Any) -> Any:
    return cos(z)


def _sin_curvature(z: Any) -> Any:
    return -sin(z)


def _hard_sigmoid(z: Any) -> Any:
    return maximum(minimum((z + 3) / 6, 1.0), 0.0)


def _hard_sigmoid_slope(z: Any) -> Any:
    return keep_nan(where(abs(z) < 3, 1 / 6, 0.0), z)


def _hard_tanh(z: Any) -> Any:
    return maximum(minimum(z, 1.0), -1.0)


def _hard_tanh_slope(z: Any) -> Any:
    return keep_nan(where(abs(z) < 1, 1.0, 0.0), z)


def _digits(value: float) -> str:
    # The short text of a float if it reads back as the same float.
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def _tex(value: float) -> str:
    mantissa, _, exponent = _digits(value).partition("e")
    return mantissa + (rf"\times 10^{{{int(exponent)}}}" if exponent else "")


def linear(c: float = 3.0) -> Activation:
    """f(z) = c z: a straight line of slope c, any finite number.

    >>> linear(0.5).df([-2.0, 7.0])
    array([0.5, 0.5])
    """
    c = real_number(c, "the slope c of linear")

    def value(z: Any) -> Any:
        return c * z

    def slope(z: Any) -> Any:
        return keep_nan(c, z)

    return Activation(
        f"linear({_digits(c)})", value, slope, _zero, latex=f"{_tex(c)}\\,z", latex_slope=_tex(c),
        range=(-math.inf, math.inf) if c else (0.0, 0.0), largest_slope=abs(c),
        flat=NOWHERE if c else EVERYWHERE, constant_slope=True, complex_step=True,
    )  # fmt: skip


def leaky_relu(leak: float = 0.01) -> Activation:
    """f(z) = z for z > 0 and leak·z otherwise; 0 <= leak < 1.

    >>> leaky_relu(0.1).f([-2.0, 3.0])
    array([-0.2,  3. ])
    """
    leak = real_number(leak, "the leak of leaky_relu")
    if not 0 <= leak < 1:
        raise NnexplainError(f"the leak of leaky_relu must lie in [0, 1), got {leak:g}")

    def value(z: Any) -> Any:
        return where(z > 0, z, leak * z)

    def slope(z: Any) -> Any:
        return keep_nan(where(z > 0, 1.0, leak), z)

    return Activation(
        f"leaky_relu({_digits(leak)})", value, slope, _zero,
        latex=f"\\max(z,\\ {_tex(leak)}\\,z)",
        latex_slope=f"\\begin{{cases}}1 & z>0\\\\ {_tex(leak)} & z\\le 0\\end{{cases}}",
        range=(-math.inf if leak else 0.0, math.inf), largest_slope=1.0,
        flat=NOWHERE if leak else ((-math.inf, 0.0),), kinks=(0.0,),
        convention=_KINK + f"f′(0) = {_digits(leak)}", complex_step=True,
    )  # fmt: skip


def elu(alpha: float = 1.0) -> Activation:
    """f(z) = z for z > 0 and α (e^z - 1) otherwise; α > 0.

    >>> elu().df([-1e9, 0.0, 2.0])
    array([0., 1., 1.])
    """
    alpha = real_number(alpha, "the alpha of elu")
    if alpha <= 0:
        raise NnexplainError(f"the alpha of elu must be positive, got {alpha:g}")

    def value(z: Any) -> Any:
        return where(z > 0, z, alpha * expm1(minimum(z, 0.0)))

    def slope(z: Any) -> Any:
        return where(z > 0, 1.0, alpha * exp(minimum(z, 0.0)))

    def curvature(z: Any) -> Any:
        return where(z > 0, 0.0, alpha * exp(minimum(z, 0.0)))

    factor = "" if alpha == 1 else f"{_tex(alpha)}\\,"
    return Activation(
        "elu" if alpha == 1 else f"elu({_digits(alpha)})", value, slope, curvature,
        latex=f"\\begin{{cases}}z & z>0\\\\ {factor}(e^{{z}}-1) & z\\le 0\\end{{cases}}",
        latex_slope=f"\\begin{{cases}}1 & z>0\\\\ {factor}e^{{z}} & z\\le 0\\end{{cases}}",
        range=(-alpha, math.inf), largest_slope=max(1.0, alpha), flat=NOWHERE,
        kinks=() if alpha == 1 else (0.0,),
        convention="f″ jumps at 0; by convention f″(0) is its left value" if alpha == 1
        else _KINK + "f′(0) is its left value, α",
        complex_step=True,
    )  # fmt: skip


_FAMILIES: Mapping[str, Callable[..., Activation]] = {
    "linear": linear, "leaky_relu": leaky_relu, "elu": elu,
}  # fmt: skip
_CALL = re.compile(r"(\w+)\(\s*([^)]*?)\s*\)")


class Activations(Mapping[str, Activation]):
    """All records by name; `activations["linear(0.5)"]` also gives a family its number.

    >>> list(activations)[:4]
    ['identity', 'linear', 'step', 'sign']
    >>> activations["sigmod"]
    Traceback (most recent call last):
    nnexplain.errors.UnknownNameError: unknown activation 'sigmod'; did you mean 'sigmoid'? ...
    """

    def __init__(self, records: Mapping[str, Activation]) -> None:
        self._records = dict(records)

    def __getitem__(self, name: str) -> Activation:
        """Return the record called `name`."""
        if isinstance(name, str) and name in self._records:
            return self._records[name]
        call = _CALL.fullmatch(name) if isinstance(name, str) else None
        if call and call[1] in _FAMILIES:
            try:
                return _FAMILIES[call[1]](float(call[2]))
            except ValueError as error:
                raise NnexplainError(
                    f"activation {name!r}: {error}; write for instance '{call[1]}(0.5)'"
                ) from error
        raise UnknownNameError("activation", name, self._records)

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def register(self, record: Activation) -> None:
        """Add a record of your own under its name; a name is never replaced silently.

        >>> activations.register(activations["tanh"])
        Traceback (most recent call last):
        nnexplain.errors.NnexplainError: activation 'tanh' exists already; choose another name
        """
        if record.name in self._records:
            raise NnexplainError(f"activation {record.name!r} exists already; choose another name")
        self._records[record.name] = record


_ALL = (-math.inf, math.inf)
_SILU_FLAT, _GELU_FLAT = -1.2784645427610737, -0.7517915246935645
_RECORDS = (
    Activation("identity", _identity, _one, _zero, latex="z", latex_slope="1", range=_ALL,
               largest_slope=1.0, flat=NOWHERE, constant_slope=True),
    replace(linear(), name="linear"),
    Activation("step", _step, _zero, _zero,
               latex=r"\begin{cases}1 & z\ge 0\\ 0 & z<0\end{cases}", latex_slope="0",
               range=(0.0, 1.0), largest_slope=0.0, flat=EVERYWHERE, constant_slope=True,
               kinks=(0.0,), convention=_KINK + "f(0) = 1 and f′(0) = 0"),
    Activation("sign", _sign, _zero, _zero,
               latex=r"\operatorname{sign}(z)", latex_slope="0", range=(-1.0, 1.0),
               largest_slope=0.0, flat=EVERYWHERE, constant_slope=True, kinks=(0.0,),
               convention=_KINK + "f(0) = 0 and f′(0) = 0"),
    Activation("sigmoid", _sigmoid, _sigmoid_slope, _sigmoid_curvature,
               latex=r"\frac{1}{1+e^{-z}}", latex_slope=r"\frac{e^{-z}}{(1+e^{-z})^2}",
               range=(0.0, 1.0), largest_slope=0.25, flat=NOWHERE, both=_sigmoid_both),
    Activation("tanh", _tanh, _tanh_slope, _tanh_curvature, latex=r"\tanh z",
               latex_slope=r"1-\tanh^2 z", range=(-1.0, 1.0), largest_slope=1.0, flat=NOWHERE),
    Activation("relu", _relu, _relu_slope, _zero, latex=r"\max(z,\ 0)",
               latex_slope=r"\begin{cases}1 & z>0\\ 0 & z\le 0\end{cases}", range=(0.0, math.inf),
               largest_slope=1.0, flat=((-math.inf, 0.0),), kinks=(0.0,),
               convention=_KINK + "f′(0) = 0"),
    replace(leaky_relu(), name="leaky_relu"),
    elu(),
    Activation("softplus", _softplus, _sigmoid, _sigmoid_slope, latex=r"\ln(1+e^{z})",
               latex_slope=r"\frac{1}{1+e^{-z}}", range=(0.0, math.inf), largest_slope=1.0,
               flat=NOWHERE),
    Activation("silu", _silu, _silu_slope, _silu_curvature, latex=r"\frac{z}{1+e^{-z}}",
               latex_slope=r"\frac{1}{1+e^{-z}}+\frac{z\,e^{-z}}{(1+e^{-z})^2}",
               range=(-0.2784645427610738, math.inf), largest_slope=1.099839320128867,
               flat=((_SILU_FLAT, _SILU_FLAT),)),
    Activation("gelu", _gelu, _gelu_slope, _gelu_curvature, latex=r"z\,\Phi(z)",
               latex_slope=r"\Phi(z)+z\,\varphi(z)", range=(-0.16997120747990366, math.inf),
               largest_slope=1.1289041451851547, flat=((_GELU_FLAT, _GELU_FLAT),)),
    Activation("softsign", _softsign, _softsign_slope, _softsign_curvature,
               latex=r"\frac{z}{1+|z|}", latex_slope=r"\frac{1}{(1+|z|)^2}", range=(-1.0, 1.0),
               largest_slope=1.0, flat=NOWHERE,
               convention="f″ jumps at 0; by convention f″(0) = 0"),
    Activation("gaussian", _gaussian, _gaussian_slope, _gaussian_curvature, latex=r"e^{-z^2}",
               latex_slope=r"-2z\,e^{-z^2}", range=(0.0, 1.0), largest_slope=math.sqrt(2 / math.e),
               flat=((0.0, 0.0),)),
    Activation("sin", _sin, _sin_slope, _sin_curvature, latex=r"\sin z", latex_slope=r"\cos z",
               range=(-1.0, 1.0), largest_slope=1.0, flat=((math.pi / 2, math.pi / 2),),
               flat_period=math.pi),
    Activation("hard_sigmoid", _hard_sigmoid, _hard_sigmoid_slope, _zero,
               latex=r"\min\left(\max\left(\frac{z+3}{6},\ 0\right),\ 1\right)",
               latex_slope=r"\begin{cases}\frac{1}{6} & |z|<3\\ 0 & |z|\ge 3\end{cases}",
               range=(0.0, 1.0), largest_slope=1 / 6, flat=((-math.inf, -3.0), (3.0, math.inf)),
               kinks=(-3.0, 3.0), convention=_KINK + "f′(±3) = 0"),
    Activation("hard_tanh", _hard_tanh, _hard_tanh_slope, _zero,
               latex=r"\min(\max(z,\ -1),\ 1)",
               latex_slope=r"\begin{cases}1 & |z|<1\\ 0 & |z|\ge 1\end{cases}", range=(-1.0, 1.0),
               largest_slope=1.0, flat=((-math.inf, -1.0), (1.0, math.inf)), kinks=(-1.0, 1.0),
               convention=_KINK + "f′(±1) = 0"),
)  # fmt: skip
activations = Activations({r.name: replace(r, complex_step=True) for r in _RECORDS})
